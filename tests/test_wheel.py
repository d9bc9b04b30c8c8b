"""The wheel, installed into an empty environment outside the tree, is whole."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DEMO = "firefox-115-upload-off-on"

Installed = Callable[..., subprocess.CompletedProcess[str]]


def shell(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, with nothing of the tree in its environment."""
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={"PATH": os.environ["PATH"], "HOME": str(cwd)},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def files_of(folder: Path, ending: str) -> set[str]:
    """The files of a folder with that ending, seen from the folder."""
    found = (file.relative_to(folder).as_posix() for file in folder.rglob(f"*{ending}"))
    return {name for name in found if "__pycache__" not in name and (folder / name).is_file()}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the backend that the tests' own environment has."""
    folder = tmp_path_factory.mktemp("wheel")
    built = shell(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT),
        cwd=folder,
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The command `auditor` of an environment that holds the wheel alone.

    What the wheel depends on is lent by the tests' environment, so that nothing is fetched.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "install")
    done = shell(*pip, "--no-deps", "--no-index", wheel, cwd=folder)
    assert done.returncode == 0, done.stderr
    (packages,) = folder.glob("lib/python*/site-packages")
    lent = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "lent.pth").write_text("\n".join(sorted(lent)) + "\n")

    def run(*arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
        return shell(folder / "bin" / "auditor", *arguments, cwd=cwd)

    return run


@pytest.fixture(scope="session")
def carried(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    return set(zipfile.ZipFile(wheel).namelist())


@pytest.mark.parametrize(
    ("inside", "folder", "ending"),
    [
        pytest.param("auditor", "auditor", ".py", id="the code"),
        pytest.param("auditor/rules", "rules", ".py", id="the rules"),
        pytest.param("auditor/rules/contracts", "rules/contracts", ".toml", id="the contracts"),
        pytest.param("auditor/views", "auditor/views", ".sql", id="the views"),
        pytest.param("auditor/stores", "auditor/stores", ".sql", id="the queries of the stores"),
        pytest.param(
            "auditor/renderers/html/templates",
            "auditor/renderers/html/templates",
            "",
            id="the page's templates",
        ),
        pytest.param(
            f"auditor/recordings/{DEMO}", f"tests/recordings/{DEMO}", "", id="the demo's recording"
        ),
    ],
)
def test_carries(carried: set[str], inside: str, folder: str, ending: str) -> None:
    """The wheel carries every file of a folder that the audit reads."""
    wanted = {f"{inside}/{name}" for name in files_of(ROOT / folder, ending)}
    assert (True, set()) == (bool(wanted), wanted - carried)


def test_claims_one_name(carried: set[str]) -> None:
    """The wheel claims the name `auditor`, and no other."""
    tops = {name.partition("/")[0] for name in carried}
    assert {"auditor"} == {top for top in tops if not top.endswith(".dist-info")}


def test_carries_the_licence(carried: set[str]) -> None:
    """The wheel carries the licence under which it is given away."""
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in carried)


def test_demo(installed: Installed, tmp_path: Path) -> None:
    """The demo runs where it is installed, and leaves its report in the folder it is run in."""
    done = installed("demo", cwd=tmp_path)
    assert (0, "", {"demo-report.md"}) == (
        done.returncode,
        done.stderr,
        {file.name for file in tmp_path.iterdir()},
    )


def test_rules(installed: Installed, tmp_path: Path) -> None:
    """Every rule of the tree is a rule of what is installed."""
    told = {line.split()[0] for line in installed("rules", cwd=tmp_path).stdout.splitlines()[::2]}
    assert {name.removesuffix(".py") for name in files_of(ROOT / "rules", ".py")} == told


def test_audit(installed: Installed, tmp_path: Path) -> None:
    """An audit by what is installed says what an audit by the tree says, byte for byte."""
    recording = ROOT / "tests" / "recordings" / DEMO
    asked = ("audit", recording / "profile", recording / "received.ndjson", "--format", "json")
    tree = shell(sys.executable, "-m", "auditor", *asked, cwd=ROOT)
    done = installed(*asked, cwd=tmp_path)
    assert (1, tree.stdout) == (done.returncode, done.stdout)
