"""A history written by hand, as a store: what the browser would have recorded of it."""

import uuid
from collections.abc import Iterable
from itertools import count

from auditor.history import FILLER, Moment, raw
from auditor.stores import timeline
from auditor.stores.intake import Intake, Message, State, Timed
from auditor.stores.ping import Place, enrollment_of, event_of, major
from auditor.stores.tables import TABLES, Annotation, Ping, Recipe, Record

FIRST_DAY = 1_700_006_400_000
"""Midnight of 15 November 2023, UTC."""

DAY = 86_400_000
PROFILE = "profile of the history"

_STORES = {
    "preference_study": "preference-studies",
    "preference_rollout": "preference-rollouts",
    "addon_study": "addon-studies",
    "addon_rollout": "addon-rollouts",
    "nimbus_experiment": "nimbus",
}


def written(moments: Iterable[Moment]) -> Intake:
    """The history as taken in from a store, one ping for each event."""
    browser = _Browser()
    for moment in sorted(moments, key=lambda moment: moment.day):
        browser.live(moment)
    browser.intake.recorded |= set(TABLES)
    timeline.name_persons(browser.intake)
    return browser.intake


def identifier(name: str) -> str:
    """The UUID that a name in a history stands for."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, name))


class _Browser:
    """What a browser knows as it lives through a history."""

    def __init__(self) -> None:
        self.intake = Intake()
        self.upload = True
        self.clients = 1
        self.numbers = count()

    def live(self, moment: Moment) -> None:
        getattr(self, moment.what)(moment)

    def event(self, moment: Moment) -> None:
        message = self.message("event", moment)
        extra = dict(moment.extras)
        if moment.id is not None:
            extra["enrollmentId"] = _text(moment.id)
        place = Place(message.ping.ping, "parent", 0)
        event = event_of(place, moment.method, moment.object, moment.change, extra)
        message.events.append(Timed(_ms(moment.day) - FIRST_DAY, event))

    def annotation(self, moment: Moment) -> None:
        message = self.message("main", moment)
        enrollment, filler = enrollment_of(moment.id and _text(moment.id))
        message.annotations.append(
            Annotation(
                message.ping.ping, moment.change, None, None, moment.kind, None, enrollment, filler
            )
        )

    def record(self, moment: Moment) -> None:
        snapshot = _ms(moment.day)
        enrollment, filler = enrollment_of(moment.id and _text(moment.id))
        state = moment.extras.get("state", "active")
        self.intake.records.append(
            Record(
                person=PROFILE,
                snapshot=snapshot,
                upload_off=not self.upload,
                source=f"{_STORES[moment.kind]} on day {moment.day:g}",
                store=_STORES[moment.kind],
                kind=moment.kind,
                slug=moment.change,
                state=state,
                ended=state != "active",
                enrollment_id=enrollment,
                filler=filler,
                started=None,
                seen=None,
            )
        )
        marks = [] if self.upload else ["user of the history"]
        off, shown = not self.upload, "canary client id"
        self.intake.states.append(State(PROFILE, snapshot, marks, None, off, shown, "state.json"))

    def switch(self, moment: Moment) -> None:
        on = moment.extras["upload"] == "on"
        if self.upload and moment.extras.get("how") == "in the browser":
            self.message("deletion-request", moment)
        self.clients += on and not self.upload
        self.upload = on

    def recipe(self, moment: Moment) -> None:
        asked = moment.extras
        self.intake.recipes.append(
            Recipe(
                "recipes",
                moment.change,
                asked["branch"],
                asked["preference"],
                asked["value"],
                "str",
            )
        )

    def message(self, document_type: str, moment: Moment) -> Message:
        own = moment.client is None
        off = own and not self.upload
        client = identifier(moment.client or f"client {self.clients}")
        session = moment.session if own else f"{moment.session} of {moment.client}"
        message = Message(
            Ping(
                ping=identifier(f"ping {next(self.numbers)}"),
                person=PROFILE if own else "",
                source=f"day {moment.day:g}",
                document_type=document_type,
                client_id=None if off else client,
                upload_off=off,
                session_id=session and identifier(session),
                created=_ms(moment.day),
                received=None if moment.received is None else _ms(moment.received),
                process_start=FIRST_DAY,
                version=moment.version,
                major=major(moment.version),
                channel=moment.channel,
            ),
            store=0,
        )
        self.intake.take(message)
        return message


def _text(name: str) -> str:
    return name if isinstance(name, raw) or name == FILLER else identifier(name)


def _ms(day: float) -> int:
    return FIRST_DAY + round(day * DAY)
