"""Histories whose events, scalars and reports each are right, or wrong in one thing or two."""

import base64
from dataclasses import replace
from itertools import chain
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from auditor.history import FILLER, Moment, event, raw, recipe, report_freshness, report_uptake
from tests.oracles.documents import DOCUMENTED, DOCUMENTED_CODES, FAILURES, SENT, SENT_CODES, STUDY
from tests.oracles.texts import HALF

PREFERENCE, VALUE, LONG = "browser.study.level", "sesame open", "abracadabra " * 10
ASKED = [
    recipe(preference=PREFERENCE, value=VALUE),
    recipe(preference="browser.study.note", value=LONG),
    recipe(preference="browser.study.on", value="true"),
    recipe(preference="browser.study.count", value="7"),
]

_NEVER = [("enroll", "heartbeat"), ("graduate", "preference_study"), ("exposed", "addon_study")]
_LONG_NAMES = [("enrolledWithoutFailing", "preference_study"), ("enroll", "preference_rollback_s")]
_OFTEN = [("expPrefChanged", STUDY), ("enrollFailed", STUDY)]
_EVENTS = sorted({*DOCUMENTED, *SENT})
# Only a failed rollout of add-ons names another change: nobody knows what else that would mean.
_KEYS = sorted({*chain(*DOCUMENTED.values(), *SENT.values())} - {"conflictingSlug"})
_OTHER_KEYS = [
    "value",
    "oldValue",
    "a_key_of_15_byte",
    "a_key_of_15_byt",
    *map("k{}".format, range(12)),
]
_RIGHT = {
    "preferenceName": PREFERENCE,
    "preference": PREFERENCE,
    "changedPref": PREFERENCE,
    "addonId": "study@example",
    "addonVersion": "1.2.3",
    "branch": "treatment",
}
_FILE = "resource://normandy/actions/BranchedAddonStudyAction.sys.mjs"
_FAILURES = [
    f"{_FILE}:317:13 TypeError",
    f"{_FILE}:317 Error",
    "chrome://normandy/content/lib.js:1:2 NS_ERROR_FAILURE",
    "file:///home/ada/study.js:3:4 TypeError",
    "file:///C:/Users/ada/study.js:3:4 TypeError",
    "https://example.org/page.js:3:4 TypeError",
    f"{_FILE}:317:13 TypeError: no such file",
    "it did not work for ada@example.org",
    "the server at 192.168.3.4 did not answer",
    "it did not work",
]
_TEXTS = [
    "x" * 80,
    "x" * 81,
    "ü" * 40,
    "ü" * 40 + "x",
    "x" * 77 + HALF,
    "x" * 79 + HALF,
    "x" * 40 + HALF,
    VALUE,
    f"{VALUE} and more",
    quote(VALUE),
    base64.b64encode(VALUE.encode()).decode(),
    LONG[:80],
    f"{PREFERENCE}={VALUE}",
    "browser.study.on=true",
    "true",
    "7",
    '{"a": 1}',
    "two words",
    "https://example.org/",
    "extensions.other-name_1",
    "",
]
_IDS = st.sampled_from(["e1", "e1", "e1", "e2", None, None, FILLER, raw("x" * 81)])
_CHANGES = st.sampled_from(["study", "study", "study", "x" * 80, "x" * 81, "ü" * 41, VALUE])
_STATUSES = [
    "success",
    "server_error",
    "network_error",
    "custom_1_error",
    "custom_2_error",
    "backoff",
    "apply_error",
    "content_error",
    "download_error",
    "signature_error",
    "sign_error",
    "sign_error",
    "sign_error",
    "sign_retry_error",
    "unknown",
]
_SOURCES = [
    *["normandy/recipe/17"] * 5,
    "normandy/runner",
    "normandy/action/ShowHeartbeatAction",
    "normandy/recipe/1056",
    "normandy/recipe",
    "normandy/runner/3",
    "normandy/home/ada",
    "remote-settings/runner",
    "",
]


@st.composite
def _single(draw: st.DrawFn) -> Moment:
    """An event with all that document or browser have for it, after two changes at most."""
    methods = st.sampled_from([*_EVENTS, *_EVENTS, *_OFTEN * 6, *_NEVER, *_LONG_NAMES])
    method, name = draw(methods)
    keys = draw(st.sampled_from([DOCUMENTED, SENT])).get((method, name), frozenset())
    extras = {key: draw(_right(method, name, key)) for key in sorted(keys - {"enrollmentId"})}
    for _ in range(draw(st.integers(0, 2))):
        _change(draw, extras)
    rest: dict[str, Any] = {"object": name, "extras": extras, "change": draw(_CHANGES)}
    channel = draw(st.sampled_from(["esr", "nightly", "release", None]))
    return event(method, draw(_IDS), day=0, channel=channel, **rest)


def _right(method: str, name: str, key: str) -> st.SearchStrategy[str]:
    """A text that belongs there; for a failure, one that does or nearly does."""
    if key == "reason" and (method, name) in FAILURES:
        return st.sampled_from([*sorted(FAILURES[method, name]), *_FAILURES])
    if key in {"prefBranch", "preferenceBranch"}:
        return st.sampled_from(["other", "x" * 80, "x" * 81])
    if key in {"preferenceName", "preference"}:
        return st.sampled_from([PREFERENCE, PREFERENCE, f"{PREFERENCE}={VALUE}", "two words"])
    place = (method, name, key)
    codes = DOCUMENTED_CODES.get(place, frozenset()) | SENT_CODES.get(place, frozenset())
    return st.sampled_from(sorted(codes)) if codes else st.just(_RIGHT.get(key, "some text"))


def _change(draw: st.DrawFn, extras: dict[str, str]) -> None:
    how = draw(st.sampled_from(["drop", "add", "rewrite", "rewrite"]))
    if how == "add":
        for key in draw(st.lists(st.sampled_from([*_KEYS, *_OTHER_KEYS]), max_size=12)):
            extras.setdefault(key, "text")
        extras.pop("enrollmentId", None)
    elif extras:
        key = draw(st.sampled_from(sorted(extras)))
        text = extras.pop(key)
        if how == "rewrite":
            extras[key] = draw(st.sampled_from([*_TEXTS, text]))


@st.composite
def _freshness(draw: st.DrawFn) -> Moment:
    values = st.sampled_from([0, 12, 3632, 1_483_228_799, 1_483_228_800, 1_650_000_000, 1 << 40])
    keys = draw(st.sampled_from([["17"], ["17", "1056"], ["k" * 72], ["k" * 73], None]))
    most = draw(st.integers(98, 102))
    return report_freshness(day=0, **{k: draw(values) for k in keys or map(str, range(most))})


_UPTAKE = st.builds(
    report_uptake,
    st.sampled_from([*_STATUSES, *["sign_error"] * 8]),
    source=st.sampled_from(_SOURCES),
    day=st.just(0),
)


def singles() -> st.SearchStrategy[list[Moment]]:
    """Histories of a few events, scalars and reports that have nothing to do with each other."""
    moments = st.one_of(_single(), _single(), _single(), _UPTAKE, _UPTAKE, _freshness())
    return st.lists(moments, min_size=1, max_size=4).map(_dated)


def with_recipes() -> st.SearchStrategy[list[Moment]]:
    """The same, where the recipes are known."""
    return st.lists(_single(), min_size=1, max_size=4).map(lambda told: [*ASKED, *_dated(told)])


def _dated(told: list[Moment]) -> list[Moment]:
    return [replace(moment, day=day) for day, moment in enumerate(told, start=1)]
