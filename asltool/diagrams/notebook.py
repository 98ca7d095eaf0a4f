"""Machines and runs in notebooks: a picture for viewers of SVG, a page for viewers of HTML.

Source: https://ipython.readthedocs.io/en/stable/config/integrating.html#rich-display
"""

from __future__ import annotations

from html import escape
from typing import Any

from asltool.diagrams import draw
from asltool.diagrams.highlight import Highlight
from asltool.errors import RenderError
from asltool.syntax.model import StateMachine

__all__ = ["frame", "svg"]


def svg(model: StateMachine, highlight: Highlight | None = None) -> str | None:
    """Return a picture; None if Graphviz is not installed."""
    try:
        return draw(model, "svg", highlight).decode()
    except RenderError:
        return None


def frame(model: StateMachine, highlight: Highlight | None = None, *, definition: Any, title: str) -> str:
    """Return a page in a frame, so that its styles and keys do not affect the notebook."""
    page = escape(draw(model, "html", highlight, definition=definition, title=title).decode())
    style = "width: 100%; height: 600px; border: 0"
    return f'<iframe srcdoc="{page}" title="{escape(title)}" style="{style}"></iframe>'
