"""A browser as a machine of states, which hypothesis drives: what it lives through is a history.

Most of it is what a Firefox does; some of it is what none should do. A crash loses the last ping,
and with it what a store would have shown.
"""

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from auditor.history import (
    FILLER,
    Kind,
    Moment,
    annotate,
    change_preference,
    enroll,
    event,
    fail_to_enroll,
    graduate,
    keep_record,
    opt_in,
    opt_out,
    refuse_to_end,
    report_freshness,
    report_uptake,
    unenroll,
    update,
)

SLUGS = st.sampled_from(["study", "other"])
KINDS: st.SearchStrategy[Kind] = st.sampled_from(
    ["preference_study", "preference_rollout", "addon_study", "addon_rollout", "nimbus_experiment"]
)
REASONS = st.sampled_from(["recipe-not-seen", "unknown", "general-opt-out", "already-unenrolled"])
WHICH = st.integers(0, 9)
LOST_BY_A_CRASH = ("event", "annotation", "uptake", "scalar")


class Browser(RuleBasedStateMachine):
    """One profile, its changes, and its copies on other machines."""

    done: Callable[[list[Moment]], None]
    """What is told the history when it is over."""

    def __init__(self) -> None:
        """Start with a new profile."""
        super().__init__()
        self.history: list[Moment] = []
        self.changes: list[dict[str, Any]] = []
        self.session = 1
        self.day = 1.0
        self.upload = True
        self.copies = 0
        self.names = 0

    def teardown(self) -> None:
        """Hand the history over."""
        if self.history:
            type(self).done(self.history)

    def about(self, which: int) -> dict[str, Any]:
        """One of the changes, as an event tells of it."""
        change = self.changes[which % len(self.changes)]
        return {key: change[key] for key in ("kind", "change")} | self.now()

    def id(self, which: int) -> str | None:
        """The enrollment ID of the change, as the profile has it."""
        name: str | None = self.changes[which % len(self.changes)]["id"]
        return name

    def now(self) -> dict[str, Any]:
        """The next day, in the session that is under way."""
        self.day += 1
        return {"day": self.day, "session": f"session {self.session}"}

    @rule(kind=KINDS, slug=SLUGS)
    def enroll(self, kind: Kind, slug: str) -> None:
        """A change begins with an ID of its own."""
        self.names += 1
        self.changes.append({"kind": kind, "change": slug, "id": f"e{self.names}"})
        self.history.append(enroll(self.id(-1), **self.about(-1)))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, state=st.sampled_from(["active", "graduated", "rolled-back"]))
    def update(self, which: int, state: str) -> None:
        """A change is changed, or taken up again."""
        extras = {"previousState": state}
        self.history.append(update(self.id(which), **self.about(which), extras=extras))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def lose_the_id(self, which: int) -> None:
        """The record of a change is replaced by one without its ID, as an update does."""
        self.changes[which % len(self.changes)]["id"] = FILLER

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def graduate(self, which: int) -> None:
        """A change becomes the built-in behaviour."""
        self.history.append(graduate(self.id(which), **self.about(which)))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, reason=REASONS)
    def unenroll(self, which: int, reason: str) -> None:
        """A change ends."""
        about = self.about(which)
        ended = about["kind"].replace("rollout", "rollback")
        self.history.append(unenroll(self.id(which), **about, object=ended, reason=reason))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH, reason=REASONS)
    def fail_to_unenroll(self, which: int, reason: str) -> None:
        """A change refuses to end."""
        self.history.append(refuse_to_end(self.id(which), **self.about(which), reason=reason))

    @rule(kind=KINDS, slug=SLUGS, reason=st.sampled_from(["invalid-branch", "install-failure"]))
    def fail(self, kind: Kind, slug: str, reason: str) -> None:
        """A change does not begin."""
        failed = fail_to_enroll(None, kind=kind, change=slug, reason=reason, **self.now())
        self.history.append(failed)

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def fail_to_update(self, which: int) -> None:
        """A change stays as it is."""
        reason = {"reason": "no-downgrade"}
        failed = event("updateFailed", self.id(which), **self.about(which), extras=reason)
        self.history.append(failed)

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def change_a_preference(self, which: int) -> None:
        """The person sets what a change has set."""
        self.history.append(change_preference(self.id(which), **self.about(which)))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def annotate(self, which: int) -> None:
        """A ping lists a change."""
        self.history.append(annotate(self.id(which), **self.about(which)))

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def keep_a_record(self, which: int) -> None:
        """The profile is looked at."""
        about = self.about(which) | {"session": "session"}
        self.history.append(keep_record(self.id(which), **about))

    @rule(status=st.sampled_from(["success", "backoff", "sign_error", "sync_error"]))
    def report_uptake(self, status: str) -> None:
        """A recipe was run, or not."""
        day = self.now()["day"]
        self.history.append(report_uptake(status, source="normandy/recipe/17", day=day))

    @rule(value=st.sampled_from([12, 1_650_000_000]))
    def report_freshness(self, value: int) -> None:
        """The recipes are told by their age."""
        self.history.append(report_freshness(day=self.now()["day"], **{"17": value}))

    @precondition(lambda self: self.upload)
    @rule(cleared=st.booleans())
    def opt_out_in_the_browser(self, cleared: bool) -> None:  # noqa: FBT001 - drawn
        """The person turns upload off, and the IDs give way to the filler, or should."""
        self.upload = False
        self.history.append(opt_out(day=self.now()["day"]))
        for change in self.changes if cleared else ():
            change["id"] = FILLER

    @precondition(lambda self: self.upload)
    @rule()
    def opt_out_while_closed(self) -> None:
        """A file turns upload off, and nothing is cleared."""
        self.upload = False
        self.history.append(opt_out(day=self.now()["day"], how="while closed"))
        self.session += 1

    @precondition(lambda self: not self.upload)
    @rule()
    def opt_in(self) -> None:
        """The person turns upload on again."""
        self.upload = True
        self.history.append(opt_in(day=self.now()["day"]))

    @precondition(lambda self: self.history and self.history[-1].what in LOST_BY_A_CRASH)
    @rule()
    def crash(self) -> None:
        """What was recorded last is lost, and a new session begins."""
        self.history.pop()
        self.session += 1

    @rule()
    def restart(self) -> None:
        """A new session begins."""
        self.session += 1

    @precondition(lambda self: self.changes)
    @rule(which=WHICH)
    def report_from_a_copy(self, which: int) -> None:
        """A copy of the profile on another machine, with a client id of its own, reports."""
        self.copies += 1
        about = self.about(which)
        self.history.append(update(self.id(which), **about, client=f"copy {self.copies % 2}"))
