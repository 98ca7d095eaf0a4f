"""``asltool init``: a project for a state machine."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import click

from asltool.cli.byproducts import check_writable_folder, folder_option
from asltool.cli.json_options import DEFINITION_FILE
from asltool.cli.problems import refuse
from asltool.errors import AslToolError, OptionError
from asltool.expr.encodings import ESCAPED
from asltool.machine import load
from asltool.syntax.sources.chosen import split
from asltool.testing.names import file_name

__all__ = ["init"]

_SECONDS = 20.0
"""How long inputs and outcomes are searched for."""


@click.command(short_help="Write handlers, cases and tests for a state machine, to start from.")
@click.argument("definition", metavar="FILE", type=DEFINITION_FILE)
@folder_option("Write the files to this folder.  [default: that of FILE]")
def init(definition: Path, folder: Path | None) -> None:
    """Write the first files of a project for the state machine in FILE, and print their names:

    \b
      NAME_tasks.py      a handler for every task, its input typed if known
      NAME.asltest.yaml  cases that asltool explore finds
      test_NAME.py       a pytest test that runs the handlers
      .pre-commit-config.yaml, .github/workflows/asltool.yml

    The last two go to the root of the Git repository; if they exist, they are printed instead. All tests
    pass: then replace what the handlers return. No existing file is changed.

    \b
    Examples:
      asltool init order.asl.json
      asltool init template.yaml#Orders -o tests/orders
      asltool test . && pytest

    Exit status: 0 the files were written, 2 they were not.
    """
    from asltool.testing.explore import explore
    from asltool.testing.scaffold import CI, PRE_COMMIT, Scaffold

    target = definition.parent if folder is None else folder
    end = time.monotonic() + _SECONDS
    try:
        check_writable_folder("-o", target)
        machine = load(definition)
        exploration = explore(machine, go_on=lambda: time.monotonic() < end)
        beside = Path(os.path.relpath(definition, target)).as_posix()
        files = dict(Scaffold(machine, exploration, beside, _stem(definition)).files())
        if there := [target / name for name in files if (target / name).exists()]:
            raise OptionError(f"{there[0]} already exists. choose another folder with -o")
        for name, text in files.items():
            _write(target / name, text)
        root = _root(target)
        for path, text in (
            (root / ".pre-commit-config.yaml", PRE_COMMIT),
            (root / ".github" / "workflows" / "asltool.yml", CI),
        ):
            if not path.exists():
                _write(path, text)
            elif path.read_text(encoding="utf-8", errors="replace") != text:
                click.echo(
                    f"{file_name(path)} already exists and was not changed. its contents would be:\n\n{text}",
                    err=True,
                )
    except (AslToolError, OSError) as problem:
        refuse("init", problem)


def _stem(definition: Path) -> str:
    """Return the stem of a machine's file names: ``order`` for ``order.asl.json``."""
    file, name = split(str(definition))
    stem = name or re.sub(r"(\.asl)?\.(json|ya?ml|tf|template)$", "", Path(file).name)
    return re.sub(r"\W+", "_", stem, flags=re.ASCII).strip("_").lower() or "machine"


def _root(folder: Path) -> Path:
    """Return the root of the Git repository around a folder; the folder itself if there is none."""
    parents = (folder, *folder.absolute().parents)
    return next((each for each in parents if (each / ".git").exists()), folder)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", errors=ESCAPED)
    click.echo(file_name(path))
