"""What a client stores of its own enrollments: Normandy's four stores and Nimbus's one.

Formats: PreferenceExperiments, PreferenceRollouts, AddonStudies, AddonRollouts (toolkit/components/
normandy/lib) and ExperimentStore (toolkit/components/nimbus/lib), as of Firefox 115.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from auditor.stores import indexeddb
from auditor.stores.files import Source
from auditor.stores.packed import UnreadableError, parse_json
from auditor.stores.places import stands
from auditor.stores.plain import clean, enrollment_of, epoch_ms, slug_of
from auditor.stores.tables import Recipe, Record

PREFERENCE_STUDIES = "shield-preference-experiments.json"
NIMBUS = "ExperimentStoreData.json"

_ENDED = {"graduated", "rolled-back", "expired", "inactive"}
_STARTUP = ("app.normandy.startupExperimentPrefs.", "app.normandy.startupRolloutPrefs.")


@dataclass(slots=True)
class Found:
    """The records of one profile, the preference values in them, and the times they mention."""

    records: list[Record] = field(default_factory=list)
    recipes: list[Recipe] = field(default_factory=list)
    times: list[int] = field(default_factory=list)

    def add(  # noqa: PLR0913 - a record's own parts
        self,
        source: str,
        store: str,
        kind: str,
        entry: Mapping[Any, Any],
        state: str,
        *,
        is_stale: bool = False,
    ) -> None:
        """Take in one record, whatever store it is from."""
        known = entry.get("enrollmentId")
        enrollment, filler = enrollment_of(None if known is None else as_word(known))
        name = entry.get("slug", entry.get("name"))
        started, seen = _ms(entry.get("studyStartDate")), _ms(entry.get("lastSeen"))
        self.times += [time for time in (started, seen, _ms(entry.get("studyEndDate"))) if time]
        self.records.append(
            Record(
                profile="",
                snapshot=0,
                number=0,
                upload_off=False,
                source=source,
                store=store,
                kind=kind,
                slug=slug_of(clean(as_word(name))) or "",
                state=clean(state),
                ended=state in _ENDED,
                enrollment_id=enrollment,
                filler=filler,
                started=started,
                seen=seen,
                is_stale=is_stale,
            )
        )

    def add_value(
        self, source: str, entry: Mapping[Any, Any], preference: str, value: object
    ) -> None:
        """Take in one preference's value, if it has one."""
        if isinstance(value, str | int | float) and value != "":
            branch, slug = entry.get("branch"), entry.get("slug", entry.get("name"))
            self.recipes.append(
                Recipe(
                    source,
                    slug_of(clean(slug)) if isinstance(slug, str) else None,
                    clean(branch) if isinstance(branch, str) else None,
                    clean(preference),
                    clean(as_word(value)),
                    type(value).__name__,
                )
            )

    def add_startup_preferences(self, source: str, prefs: Mapping[str, object]) -> None:
        """Take in the values that Normandy keeps among the preferences for the next start."""
        for name, value in prefs.items():
            for prefix in _STARTUP:
                if name.startswith(prefix):
                    self.add_value(source, {}, name.removeprefix(prefix), value)


Reader = Callable[[Source, Path, Found], None]


def files(root: Path) -> Iterator[tuple[Path, Reader]]:
    """The stores that the profile has, each with what reads it."""
    readers: list[tuple[Path, Reader]] = [
        (root / PREFERENCE_STUDIES, _read_preference_studies),
        (root / NIMBUS, _read_nimbus),
    ]
    for name, (store, kind) in indexeddb.DATABASES.items():
        readers.append((root / indexeddb.FOLDER / name, partial(_read_indexeddb, store, kind)))
    return ((path, reader) for path, reader in readers if stands(path))


def _read_preference_studies(source: Source, path: Path, found: Found) -> None:
    whole = _entries(parse_json(source.read(path)))
    for entry in _entries(whole.get("experiments", whole)).values():
        if isinstance(entry, dict):
            state = "expired" if entry.get("expired") else "active"
            found.add(source.name(path), "preference-studies", "preference_study", entry, state)
            # Before migration 03 a study had one preference, kept flat in its record.
            flat = {as_word(entry["preferenceName"]): entry} if "preferenceName" in entry else {}
            for name, preference in _mapping(entry.get("preferences", flat)).items():
                for key in ("preferenceValue", "previousPreferenceValue"):
                    found.add_value(source.name(path), entry, name, _mapping(preference).get(key))


def _read_nimbus(source: Source, path: Path, found: Found) -> None:
    for slug, entry in _entries(parse_json(source.read(path))).items():
        if isinstance(entry, dict):
            state = "active" if entry.get("active") else "inactive"
            found.add(
                source.name(path), "nimbus", "nimbus_experiment", {"slug": slug} | entry, state
            )


def _read_indexeddb(store: str, kind: str, source: Source, path: Path, found: Found) -> None:
    name = source.name(path)
    entries = indexeddb.rows(source, path, store)
    is_stale = indexeddb.is_stale(source.root, path)
    for entry in entries:
        state = entry.get("state", "active" if entry.get("active") else "inactive")
        found.add(name, store, kind, entry, as_word(state), is_stale=is_stale)
        for preference in _listed(entry.get("preferences")):
            if isinstance(preference, dict):
                for key in ("value", "previousValue"):
                    text = as_word(preference.get("preferenceName"))
                    found.add_value(name, entry, text, preference.get(key))


def _entries(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        message = "is not a JSON object of records"
        raise UnreadableError(message)
    return value


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _ms(value: object) -> int | None:
    return epoch_ms(value.isoformat() if isinstance(value, datetime) else value)


def as_word(value: object) -> str:
    """A plain value as text; of one that holds others (perhaps itself) only what it is."""
    if value is None or isinstance(value, bool):
        return "" if value is None else str(value).lower()
    return str(value) if isinstance(value, str | int | float) else type(value).__name__
