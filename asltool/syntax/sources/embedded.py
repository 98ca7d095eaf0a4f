"""A definition that is embedded as JSON text in another file, or in several."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asltool.syntax.document import Document, syntax_diagnostics
from asltool.syntax.json_reader import read_json
from asltool.syntax.json_scan import scan
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.text_template import MARK, quoted_placeholders, unmarked
from asltool.syntax.text import Places, Text, json_string

if TYPE_CHECKING:
    from asltool.syntax.atlas import Atlas

__all__ = ["MARK", "embedded"]


def embedded(text: Text, file: str, path: str, atlas: Atlas | None = None) -> Document:
    """Read a definition from a part of a file; all positions are those of the file or the atlas.

    Deployment fills in the text before it is parsed as JSON, so a placeholder can replace a number or any
    other value. Such a value has an unknown type, as does a string that begins with `MARK`.
    """
    value, problems = read_json(text.characters)
    if value is ABSENT and "${" in text.characters:
        text = quoted_placeholders(text)
        value, problems = read_json(text.characters)
    unknown: frozenset[str] = frozenset()
    if MARK in text.characters:
        value, unknown = unmarked(value)
    source = Places(text, lambda: scan(text.characters).root, json_string)
    said = syntax_diagnostics(problems, text, file, path, atlas)
    return Document(path, value, file, said, source=source, unknown=unknown, atlas=atlas)
