"""Every format writes of real recordings, byte for byte, what it wrote when last looked at."""

from pathlib import Path

import pytest

from tests.renderers.snapshots import FOLDER, snapshots


@pytest.fixture(scope="module")
def written() -> dict[Path, bytes]:
    """Every snapshot as it is."""
    return snapshots()


def test_a_snapshot_for_each_format(written: dict[Path, bytes]) -> None:
    """No format is without a snapshot, and no snapshot without a format."""
    assert set(FOLDER.iterdir()) == set(written)


def test_as_when_last_looked_at(written: dict[Path, bytes]) -> None:
    """Nothing has changed unseen: `python -m tests.generated` writes what has, to be read."""
    assert {path: path.read_bytes() for path in written} == written
