"""SVG, PNG and PDF, drawn by Graphviz in a separate process.

Graphviz is not thread-safe, may hang on some graphs, and writes its messages to standard error, so it runs in
a process.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from typing import Final, Literal
from warnings import warn

from asltool.diagrams.fonts import without_font
from asltool.errors import RenderError

__all__ = ["PictureFormat", "picture", "program"]

PictureFormat = Literal["svg", "png", "pdf"]

_PYGRAPHVIZ = """
import sys
import pygraphviz
graph = pygraphviz.AGraph(string=sys.stdin.buffer.read().decode())
sys.stdout.buffer.write(graph.draw(format=sys.argv[1], prog="dot", args=" ".join(sys.argv[2:])))
"""

_OPTIONS: dict[str, list[str]] = {"svg": [], "png": ["-Gdpi=144"], "pdf": []}
"""A PNG has twice the pixels it is shown with, for sharp screens."""

_SHOWN: Final = 20
"""How many letters without a font are named."""

_DATE = re.compile(rb"(/CreationDate \(D:)\d{14}")
"""When a PDF was made. A drawing is the same whenever it is made."""


def picture(source: str, form: PictureFormat) -> bytes:
    """Draw DOT with Graphviz: ``dot`` if it is on the PATH, else the copy inside pygraphviz.

    Warns about letters for which this system has no font.

    Raises:
        RenderError: neither is installed, or Graphviz fails.
    """
    command = [*program(form), *_OPTIONS[form]]
    if form != "svg" and (missing := without_font(source)):
        # An SVG is drawn with the fonts of the machine that displays it.
        shown = missing if len(missing) <= _SHOWN else f"{missing[:_SHOWN]}…"
        warn(f'no font on this system has "{shown}"; install one that does, or draw an SVG', stacklevel=2)
    done = subprocess.run(command, input=source.encode(), capture_output=True, check=False)
    if done.returncode != 0 or not done.stdout:
        said = done.stderr.decode(errors="replace").strip() or f"exit status {done.returncode}"
        raise RenderError(f"Graphviz could not draw the {form.upper()}: {said}")
    return _DATE.sub(rb"\g<1>19700101000000", done.stdout) if form == "pdf" else done.stdout


def program(form: str) -> list[str]:
    """Return the command that draws this format.

    Raises:
        RenderError: Graphviz is not installed.
    """
    executable = shutil.which("dot")
    if executable is not None:
        return [executable, f"-T{form}"]
    if find_spec("pygraphviz") is not None:
        # -P: files in the current folder must not replace libraries.
        return [sys.executable, "-P", "-c", _PYGRAPHVIZ, form]
    raise RenderError(
        f'drawing {form.upper()} needs Graphviz. install it, with "dot" on the PATH, '
        'or pygraphviz:  pip install "asltool[diagrams]"'
    )
