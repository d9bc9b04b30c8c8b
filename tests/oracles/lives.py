"""A history as a life: what a perfect store would show of it, in plain Python.

The oracles read lives, and nothing of the engine. Two things are one person's if one browser made
them; what a history gives to a `client` of its own is another person's, such as a copied profile's.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from auditor.history import FILLER, Moment

SECOND = 1 / 86_400
OWN = ""
"""The person whose browser the history is about."""

ENDINGS = ("unenroll", "graduate")
PINGS = ("event", "annotation")
REPORTS = ("uptake", "scalar")
EVERYWHERE = (*PINGS, "record")

Change = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sight:
    """An event, annotation or record, with who it is of and how upload stood.

    `client` is the one that its ping names, `profile` the one that a record's profile had.
    """

    moment: Moment
    person: str
    client: str | None
    upload: bool
    profile: str | None = None

    @property
    def day(self) -> float:
        """When it was recorded."""
        return self.moment.day

    @property
    def id(self) -> str | None:
        """Its enrollment ID; the filler is none."""
        return None if self.filler else self.moment.id

    @property
    def filler(self) -> bool:
        """Whether the filler stands where an ID would."""
        return self.moment.id == FILLER

    @property
    def change(self) -> Change:
        """The study or rollout it is about: a rollback is about its rollout."""
        kind = self.moment.object or self.moment.kind
        return kind.replace("rollback", "rollout"), cut(self.moment.change)

    @property
    def method(self) -> str:
        """What the event reports; an annotation or a record reports nothing."""
        return self.moment.method

    @property
    def reason(self) -> str | None:
        """The reason that the event gives."""
        return self.moment.extras.get("reason")

    @property
    def conflict(self) -> Change | None:
        """The other change that a failed enrollment ran into, whose ID it names on purpose."""
        slug = self.moment.extras.get("conflictingSlug") if self.method == "enrollFailed" else None
        return (self.change[0], slug) if slug else None

    @property
    def ends(self) -> bool:
        """Whether it ends its change."""
        return self.method in ENDINGS

    @property
    def sent(self) -> bool:
        """Whether it stands in a ping that names the person's client."""
        return self.client is not None


@dataclass(frozen=True, slots=True)
class OptOut:
    """A moment of upload turned off, and the day from which a store shows it.

    `requested` says whether a deletion request tells of it, `client` whose it was.
    """

    client: str
    day: float
    shown: float
    requested: bool


@dataclass
class Life:
    """What a store shows of one history, in order."""

    sights: list[Sight] = field(default_factory=list)
    opt_outs: list[OptOut] = field(default_factory=list)
    identifiers: set[str] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """The preferences that recipes set, each with its value."""

    def of(self, *whats: str) -> list[Sight]:
        """The sights of some sorts: `event`, `annotation`, `record`, `uptake`, `scalar`."""
        return [sight for sight in self.sights if sight.moment.what in whats]

    def stays(self, *whats: str) -> list[list[Sight]]:
        """The sights of each person's change, in order."""
        return list(_grouped(self.of(*whats), lambda sight: (sight.person, sight.change)))

    def enrollments(self, *whats: str) -> list[list[Sight]]:
        """The sights of each enrollment ID, in order."""
        named = [sight for sight in self.of(*whats) if sight.id is not None]
        return list(_grouped(named, lambda sight: sight.id))

    def opted_out_between(self, begin: float, end: float) -> bool:
        """Whether an opt-out of the person's whose browser it is can lie between two days.

        Where no deletion request tells the moment, it can be as late as what first shows it.
        """
        return any(out.day <= end and out.shown >= begin for out in self.opt_outs)


def live(moments: Iterable[Moment], server: Iterable[Moment] = ()) -> Life:
    """Live through a history, and keep what a store shows of it.

    `server` are the recipes of all: nobody has recipes of their own.
    """
    life, upload, clients = Life(asked=[_asked(moment) for moment in server]), True, 1
    outs: list[tuple[str, float, bool]] = []
    for moment in sorted(moments, key=lambda moment: moment.day):
        own = f"client {clients}"
        if moment.what == "recipe":
            life.asked.append(_asked(moment))
        elif moment.what == "switch":
            on = moment.extras["upload"] == "on"
            if upload and not on:
                outs.append((own, moment.day, moment.extras["how"] == "in the browser"))
                life.identifiers |= {own, str(moment.session)} if outs[-1][2] else set()
            clients += on and not upload
            upload = on
        elif moment.what == "record":
            life.sights.append(Sight(moment, OWN, None, upload, own if upload else None))
            life.identifiers.add("user")
        else:
            client = moment.client or (own if upload else None)
            life.sights.append(Sight(moment, moment.client or OWN, client, bool(client)))
            life.identifiers |= {name for name in (client, session(moment)) if name}
            if moment.document_type == "deletion-request" and not moment.client:
                outs.append((own, moment.day, True))
    requests = [(client, day) for client, day, requested in outs if requested]
    for number, (client, day, requested) in enumerate(outs):
        # Nothing tells an opt-out made while closed from the one before, if nothing came between.
        told = number == 0 or _is_on_between(outs[number - 1][1], day, life)
        seen = day if requested else told and _shown(day, life, requests)
        if seen:
            life.opt_outs.append(OptOut(client, day, seen, requested))
    return life


def cut(name: str) -> str:
    """A name as Telemetry cuts an event's value: at the last whole character of 80 bytes."""
    return name.encode()[:80].decode(errors="ignore")


def session(moment: Moment) -> str | None:
    """The session in which it was recorded: each client has its own."""
    return f"{moment.session} of {moment.client}" if moment.client else moment.session


def _asked(recipe: Moment) -> tuple[str, str]:
    return recipe.extras["preference"], recipe.extras["value"]


def _is_on_between(begin: float, end: float, life: Life) -> bool:
    """Whether anything shows that upload was on again between two opt-outs."""
    own = [sight for sight in life.sights if sight.person == OWN and sight.upload]
    return any(begin < sight.day < end for sight in own)


def _shown(day: float, life: Life, requests: Iterable[tuple[str, float]]) -> float | None:
    """The day from which a store shows an opt-out that sent nothing.

    A ping or a profile made while upload is off shows it, and so does a new client id: that of a
    profile if no ping has it. `requests` are the requests for deletion, by client id and day.
    """
    own = [sight for sight in life.sights if sight.person == OWN]
    before = any(sight.upload for sight in own if sight.day < day)
    sent = {sight.client for sight in own if sight.client} | {client for client, _ in requests}
    telling = [(s.day, s.upload) for s in own if s.client or s.profile not in sent]
    signs = sorted(telling + [(asked, True) for _, asked in requests])
    shown, on = next(((at, on) for at, on in signs if at > day), (None, False))
    return shown if before or not on else None


def _grouped(sights: Iterable[Sight], key: Callable[[Sight], object]) -> Iterator[list[Sight]]:
    groups: dict[object, list[Sight]] = {}
    for sight in sights:
        groups.setdefault(key(sight), []).append(sight)
    yield from groups.values()
