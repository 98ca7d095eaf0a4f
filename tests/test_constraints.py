"""constraints.txt pins what setup.cfg asks for, within its ranges; tests/airflow/lock.txt pins Airflow."""

from __future__ import annotations

from configparser import ConfigParser
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent


def requirements() -> list[Requirement]:
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    extras = settings["options.extras_require"]
    lists = [settings["options"]["install_requires"], *(extras[name] for name in extras if name != "airflow")]
    return [Requirement(line) for text in lists for line in text.splitlines() if line]


def test_every_requirement_is_pinned_within_its_range() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith("#")]
    versions: dict[str, list[str]] = {}
    for pin in pins:
        [specifier] = pin.specifier
        assert specifier.operator == "=="
        versions.setdefault(canonicalize_name(pin.name), []).append(specifier.version)
    for requirement in requirements():
        if requirement.name != "asltool":
            for version in versions[canonicalize_name(requirement.name)]:
                assert version in requirement.specifier, requirement
