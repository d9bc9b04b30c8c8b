"""The promises about how runs of recipes are reported, as loops over a life."""

import re

from auditor.history import Moment
from tests.oracles.documents import SENT_STATUSES, STATUSES
from tests.oracles.lives import Life

SOURCES = {
    "runner": r"normandy/runner",
    "action": r"normandy/action/[^/]+",
    "recipe": r"normandy/recipe/\d+",
}
MOST_KEYS = 100
LONGEST_KEY = 72
BORN, FAR = 1_483_228_800, 4_102_444_800
"""The first seconds of 2017, when Normandy began, and of 2100."""


def _about(report: Moment) -> str | None:
    told = report.extras["source"]
    return next((about for about, form in SOURCES.items() if re.fullmatch(form, told)), None)


def _reports(life: Life) -> list[tuple[str | None, str]]:
    """What each report of uptake is about, and the status that it gives."""
    return [(_about(s.moment), s.moment.extras["status"]) for s in life.of("uptake")]


def source_undocumented(life: Life) -> bool:
    """Uptake is reported for what is neither runner, action nor recipe."""
    return any(about is None for about, _ in _reports(life))


def status_undocumented(life: Life) -> bool:
    """The status is neither documented for the source nor one that the browser sends."""
    return any(
        status not in STATUSES[about] | SENT_STATUSES.get(about, set())
        for about, status in _reports(life)
        if about
    )


def status_undocumented_and_known(life: Life) -> bool:
    """The status is not documented for the source, and the browser sends it."""
    return any(status in SENT_STATUSES.get(about or "", ()) for about, status in _reports(life))


def keys_over_limit(life: Life) -> bool:
    """A scalar of recipe freshness has more than 100 keys, or one of more than 72 characters."""
    scalars = [list(sight.moment.extras) for sight in life.of("scalar")]
    return any(len(keys) > MOST_KEYS or max(map(len, keys)) > LONGEST_KEY for keys in scalars)


def freshness_is_no_time(life: Life) -> bool:
    """Recipe freshness is a number that is no time since Normandy began."""
    values = [int(value) for s in life.of("scalar") for value in s.moment.extras.values()]
    return any(not BORN <= value < FAR for value in values)
