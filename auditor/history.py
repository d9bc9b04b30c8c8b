"""Histories written by hand: what one browser did, as a reader would tell it.

A history is a list of moments. Each event travels in a ping of its own, made at the moment it
happened. As in the browser, pings made while upload is off carry the canary client id, and pings
made after it is on again carry a new client id, unless `client` says otherwise.

`"e1"` stands for an enrollment ID: it becomes a UUID of its own. `FILLER` stands for itself, and
`raw(text)` for a text that is to be recorded exactly as it is.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

FILLER = "__NO_ENROLLMENT_ID__"
"""What Firefox writes in place of an enrollment ID (`TelemetryEvents.NO_ENROLLMENT_ID_MARKER`)."""

Kind = Literal[
    "preference_study", "preference_rollout", "addon_study", "addon_rollout", "nimbus_experiment"
]
Id = str | None


class raw(str):  # noqa: N801 - reads as a word of the history
    """A text recorded exactly as it is, where a name would be replaced by a UUID."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened: an event, an annotation, a record on disk, a switch and so on.

    `day` counts from the first day of the history and may be a fraction. `client` is None for the
    client id that the browser would use at that moment, `document_type` for the usual kind of ping.
    Without `dated`, the store does not tell when the ping was made, as some exports do not.
    """

    what: Literal["event", "annotation", "record", "switch", "recipe", "uptake", "scalar"]
    day: float
    id: Id = None
    change: str = "study"
    kind: Kind = "preference_study"
    method: str = ""
    object: str = ""
    extras: dict[str, str] = field(default_factory=dict)
    client: str | None = None
    received: float | None = None
    session: str | None = "session"
    version: str | None = "115.14.0"
    channel: str | None = "esr"
    document_type: str | None = None
    dated: bool = True

    def __str__(self) -> str:
        """Day, what happened, to which change and with which ID: one line for a reader."""
        told = " ".join(filter(None, (self.method, self.object))) or self.what
        about = {"switch": "", "recipe": ""}.get(self.what, f" of {self.change}, ID {self.id}")
        extras = ", ".join(f"{key} {value}" for key, value in self.extras.items())
        return f"day {self.day:g}: {told}{about}" + (f" ({extras})" if extras else "")


def event(method: str, enrollment: Id, *, day: float, **rest: Any) -> Moment:
    """Any event of the category `normandy`; the keywords are the fields of `Moment`."""
    rest.setdefault("object", rest.get("kind", "preference_study"))
    return Moment("event", day, enrollment, method=method, **rest)


def enroll(enrollment: Id, *, day: float, **rest: Any) -> Moment:
    """The browser joins a study or rollout."""
    return event("enroll", enrollment, day=day, **rest)


def update(enrollment: Id, *, day: float, **rest: Any) -> Moment:
    """A rollout or add-on study changes while it lasts."""
    rest.setdefault("kind", "preference_rollout")
    return event("update", enrollment, day=day, **rest)


def unenroll(enrollment: Id, *, day: float, reason: str = "recipe-not-seen", **rest: Any) -> Moment:
    """The browser leaves a study."""
    return _with_extras("unenroll", enrollment, day, {"reason": reason}, rest)


def graduate(enrollment: Id, *, day: float, **rest: Any) -> Moment:
    """A rollout has become the built-in behaviour and ends."""
    rest.setdefault("kind", "preference_rollout")
    return _with_extras("graduate", enrollment, day, {"reason": "all-prefs-match"}, rest)


def refuse_to_end(enrollment: Id, *, day: float, reason: str, **rest: Any) -> Moment:
    """An attempt to end a change that failed, and says why."""
    return _with_extras("unenrollFailed", enrollment, day, {"reason": reason}, rest)


def change_preference(
    enrollment: Id, *, day: float, name: str = "browser.study.level", **rest: Any
) -> Moment:
    """The person changed a preference that a study manages."""
    extras = {"preferenceName": name, "reason": "observer"}
    return _with_extras("expPrefChanged", enrollment, day, extras, rest)


def fail_to_enroll(enrollment: Id = None, *, day: float, reason: str, **rest: Any) -> Moment:
    """An attempt to join a study or rollout that failed, and says why."""
    return _with_extras("enrollFailed", enrollment, day, {"reason": reason}, rest)


def _with_extras(
    method: str, enrollment: Id, day: float, extras: dict[str, str], rest: dict[str, Any]
) -> Moment:
    """An event whose own extras are joined, or replaced, by those that the history gives."""
    more = rest | {"extras": extras | rest.get("extras", {})}
    return event(method, enrollment, day=day, **more)


def annotate(enrollment: Id, *, day: float, **rest: Any) -> Moment:
    """A ping whose environment lists a change that is under way."""
    return Moment("annotation", day, enrollment, **rest)


def keep_record(
    enrollment: Id,
    *,
    day: float,
    state: str = "active",
    log: Literal["copied", "missing"] = "copied",
    **rest: Any,
) -> Moment:
    """The profile seen on disk, in one of Normandy's own stores, at that day.

    With its database's log `missing`, what the browser wrote last may not be there.
    """
    return Moment("record", day, enrollment, extras={"state": state, "log": log}, **rest)


def opt_out(
    *, day: float, how: Literal["in the browser", "while closed"] = "in the browser"
) -> Moment:
    """The person turns telemetry upload off.

    In the browser, a deletion request is sent; while it is closed (by file or policy), none is.
    """
    return Moment("switch", day, extras={"upload": "off", "how": how})


def opt_in(*, day: float) -> Moment:
    """The person turns telemetry upload on again: the browser takes a new client id."""
    return Moment("switch", day, extras={"upload": "on"})


def recipe(*, preference: str, value: str, branch: str = "treatment") -> Moment:
    """What the server asked for: a preference and its value."""
    return Moment("recipe", 0, extras={"preference": preference, "value": value, "branch": branch})


def report_uptake(status: str, *, source: str, day: float) -> Moment:
    """A run of recipes reports how one part of it went."""
    return Moment("uptake", day, extras={"source": source, "status": status})


def report_freshness(*, day: float, **recipes: int) -> Moment:
    """The keyed scalar `normandy.recipe_freshness`: a number for each recipe."""
    return Moment("scalar", day, extras={key: str(value) for key, value in recipes.items()})
