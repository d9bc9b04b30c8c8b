"""Names that stand for one and the same, found from pairs of them."""

from collections.abc import Iterable


def linked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every name with the first of those that it is linked to, however many lie between."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        parent.setdefault(name, name)
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for name, other in pairs:
        first, second = sorted((root(name), root(other)))
        parent[second] = first
    return {name: root(name) for name in sorted(parent)}
