"""The virtual environment that has Airflow, and how tests run in it. It needs only the standard library."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.docs.pages import ROOT, Page

__all__ = ["DEFAULT", "INSIDE", "install", "installed", "lock", "run"]

INSIDE = Path(__file__).parent / "inside"
DEFAULT = ROOT / ".venv" / "airflow"
_LOCK = Path(__file__).parent / "lock.txt"
_EXTRAS = ("airflow", "aws", "diagrams", "server")
_STAMP = "asltool-lock"
"""A file in an environment that is complete: the hash of the lock file it was made from."""


def installed(env: Path) -> bool:
    """Whether the environment exists and is made from the lock file as it is now."""
    stamp = env / _STAMP
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _digest()


def install(env: Path) -> None:
    """Make the environment, with uv if there is one: pip takes many times as long."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", env], check=True)
    python = _program(env, "python")
    uv = shutil.which("uv", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    pip = (
        [str(python), "-m", "pip", "install"]
        if uv is None
        else [uv, "pip", "install", "--python", str(python)]
    )
    for what in (["-r", str(_LOCK)], ["--no-deps", "-e", str(ROOT)]):
        subprocess.run([*pip, "--quiet", *what], check=True)
    subprocess.run(
        [_program(env, "airflow"), "db", "migrate"],
        env=_variables(env / "home", env),
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (env / _STAMP).write_text(_digest(), encoding="utf-8")


def lock() -> None:
    """Write to the lock file what it lacks, and the newest releases for what does not fit; needs uv."""
    extras = [word for extra in _EXTRAS for word in ("--extra", extra)]
    options = ["--universal", "--python-version", "3.11", "--no-annotate", *extras]
    files = ["setup.cfg", "tests/airflow/requirements.in", "-o", "tests/airflow/lock.txt"]
    subprocess.run(["uv", "pip", "compile", "--quiet", *options, *files], cwd=ROOT, check=True)


def run(env: Path, arguments: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run the tests with Airflow in a home of their own; ``arguments`` are pytest's; without files, all."""
    with tempfile.TemporaryDirectory() as home:
        shutil.copy(env / "home" / "airflow.db", home)
        _write_dags(Path(home, "dags"))
        options = [
            "-p",
            "no:cacheprovider",
            "-p",
            "tests.airflow.inside.runs",
            "-o",
            "filterwarnings=",
            "-o",
            "addopts=-q",
        ]
        named = any(Path(each.partition("::")[0]).exists() for each in arguments)
        files = [] if named else sorted(map(str, INSIDE.glob("check_*.py")))
        return subprocess.run(
            [_program(env, "python"), "-m", "pytest", *options, *arguments, *files],
            cwd=ROOT,
            env=_variables(Path(home), env),
            check=False,
            text=True,
        )


def _write_dags(folder: Path) -> None:
    """Write the DAGs of the tests, those of the sample, and those that the documentation has as files."""
    shutil.copytree(INSIDE / "dags", folder)
    shutil.copytree(ROOT / "samples" / "airflow", folder / "sample")
    (folder / "docs").mkdir()
    for block in Page("docs/airflow.md").blocks:
        if block.file is not None:
            (folder / "docs" / block.file).write_text(block.text, encoding="utf-8")


def _digest() -> str:
    return hashlib.sha256(_LOCK.read_bytes()).hexdigest()


def _program(env: Path, name: str) -> Path:
    folder, ending = ("Scripts", ".exe") if os.name == "nt" else ("bin", "")
    return env / folder / f"{name}{ending}"


def _variables(home: Path, env: Path) -> dict[str, str]:
    """Return the environment variables of Airflow: nothing of the user's own Airflow or AWS is read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "AWS"))}
    return kept | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
        "AWS_CONFIG_FILE": str(home / "no-aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "no-aws-credentials"),
        "PYTHONPATH": str(ROOT),
        "VIRTUAL_ENV": str(env),
    }
