"""How the people and browsers of a simulated fleet are spread: every number with where it is from.

Unless a line names a source, the number is a guess: no public figures exist.
"""

from dataclasses import dataclass

DAY = 86_400_000
HOUR = 3_600_000

NUMBERS: dict[str, int | float | str] = {
    # when: 2025-07-07 UTC, while Firefox 115 ESR, 128 ESR and 140 ESR were all kept up to date
    "first_day": 1_751_846_400_000,
    "joining": 30 * DAY,  # clients appear within a month
    "day": DAY,
    # sessions: how many (mean beyond two), how far apart in days, and how long in milliseconds
    "sessions": 4.0,
    "most_sessions": 16,
    "longest_gap": 4.0,
    "session": 2.5 * HOUR,
    "shortest_session": 300_000,
    # clocks: how many are wrong, and by how much at most, both ways (BigQuery ETL drops worse ones)
    "skewed": 0.05,
    "skew": 2.0 * DAY,
    # upload: about 93 % of release profiles have telemetry on (Mozilla's data documentation,
    # "Choosing a Desktop Product Dataset"); who turns it off within the time of a fleet is a guess
    "leaves": 0.03,
    "returns": 0.4,
    # profiles that somebody copies to another computer
    "copied": 0.005,
    # stays in studies and rollouts: how many at most, how many end, after how many sessions (mean)
    "most_stays": 4,
    "ends": 0.75,
    "stay": 2.0,
    "graduates": 0.7,
    "changes": 0.4,  # something happens in the midst of them
    "overridden": 0.05,  # a preference was set by the person already: expPrefChanged onEnroll
    "old": 0.01,  # records from before enrollment IDs
    "fails": 0.02,  # sessions in which an enrollment fails
    # the way: 95 % of pings arrive within two days ("Two Days", Mozilla's data blog)
    "late": 0.05,
    "lost": 0.01,
    "twice": 0.005,
}
"""By the names that the queries use. Shares are of 1."""


@dataclass(frozen=True)
class Browser:
    """A version and channel, its share of clients, and the share of those that report uptake.

    Uptake: `services.common.uptake.sampleRate` is 1 % on release and ESR, every client elsewhere.
    """

    version: str
    channel: str
    share: float
    samples: float


BROWSERS = (
    Browser("115.14.0", "esr", 0.47, 0.01),
    Browser("115.0.2", "release", 0.15, 0.01),
    Browser("102.15.1", "esr", 0.10, 0.01),
    Browser("91.13.0", "esr", 0.05, 0.01),
    Browser("78.15.0", "esr", 0.03, 0.01),
    Browser("72.0.2", "release", 0.01, 0.01),
    Browser("114.0", "beta", 0.04, 1.0),
    Browser("115.0a1", "nightly", 0.02, 1.0),
    Browser("128.5.0", "esr", 0.08, 0.01),
    Browser("140.2.0", "esr", 0.05, 0.01),
)
LAST_WITH_IDS = 115

KINDS = {
    "preference_study": ("normandy-exp", 0.40),
    "preference_rollout": ("normandy-prefrollout", 0.15),
    "addon_study": ("normandy-addonstudy", 0.10),
    "addon_rollout": ("normandy-addonrollou", 0.05),
    "nimbus_experiment": ("nimbus-nimbus", 0.30),
}
"""Each kind of change: its type in a ping's environment (cut to 20 there), and its share.

Nimbus comes last, so that it can be left out by the number that is drawn.
"""

CHANGES = 64
"""Changes of each kind that are under way."""

STORES = {
    "preference_study": ("preference-studies", "expired"),
    "preference_rollout": ("preference-rollouts", "graduated"),
    "addon_study": ("addon-studies", "inactive"),
    "addon_rollout": ("addon-rollouts", "rolled-back"),
    "nimbus_experiment": ("nimbus", "inactive"),
}
"""The client's own store of each kind, and how a record there is marked when it has ended."""

ACTIONS = (
    *("AddonRollbackAction", "AddonRolloutAction", "BranchedAddonStudyAction", "ConsoleLogAction"),
    *("MessagingExperimentAction", "PreferenceExperimentAction", "PreferenceRollbackAction"),
    *("PreferenceRolloutAction", "ShowHeartbeatAction"),
)
"""The actions of Firefox 115 by the names that uptake gives them (BaseAction.sys.mjs)."""

RECIPES = {str(1100 + 37 * n): 2500 + 71 * n for n in range(16)}
"""Recipe ids with their revisions, which is what `normandy.recipe_freshness` really holds."""

RUNS = 16
"""Different runs of recipes that are reported."""

STATUSES = (
    "success",
    "backoff",
    "backoff",
    "backoff",
    "apply_error",
    "content_error",
    "sign_error",
)
"""What recipes report; a filter that does not match is the usual case, and is reported twice."""


def slug_of(kind: str, number: int) -> str:
    """The name of a change. Some are cut by the platform (value 80 bytes, annotation 100 units)."""
    name = f"{kind.replace('_', '-')}-bug-{1_500_000 + 977 * number}-release-{number}"
    if number % 16 == 0:
        return f"{name}-{'long' * 25}"[:100]
    return f"{name}-étude" if number % 16 == 1 else name
