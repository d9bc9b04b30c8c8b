"""The document and what Firefox 115 is known to send, typed off by hand: nothing of a contract.

Extras are told by event as (method, object), codes by the extra that holds them as well.
"""

Event = tuple[str, str]

STUDY, ROLLOUT, ADDON = "preference_study", "preference_rollout", "addon_study"
ADDON_ROLLOUT, NIMBUS = "addon_rollout", "nimbus_experiment"
ROLLBACKS = ("preference_rollback", "addon_rollback")


def _words(told: dict[Event, str]) -> dict[Event, frozenset[str]]:
    return {event: frozenset(words.split()) for event, words in told.items()}


DOCUMENTED = _words(
    {
        ("enroll", STUDY): "branch experimentType enrollmentId",
        ("enrollFailed", STUDY): "reason preferenceBranch",
        ("unenroll", STUDY): "didResetValue reason enrollmentId",
        ("unenrollFailed", STUDY): "enrollmentId reason caller originalReason",
        ("expPrefChanged", STUDY): "enrollmentId preferenceName reason",
        ("enroll", ROLLOUT): "enrollmentId",
        ("enrollFailed", ROLLOUT): "reason preference",
        ("update", ROLLOUT): "previousState enrollmentId",
        ("graduate", ROLLOUT): "reason enrollmentId",
        ("enroll", ADDON): "addonId addonVersion enrollmentId",
        ("enrollFailed", ADDON): "reason",
        ("update", ADDON): "addonId addonVersion enrollmentId",
        ("updateFailed", ADDON): "reason enrollmentId",
        ("unenroll", ADDON): "addonId addonVersion reason enrollmentId",
    }
)
"""The events of the document, and the extras that it lists for each."""

SENT = _words(
    {
        ("enroll", STUDY): "branch experimentType enrollmentId",
        ("enrollFailed", STUDY): "reason prefBranch",
        ("unenroll", STUDY): "didResetValue branch reason enrollmentId changedPref",
        ("unenrollFailed", STUDY): "reason originalReason enrollmentId changedPref caller",
        ("expPrefChanged", STUDY): "enrollmentId preferenceName reason",
        ("enroll", ROLLOUT): "enrollmentId",
        ("enrollFailed", ROLLOUT): "reason preference",
        ("update", ROLLOUT): "previousState enrollmentId",
        ("graduate", ROLLOUT): "reason enrollmentId",
        **{("unenroll", rollback): "reason enrollmentId" for rollback in ROLLBACKS},
        **{("unenrollFailed", rollback): "reason enrollmentId" for rollback in ROLLBACKS},
        ("enroll", ADDON): "addonId addonVersion branch enrollmentId",
        ("enrollFailed", ADDON): "reason branch detail",
        ("update", ADDON): "addonId addonVersion branch enrollmentId",
        ("updateFailed", ADDON): "reason branch detail enrollmentId",
        ("unenroll", ADDON): "addonId addonVersion reason branch enrollmentId",
        ("enroll", ADDON_ROLLOUT): "addonId addonVersion enrollmentId",
        ("update", ADDON_ROLLOUT): "addonId addonVersion enrollmentId",
        ("enrollFailed", ADDON_ROLLOUT): "addonId conflictingSlug enrollmentId reason detail",
        ("updateFailed", ADDON_ROLLOUT): "reason detail enrollmentId",
        ("enroll", NIMBUS): "experimentType branch enrollmentId",
        ("enrollFailed", NIMBUS): "reason",
        ("unenroll", NIMBUS): "reason branch enrollmentId",
        ("unenrollFailed", NIMBUS): "reason",
        ("validationFailed", NIMBUS): "reason branch feature locale l10n_ids",
        ("expose", NIMBUS): "branchSlug featureId",
    }
)
"""The events of Firefox 115, and the extras that it may send with each."""


DOCUMENTED_CODES: dict[tuple[str, str, str], frozenset[str]] = {
    ("enroll", STUDY, "experimentType"): frozenset({"exp", "exp-highpop"}),
    ("enrollFailed", STUDY, "reason"): frozenset({"invalid-branch"}),
    ("unenroll", STUDY, "didResetValue"): frozenset({"true", "false"}),
    ("unenroll", STUDY, "reason"): frozenset({"recipe-not-seen", "unknown"}),
    ("unenrollFailed", STUDY, "reason"): frozenset({"does-not-exist", "already-unenrolled"}),
    ("unenrollFailed", STUDY, "originalReason"): frozenset({"recipe-not-seen", "unknown"}),
    ("expPrefChanged", STUDY, "reason"): frozenset({"atEnroll", "sideload", "observer"}),
    ("enrollFailed", ROLLOUT, "reason"): frozenset({"invalid type", "would-be-no-op", "conflict"}),
    ("graduate", ROLLOUT, "reason"): frozenset({"all-prefs-match", "in-graduation-set"}),
    ("unenroll", ADDON, "reason"): frozenset(
        [
            "install-failure",
            "individual-opt-out",
            "general-opt-out",
            "recipe-not-seen",
            "uninstalled",
            "uninstalled-sideload",
            "unknown",
        ]
    ),
}
"""The values that the document lists for an extra. Those of `previousState` are examples."""

_STUDY_ENDS = frozenset(
    [
        "recipe-not-seen",
        "unknown",
        "general-opt-out",
        "individual-opt-out",
        "capability-mismatch",
        "filter-mismatch",
        "arguments-invalid",
        "signature-error",
        "filter-error",
        "no-recipes",
        "migration-removing-single-pref-action",
    ]
)

SENT_CODES: dict[tuple[str, str, str], frozenset[str]] = {
    ("enroll", STUDY, "experimentType"): frozenset({"exp", "exp-highpop"}),
    ("enrollFailed", STUDY, "reason"): frozenset(
        [
            "name-conflict",
            "pref-conflict",
            "experiment-type-too-long",
            "invalid-type",
            "invalid-branch",
        ]
    ),
    ("unenroll", STUDY, "didResetValue"): frozenset({"true", "false"}),
    ("unenroll", STUDY, "reason"): _STUDY_ENDS,
    ("unenrollFailed", STUDY, "reason"): frozenset({"does-not-exist", "already-unenrolled"}),
    ("unenrollFailed", STUDY, "originalReason"): _STUDY_ENDS,
    ("expPrefChanged", STUDY, "reason"): frozenset({"onEnroll", "sideload", "observer"}),
    ("enrollFailed", ROLLOUT, "reason"): frozenset({"invalid type", "would-be-no-op", "conflict"}),
    ("graduate", ROLLOUT, "reason"): frozenset({"all-prefs-match", "in-graduation-set"}),
    ("unenroll", "preference_rollback", "reason"): frozenset({"rollback"}),
    ("unenrollFailed", "preference_rollback", "reason"): frozenset(
        {"graduated", "in-graduation-set"}
    ),
    ("unenroll", "addon_rollback", "reason"): frozenset({"rollback"}),
    ("unenrollFailed", "addon_rollback", "reason"): frozenset({"uninstall-failed"}),
    ("enrollFailed", NIMBUS, "reason"): frozenset({"name-conflict", "feature-conflict"}),
    ("unenrollFailed", NIMBUS, "reason"): frozenset({"does-not-exist", "already-unenrolled"}),
    ("validationFailed", NIMBUS, "reason"): frozenset(
        [
            "invalid-recipe",
            "invalid-branch",
            "invalid-feature",
            "l10n-missing-locale",
            "l10n-missing-entry",
        ]
    ),
    ("unenroll", NIMBUS, "reason"): frozenset(
        [
            "recipe-not-seen",
            "targeting-mismatch",
            "invalid-recipe",
            "invalid-branch",
            "l10n-missing-locale",
            "l10n-missing-entry",
            "bucketing",
            "branch-removed",
            "studies-opt-out",
            "individual-opt-out",
            "force-enrollment",
            "unknown",
        ]
    ),
}
"""The values that Firefox 115 is known to send in an extra, where they are not anyone's choice."""

CHOSEN = {("unenroll", ADDON, "reason")}
"""An add-on that ends its own study gives a reason in words of its own."""

FAILURES: dict[Event, frozenset[str]] = {
    ("enrollFailed", ADDON): frozenset(
        ["conflicting-addon-id", "download-failure", "metadata-mismatch", "install-failure"]
    ),
    ("updateFailed", ADDON): frozenset(
        [
            "addon-id-mismatch",
            "addon-does-not-exist",
            "no-downgrade",
            "metadata-mismatch",
            "download-failure",
            "install-failure",
        ]
    ),
    ("enrollFailed", ADDON_ROLLOUT): frozenset(
        ["conflict", "upgrade-required", "download-failure", "install-failure", "metadata-mismatch"]
    ),
    ("updateFailed", ADDON_ROLLOUT): frozenset(
        [
            "addon-id-changed",
            "upgrade-required",
            "download-failure",
            "install-failure",
            "metadata-mismatch",
        ]
    ),
}
"""The codes of the failures of add-ons that the browser foresees; other reasons are texts."""

_ADDON_FAILED, _ADDON_NOT_UPDATED = FAILURES["enrollFailed", ADDON], FAILURES["updateFailed", ADDON]
_BY_CODE = {"download-failure", "install-failure"}

DOCUMENTED_ONLY_FOR = {
    (("enrollFailed", STUDY), "preferenceBranch"): {"invalid-branch"},
    (("enrollFailed", ROLLOUT), "preference"): {"invalid type", "conflict"},
}
"""Extras that the document lists for some reasons only."""

SENT_ONLY_FOR = {
    (("enrollFailed", STUDY), "prefBranch"): {"invalid-branch"},
    (("enrollFailed", ROLLOUT), "preference"): {"invalid type", "conflict"},
    (("unenrollFailed", STUDY), "enrollmentId"): {"already-unenrolled"},
    (("unenrollFailed", STUDY), "caller"): {"already-unenrolled"},
    (("enrollFailed", ADDON), "branch"): _ADDON_FAILED,
    (("enrollFailed", ADDON), "detail"): _BY_CODE,
    (("updateFailed", ADDON), "branch"): _ADDON_NOT_UPDATED,
    (("updateFailed", ADDON), "detail"): _BY_CODE,
    (("updateFailed", ADDON), "enrollmentId"): _ADDON_NOT_UPDATED - {"install-failure"},
    (("enrollFailed", ADDON_ROLLOUT), "addonId"): {"conflict"},
    (("enrollFailed", ADDON_ROLLOUT), "conflictingSlug"): {"conflict"},
    (("enrollFailed", ADDON_ROLLOUT), "detail"): _BY_CODE,
    (("enrollFailed", ADDON_ROLLOUT), "enrollmentId"): {"conflict", "upgrade-required"},
    (("updateFailed", ADDON_ROLLOUT), "detail"): _BY_CODE,
    (("updateFailed", ADDON_ROLLOUT), "enrollmentId"): {"addon-id-changed", "upgrade-required"},
    (("validationFailed", NIMBUS), "branch"): {"invalid-branch"},
    (("validationFailed", NIMBUS), "feature"): {"invalid-feature"},
    (("validationFailed", NIMBUS), "locale"): {"l10n-missing-locale", "l10n-missing-entry"},
    (("validationFailed", NIMBUS), "l10n_ids"): {"l10n-missing-entry"},
}
"""Extras that Firefox 115 sends for some reasons only."""

NEVER_REQUIRED = {"caller", "changedPref"}
"""Extras that may be missing wherever they are listed."""

STATUSES = {
    "runner": {"success", "server_error"},
    "action": {"network_error", "custom_1_error", "custom_2_error", "server_error", "success"},
    "recipe": {
        "custom_1_error",
        "backoff",
        "apply_error",
        "content_error",
        "download_error",
        "success",
        "signature_error",
    },
}
"""The statuses of uptake that the document gives."""

SENT_STATUSES = {"recipe": {"sign_error"}}
"""The statuses besides those that Firefox 115 is known to send."""
