"""A definition that stands as JSON text inside another file."""

from __future__ import annotations

from asltool.syntax.document import Document, syntax_diagnostics
from asltool.syntax.json_reader import read_json
from asltool.syntax.json_scan import scan
from asltool.syntax.json_tokens import TOKEN
from asltool.syntax.model import ABSENT
from asltool.syntax.text import Places, Text, json_string

__all__ = ["embedded"]


def embedded(text: Text, file: str, path: str) -> Document:
    """Read a definition's text, which is a part of a file; all places are those of the file.

    The text is filled in before it is read as JSON, so a placeholder may also stand in the place of a number
    or of any other value.
    """
    value, problems = read_json(text.characters)
    if value is ABSENT and "${" in text.characters:
        text = _quoted(text)
        value, problems = read_json(text.characters)
    source = Places(text, lambda: scan(text.characters).root, json_string)
    return Document(path, value, file, syntax_diagnostics(problems, text, file, path), source=source)


def _quoted(text: Text) -> Text:
    """Put every placeholder that is a value of its own into quotes."""
    parts, done = [], 0
    for match in TOKEN.finditer(text.characters):
        if match.lastgroup == "word" and match[0].startswith("${"):
            start, end = match.span()
            parts += [text.cut(done, start), Text.instead(f'"{match[0]}"', *text.place(start, end))]
            done = end
    return Text.joined([*parts, text.cut(done, len(text.characters))])
