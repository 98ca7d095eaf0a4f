"""A definition that stands as JSON text inside another file, or inside several."""

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
    """Read a definition's text, which is a part of a file; all places are those of the file, or the atlas.

    The text is filled in before it is read as JSON, so a placeholder may also stand in the place of a number
    or of any other value. Its type is unknown then, as it is of a string that begins with `MARK`.
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
