"""One self-contained HTML page: the drawing, laid out in the browser, and a run to step through.

The files beside this one are the page. ``page.html`` is its frame and ``body.html`` what stands in it;
``page.css`` and the modules of `MODULES` go into it as they are, but for the lines that import and export:
all modules become one script. The console of a server has them as they are, and a run in it may go on.

The browser lays the drawing out, since it alone knows what is folded and how wide its letters are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final

from asltool.diagrams.graph import build_graph
from asltool.diagrams.highlight import Highlight
from asltool.diagrams.labels import visible
from asltool.diagrams.page import content
from asltool.syntax.model import StateMachine

__all__ = ["MODULES", "asset", "body", "embedded", "page"]

MODULES: Final = (
    "data.js",
    "layers.js",
    "order.js",
    "position.js",
    "layout.js",
    "shapes.js",
    "measure.js",
    "camera.js",
    "drawing.js",
    "player.js",
    "json.js",
    "words.js",
    "panel.js",
    "timeline.js",
    "events.js",
    "search.js",
    "main.js",
)
"""Each imports only from those before it."""

_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|function) (\w+))", re.MULTILINE)
_PLACE = re.compile(r"\{\{(\w+)\}\}")
_UNSAFE = re.compile("[<\u2028\u2029\ud800-\udfff]")


def page(
    machine: StateMachine, highlight: Highlight | None = None, *, definition: Any = None, title: str = ""
) -> str:
    """Return the page of a machine.

    Args:
        highlight: what to lay over it; one with a story can be stepped through.
        definition: the JSON that the machine was built from, to be shown state by state.
        title: what the page is called.

    Raises:
        RenderError: the machine cannot be drawn.
    """
    run = highlight is not None and highlight.story is not None
    data = content.content(build_graph(machine, None if run else highlight), machine, highlight, definition)
    values = {name: data.pop(name) for name in ("values", "keys")}
    name = visible(title) or "State machine"
    return _fill(
        asset("page.html"),
        {
            "title": escape(name),
            "style": asset("page.css"),
            "body": body(name),
            "data": embedded({"title": name, **data}),
            "script": "\n".join(map(_module, MODULES)),
            "values": embedded(values),
        },
    )


def body(title: str) -> str:
    """Return what stands in the page of a machine that is called so."""
    return _fill(asset("body.html"), {"title": escape(title)})


def embedded(value: Any) -> str:
    """Return JSON that may stand in an element ``script``, whatever its texts hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _fill(frame: str, parts: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: parts[match[1]], frame)


@cache
def asset(name: str) -> str:
    """Return the text of a file beside this one."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


@cache
def _module(name: str) -> str:
    """Return a module as a function that is called once and returns what it exports."""
    text = asset(name)
    exported = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub(r"const \1 = \2_module;", text))
    return f"const {name.removesuffix('.js')}_module = (() => {{\n{body}return {{ {exported} }};\n}})();"
