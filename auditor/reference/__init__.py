"""What the project knows, told to a reader: rules, clauses, contracts, kinds of store."""

import textwrap

from auditor.renderers import visible


def wrapped(begin: str, text: str) -> list[str]:
    """A line of at most 100 characters, and what is left of it below its text."""
    return textwrap.wrap(
        visible(text),
        width=100,
        initial_indent=visible(begin),
        subsequent_indent=" " * len(visible(begin)),
        break_on_hyphens=False,
    )
