"""Folders of templates, Terraform and the files these lead to: a mutant is a whole folder, as one text."""

from __future__ import annotations

import json
import random
import re
from functools import cache
from pathlib import Path

from tests.fuzz.commands import CASES, SHARED, Seed, command

__all__ = ["projects", "read_project"]

_BEGIN = re.compile(r"^=== (?P<path>[\w./-]+)$", re.MULTILINE)
_ENDINGS = (".asl", ".json", ".tf", ".tftpl", ".tofu", ".tpl", ".yaml", ".yml")
_LARGEST = 60_000


@cache
def projects(wide: bool) -> list[Seed]:
    """Return each folder as the texts of its files, one after the other."""
    syntax = CASES / "syntax"
    folders = [*sorted((syntax / "terraform").glob("*/")), *sorted((syntax / "projects").glob("*/"))]
    if wide and (SHARED / "templates" / "index.json").is_file():
        entries = json.loads((SHARED / "templates" / "index.json").read_text("utf-8"))
        folders += [SHARED / "templates" / entry["folder"] for entry in entries]
    texts = [(folder.name, _joined(folder)) for folder in folders]
    return [(name, text) for name, text in texts if len(text) < _LARGEST]


def _joined(folder: Path) -> str:
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix in _ENDINGS]
    return "".join(
        f"=== {path.relative_to(folder).as_posix()}\n{path.read_text('utf-8', errors='replace')}\n"
        for path in paths
    )


def read_project(name: str, chance: random.Random) -> None:
    """Write the files of a mutant and have them read."""
    text = Path(name).read_bytes().decode("utf-8", errors="surrogatepass")
    Path("project").mkdir()
    parts = _BEGIN.split(text)
    for path, content in zip(parts[1::2], parts[2::2], strict=True):
        _write(Path("project", path), content)
    options = chance.choice(
        ((), ("--format", "json"), ("--format", "sarif"), ("--fix",), ("--baseline", "b.json"))
    )
    command("validate", *options, "project")
    if parts[1:]:
        first = f"project/{chance.choice(parts[1::2])}"
        command("render", first, "-o", "m.mmd")
        command("validate", first)
        command("test-state", first, "--state-name", "A")
    command("validate", "--fix", "--write", "project")


def _write(path: Path, content: str) -> None:
    if (
        len(str(path)) > 200
        or ".." in path.parts
        or path.is_dir()
        or any(above.is_file() for above in path.parents)
    ):
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
