"""The forms in which a fleet may be wanted."""

from enum import StrEnum


class Form(StrEnum):
    """What a fleet is written as."""

    PARQUET = "parquet"
    NDJSON = "ndjson"
    FLATTENED = "flattened"
    SQLITE = "sqlite"
    PROFILES = "profiles"
