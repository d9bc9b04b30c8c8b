"""The sight of a finding: what must be the same, for a smaller store to give the same finding."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from auditor.audit import Options, engine_over, prepare
from auditor.engines.asking import Breach
from auditor.readings import Contracts
from auditor.rule import Rule
from auditor.stores import Stores, settled

if TYPE_CHECKING:
    import pyarrow as pa

_IDENTIFIERS = {"enrollment_id", "client_id", "person", "text"}
"""Columns that a sentence tells as a token, or by their length alone."""


@dataclass(frozen=True)
class Sight:
    """A finding without identifiers and counts.

    That is its rule, the way in which the promise is broken (0 is the rule's own), and what its
    sentence says, by the columns that stand in it.
    """

    rule: str
    way: int
    said: tuple[tuple[str, object], ...]

    @property
    def texts(self) -> set[str]:
        """The texts of the store that the sentence shows."""
        return {text for _, text in self.said if isinstance(text, str)}

    def renamed(self, name: Callable[[str], str]) -> "Sight":
        """The sight of the same finding in a store in which texts have other names."""
        said = ((key, name(text) if isinstance(text, str) else text) for key, text in self.said)
        return Sight(self.rule, self.way, tuple(said))


def sight_of(rule: Rule, breach: Breach) -> Sight:
    """What is to be seen again."""
    template = rule.lesser[breach.way - 1].says if breach.way else rule.says
    names = sorted({*re.findall(r"\{(\w+)\}", template), "change"} & breach.subject.keys())
    told = ((name, breach.subject[name]) for name in names if name not in _IDENTIFIERS)
    said = ((name, _plain(value)) for name, value in told if type(value) is not int)
    return Sight(rule.name, breach.way, tuple(said))


def _plain(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


@dataclass
class Judge:
    """Looks at stores by rules, with what the audit is told. `looks` counts how often it did."""

    options: Options = field(default_factory=Options)
    looks: int = 0

    def __post_init__(self) -> None:
        """Load the contracts once."""
        self.contracts = Contracts(self.options.contract)

    def breaches(self, stores: Stores, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Breach]]:
        """Every breach of the rules. Raises RuleCrashError, ContractError."""
        self.looks += 1
        with engine_over(stores, self.contracts, self.options) as engine:
            for rule in rules:
                prepare(rule.examines, engine, self.contracts)
                (tally,) = engine.tally(rule.examines, [rule])
                yield from ((rule, breach) for breach in engine.breaches(rule, tally))

    def sees(self, sight: Sight, rule: Rule, recorded: "Mapping[str, pa.Table]") -> bool:
        """Whether the recorded base tables, not yet settled, give that finding."""
        stores = Stores(settled(recorded), (), frozenset(recorded), b"")
        return any(sight == sight_of(rule, one) for _, one in self.breaches(stores, [rule]))

    def codes(self) -> set[str]:
        """Texts that the contracts list: anybody's."""
        codes: list[Any] = self.contracts.codes()["code"].to_pylist()
        return {str(code) for code in codes}
