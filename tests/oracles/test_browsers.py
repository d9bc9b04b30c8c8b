"""Engine and oracles agree on what a browser lives through that hypothesis drives."""

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.oracles.browsers import Browser
from tests.oracles.test_agreement import disagreements

if TYPE_CHECKING:
    from tests.oracles.strategies import History

BROWSERS = 40 * int(os.environ.get("BATCHES", "10"))
STEPS = 25


def test_engine_and_oracles_agree_on_what_a_browser_lives_through() -> None:
    """For every rule, the same lives break the promise at the same severity."""
    lives: list[History] = []

    class Told(Browser):
        done = lives.append

    run_state_machine_as_test(
        Told,
        settings=settings(
            max_examples=BROWSERS,
            stateful_step_count=STEPS,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert len(lives) > BROWSERS / 2
    told = disagreements(lives)
    if told:
        pytest.fail("\n".join(told), pytrace=False)
