"""The promises about the texts that events carry, as loops over a life.

What a text looks like is told for texts that are clearly one thing or another. Where a reader could
doubt, the document does not decide either, and the histories hold no such text.
"""

import base64
import re
from collections.abc import Iterator
from urllib.parse import quote

from tests.oracles.documents import ADDON, FAILURES
from tests.oracles.lives import Life, Sight

LONGEST = 80
PREFERENCE_BRANCHES = ("prefBranch", "preferenceBranch")
PREFERENCES = ("preferenceName", "preference")
"""The extras that the document has for the name of a preference."""
HALF = "\ud83d"
"""The first half of a character that takes two units of UTF-16."""
REPLACED = "\ufffd"
"""What stands for half a character where only whole ones can be written."""

FORM = r"(?:resource|chrome|moz-src)://\S+?:\d+(:\d+)? [A-Za-z]\w*"
PERSONAL = (
    r"/home/|/Users/",  # a home directory
    r"(^|/)[A-Z]:[/\\]",  # a drive
    r"\w@\w",  # an e-mail address
    r"\b\d+\.\d+\.\d+\.\d+\b",  # a network address
    r"https?://",  # what the person looked at
    r":\d+ \w+: |\S \S+ \S",  # an error's message, or three words where file and name are two
)


def _failures(life: Life) -> Iterator[tuple[Sight, str]]:
    """The failures of add-ons whose reason is none of the codes that the browser foresees."""
    for event in life.of("event"):
        codes = FAILURES.get((event.method, event.moment.object))
        if codes is not None and event.reason is not None and event.reason not in codes:
            yield event, event.reason


def addon_study_failed(life: Life) -> bool:
    """An add-on study fails for a reason that nobody foresaw."""
    return any(event.moment.object == ADDON for event, _ in _failures(life))


def reason_in_unknown_form(life: Life) -> bool:
    """The reason of an add-on's failure is not a file, a line and an error's name."""
    return any(not re.fullmatch(FORM, reason) for _, reason in _failures(life))


def reason_names_a_person(life: Life) -> bool:
    """The reason of an add-on's failure looks like more than where the code failed."""
    return any(re.search(look, reason) for _, reason in _failures(life) for look in PERSONAL)


def _named(life: Life, keys: tuple[str, ...]) -> list[str]:
    events = [event.moment.extras for event in life.of("event")]
    return [extras[key] for extras in events for key in keys if key in extras]


def preference_branch_too_long(life: Life) -> bool:
    """The preference branch has more than 80 characters."""
    return any(len(text) > LONGEST for text in _named(life, PREFERENCE_BRANCHES))


def preference_name_is_not_a_name(life: Life) -> bool:
    """What stands for a preference's name has something that names do not have."""
    names = [text.removesuffix(HALF) for text in _named(life, PREFERENCES)]
    return any(name and not re.fullmatch(r"[\w.%-]+", name) for name in names)


def cut_inside_a_character(life: Life) -> bool:
    """A text that is as long as it may be ends in half a character."""
    texts = [text for event in life.of("event") for text in _free_texts(event)]
    return any(text.endswith((HALF, REPLACED)) and _fills(text) for text in texts)


def _fills(text: str) -> bool:
    """Whether it is as long as it may be: one more character of four bytes would be too long."""
    return len(text.encode(errors="surrogatepass")) > LONGEST - 4


def preference_value_reported(life: Life) -> bool:
    """A value that a recipe sets stands in an event: plain, assigned, encoded or cut."""
    texts = [text for event in life.of("event") for text in _free_texts(event)]
    return any(_tells(text, *asked) for asked in life.asked for text in texts)


def _free_texts(event: Sight) -> Iterator[str]:
    """Its value and extras; what says `true` or `false` is a code, and another rule's."""
    yield event.moment.change
    yield from (text for key, text in event.moment.extras.items() if key != "didResetValue")


def _tells(text: str, name: str, value: str) -> bool:
    forms = (value, quote(value, safe=""), base64.b64encode(value.encode()).decode())
    assigned = f"{name}={value}" in text
    proves = value not in ("true", "false") and len(value) > 1
    return (
        assigned
        or (proves and any(form in text for form in forms))
        or (len(text) == LONGEST and len(value) > LONGEST and value.startswith(text))
    )
