"""Draw a state machine, and the path a run took through it: one graph, many formats.

``graph`` turns the model into nodes, clusters and edges. ``highlight`` is the overlay: a run, a comparison or
coverage. The formats use only these two, not the model: ``dot`` and ``mermaid`` write text, ``picture`` lets
Graphviz draw SVG, PNG and PDF, and ``page`` writes the HTML page, whose script lays out the diagram in the
browser.

- ``captions``, ``labels``, ``services``, ``conditions``: the texts in a diagram
- ``look``, ``legend``: its colours, and what they mean
- ``trunks``, ``hints``: how edges are arranged
- ``compare``: the difference between two versions

Start at ``graph``.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from asltool.errors import RenderError

if TYPE_CHECKING:
    from asltool.diagrams.highlight import Highlight
    from asltool.syntax.model import StateMachine

__all__ = ["FORMATS", "Format", "draw", "format_of", "ready", "write"]

Format = Literal["svg", "png", "pdf", "html", "dot", "mmd"]

FORMATS: tuple[Format, ...] = get_args(Format)


def draw(
    machine: StateMachine,
    form: Format,
    highlight: Highlight | None = None,
    *,
    definition: Any = None,
    title: str = "",
    legend: bool | None = None,
) -> bytes:
    """Return the diagram of a machine; the same input gives the same bytes.

    Args:
        form: ``svg``, ``png`` or ``pdf``, which Graphviz draws; ``html``, ``dot`` or ``mmd``, which are UTF-8
        text. highlight: a run, a comparison or coverage to show. definition, title: the machine's JSON and
        its name, for the HTML page. legend: whether to explain the colours; by default, if there is a
        ``highlight``. The HTML page always has a legend.

    Raises:
        RenderError: the machine cannot be drawn, or Graphviz is missing.
    """
    if form == "html":
        from asltool.diagrams.page import page

        return page(machine, highlight, definition=definition, title=title).encode()
    from asltool.diagrams.graph import build_graph

    graph = build_graph(machine, highlight)
    explained = highlight is not None if legend is None else legend
    if form == "mmd":
        from asltool.diagrams.mermaid import mermaid

        return mermaid(graph, legend=explained).encode()
    from asltool.diagrams.dot import dot

    source = dot(graph, legend=explained)
    if form == "dot":
        return source.encode()
    from asltool.diagrams.picture import picture

    return picture(source, form)


def write(
    machine: StateMachine,
    path: str | PathLike[str],
    highlight: Highlight | None = None,
    *,
    definition: Any = None,
    title: str = "",
    legend: bool | None = None,
) -> None:
    """Draw a machine to a file, in the format of its extension.

    Raises:
        RenderError: as for `draw`, or the extension is unknown.
        OSError: the file cannot be written.
    """
    form = format_of(path)
    Path(path).write_bytes(draw(machine, form, highlight, definition=definition, title=title, legend=legend))


def ready(path: str | PathLike[str]) -> None:
    """Check that a file can be drawn: its extension is known, and the needed programs are installed.

    Raises:
        RenderError: the format is unknown, or Graphviz is missing.
    """
    form = format_of(path)
    if form in ("svg", "png", "pdf"):
        from asltool.diagrams.picture import program

        program(form)


def format_of(path: str | PathLike[str]) -> Format:
    """Return the format of a file's extension, ignoring case.

    Raises:
        RenderError: the extension is unknown.
    """
    ending = Path(path).suffix.lower().removeprefix(".")
    for form in FORMATS:
        if ending == form:
            return form
    known = ", ".join(f".{form}" for form in FORMATS)
    raise RenderError(f'unknown format "{Path(path).suffix}": "{path}". expected one of {known}')
