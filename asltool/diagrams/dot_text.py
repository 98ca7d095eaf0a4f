"""Write text and tables in DOT.

Source: https://graphviz.org/doc/info/lang.html and https://graphviz.org/doc/info/shapes.html#html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from asltool.diagrams.labels import visible

__all__ = ["html", "quoted", "table"]

_MARKUP = re.compile(r"""[&<>"'\\]""")

_SPECIAL = re.compile(r'[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff"\\]')
"""What cannot be drawn, a line feed aside, or ends a string or begins an escape."""


def table(rows: Iterable[str], cell: str) -> str:
    """Return a label with rows of HTML; ``cell`` has the attributes of each cell."""
    cells = "".join(f"<TR><TD {cell}>{row}</TD></TR>" for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0">{cells}</TABLE>>'


def html(text: str) -> str:
    """Return visible text for Graphviz's HTML, where an element must not be empty.

    A backslash still starts an escape there: a node's ``\\N`` would become its id.
    """
    if _MARKUP.search(text):
        return escape(text).replace("\\", "\\\\")
    return text or "&#160;"


def quoted(text: str) -> str:
    """Return quoted text in which a backslash is an ordinary character."""
    if _SPECIAL.search(text):
        text = "\n".join(map(visible, text.split("\n"))).replace("\\", "\\\\").replace('"', '\\"')
    return text.replace("\n", "\\n")
