"""One self-contained HTML page: the diagram, laid out in the browser, and a run to step through.

The files beside this one make up the page. ``page.html`` is its frame and ``body.html`` its content;
``page.css`` and the modules of `MODULES` are included unchanged except for imports and exports, because all
modules become one script. The console of a server uses the same files unchanged, and the run that it shows
may still continue.

The layout is done in the browser, because only the browser knows what is folded and how wide its fonts are.
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
        highlight: the overlay; a run with a story can be stepped through. definition: the machine's JSON,
        which is shown state by state. title: the title of the page.

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
    """Return the content of the page for a machine of this name."""
    return _fill(asset("body.html"), {"title": escape(title)})


def embedded(value: Any) -> str:
    """Return JSON that is safe inside a ``script`` element, whatever strings it contains."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _fill(frame: str, parts: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda match: parts[match[1]], frame)


@cache
def asset(name: str) -> str:
    """Return the content of a file beside this one."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")


@cache
def _module(name: str) -> str:
    """Return a module as a function that is called once and returns what it exports."""
    text = asset(name)
    exported = ", ".join(_EXPORT.findall(text))
    body = _EXPORT.sub("", _IMPORT.sub(r"const \1 = \2_module;", text))
    return f"const {name.removesuffix('.js')}_module = (() => {{\n{body}return {{ {exported} }};\n}})();"
