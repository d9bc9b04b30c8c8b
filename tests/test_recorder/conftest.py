"""A recorder for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_recorder.running import Recorder, recording

pytest.importorskip("uvicorn", reason="the extra `record` is not installed")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Where the pings go."""
    return tmp_path / "store.db"


@pytest.fixture
def recorder(store: Path) -> Iterator[Recorder]:
    """A recorder that adds to the store."""
    with recording(store) as running:
        yield running
