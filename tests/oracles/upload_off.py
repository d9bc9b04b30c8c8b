"""The promises about upload turned off, as loops over a life."""

from tests.oracles.lives import EVERYWHERE, OWN, PINGS, SECOND, Life, OptOut, Sight

SETTLED = 3 * SECOND
GRACE = 60 * SECOND


def kept_after_opt_out(life: Life) -> bool:
    """A record of Normandy's from before the opt-out holds an ID after it."""
    return _kept(life, [r for r in life.of("record") if r.change[0] != "nimbus_experiment"])


def nimbus_kept_after_opt_out(life: Life) -> bool:
    """A record of Nimbus's from before the opt-out holds an ID after it."""
    return _kept(life, [r for r in life.of("record") if r.change[0] == "nimbus_experiment"])


def _kept(life: Life, records: list[Sight]) -> bool:
    last = max((record.day for record in life.of("record")), default=0)
    for record in records:
        for out in life.opt_outs:
            settled = record.day > out.shown + SETTLED or out.shown <= record.day == last
            if record.id is not None and settled and _known_before(life, record.id, out):
                return True
    return False


def _known_before(life: Life, name: str, out: OptOut) -> bool:
    """Whether the opt-out's person had the ID before it.

    When a profile was copied is known too roughly to tell: a record in it was there before the
    opt-out that ended the client id of the profile, and with upload off it may be of any time.
    """
    own = [s for s in life.sights if s.id == name and s.person == OWN and s.day < out.day]
    return any(s.moment.what != "record" or s.profile == out.client for s in own)


def restored_after_opt_out(life: Life) -> bool:
    """A record that held the filler holds an ID in a snapshot of a later time."""
    filled: dict[tuple[str, str], float] = {}
    for record in life.of("record"):
        if record.id is not None and filled.get(record.change, record.day) < record.day:
            return True
        if record.filler:
            filled.setdefault(record.change, record.day)
    return False


def sent_after_opt_out(life: Life) -> bool:
    """An ID from before an opt-out is sent after it: under a new client id, or too late."""
    for sight in life.of(*PINGS):
        for out in life.opt_outs:
            if sight.id is None or sight.person != OWN:
                continue
            received = sight.moment.received or 0
            late = out.requested and received > out.day + GRACE
            again = sight.client not in {None, out.client} and sight.day > out.day
            if (late or again) and _known_before(life, sight.id, out):
                return True
    return False


def recorded_after_opt_out(life: Life) -> bool:
    """An ID from before an opt-out stands in a ping made while upload is off."""
    for sight in life.of(*PINGS):
        for out in life.opt_outs:
            if sight.id is None or sight.person != OWN or sight.sent:
                continue
            # Made while the browser is closed, an opt-out has nothing left to settle.
            settled = out.day + (SETTLED if out.requested else 0)
            if sight.day > settled and _known_before(life, sight.id, out):
                return True
    return False


def made_while_off_sent_later(life: Life) -> bool:
    """An ID that came with an enrollment while upload was off is in a ping with upload on."""
    for sights in life.enrollments(*EVERYWHERE):
        told = [s for s in sights if s.upload or s.moment.what != "record"]
        enrolled = any(sight.method == "enroll" and not sight.sent for sight in told)
        if enrolled and not told[0].upload and any(sight.sent for sight in told):
            return True
    return False


def enrolled_while_off_without_id(life: Life) -> bool:
    """An enrollment while upload is off has the filler or nothing for an ID."""
    enrolled = [sight for sight in life.of("event") if sight.method == "enroll"]
    return any(sight.id is None and not sight.sent for sight in enrolled)
