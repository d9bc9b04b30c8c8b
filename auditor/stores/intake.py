"""What the readers of stores have taken in: messages, records and what could not be read."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from auditor.report import Unreadable
from auditor.stores.files import UnreadableError
from auditor.stores.tables import Annotation, Event, Ping, Profile, Recipe, Record, Scalar, Uptake


@dataclass(slots=True)
class Message:
    """A ping and everything in it that the audit examines."""

    ping: Ping
    events: list[Event] = field(default_factory=list)
    annotations: list[Annotation] = field(default_factory=list)
    uptake: list[Uptake] = field(default_factory=list)
    scalars: list[Scalar] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Intake:
    """All stores of one audit: one body of evidence.

    `counted` (time and events of each ping) and `stored` (records) are by store.
    """

    messages: list[Message] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)
    profiles: list[Profile] = field(default_factory=list)
    recorded: set[str] = field(default_factory=set)
    unreadable: list[tuple[int, Unreadable]] = field(default_factory=list)
    counted: defaultdict[int, list[tuple[int | None, int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    stored: Counter[int] = field(default_factory=Counter)

    def key(self, store: int) -> str:
        """What tells the next message apart: keys are in the order in which messages are read."""
        return f"{store:04}:{len(self.messages):09}"

    def take(self, store: int, message: Message) -> None:
        """Add a message, and name what could not be read in it."""
        ping = message.ping
        self.messages.append(message)
        self.counted[store].append((ping.created or ping.received, len(message.events)))
        for fault in message.faults:
            self.refuse(store, ping.source, fault)

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
