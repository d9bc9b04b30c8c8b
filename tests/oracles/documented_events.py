"""The promises about the documented events, as loops over a life."""

from tests.oracles.lives import OWN, PINGS, REPORTS, Life, Sight

TAKEN_UP_AGAIN = ("graduated", "rolled-back")
STUDIES = ("preference_study", "addon_study")


def enrolled_twice(life: Life) -> bool:
    """A change is enrolled in while it lasts, or is a study and is enrolled in again."""
    for events in life.stays("event"):
        enrolled, lasting = False, False
        for event in events:
            if event.method == "enroll":
                if lasting or (enrolled and event.change[0] in STUDIES):
                    return True
                enrolled = lasting = True
            lasting = lasting and not event.ends
    return False


def ended_twice(life: Life) -> bool:
    """A change that ended, and did not begin again, ends."""
    for events in life.stays("event"):
        ended = False
        for event in events:
            if event.ends and ended:
                return True
            ended = event.ends or (ended and not _begins(event))
    return False


def _begins(event: Sight) -> bool:
    again = event.moment.extras.get("previousState") in TAKEN_UP_AGAIN
    return event.method == "enroll" or (event.method == "update" and again)


def used_before_enrollment(life: Life) -> bool:
    """The first event of a change that began while the stores were recording is no enrollment."""
    for events in life.stays("event"):
        first = next((event for event in events if _of_an_enrollment(event)), None)
        if first is None or first.method == "enroll":
            continue
        before = [
            s for s in life.of(*PINGS, *REPORTS) if s.person == first.person and s.day < first.day
        ]
        listed = any(s.change == first.change for s in before if s.moment.what == "annotation")
        opted_out = first.person == OWN and life.opted_out_between(0, first.day)
        if before and not listed and not opted_out:
            return True
    return False


def _of_an_enrollment(event: Sight) -> bool:
    """Whether it is about an enrollment: an attempt that failed without an ID is about none."""
    attempt = event.method in ("enrollFailed", "unenrollFailed") and event.id is None
    return not attempt and not event.conflict


def stored_differs_from_reported(life: Life) -> bool:
    """A record holds another ID than its change last reported, unless it last reported its end."""
    for record in life.of("record"):
        about = [e for e in life.of("event") if e.change == record.change and e.person == OWN]
        told = [e for e in about if e.day < record.day and e.id is not None and not e.conflict]
        if record.id is not None and told and not told[-1].ends and told[-1].id != record.id:
            return True
    return False


def unenrolled_for_unknown(life: Life) -> bool:
    """An unenrollment gives `unknown` for its reason."""
    return any(e.method == "unenroll" and e.reason == "unknown" for e in life.of("event"))


def unenrollment_failed(life: Life) -> bool:
    """An unenrollment fails for one of the two reasons that the document calls a bug."""
    bugs = ("does-not-exist", "already-unenrolled")
    return any(e.method == "unenrollFailed" and e.reason in bugs for e in life.of("event"))
