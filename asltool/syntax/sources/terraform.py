"""Terraform: definitions in heredocs, and in ``jsonencode`` where its argument is plain JSON.

Source: https://developer.hashicorp.com/terraform/language/expressions/strings
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from asltool.syntax.document import Document, MachineType
from asltool.syntax.json_tokens import TOKEN
from asltool.syntax.model import ABSENT
from asltool.syntax.sources.embedded import embedded
from asltool.syntax.text import Text

__all__ = ["read_terraform"]

_DEFINITION = re.compile(
    r"^[ \t]*definition[ \t]*=[ \t]*(?:<<-?[ \t]*(?P<heredoc>\w+)[ \t]*\r?\n|jsonencode\([ \t\r\n]*(?=\{))",
    re.MULTILINE,
)
_BLOCK = re.compile(r'^[ \t]*(?:resource[ \t]+"(?P<kind>\w+)"|module)[ \t]+"(?P<name>[^"]+)"', re.MULTILINE)
_TYPE = re.compile(r'^[ \t]*type[ \t]*=[ \t]*(?:"(?P<type>\w+)"|\S)', re.MULTILINE)
_BLOCK_END = re.compile(r"^\}", re.MULTILINE)
_IN_TEMPLATE = re.compile(r"\$\$\{|%%\{|\$\{|%\{")
_IN_INTERPOLATION = re.compile(r'"(?:[^"\\]|\\.)*"|[{}]', re.DOTALL)
_MACHINE = "aws_sfn_state_machine"


def read_terraform(file: str, path: str) -> Iterator[Document]:
    """Yield the definitions of a Terraform file, in its order.

    ``${...}`` is a placeholder. A definition that is made by directives, ``%{...}``, or by an expression is
    known only to Terraform, and left out.
    """
    for match in _DEFINITION.finditer(file):
        end = _heredoc_end(file, match) if match["heredoc"] else _argument_end(file, match.end())
        block = _last(_BLOCK, file, match.start())
        if end is None or block is None or (block["kind"] not in (None, _MACHINE)):
            continue
        text = _plain(file, match.end(), end)
        if text is None:
            continue
        document = embedded(text, file, path)
        if match["heredoc"] or document.value is not ABSENT:
            machine_type = _type(file[block.end() : match.start()], file[end:])
            yield replace(document, name=block["name"], machine_type=machine_type)


def _last(pattern: re.Pattern[str], text: str, end: int) -> re.Match[str] | None:
    return max(pattern.finditer(text, 0, end), key=lambda match: match.start(), default=None)


def _heredoc_end(file: str, match: re.Match[str]) -> int | None:
    found = re.compile(rf"^[ \t]*{match['heredoc']}[ \t]*\r?$", re.MULTILINE).search(file, match.end())
    return found.start() if found else None


def _argument_end(file: str, start: int) -> int | None:
    """Return where the object ends that starts here."""
    depth = 0
    for token in TOKEN.finditer(file, start):
        depth += (token.lastgroup == "open") - (token.lastgroup == "close")
        if depth == 0:
            return token.end()
    return None


def _type(before: str, after: str) -> MachineType | None:
    """Return what the block says in front of the definition or behind it; STANDARD where it says nothing."""
    block_end = _BLOCK_END.search(after)
    found = _TYPE.search(before) or _TYPE.search(after[: block_end.start() if block_end else 0])
    if found is None or found["type"] == "STANDARD":
        return "STANDARD"
    return "EXPRESS" if found["type"] == "EXPRESS" else None


def _plain(file: str, start: int, end: int) -> Text | None:
    """Return a template's text with a placeholder for every interpolation; None where it has directives."""
    whole, parts, done = Text.whole(file), [], start
    while match := _IN_TEMPLATE.search(file, done, end):
        parts.append(whole.cut(done, match.start()))
        done = match.end()
        if match[0] in ("$${", "%%{"):
            parts.append(Text.instead(match[0][1:], match.start(), done))
            continue
        closing = _interpolation_end(file, done, end)
        if match[0] == "%{" or closing is None:
            return None
        name = re.sub(r"[^\w.:-]+", "_", file[done:closing].strip())
        done = closing + 1
        parts.append(Text.instead(f"${{{name}}}", match.start(), done))
    return Text.joined([*parts, whole.cut(done, end)])


def _interpolation_end(file: str, start: int, end: int) -> int | None:
    """Return where the brace stands that closes an interpolation."""
    depth = 1
    for token in _IN_INTERPOLATION.finditer(file, start, end):
        depth += (token[0] == "{") - (token[0] == "}")
        if depth == 0:
            return token.start()
    return None
