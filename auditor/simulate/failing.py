"""Failures that healthy browsers report: studies and rollouts that could not be joined or left.

Sources: the actions and stores of Firefox 115 (toolkit/components/normandy).
"""

from typing import Any

from auditor.history import FILLER


def _failure(method: str, name: str, slug: str, **extras: str) -> dict[str, Any]:
    return {"method": method, "object": name, "value": slug, "extras": extras}


FAILURES = (
    _failure("enrollFailed", "preference_study", "study-of-a-taken-name", reason="name-conflict"),
    _failure("enrollFailed", "preference_study", "study-of-a-taken-pref", reason="pref-conflict"),
    # Cut to 80 units by the browser, then to 80 bytes at a whole character by the platform.
    _failure(
        "enrollFailed",
        "preference_study",
        "study-of-an-odd-branch",
        reason="invalid-branch",
        prefBranch="é" * 40,
    ),
    _failure(
        "enrollFailed",
        "preference_rollout",
        "rollout-of-a-taken-pref",
        reason="conflict",
        preference="browser.taken.by.another",
    ),
    _failure(
        "enrollFailed",
        "preference_rollout",
        "rollout-of-an-odd-type",
        reason="invalid type",
        preference="browser.of.another.type",
    ),
    _failure("enrollFailed", "preference_rollout", "rollout-of-nothing", reason="would-be-no-op"),
    _failure(
        "enrollFailed",
        "addon_rollout",
        "rollout-of-another-addon",
        reason="metadata-mismatch",
    ),
    # Without the rollout having been joined: the filler stands for an ID that never was.
    _failure(
        "unenrollFailed",
        "preference_rollback",
        "rollout-built-in-long-ago",
        reason="in-graduation-set",
        enrollmentId=FILLER,
    ),
)
"""One of them for each number that `happenings.sql` draws. Add-on studies fail within a stay."""
