"""One run of the command `audit`: from what was asked to what is printed, written and returned."""

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from auditor import findings, resources
from auditor.audit import Options, audit
from auditor.contract import contract_names, load_contract
from auditor.delivery import Printed, deliver, refuse_in_place_of, show
from auditor.failures import UsageError
from auditor.gate import tasks
from auditor.gate.gating import Excuses, gated
from auditor.keys import read_key
from auditor.leaks import Leaks
from auditor.readings import AUTO
from auditor.renderers import visible
from auditor.report import ExitCode, Outcome, Report
from auditor.rule import Rule, Severity, load_rules
from auditor.sharding import Part, part
from auditor.stores import Limits, Recipe, UnreadableError, read_recipes, read_stores
from auditor.watching import watching

DEMO = "firefox-115-upload-off-on"
DEMO_REPORT = Path("demo-report.md")

_SIZE = re.compile(r"0*[1-9]\d*(\.\d+)?\s?[KMGT]i?B", re.IGNORECASE)


@dataclass(frozen=True)
class Request:
    """What was asked for at the command line. `grace` is in milliseconds.

    `today` is the day by which waivers are judged: no part of an audit but this knows a clock.
    """

    stores: tuple[Path, ...]
    today: date
    printed: Printed = field(default_factory=Printed)
    reports: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    require: tuple[str, ...] = ()
    contract: str = "auto"
    recipes: Path | None = None
    fail_on: Severity | None = Severity.LOW
    grace: int = 60_000
    memory: str | None = None
    token_key: Path | None = None
    spark: str | None = None
    witness: bool = False
    with_selftest: bool = False
    verbose: bool = False
    baseline: Path | None = None
    waivers: Path | None = None
    shard: str | None = None
    threads: int | None = None


def audit_and_report(request: Request) -> ExitCode:
    """Audit, print, write the reports, and say how it went."""
    rules, options, excuses = chosen_rules(request), _options(request), _excuses(request)
    refuse_in_place_of(request.reports, _inputs(request))
    with watching(verbose=request.verbose) as step:
        stores = read_stores(
            request.stores,
            recipes_in(request.recipes),
            step,
            Limits(request.memory, request.threads or os.cpu_count()),
        )
        report = audit(stores, rules, options, step)
        report = report.model_copy(update={"options": _told(request)})
        if request.with_selftest:
            with step("putting the rules to the test"):
                report = _with_selftest(report, rules)
    report = gated(report, excuses, {rule.name: rule for rule in load_rules()})
    if request.verbose:
        sys.stderr.writelines(_ignored(report))
    withheld = deliver(report, request.printed, request.reports, Leaks(stores))
    if withheld:
        sys.stderr.write(_why_withheld(withheld))
        return ExitCode.INCOMPLETE
    code = report.exit_code(request.fail_on, request.require)
    if code is ExitCode.NOTHING_AUDITED:
        sys.stderr.write(f"auditor: {why_nothing(report, request.require)}\n")
    return code


def _with_selftest(report: Report, rules: Sequence[Rule]) -> Report:
    """The report with what each rule found of what was planted for it."""
    from auditor.selftest.trials import selftest

    figures = {trial.rule: trial.figures for trial in selftest(rules)}
    verdicts = tuple(
        verdict.model_copy(update={"selftest": figures[verdict.rule]})
        for verdict in report.verdicts
    )
    return report.model_copy(update={"verdicts": verdicts})


def demonstrate() -> None:
    """Audit the bundled recording, print the report, and leave it as a file too."""
    recording = resources.folder("recordings") / DEMO
    stores = (recording / "profile", recording / "received.ndjson")
    report = audit(read_stores(stores), load_rules())
    deliver(report, Printed(), [DEMO_REPORT])
    code = report.exit_code()
    said = (
        f"\nThis was a demonstration on a recording of a real Firefox 115. The same audit,\n"
        f"`auditor audit` on these two stores, exits with {int(code)}.\n"
        f"The report is in {DEMO_REPORT}.\n"
    )
    show([said.encode()])


def chosen_rules(request: Request) -> tuple[Rule, ...]:
    """The rules that were selected and not ignored. Raises UsageError for a name that is none."""
    rules = {rule.name: rule for rule in load_rules()}
    for name in (*request.select, *request.ignore, *request.require):
        if name not in rules:
            raise UsageError(no_such_rule(name, rules))
    wanted = set(request.select or rules) - set(request.ignore)
    if not wanted:
        message = "no rule is left: --ignore takes away all that there are, or that --select names"
        raise UsageError(message)
    if absent := sorted(set(request.require) - wanted):
        message = f"{absent[0]} is required, but is not among the rules that were selected"
        raise UsageError(message)
    return tuple(rule for name, rule in rules.items() if name in wanted)


def no_such_rule(name: str, known: dict[str, Rule]) -> str:
    """A sentence that says what else could have been meant."""
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean {near[0]}?" if near else "; `auditor rules` lists them"
    return f"there is no rule {name!r}{hint}"


def _options(request: Request) -> Options:
    """What the audit is told. Raises UsageError or ContractError, before any store is read."""
    if request.contract != AUTO:
        load_contract(request.contract)
    if request.memory is not None and not _SIZE.fullmatch(request.memory):
        message = f"{request.memory!r} is no size of memory, such as 4GB"
        raise UsageError(message)
    return Options(
        contract=request.contract,
        grace=request.grace,
        token_key=read_key(request.token_key),
        spark=request.spark,
        witnesses=request.witness,
        shard=_shard(request),
    )


def _shard(request: Request) -> Part | None:
    """The shard that is to be judged alone. Raises UsageError for what only the whole can tell."""
    if request.shard is None:
        return None
    whole = {
        "--baseline": request.baseline,
        "--waivers": request.waivers,
        "--witness": request.witness,
        f"--report FILE{findings.SUFFIX}": any(
            path.suffix.lower() == findings.SUFFIX for path in request.reports
        ),
    }
    if told := [option for option, given in whole.items() if given]:
        message = f"{told[0]} goes with no shard: a part of the people does not tell it"
        raise UsageError(message)
    return part(request.shard)


def _excuses(request: Request) -> Excuses:
    """What may excuse findings. Raises UsageError, before any store is read."""
    key = read_key(request.token_key)
    return tasks.excuses(request.baseline, request.waivers, key, request.today)


def _inputs(request: Request) -> list[Path]:
    """Every file and folder that the audit reads."""
    named = (Path(request.contract), request.recipes, request.token_key)
    given = (*named, request.baseline, request.waivers)
    return [*request.stores, *(path for path in given if path is not None and path.is_file())]


def _told(request: Request) -> dict[str, str | float | tuple[str, ...] | None]:
    """The options for the report, without paths: what stood in a file is told by its sha256."""
    return {
        "contract": request.contract if request.contract in {AUTO, *contract_names()} else "a file",
        "fail_on": request.fail_on,
        "grace": request.grace / 1000,
        "ignore": tuple(sorted(request.ignore)),
        "recipes": _digest(request.recipes),
        "require": tuple(sorted(request.require)),
        "select": tuple(sorted(request.select)),
    }


def _digest(path: Path | None) -> str | None:
    return None if path is None else f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def _ignored(report: Report) -> Iterator[str]:
    """A line for each file that was left out: it holds no telemetry, as far as anybody can see."""
    for store in report.stores:
        for path in store.ignored:
            where = f"{store.path}: {path}"
            yield f"auditor: {visible(where)}: holds no telemetry, and was left out\n"


def _why_withheld(names: Iterable[str]) -> str:
    """A sentence for each, which does not say what was found in it."""
    why = (
        "withheld: an identifier or a preference value of the stores was in it; unless one is in "
        "the name of a file that was given, please report this"
    )
    return "".join(f"auditor: {visible(name)} was {why}\n" for name in names)


def why_nothing(report: Report, required: tuple[str, ...]) -> str:
    """A clause that says why the exit code tells of nothing audited."""
    if not report.audited:
        what = "there is no telemetry in what was given"
        return f"nothing was audited: {what}; `auditor stores` lists what can be audited"
    unproven = {v.rule for v in report.verdicts if v.verdict is Outcome.UNPROVEN}
    return f"required, but unproven: {', '.join(sorted(unproven.intersection(required)))}"


def recipes_in(path: Path | None) -> list[Recipe]:
    """What the recipes in a file set; nothing for no file. Raises UsageError."""
    if path is None:
        return []
    try:
        found = read_recipes(path)
    except UnreadableError as error:
        message = f"{path}: {error}"
        raise UsageError(message) from None
    if not found:
        message = f"{path}: holds no recipe that sets a preference"
        raise UsageError(message)
    return found
