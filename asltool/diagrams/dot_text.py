"""How text, attributes and tables are written in DOT.

Source: https://graphviz.org/doc/info/lang.html and https://graphviz.org/doc/info/shapes.html#html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from asltool.diagrams.labels import visible

__all__ = ["attributes", "html", "quoted", "table"]


def attributes(values: Mapping[str, str]) -> str:
    """Return attributes, a label in HTML as it is and all else between quotes.

    The library would look at each value for what it might be, which takes twice the time of all the rest.
    """
    return " ".join(
        f"{name}={value}" if name == "label" else f'{name}="{value}"' for name, value in values.items()
    )


def table(rows: Iterable[str], cell: str) -> str:
    """Return a label: rows of HTML, one below the other; ``cell`` has the attributes of each."""
    cells = "".join(f"<TR><TD {cell}>{row}</TD></TR>" for row in rows)
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0">{cells}</TABLE>>'


def html(text: str) -> str:
    """Return visible text for Graphviz's HTML, where an element must not be empty.

    A backslash still begins an escape there: a node's ``\\N`` would become its id.
    """
    return escape(text).replace("\\", "\\\\") or "&#160;"


def quoted(text: str) -> str:
    """Return text to stand between quotes, in which a backslash is to mean nothing."""
    shown = "\n".join(map(visible, text.split("\n")))
    return shown.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
