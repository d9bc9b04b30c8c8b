-- One row is the experiments of one copy of a document: every event of it has the same.
SELECT firsts.file, firsts.document, firsts.copy, raw.experiments
FROM raw JOIN flat_documents AS firsts
    ON firsts.file = getvariable('file') AND firsts.first = raw.number
