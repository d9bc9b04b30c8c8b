-- One row is one base table that the export records.
SELECT 'pings'
WHERE EXISTS (FROM documents) OR EXISTS (FROM flat_documents)
UNION ALL
SELECT 'switches'
WHERE EXISTS (FROM documents WHERE client IS NOT NULL)
    OR EXISTS (FROM flat_documents WHERE client IS NOT NULL)
UNION ALL
SELECT unnest(['events', 'uptake'])
WHERE EXISTS (FROM documents WHERE has_events OR is_hiding) OR EXISTS (FROM flat_documents)
UNION ALL
SELECT 'uptake'
WHERE EXISTS (FROM documents WHERE histograms IS NOT NULL) OR EXISTS (FROM buckets)
UNION ALL
SELECT 'annotations'
WHERE EXISTS (FROM documents WHERE experiments IS NOT NULL)
    OR EXISTS (FROM flat_experiments WHERE experiments IS NOT NULL)
UNION ALL
SELECT 'scalars' WHERE EXISTS (FROM documents WHERE scalars IS NOT NULL)
