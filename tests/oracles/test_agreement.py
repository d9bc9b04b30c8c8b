"""Engine and oracles agree on generated histories: which promises they break, and how gravely."""

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from auditor.rule import Severity
from tests.oracles import documented_events, engine, enrollment_ids, strategies, upload_off
from tests.oracles.engine import RULES, Way
from tests.oracles.lives import Life, live
from tests.oracles.strategies import History

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW

ORACLES: dict[Way, Callable[[Life], bool]] = {
    ("enrollment_id_reused_after_end", HIGH): enrollment_ids.reused_after_end,
    ("enrollment_id_reused_after_end", LOW): enrollment_ids.named_after_graduation,
    ("enrollment_id_shared_between_changes", HIGH): enrollment_ids.shared_between_changes,
    ("enrollment_id_shared_between_changes", LOW): enrollment_ids.named_by_a_conflict,
    ("enrollment_id_shared_between_clients", HIGH): enrollment_ids.shared_between_clients,
    ("enrollment_id_changed_mid_change", MEDIUM): enrollment_ids.changed_mid_change,
    ("enrollment_id_lost_mid_change", LOW): enrollment_ids.lost_mid_change,
    ("enrollment_id_malformed", MEDIUM): enrollment_ids.malformed,
    ("enrollment_id_derived", HIGH): enrollment_ids.derived,
    ("enrollment_id_kept_after_opt_out", HIGH): upload_off.kept_after_opt_out,
    ("nimbus_id_kept_after_opt_out", MEDIUM): upload_off.nimbus_kept_after_opt_out,
    ("enrollment_id_restored_after_opt_out", HIGH): upload_off.restored_after_opt_out,
    ("enrollment_id_sent_after_opt_out", HIGH): upload_off.sent_after_opt_out,
    ("enrollment_id_recorded_after_opt_out", MEDIUM): upload_off.recorded_after_opt_out,
    ("id_made_while_off_sent_later", MEDIUM): upload_off.made_while_off_sent_later,
    ("enrollment_while_off_without_id", LOW): upload_off.enrolled_while_off_without_id,
    ("change_enrolled_twice", MEDIUM): documented_events.enrolled_twice,
    ("change_ended_twice", MEDIUM): documented_events.ended_twice,
    ("change_used_before_enrollment", LOW): documented_events.used_before_enrollment,
    ("stored_id_differs_from_reported", MEDIUM): documented_events.stored_differs_from_reported,
    ("unenroll_reason_unknown", MEDIUM): documented_events.unenrolled_for_unknown,
    ("unenroll_failed", LOW): documented_events.unenrollment_failed,
}
NAMES = sorted({rule for rule, _ in ORACLES})

DRAWN = {
    "lifecycles": strategies.histories(strategies.lifecycles()),
    "opt-outs": strategies.histories(strategies.opt_outs()),
    "collisions of IDs": strategies.histories(strategies.collisions()),
    "near misses": strategies.near_misses(RULES[name] for name in NAMES),
}
SIZE = 40
"""Histories in one audit: most of what an audit costs is the same for one as for forty."""
BATCHES = 10


def by_the_oracles(history: History) -> set[Way]:
    """The ways in which one history breaks promises, as the oracles find them."""
    life = live(history)
    return {way for way, oracle in ORACLES.items() if oracle(life)}


def over(source: str, look: Callable[[list[History]], None]) -> None:
    """Look at histories of one source, in batches that are the same in every run."""
    crowded = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

    @settings(
        max_examples=BATCHES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],  # `smallest` does better than to shrink forty histories at once
        suppress_health_check=crowded,  # a batch is an audit of forty histories, and means to be
    )
    @given(strategies.batches(DRAWN[source], SIZE))
    def each(batch: list[History]) -> None:
        look(batch)

    each()


@pytest.mark.parametrize("source", DRAWN)
def test_the_engine_finds_what_the_oracles_find_and_nothing_else(source: str) -> None:
    """For every rule, the same histories break the promise at the same severity."""
    differing: dict[Way, History] = {}

    def compare(batch: list[History]) -> None:
        found = engine.broken(batch, NAMES)
        expected = {(way, n) for n, history in enumerate(batch) for way in by_the_oracles(history)}
        for way, number in sorted(found ^ expected):
            differing[way] = min(differing.get(way, batch[number]), batch[number], key=len)

    over(source, compare)
    told = [_told(way, history) for way, history in sorted(differing.items())]
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_the_histories_break_every_promise_ten_times_at_least_and_keep_it_as_often() -> None:
    """No promise is compared on histories that all keep it, or all break it."""
    broken: Counter[Way] = Counter()
    for source in DRAWN:
        over(source, lambda batch: broken.update(w for h in batch for w in by_the_oracles(h)))
    compared = len(DRAWN) * BATCHES * SIZE
    assert not [way for way in ORACLES if not 10 <= broken[way] <= compared - 10]


def _told(way: Way, history: History) -> str:
    """A disagreement by its smallest history, for whoever has to find out which side is right."""
    breaks, keeps = "the oracle", "the engine"
    if way not in by_the_oracles(history):
        breaks, keeps = keeps, breaks
    moments = "".join(
        f"\n    {moment}; {moment.kind}, client {moment.client}, received {moment.received}"
        for moment in smallest(way, history)
    )
    return f"{way[0]} at {way[1]}: broken for {breaks} and not for {keeps}:{moments}"


def smallest(way: Way, history: History) -> History:
    """The history without the moments that a disagreement does not need."""
    for place in reversed(range(len(history))):
        fewer = history[:place] + history[place + 1 :]
        if fewer and _differs(way, fewer):
            history = fewer
    return history


def _differs(way: Way, history: History) -> bool:
    found = engine.broken([history], [way[0]])
    return ((way, 0) in found) != (way in by_the_oracles(history))
