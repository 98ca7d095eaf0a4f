"""constraints.txt pins what setup.cfg asks for, within its ranges; tests/airflow/lock.txt pins Airflow."""

from __future__ import annotations

from collections.abc import Collection
from configparser import ConfigParser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


OWN_LOCK = ("airflow", "aws", "diagrams", "server")
"""The extras in the environment of tests/airflow."""


def requirements(extras: Collection[str]) -> list[Requirement]:
    """Return what the package needs with these extras."""
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    known = settings["options.extras_require"]
    lists = [settings["options"]["install_requires"], *(known[name] for name in extras)]
    return [Requirement(line) for text in lists for line in text.splitlines() if line]


def every_extra_but_airflow() -> list[str]:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    return [name for name in settings["options.extras_require"] if name != "airflow"]


@pytest.mark.parametrize(
    ("file", "extras"),
    [("constraints.txt", every_extra_but_airflow()), ("tests/airflow/lock.txt", OWN_LOCK)],
    ids=["all", "airflow"],
)
def test_every_requirement_is_pinned_within_its_range(file: str, extras: Collection[str]) -> None:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    versions: dict[str, list[str]] = {}
    for pin in pins:
        [specifier] = pin.specifier
        assert specifier.operator == "=="
        versions.setdefault(canonicalize_name(pin.name), []).append(specifier.version)
    for requirement in requirements(extras):
        if requirement.name != "asltool":
            for version in versions[canonicalize_name(requirement.name)]:
                assert version in requirement.specifier, requirement
