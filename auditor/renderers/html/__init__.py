"""The report as one HTML file: for a reviewer to read, filter and print, with no server.

Whatever a store says becomes text: every value is escaped, and what could not be seen is written
out. The page's policy lets the browser run its one script, known by its hash, and load nothing.
"""

import base64
import functools
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from auditor import renderers
from auditor.renderers.html import contents, timeline
from auditor.report import Report, Verdict

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"


def render(report: Report) -> str:
    """Write the page, of at most some 15 MB: it says what it leaves out, and where to find it."""
    from markupsafe import Markup

    environment, span = _environment(), contents.span(report)
    template = environment.get_template("finding.html")

    def write(verdict: Verdict) -> Iterator[str]:
        for each in renderers.newest_first(verdict.findings):
            yield Markup(  # noqa: S704 - escaped by its own template
                template.render(each=each, picture=timeline.draw(each, span), report=report)
            )

    script, style = _asset("page.js"), _asset("page.css")
    return environment.get_template("page.html").render(
        report=report,
        summary=contents.Summary.of(report),
        script=script,
        style=style,
        policy=_policy(script, style),
        told=contents.shared(report, write),
    )


def _policy(script: str, style: str) -> str:
    """Say what the browser may do with the page: run this script, use this style, nothing else."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _asset(name: str) -> "Markup":
    """A file of our own, which stands in the page as it is."""
    from markupsafe import Markup

    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


@functools.cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        finalize=_seen,
        loader=FileSystemLoader(_TEMPLATES),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"counted": renderers.counted, "prose": _prose}
    environment.globals |= {"contents": contents, "renderers": renderers, "timeline": timeline}
    return environment


def _seen(value: object) -> object:
    """Write out what could not be seen, in every value of a report that is put into the page."""
    from markupsafe import Markup

    return (
        renderers.visible(value) if isinstance(value, str) and type(value) is not Markup else value
    )


def _prose(text: str) -> "Markup":
    """A paragraph in which names between backticks are code."""
    from markupsafe import Markup

    parts = renderers.visible(text).split("`")
    if len(parts) % 2 == 0:
        return Markup("{}").format("`".join(parts))
    code = Markup("<code>{}</code>")
    told = (
        code.format(part) if n % 2 else Markup("{}").format(part) for n, part in enumerate(parts)
    )
    return Markup("").join(told)
