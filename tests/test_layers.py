"""Rooms import downward only, and at most three folders deep."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "asltool"

ROOMS = (
    "_version",
    "diagnostic",
    "errors",
    "expr",
    "syntax",
    "history",
    "rules",
    "engine",
    "diagrams",
    "driver",
    "integrations",
    "store",
    "run",
    "machine",
    "triggers",
    "convert",
    "service",
    "server",
    "testing",
    "airflow",
    "cli",
)
"""Lowest first. A room imports itself and what stands before it."""

APART = {("driver", "diagrams"), ("diagrams", "engine"), ("engine", "rules"), ("diagrams", "rules")}
"""(room, lower room) that must not know each other all the same."""

FILES = sorted(PACKAGE.rglob("*.py"))


def room_of(module: str) -> str:
    return module.split(".")[1]


def imports(path: Path) -> set[str]:
    """Return the asltool modules that a file imports, for type checking too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            found.add(node.module or "")
        elif isinstance(node, ast.Import):
            found.update(name.name for name in node.names)
    return {module for module in found if module.startswith("asltool.")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downward(path: Path) -> None:
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room in ("__init__", "__main__"):
        return
    lower = ROOMS[: ROOMS.index(room) + 1]
    for module in imports(path):
        assert room_of(module) in lower, f"{room} imports {module}"
        assert (room, room_of(module)) not in APART, f"{room} imports {module}"


def test_every_room_has_its_place() -> None:
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in FILES}
    assert rooms - {"__init__", "__main__"} <= set(ROOMS)


def test_folders_are_three_deep_at_most() -> None:
    assert max(len(path.relative_to(PACKAGE.parent).parts) - 1 for path in FILES) <= 3


def test_the_engine_knows_no_clock_no_chance_and_no_network() -> None:
    outside = {"time", "secrets", "socket", "asyncio", "threading", "subprocess", "os", "pathlib"}
    for path in (PACKAGE / "engine").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [name.name for name in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert not outside & {name.partition(".")[0] for name in names}, path


WITHOUT_CIRCLES = ("driver", "engine", "expr", "history", "diagrams", "rules", "syntax", "triggers")
"""Rooms in which no file leads back to itself, imports for type checking included."""


def uses(room: str) -> dict[str, set[str]]:
    """Return which other modules of its room each module imports, for type checking too.

    A file that is imported from its package counts, and not the package.
    """
    names = {name_of(path) for path in FILES}
    found = {}
    for path in (PACKAGE / room).rglob("*.py"):
        inside = ((f"{module}.{part}", module) for module, part in members(path))
        taken = {file if file in names else package for file, package in inside}
        found[name_of(path)] = {module for module in taken & names if room_of(module) == room}
    return found


def name_of(path: Path) -> str:
    return ".".join(("asltool", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


def members(path: Path) -> set[tuple[str, str]]:
    """Return (module, name) of everything that a file imports from a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        (node.module or "", alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


@pytest.mark.parametrize("room", WITHOUT_CIRCLES)
def test_no_file_leads_back_to_itself(room: str) -> None:
    graph = uses(room)
    # A package that only hands on names of its files is not one of them.
    graph.pop(f"asltool.{room}")
    while leaves := {name for name, used in graph.items() if not (used & graph.keys()) - {name}}:
        graph = {name: used for name, used in graph.items() if name not in leaves}
    assert not graph, f"in a circle, or use one: {sorted(graph)}"
