"""Coverage as HTML: a page for each machine, coloured by coverage, and an index."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path

from asltool.diagrams.page import page
from asltool.machine import load
from asltool.testing.coverage import Coverage, MachineCoverage, shown
from asltool.testing.coverage.overlay import overlay

__all__ = ["write_html"]

_LONGEST = 120
"""The longest file name in characters; file systems allow about twice as many bytes."""


def write_html(coverage: Coverage, folder: Path) -> Path:
    """Write ``index.html`` and a page for each machine to a folder; return the index's path.

    The pages need no network and no other file. A machine without a definition is listed, but has no page.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = _file_names(coverage)
    for name, file in names.items():
        _write(folder / file, _page(coverage.machines[name]))
    frame = files(__package__).joinpath("index.html").read_text(encoding="utf-8")
    rows = "\n".join(_rows(coverage, names))
    _write(
        folder / "index.html", frame.replace("{{total}}", shown(coverage.percent)).replace("{{rows}}", rows)
    )
    return folder / "index.html"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="replace")


def _page(machine: MachineCoverage) -> str:
    loaded = load(machine.definition)
    return page(
        loaded.model, overlay(loaded.model, machine), definition=machine.definition, title=machine.name
    )


def _file_names(coverage: Coverage) -> dict[str, str]:
    """Return the page names of machines that can be drawn; they differ in more than letter case."""
    names: dict[str, str] = {}
    taken = {"index"}
    for name in sorted(coverage.machines):
        if coverage.machines[name].definition is None:
            continue
        plain = re.sub(r"[^\w.-]+", "_", name, flags=re.ASCII).strip("._")[-_LONGEST:] or "machine"
        free, number = plain, 2
        while free.lower() in taken:
            free, number = f"{plain}-{number}", number + 1
        taken.add(free.lower())
        names[name] = f"{free}.html"
    return names


def _rows(coverage: Coverage, names: Mapping[str, str]) -> Iterator[str]:
    """Yield a row for each machine, lowest coverage first."""
    for machine in sorted(coverage.machines.values(), key=lambda each: (each.percent, each.name)):
        name = escape(machine.name)
        if machine.name in names:
            name = f'<a href="{names[machine.name]}">{name}</a>'
        percent, missing = shown(machine.percent), len(machine.missing)
        mark = f'<b class="bad">✕ {missing}</b>' if missing else '<b class="good">✓</b>'
        yield (
            f'<tr><td>{name}</td><td class="bar"><progress max="100" value="{percent}"></progress></td>'
            f"<td>{percent} %</td><td>{len(machine.targets) - missing} of {len(machine.targets)}</td>"
            f"<td>{mark}</td></tr>"
        )
