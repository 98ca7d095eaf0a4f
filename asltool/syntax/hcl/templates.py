"""Templates: strings, heredocs and template files with ``${...}`` and ``%{...}`` in them.

Source: https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from asltool.syntax.hcl.encode import encoded, scalar
from asltool.syntax.hcl.frame import HclFrame, guessed
from asltool.syntax.hcl.loops import each_round
from asltool.syntax.hcl.tree import template_tree
from asltool.syntax.hcl.value import Unknown, Value, text_value, unknown
from asltool.syntax.text import Text

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["pieces_of", "template", "template_file"]

_INSIDE = ("template_interpolation", "template_directive")
_SPECIAL = re.compile(r'\$\$\{|%%\{|\\(?:["\\nrt]|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})')
_NOT_QUOTED = re.compile(r"\$\$\{|%%\{")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_LARGEST = 1_000_000


def template(node: Node, frame: HclFrame) -> Value:
    """Return the value of a quoted string or a heredoc."""
    children = node.children
    if node.type == "heredoc_template":
        return _heredoc(node, frame)
    inside = children[1:-1] if len(children) > 1 else []
    if len(inside) == 1 and inside[0].type == "template_interpolation":
        return _interpolated(inside[0], frame)
    start, end = node.start_byte + 1, max(node.end_byte - 1, node.start_byte + 1)
    pieces = _pieces(inside, start, end, frame, quoted=True)
    return text_value(Text.joined(pieces), *frame.place(node))


def template_file(frame: HclFrame, place: tuple[int, int]) -> Value | None:
    """Return the value of the frame's file as a template; None if it cannot be parsed as one."""
    characters = frame.text.characters
    if "${" not in characters and "%{" not in characters:
        return text_value(frame.text, *place)
    root, shift = template_tree(characters)
    if root is None or root.has_error:
        return None
    return pieces_of(root, replace(frame, shift=shift), place)


def pieces_of(root: Node, frame: HclFrame, place: tuple[int, int]) -> Value:
    """Return the text of a parsed template."""
    end = frame.shift + len(frame.text.characters)
    return text_value(
        Text.joined(_pieces(root.children[2:-1], frame.shift, end, frame, quoted=False)), *place
    )


def _heredoc(node: Node, frame: HclFrame) -> Value:
    written = frame.written(node.start_byte, node.end_byte)
    first, last = written.find("\n") + 1, written.rfind("\n") + 1
    start, end = node.start_byte + first, node.start_byte + max(first, last)
    pieces = _pieces(node.children[2:-1], start, end, frame, quoted=False)
    if written.startswith("<<-"):
        pieces = _unindented(pieces)
    return text_value(Text.joined(pieces), *frame.place(node))


def _unindented(pieces: list[Text]) -> list[Text]:
    """Remove the indentation that all lines share. A piece starts a line if the one before ended one."""
    lines: list[list[Text]] = [[]]
    for piece in pieces:
        done = 0
        for match in re.finditer("\n", piece.characters):
            lines[-1].append(piece.cut(done, match.end()))
            lines.append([])
            done = match.end()
        lines[-1].append(piece.cut(done, len(piece.characters)))
    texts = ["".join(part.characters for part in line) for line in lines]
    indents = [len(text) - len(text.lstrip(" \t")) for text in texts if text.strip()]
    indent = min(indents, default=0)
    return [
        part.cut(min(indent, len(part.characters)), len(part.characters)) if first else part
        for line in lines
        for first, part in ((index == 0, part) for index, part in enumerate(line))
    ]


def _pieces(nodes: Sequence[Node], start: int, end: int, frame: HclFrame, *, quoted: bool) -> list[Text]:
    """Return the parts of a template between two offsets. White space outside nodes is literal text."""
    found: list[Text] = []
    trim = False
    for node in [*(node for node in nodes if node.type in _INSIDE), None]:
        until = end if node is None else node.start_byte
        literal = _literal(frame.cut(start, until), quoted=quoted)
        if trim:
            literal = _stripped(literal, left=True)
        if node is not None and _marker(node, first=True):
            literal = _stripped(literal, left=False)
        found.append(literal)
        if node is None:
            break
        start, trim = node.end_byte, _marker(node, first=False)
        if node.type == "template_interpolation":
            found.append(_text(_interpolated(node, frame), frame.place(node)))
        else:
            found += _directive(node, frame, quoted=quoted)
        if sum(len(piece.characters) for piece in found[-50:]) > _LARGEST:
            break
    return found


def _literal(text: Text, *, quoted: bool) -> Text:
    """Return literal text with its escapes resolved."""
    pattern = _SPECIAL if quoted else _NOT_QUOTED
    parts, done = [], 0
    for match in pattern.finditer(text.characters):
        parts.append(text.cut(done, match.start()))
        parts.append(Text.instead(_meaning(match[0]), *text.place(*match.span())))
        done = match.end()
    if not parts:
        return text
    return Text.joined([*parts, text.cut(done, len(text.characters))])


def _meaning(escape: str) -> str:
    if escape[0] != "\\":
        return escape[1:]
    if escape[1] in "uU":
        code = int(escape[2:], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "?"
    return _ESCAPES[escape[1]]


def _stripped(text: Text, *, left: bool) -> Text:
    characters = text.characters
    if left:
        return text.cut(len(characters) - len(characters.lstrip()), len(characters))
    return text.cut(0, len(characters.rstrip()))


def _marker(node: Node, *, first: bool) -> bool:
    """Return whether an interpolation or directive begins or ends with ``~``."""
    children = node.children
    while children and children[0].type.startswith("template_") and children[0].children:
        node = children[0 if first else -1]
        children = node.children
    return len(children) > 1 and children[1 if first else -2].type == "strip_marker"


def _interpolated(node: Node, frame: HclFrame) -> Value:
    expression = next((child for child in node.children if child.type == "expression"), None)
    if expression is None:
        return unknown("", *frame.place(node))
    return frame.value(expression)


def _text(value: Value, place: tuple[int, int]) -> Text:
    """Return the text that replaces an interpolation, at the position of the interpolation.

    Only encoded JSON keeps its own positions, since it may be most of a definition.
    """
    if value.name or isinstance(value.data, Unknown):
        return Text.instead(f"${{{value.name or value.data.name}}}", *place)
    written = scalar(value)
    if written is None:
        return Text.instead(encoded(value).characters, *place)
    if value.text is not None and written.lstrip()[:1] in ("{", "["):
        return value.text
    return Text.instead(written, *place)


def _directive(node: Node, frame: HclFrame, *, quoted: bool) -> Iterator[Text]:
    inner = node.children[0]
    if inner.type == "template_if":
        yield from _if(inner, frame, quoted=quoted)
    elif inner.type == "template_for":
        yield from _repeated(inner, frame, quoted=quoted)


def _if(node: Node, frame: HclFrame, *, quoted: bool) -> list[Text]:
    children = node.children
    places = [i for i, child in enumerate(children) if child.type in _MARKS]
    condition = next((child for child in children[0].children if child.type == "expression"), None)
    holds = frame.value(condition).data if condition is not None else None
    if not isinstance(holds, bool) and holds not in ("true", "false"):
        guessed(frame)
    branch = 0 if holds not in (False, "false") else 1
    if branch + 1 >= len(places):
        return []
    before, after = children[places[branch]], children[places[branch + 1]]
    return _between(children, before, after, frame, quoted=quoted)


def _repeated(node: Node, frame: HclFrame, *, quoted: bool) -> Iterator[Text]:
    before, after = node.children[0], node.children[-1]
    rounds, rest = each_round(before, frame)
    if rounds is None:
        names = [child for child in before.children if child.type == "identifier"]
        place = frame.place(before)
        written = [frame.written(name.start_byte, name.end_byte) for name in names]
        rounds = [frame.within(**{name: unknown(name, *place) for name in written})]
        guessed(frame)
    if rest:
        guessed(frame)
    for one in rounds:
        yield from _between(node.children, before, after, one, quoted=quoted)


def _between(
    children: Sequence[Node], before: Node, after: Node, frame: HclFrame, *, quoted: bool
) -> list[Text]:
    inside = [child for child in children if before.end_byte <= child.start_byte < after.start_byte]
    pieces = _pieces(inside, before.end_byte, after.start_byte, frame, quoted=quoted)
    if pieces and before.children[-2:-1] and before.children[-2].type == "strip_marker":
        pieces[0] = _stripped(pieces[0], left=True)
    if pieces and after.children[1:2] and after.children[1].type == "strip_marker":
        pieces[-1] = _stripped(pieces[-1], left=False)
    return pieces


_MARKS = ("template_if_intro", "template_else_intro", "template_if_end")
