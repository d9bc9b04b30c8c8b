"""An HTML page as the tests see it: its elements with their attributes and their words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "input", "br", "link"}


@dataclass
class Element:
    """An element: its name, its attributes, and what stands in it, in order."""

    name: str
    attributes: dict[str, str]
    inside: list["Element | str"] = field(default_factory=list)

    @property
    def words(self) -> str:
        """All text in it, with one blank between words."""
        return " ".join(" ".join(texts(self)).split())

    @property
    def raw(self) -> str:
        """All text in it as it stands there."""
        return "".join(texts(self))

    def every(self, name: str = "", of_class: str = "") -> list["Element"]:
        """Every element in it of a name and a class, in their order."""
        return [
            each
            for each in elements(self)
            if name in {"", each.name}
            and (not of_class or of_class in each.attributes.get("class", "").split())
        ]

    def one(self, name: str = "", of_class: str = "") -> "Element":
        """The first such element."""
        return self.every(name, of_class)[0]

    def structure(self) -> list[tuple[str, list[str]]]:
        """Its markup without its words: names of elements, with names of attributes."""
        return [(each.name, list(each.attributes)) for each in elements(self)]


def elements(outer: Element) -> Iterator[Element]:
    """Every element in another, in their order."""
    for each in outer.inside:
        if isinstance(each, Element):
            yield each
            yield from elements(each)


def texts(outer: Element) -> Iterator[str]:
    """Every text in an element, in their order."""
    for each in outer.inside:
        if isinstance(each, Element):
            yield from texts(each)
        else:
            yield each


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("page", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(element)
        if tag not in _VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert tag == self.open.pop().name

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def parsed(page: str) -> Element:
    """The page. Every element in it is closed where it has to be."""
    parser = _Parser()
    parser.feed(page)
    parser.close()
    assert len(parser.open) == 1
    return parser.open[0]
