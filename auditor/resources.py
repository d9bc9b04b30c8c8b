"""Where the files that are not code lie: in the checkout, or inside the installed package."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent
_ONLY_IN_CHECKOUT = {"recordings": Path("tests/recordings")}


def folder(name: str) -> Path:
    """The folder `name`: `rules` or `recordings`.

    Raises FileNotFoundError when the installation is incomplete.
    """
    for place in (_PACKAGE / name, _CHECKOUT / _ONLY_IN_CHECKOUT.get(name, Path(name))):
        if place.is_dir():
            return place
    message = f"the installation lacks its folder {name!r}"
    raise FileNotFoundError(message)
