"""What the readers of stores have taken in: messages, records and what could not be read."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from auditor.report import Unreadable
from auditor.stores.files import UnreadableError
from auditor.stores.tables import Annotation, Event, Ping, Profile, Recipe, Record, Scalar, Uptake


class Timed(NamedTuple):
    """An event and its offset from the start of the process, in milliseconds."""

    offset: int | None
    event: Event


@dataclass(slots=True)
class Message:
    """A ping and everything in it that the audit examines."""

    ping: Ping
    store: int
    events: list[Timed] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    uptake: list[Uptake] = field(default_factory=list)
    scalars: list[Scalar] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def of(self, person: str) -> "Message":
        """The same message, as one of this person's."""
        self.ping = self.ping._replace(person=person)
        return self


@dataclass(slots=True)
class Intake:
    """All stores of one audit: one body of evidence, in which a ping counts once.

    `sessions` is by profile: the last session that its profile knows of.
    `counted` (time and events of each ping) and `stored` (records) are by store, with what it has
    in common with others.
    """

    messages: dict[str, Message] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    sessions: dict[str, str] = field(default_factory=dict)
    recorded: set[str] = field(default_factory=set)
    unreadable: list[tuple[int, Unreadable]] = field(default_factory=list)
    counted: defaultdict[int, list[tuple[int | None, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    stored: Counter[int] = field(default_factory=Counter)

    def take(self, message: Message) -> None:
        """Add a message; of a second copy only its time of receipt is new."""
        ping = message.ping
        self.counted[message.store].append((ping.created or ping.received, len(message.events)))
        for fault in message.faults:
            self.refuse(message.store, ping.source, fault)
        known = self.messages.setdefault(ping.ping, message)
        if known is not message and known.ping.received is None:
            known.ping = known.ping._replace(received=ping.received)
        if known is not message and not known.ping.person:
            known.ping = known.ping._replace(person=ping.person)

    def refuse(self, store: int, path: str, reason: str) -> None:
        """Note an input that could not be read."""
        self.unreadable.append((store, Unreadable(path=path, reason=reason)))

    @contextmanager
    def reading(self, store: int, path: str) -> Iterator[None]:
        """Read one input; should it turn out unreadable, name it and go on with the next."""
        try:
            yield
        except UnreadableError as error:
            self.refuse(store, path, str(error))
