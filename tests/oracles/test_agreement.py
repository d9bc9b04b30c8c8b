"""Engine and oracles agree on generated histories: which promises they break, and how gravely."""

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from auditor.rule import Severity
from tests.oracles import (
    documented_events,
    engine,
    enrollment_ids,
    recipes,
    single_events,
    singles,
    strategies,
    texts,
    upload_off,
)
from tests.oracles.engine import RULES, Way
from tests.oracles.lives import Life, live
from tests.oracles.strategies import History

HIGH, MEDIUM, LOW, NOTE = Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.NOTE

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
    ("event_undocumented", MEDIUM): single_events.undocumented,
    ("event_undocumented", NOTE): single_events.undocumented_and_known,
    ("extra_undocumented", MEDIUM): single_events.extra_undocumented,
    ("extra_undocumented", NOTE): single_events.extra_undocumented_and_known,
    ("extra_missing", LOW): single_events.extra_missing,
    ("extra_missing", NOTE): single_events.extra_never_sent,
    ("code_undocumented", LOW): single_events.code_undocumented,
    ("code_undocumented", NOTE): single_events.code_undocumented_and_known,
    ("enrollment_id_missing", MEDIUM): single_events.id_missing,
    ("enrollment_id_missing", NOTE): single_events.id_never_sent,
    ("enrollment_id_unexpected", LOW): single_events.id_unexpected,
    ("enrollment_id_in_deletion_request", LOW): single_events.id_in_deletion_request,
    ("event_extra_too_long", MEDIUM): single_events.extra_too_long,
    ("event_extras_too_many", MEDIUM): single_events.extras_too_many,
    ("event_value_too_long", MEDIUM): single_events.value_too_long,
    ("event_name_too_long", LOW): single_events.name_too_long,
    ("caller_outside_nightly", LOW): single_events.caller_named,
    ("preference_change_reports_more_than_the_name", HIGH): single_events.more_than_the_name,
    ("addon_study_failed", LOW): texts.addon_study_failed,
    ("failure_reason_in_unknown_form", MEDIUM): texts.reason_in_unknown_form,
    ("failure_reason_names_a_person", HIGH): texts.reason_names_a_person,
    ("preference_branch_too_long", MEDIUM): texts.preference_branch_too_long,
    ("preference_name_is_not_a_name", MEDIUM): texts.preference_name_is_not_a_name,
    ("preference_value_reported", HIGH): texts.preference_value_reported,
    ("truncated_inside_a_character", LOW): texts.cut_inside_a_character,
    ("uptake_source_undocumented", LOW): recipes.source_undocumented,
    ("uptake_status_undocumented", LOW): recipes.status_undocumented,
    ("uptake_status_undocumented", NOTE): recipes.status_undocumented_and_known,
    ("freshness_keys_over_limit", LOW): recipes.keys_over_limit,
    ("freshness_not_a_time", NOTE): recipes.freshness_is_no_time,
}
NEVER = {("enrollment_id_unexpected", NOTE)}
"""Firefox 115 sends no ID where the document has an event without one: another contract may."""

NAMES = sorted({rule for rule, _ in ORACLES})

DRAWN = {
    "lifecycles": strategies.histories(strategies.lifecycles()),
    "opt-outs": strategies.histories(strategies.opt_outs()),
    "collisions of IDs": strategies.histories(strategies.collisions()),
    "deletion requests": strategies.histories(strategies.requests(), longest=4),
    "single events": singles.singles(),
    "texts and recipes": singles.with_recipes(),
    "near misses": strategies.near_misses(RULES[name] for name in NAMES),
}
SIZE = 40
"""Histories in one audit: most of what an audit costs is the same for one as for forty."""
BATCHES = int(os.environ.get("BATCHES", "10"))


def by_the_oracles(history: History, server: History) -> set[Way]:
    """The ways in which one history breaks promises, as the oracles find them."""
    life = live(history, server)
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
    told: list[str] = []
    over(source, lambda batch: told.extend(disagreements(batch)))
    if told:
        pytest.fail("\n".join(told), pytrace=False)


def test_every_rule_has_an_oracle_for_each_way_in_which_it_is_broken() -> None:
    """A promise that nothing but the engine judges is judged by nobody."""
    lesser = {(rule.name, way.severity) for rule in RULES.values() for way in rule.lesser}
    ways = lesser | {(rule.name, rule.severity) for rule in RULES.values()}
    assert ways - NEVER == set(ORACLES)


def test_the_histories_break_every_promise_ten_times_at_least_and_keep_it_as_often() -> None:
    """No promise is compared on histories that all keep it, or all break it."""
    broken: Counter[Way] = Counter()
    for source in DRAWN:
        over(source, lambda batch: broken.update(_ways(batch)))
    compared = len(DRAWN) * BATCHES * SIZE
    assert not [way for way in ORACLES if not 10 <= broken[way] <= compared - 10]


def disagreements(batch: list[History]) -> list[str]:
    """Each way in which the two judge a history differently, by the shortest such history."""
    server = recipes_of(*batch)
    found = engine.broken(batch, NAMES)
    each = enumerate(batch)
    expected = {(way, number) for number, told in each for way in by_the_oracles(told, server)}
    differing: dict[Way, History] = {}
    for way, number in sorted(found ^ expected):
        told = [*server, *batch[number]]
        differing[way] = min(differing.get(way, told), told, key=len)
    return [_told(way, history) for way, history in sorted(differing.items())]


def recipes_of(*histories: History) -> History:
    """The recipes of many histories: they are the server's, and so everybody's."""
    return [moment for history in histories for moment in history if moment.what == "recipe"]


def _ways(batch: list[History]) -> Iterator[Way]:
    server = recipes_of(*batch)
    for history in batch:
        yield from by_the_oracles(history, server)


def _told(way: Way, history: History) -> str:
    """A disagreement by its smallest history, for whoever has to find out which side is right."""
    breaks, keeps = "the oracle", "the engine"
    if way not in by_the_oracles(history, []):
        breaks, keeps = keeps, breaks
    moments = "".join(
        f"\n    {moment}; {moment.kind}, client {moment.client}, received {moment.received}"
        for moment in smallest(way, history)
    )
    told = f"{way[0]} at {way[1]}: broken for {breaks} and not for {keeps}:{moments}"
    return told.encode("ascii", "backslashreplace").decode()  # half a character cannot be printed


def smallest(way: Way, history: History) -> History:
    """The history without the moments that a disagreement does not need."""
    for place in reversed(range(len(history))):
        fewer = history[:place] + history[place + 1 :]
        if fewer and _differs(way, fewer):
            history = fewer
    return history


def _differs(way: Way, history: History) -> bool:
    found = engine.broken([history], [way[0]])
    return ((way, 0) in found) != (way in by_the_oracles(history, []))
