"""A Firefox profile directory: archived and pending pings, preferences, and Normandy's stores."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from auditor.stores import indexeddb, records
from auditor.stores.beside import is_named_as_ping
from auditor.stores.files import Source
from auditor.stores.intake import Intake, Message
from auditor.stores.packed import LARGEST_PING, UnreadableError, parse_json
from auditor.stores.ping import Found
from auditor.stores.pings import read_ping_file
from auditor.stores.places import LINKED, exists, is_linked_folder, stands
from auditor.stores.plain import client_of
from auditor.stores.preferences import Value, parse_preferences
from auditor.stores.tables import PER_STORE, Profile

KIND = "firefox-profile"
LOOKS_LIKE = (
    "a directory with prefs.js, datareporting/, saved-telemetry-pings/ or Normandy's stores"
)
RECORDS = frozenset(
    {
        "pings",
        "events",
        "annotations",
        "uptake",
        "scalars",
        "records",
        "profiles",
        "switches",
        "recipes",
    }
)

_ABORTED = Path("datareporting/aborted-session-ping")
_ARCHIVE = Path("datareporting/archived")
_GLEAN = (Path("datareporting/glean/pending_pings"), Path("datareporting/glean/deletion_request"))
_PENDING = Path("saved-telemetry-pings")
_STATE = Path("datareporting/state.json")
_SESSION = Path("datareporting/session-state.json")
_PREFS = Path("prefs.js")
_USER = Path("user.js")
_MARKS = (
    _PREFS,
    Path("datareporting"),
    _PENDING,
    Path(records.PREFERENCE_STUDIES),
    Path(records.NIMBUS),
    indexeddb.FOLDER,
)

_UPLOAD = "datareporting.healthreport.uploadEnabled"
_USER_ID = "app.normandy.user_id"
_CLIENT = "toolkit.telemetry.cachedClientID"
_UPDATED = "app.update.lastUpdateTime."


def recognises(path: Path) -> bool:
    """Whether the path is a directory with anything in it that a profile has."""
    return path.is_dir() and any(exists(path / mark) for mark in _MARKS)


def read(source: Source, store: int, into: Intake) -> frozenset[str]:
    """Take in the profile as it was left. What cannot be read is named, and the rest is read."""
    profile = _Profile(source, store, into)
    times = [0, *profile.pings()]
    prefs = profile.preferences()
    found = profile.records()
    found.add_startup_preferences(_PREFS.as_posix(), prefs)
    left = profile.left(prefs, snapshot=max([*times, *found.times, *_times(prefs)]))
    into.profiles.append(left)
    into.recipes += found.recipes
    into.take_records(
        store,
        (
            row._replace(
                profile=left.profile,
                snapshot=left.snapshot,
                number=left.number,
                upload_off=left.upload_off,
            )
            for row in found.records
        ),
    )
    return RECORDS


@dataclass(frozen=True)
class _Profile:
    """One profile being read: its files, the store that it is, and where it goes."""

    source: Source
    store: int
    into: Intake

    @property
    def name(self) -> str:
        return f"profile {self.store}"

    def pings(self) -> Iterator[int]:
        """Take in every ping, and say when each was made."""
        for path in self.ping_files():
            with self.into.reading(self.store, self.source.name(path)):
                message = self.ping(path)
                self.into.take(self.store, message)
                yield message.ping.created or 0

    def ping_files(self) -> list[Path]:
        """Archived pings, pending pings (Glean's among them) and the aborted session's."""
        found = [self.source.root / _ABORTED]
        for folder in (_ARCHIVE, _PENDING, *_GLEAN):
            for path in self.below(self.source.root / folder):
                if _is_ping(path.relative_to(self.source.root), folder):
                    found.append(path)
                elif stands(path):
                    self.into.ignore(self.store, self.source.name(path))
        return sorted(filter(stands, found))

    def below(self, folder: Path) -> Iterator[Path]:
        """What lies in a folder and those in it; one that cannot be listed is named."""

        def named(error: OSError) -> None:
            if not isinstance(error, FileNotFoundError):
                name = self.source.name(Path(error.filename))
                self.into.refuse(self.store, name, f"cannot be listed ({error.strerror})")

        for above, folders, names in os.walk(folder, onerror=named):
            for path in (Path(above) / name for name in folders):
                if is_linked_folder(path):
                    self.into.refuse(self.store, self.source.name(path), LINKED)
            yield from (Path(above) / name for name in names)

    def ping(self, path: Path) -> Message:
        data = self.source.read(path, LARGEST_PING)
        found = Found(self.into.key(self.store), self.source.name(path), self.name)
        return read_ping_file(data, path, found)

    def preferences(self) -> dict[str, Value]:
        """What `prefs.js` holds.

        `user.js` says what the next start would do, which is not evidence that it was done; only
        the id that it may give the profile counts.
        """
        user, prefs = self.preference_file(_USER), self.preference_file(_PREFS)
        return {name: value for name, value in user.items() if name == _USER_ID} | prefs

    def preference_file(self, name: Path) -> dict[str, Value]:
        path = self.source.root / name
        if stands(path):
            with self.into.reading(self.store, name.as_posix()):
                return parse_preferences(_text(self.source.read(path)))
        return {}

    def json(self, name: Path) -> Mapping[str, object]:
        path = self.source.root / name
        if stands(path):
            with self.into.reading(self.store, name.as_posix()):
                value = parse_json(self.source.read(path))
                if not isinstance(value, dict):
                    message = "is not a JSON object"
                    raise UnreadableError(message)
                return value
        return {}

    def records(self) -> records.Found:
        found = records.Found()
        for path, reader in records.files(self.source.root):
            with self.into.reading(self.store, self.source.name(path)):
                reader(self.source, path, found)
        return found

    def left(self, prefs: Mapping[str, Value], snapshot: int) -> Profile:
        """Who the profile is, and whether upload was off as it was left.

        Under a policy no preference tells; the canary client id does.
        """
        client, canary = client_of(self.json(_STATE).get("clientID"))
        cached, cached_canary = client_of(prefs.get(_CLIENT))
        session, user = self.json(_SESSION).get("sessionId"), prefs.get(_USER_ID)
        told = prefs.get(_UPLOAD) is False
        return Profile(
            profile=self.name,
            snapshot=snapshot,
            number=self.store * PER_STORE,
            client_id=client or cached,
            user_id=user if isinstance(user, str) else None,
            session_id=session if isinstance(session, str) else None,
            upload_off=told or canary or (client is None and cached_canary),
            shown_by="preference" if told else "canary client id",
            source=(_STATE if canary and not told else _PREFS).as_posix(),
        )


def _is_ping(path: Path, folder: Path) -> bool:
    """Whether Firefox would take the file for a ping: any, among those that are to be sent.

    A hidden one is the system's own.
    """
    if folder == _ARCHIVE:
        return is_named_as_ping(path.name)
    return not path.name.startswith(".") and (folder != _PENDING or path.parent == folder)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 (byte {error.start})"
        raise UnreadableError(message) from None


def _times(prefs: Mapping[str, Value]) -> Iterator[int]:
    """The times, in milliseconds, that the browser keeps among its preferences (in seconds)."""
    for name, value in prefs.items():
        if name.startswith(_UPDATED) and isinstance(value, int):
            yield value * 1000
