"""The pictures in `docs`: run as a module, it takes them again, to be looked at by a person."""

import shutil
import tempfile
from pathlib import Path

from auditor.audit import audit
from auditor.renderers import render
from auditor.rule import load_rules
from auditor.stores import read_stores

DOCS = Path("docs")
RECORDINGS = Path("tests/recordings")
# The recording, the scheme, and what stands at the top of the picture.
SHOTS = {
    "firefox-115-upload-off-on": ("light", "#rule-enrollment_id_sent_after_opt_out"),
    "firefox-115-lifecycle": ("light", "header.top"),
    "firefox-115-failures": ("dark", "#rule-enrollment_id_shared_between_changes"),
}


def take() -> None:
    """Take a picture of the page of each recording."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, tempfile.TemporaryDirectory() as folder:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name, (scheme, top) in SHOTS.items():
            stores = (RECORDINGS / name / "profile", RECORDINGS / name / "received.ndjson")
            file = Path(folder, f"{name}.html")
            file.write_bytes(render(audit(read_stores(stores), load_rules()), "html"))
            size = {"width": 1040, "height": 940}
            page = browser.new_page(viewport=size, color_scheme=scheme)
            page.goto(file.as_uri())
            page.evaluate(f"document.querySelector({top!r}).scrollIntoView()")
            page.wait_for_timeout(500)
            page.screenshot(path=DOCS / f"report-{name}.png")
        browser.close()


if __name__ == "__main__":
    take()
