"""Histories written by hand, as a store: what browsers would have recorded of them."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from auditor.history import FILLER, Id, Moment, raw
from auditor.stores.intake import Intake, Message
from auditor.stores.ping_events import NORMANDY, UPTAKE, take_events
from auditor.stores.plain import enrollment_of, major
from auditor.stores.tables import TABLES, Annotation, Ping, Profile, Recipe, Record, Scalar

FIRST_DAY = 1_700_006_400_000
"""Midnight of 15 November 2023, UTC."""

DAY = 86_400_000

_STORES = {
    "preference_study": "preference-studies",
    "preference_rollout": "preference-rollouts",
    "addon_study": "addon-studies",
    "addon_rollout": "addon-rollouts",
    "nimbus_experiment": "nimbus",
}


def written(histories: Sequence[Iterable[Moment]]) -> Intake:
    """Histories as taken in from a store, one ping for each event.

    Each is one person's; the same name in two of them stands for two different things.
    """
    intake, numbers = Intake(), count()
    for number, moments in enumerate(histories):
        browser = _Browser(intake, number, numbers)
        for moment in sorted(moments, key=lambda moment: moment.day):
            browser.live(moment)
    intake.recorded |= {*TABLES, "switches"}
    return intake


def identifier(name: str, history: int = 0) -> str:
    """The UUID that a name stands for, in the history of that number."""
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{history} {name}"))


class _Browser:
    """What a browser knows as it lives through a history."""

    def __init__(self, intake: Intake, history: int, numbers: Iterator[int]) -> None:
        self.intake = intake
        self.history = history
        self.numbers = numbers
        self.profile = f"profile of history {history}"
        self.upload = True
        self.clients = 1

    def identifier(self, name: str) -> str:
        return identifier(name, self.history)

    def text(self, name: Id) -> str | None:
        plain = name is None or isinstance(name, raw) or name == FILLER
        return name if plain else self.identifier(str(name))

    def live(self, moment: Moment) -> None:
        getattr(self, moment.what)(moment)

    def event(self, moment: Moment) -> None:
        message = self.message("event", moment)
        extra = dict(moment.extras)
        if moment.id is not None:
            extra["enrollmentId"] = str(self.text(moment.id))
        offset = _ms(moment.day) - FIRST_DAY
        event = [offset, NORMANDY, moment.method, moment.object, moment.change, extra]
        take_events(message, "parent", [event])
        message.ping = message.ping._replace(first_offset=offset, last_offset=offset)
        self.intake.take(0, message)

    def annotation(self, moment: Moment) -> None:
        message = self.message("main", moment)
        enrollment, filler = enrollment_of(self.text(moment.id))
        message.annotations.append(
            Annotation(
                message.ping.message, moment.change, None, moment.kind, None, enrollment, filler
            )
        )
        self.intake.take(0, message)

    def record(self, moment: Moment) -> None:
        snapshot = _ms(moment.day)
        enrollment, filler = enrollment_of(self.text(moment.id))
        state = moment.extras.get("state", "active")
        number = next(self.numbers)
        self.intake.records.append(
            Record(
                profile=self.profile,
                snapshot=snapshot,
                number=number,
                upload_off=not self.upload,
                source=f"history {self.history}, {_STORES[moment.kind]} on day {moment.day:g}",
                store=_STORES[moment.kind],
                kind=moment.kind,
                slug=moment.change,
                state=state,
                ended=state != "active",
                enrollment_id=enrollment,
                filler=filler,
                started=None,
                seen=None,
                is_stale=moment.extras.get("log") == "missing",
            )
        )
        self.intake.profiles.append(
            Profile(
                profile=self.profile,
                snapshot=snapshot,
                number=number,
                client_id=self.identifier(f"client {self.clients}") if self.upload else None,
                user_id=self.identifier("user"),
                session_id=None,
                upload_off=not self.upload,
                shown_by="canary client id",
                source="state.json",
            )
        )

    def switch(self, moment: Moment) -> None:
        on = moment.extras["upload"] == "on"
        if self.upload and moment.extras.get("how") == "in the browser":
            self.intake.take(0, self.message("deletion-request", moment))
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

    def uptake(self, moment: Moment) -> None:
        message = self.message("event", moment)
        told = moment.extras
        report = {"source": told["source"]}
        event = [None, UPTAKE, "uptake", NORMANDY, told["status"], report]
        take_events(message, "parent", [event])
        self.intake.take(0, message)

    def scalar(self, moment: Moment) -> None:
        message = self.message("main", moment)
        for key, value in moment.extras.items():
            row = Scalar(message.ping.message, "normandy.recipe_freshness", key, int(value))
            message.scalars.append(row)
        self.intake.take(0, message)

    def message(self, document_type: str, moment: Moment) -> Message:
        own = moment.client is None
        off = own and not self.upload
        client = self.identifier(moment.client or f"client {self.clients}")
        session = moment.session if own else f"{moment.session} of {moment.client}"
        return Message(
            Ping(
                message=self.intake.key(0),
                ping=self.identifier(f"ping {next(self.numbers)}"),
                profile=self.profile if own else None,
                source=f"history {self.history}, day {moment.day:g}",
                document_type=moment.document_type or document_type,
                client_id=None if off else client,
                upload_off=off,
                session_id=session and self.identifier(session),
                created=_ms(moment.day) if moment.dated else None,
                received=None if moment.received is None else _ms(moment.received),
                process_start=FIRST_DAY,
                version=moment.version,
                major=major(moment.version),
                channel=moment.channel,
            )
        )


def _ms(day: float) -> int:
    return FIRST_DAY + round(day * DAY)
