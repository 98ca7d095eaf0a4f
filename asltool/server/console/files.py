"""The static files of the console: pages, styles and modules."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from asltool.diagrams.page import MODULES
from asltool.diagrams.page import asset as page_asset

__all__ = ["HEADERS", "PLAIN", "asset", "framed", "missing", "plain"]

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}

_TYPES = {"js": "text/javascript", "css": "text/css"}
_NAME = re.compile(r"(page/)?([a-z]+)\.(js|css)")
_PLACE = re.compile(r"\{\{(\w+)\}\}")

PLAIN = {
    "": "executions",
    "machines": "machines",
    "tasks": "tasks",
    "triggers": "triggers",
    "compare": "compare",
}
"""The scripts of the pages that ask for what they show, by the end of the address."""


async def plain(request: Request) -> Response:
    """Return a page without data."""
    script = PLAIN[request.url.path.rpartition("/")[2]]
    return framed(script, script.capitalize(), '<main class="list" id="list"></main>\n')


def framed(script: str, title: str, body: str, status: int = 200) -> Response:
    """Return a page that this script fills; ``body`` is HTML, ``title`` is plain text."""
    parts = {"script": script, "title": escape(title), "body": body}
    text = _PLACE.sub(lambda match: parts[match[1]], _own("frame.html"))
    return Response(text.encode(errors="replace"), status, HEADERS, "text/html; charset=utf-8")


def missing(message: str) -> Response:
    """Return the "not found" page."""
    return framed("plain", "Not found", f'<main class="list"><h1>{escape(message)}</h1></main>\n', 404)


async def asset(request: Request) -> Response:
    """Return a module or stylesheet of the console or of the page of a run."""
    name = request.path_params["name"]
    match = _NAME.fullmatch(name)
    if match is None:
        return missing("There is no such page.")
    ofpage, stem, ending = match.groups()
    try:
        if ofpage:
            known = f"{stem}.{ending}" in (*MODULES, "page.css")
            text = page_asset(f"{stem}.{ending}") if known else None
        else:
            text = _own(f"{stem}.{ending}")
    except FileNotFoundError:
        text = None
    if text is None:
        return missing("There is no such page.")
    return Response(text.encode(), 200, HEADERS, f"{_TYPES[ending]}; charset=utf-8")


@cache
def _own(name: str) -> str:
    return files(__name__.rpartition(".")[0]).joinpath(name).read_text(encoding="utf-8")
