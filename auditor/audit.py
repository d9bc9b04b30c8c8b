"""The audit: stores held against rules, one verdict each."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from importlib.metadata import version

import auditor
from auditor.clauses import load_clauses
from auditor.engines.asking import RuleCrashError
from auditor.engines.duckdb import DuckDB
from auditor.engines.engine import Engine
from auditor.lookups import lookups
from auditor.readings import AUTO, Contracts
from auditor.redaction import Redactor
from auditor.report import Report, Verdict
from auditor.rule import Rule
from auditor.sharding import Part, divide
from auditor.stores import Step, Stores
from auditor.verdicts import Bench


@dataclass(frozen=True)
class Options:
    """What an audit may be told.

    `contract` names the browser's contract, `auto` for the one of each version. `grace` is in
    milliseconds. `token_key` replaces the key that is derived from the stores. `spark` is the
    master of a Spark cluster that is the engine, which is DuckDB otherwise. With `witnesses`, what
    holds has one subject that kept it. With a `shard`, only what is of that part of the people is
    judged.
    """

    contract: str = AUTO
    grace: int = 60_000
    token_key: bytes | None = None
    spark: str | None = None
    witnesses: bool = False
    shard: Part | None = None


def audit(
    stores: Stores,
    rules: Sequence[Rule],
    options: Options | None = None,
    step: Step = nullcontext,
) -> Report:
    """Hold the stores against the rules, all of a view as one `step`.

    Raises ContractError for a contract that is wrong.
    """
    chosen = options or Options()
    contracts = Contracts(chosen.contract)
    key = chosen.token_key or stores.key
    with engine_over(stores, contracts, chosen) as engine:
        shard = None if chosen.shard is None else divide(engine, chosen.shard, key)
        pen = Redactor(key, _secrets(stores, engine))
        doubles = frozenset(str(row["ping"]) for row in engine.rows("doubles"))
        bench = Bench(stores, engine, pen, doubles, _sections(), chosen.witnesses)
        verdicts = [
            v for group in _by_view(rules) for v in _stepwise(group, bench, contracts, step)
        ]
        summaries = bench.summaries()
    return Report(
        auditor=auditor.__version__,
        versions={name: version(name) for name in ("duckdb", "pyarrow")},
        rules_digest=digest_of(rules),
        contract=", ".join(sorted(contracts.used)),
        contract_digest=contracts.digest,
        stores=summaries,
        verdicts=tuple(sorted(verdicts, key=lambda verdict: verdict.rule)),
        shard=shard,
    )


def engine_over(stores: Stores, contracts: Contracts, options: Options) -> Engine:
    """An engine that knows the stores' tables, and the small ones that the views join."""
    small = lookups(stores.tables["recipes"], options.grace)
    small["known_codes"] = contracts.codes()
    if options.spark is None:
        return Engine(DuckDB(stores.tables.session), small)
    from auditor.engines.spark import Spark

    return Engine(Spark(options.spark), stores.tables.whole() | small)


def _by_view(rules: Sequence[Rule]) -> Sequence[list[Rule]]:
    groups: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        groups[rule.examines].append(rule)
    return list(groups.values())


def _stepwise(group: list[Rule], bench: Bench, contracts: Contracts, step: Step) -> list[Verdict]:
    many = f"{len(group)} rule{'s' * (len(group) > 1)}"
    with step(f"examining {group[0].examines} ({many})"):
        return list(_judge(group, bench, contracts))


def _judge(group: list[Rule], bench: Bench, contracts: Contracts) -> Iterator[Verdict]:
    """One pass for all rules over a view; should one of them crash, each has a pass of its own."""
    try:
        prepare(group[0].examines, bench.engine, contracts)
        tallies = bench.engine.tally(group[0].examines, group)
        yield from [bench.verdict(*pair) for pair in zip(group, tallies, strict=True)]
    except RuleCrashError as error:
        if len(group) == 1:
            yield bench.crashed(group[0], error)
        else:
            for rule in group:
                yield from _judge([rule], bench, contracts)


def prepare(view: str, engine: Engine, contracts: Contracts) -> None:
    """Give the engine what the contracts say of the shapes that it counted."""
    if view == "event_shapes":
        engine.register("shape_readings", contracts.read(engine.rows("shapes")))
    if view == "uptake_shapes":
        engine.register("uptake_readings", contracts.read_uptake(engine.rows("uptakes")))


def _sections() -> dict[str, str]:
    """The heading of the document under which each rule's promise stands first."""
    headings = [
        (rule, heading)
        for heading, clauses in load_clauses().items()
        for clause in clauses
        for rule in clause.rules
    ]
    return dict(reversed(headings))


def _secrets(stores: Stores, engine: Engine) -> set[str]:
    """Texts that must not be written and that no look gives away."""
    strays = (str(row["identifier"]) for row in engine.rows("strays"))
    asked = stores.tables.different("recipes", "value")
    return {text for text in (*strays, *asked) if text}


def digest_of(rules: Sequence[Rule]) -> str:
    """`sha256:…` over everything that the rules say."""
    digest = hashlib.sha256()
    for rule in sorted(rules, key=lambda rule: rule.name):
        digest.update(rule.model_dump_json().encode())
    return f"sha256:{digest.hexdigest()}"
