"""Sharding: an audit of everybody, done by several that each judge some, and made one again.

Every shard reads the same stores, for only the whole tells whose pings are whose, and judges of
each view its own rows: no two shards have a subject in common, and none is left out. A keyed digest
says which shard has a subject. People are divided by their own digest, all who have an enrollment
ID in common by that of the first of them, so that a rule across people sees every place of an ID;
shapes and texts, which are everybody's, by the digest of the shape or text. So merging adds counts
and joins findings, and a shard's report carries no digest of anything in a store but what tells
that two shards have one key.
"""

import hashlib
import hmac
import re
from typing import NamedTuple

from auditor import views
from auditor.engines.engine import Engine
from auditor.failures import UsageError
from auditor.lookups import Kin
from auditor.report import Shard
from auditor.stores.linking import linked
from auditor.stores.tables import as_arrow

MOST = 1_000
"""Shards of one audit. More would each read the stores again for next to nothing."""

_WRITTEN = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")
_ALL = 1 << 128
"""How many digests there are."""


class Part(NamedTuple):
    """The shard `number` of `of`, counted from 1."""

    number: int
    of: int


def part(text: str) -> Part:
    """The shard that `3/16` names. Raises UsageError."""
    found = _WRITTEN.fullmatch(text)
    if not found:
        message = f"{text!r} names no shard; `3/16` is the third of sixteen"
        raise UsageError(message)
    number, of = int(found[1]), int(found[2])
    if not 1 <= of <= MOST:
        message = f"{text!r} names no shard: there can be 1 to {MOST} of them"
        raise UsageError(message)
    if not 1 <= number <= of:
        message = f"{text!r} names no shard: of {of} shards, the first is 1 and the last is {of}"
        raise UsageError(message)
    return Part(number, of)


def divide(engine: Engine, shard: Part, key: bytes) -> Shard:
    """Have the engine judge one shard alone. `key` is the audit's own, for tokens.

    Raises RuleCrashError.
    """
    secret = _keyed(key, "shards")
    pairs = ((row["person"], row["other"]) for row in engine.rows("kindred"))
    engine.register("kin", as_arrow(Kin, linked(pairs).items()))
    columns = {view.sharded for view in views.load().values() if view.sharded}
    own = {column: _within(shard, secret, column) for column in columns}
    people = _within(shard, secret, "kin")
    theirs = f"person IN (SELECT person FROM people WHERE {people})"  # noqa: S608 - a digest's bounds
    engine.divide(own | {"person": theirs})
    return Shard(
        number=shard.number,
        of=shard.of,
        key=_keyed(key, "reports"),
        people=engine.count("people", people),
        everybody=engine.count("people"),
    )


def _within(shard: Part, secret: str, column: str) -> str:
    """The predicate of a shard's rows: digests are cut into as many ranges as there are shards."""
    digest = f"md5(concat('{secret}', {column}))"
    first, end = ((number * _ALL // shard.of) for number in (shard.number - 1, shard.number))
    own = f"{digest} >= '{first:032x}'"
    return own if end == _ALL else f"{own} AND {digest} < '{end:032x}'"


def _keyed(key: bytes, purpose: str) -> str:
    """A digest of the key, which tells nothing of it, nor of its digest for another purpose."""
    own = hashlib.sha256(key).digest()
    return hmac.new(own, f"auditor {purpose}".encode(), "sha256").hexdigest()[:32]
