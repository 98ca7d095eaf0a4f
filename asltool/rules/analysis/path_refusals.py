"""Suggestions for paths that are not valid."""

from __future__ import annotations

import re

from asltool.syntax.wording import quoted

__all__ = ["instead_of"]

_OPERATORS = "the operators are == != < <= > >= and =~"
_WORDS = {
    "=": 'write "=="',
    "!==": 'write "!="',
    "and": 'write "&&"',
    "contains": 'there is no "contains". for part of a string use =~ /.*a.*/',
    "in": "there is no \"in\". write @.x == 'a' || @.x == 'b'",
    "nin": "there is no \"nin\". write @.x != 'a' && @.x != 'b'",
    "not": "there is no \"not\". write !@.x, or @.x != 'a'",
    "or": 'write "||"',
}
_ALWAYS = (
    ('"" is not an index', 'write "[*]" for all elements; a slice has no step'),
    ("A path can not end with a scan", 'write "..*" for everything'),
    ("Filter must start with '[?('", 'put the condition between "[?(" and ")]"'),
    ("Invalid path $", 'after "$" write "." or "["'),
    ("is not definite", "in a condition a path leads to one value, without [*], .. and slices"),
)
"""Part of a refusal, and what to write."""

_MISSING = ("anyof", "empty", "exists", "like", "matches", "noneof", "size", "sizeof", "subsetof", "type")
_WORD = re.compile(r"(?<=\s)(=(?![=~])|!==|[+*/%-](?=\s)|[A-Za-z]+)(?=[\s'\"\[(@$\d]|$)")
_QUOTED_OPERATOR = re.compile(r"'[^']*(==|[<>]|!=|=~)[^']*'")
_COMPONENT = re.compile(r"Could not analyze path component: (\[.*\])", re.DOTALL)
_NAMES = re.compile(r"\[\s*(\"[^\"'\]]*\"|[\w-]+)(\s*,\s*(\"[^\"'\]]*\"|[\w-]+))*\s*\]")
_NAME_BEFORE = re.compile(r"\.([^.\[\]]*)$")
_NAME_AFTER = re.compile(r"[\w -]*")
_CALL = re.compile(r"(?<!States)\.\w+\([^)]*$")


def instead_of(text: str, offset: int, message: str) -> str:
    """Return what to write instead, or an empty string.

    Args:
        text: the path, or a call of an intrinsic function that it stands in. offset: where parsing failed.
        message: why parsing failed.
    """
    opened = text.rfind("[?", 0, offset + 1)
    in_filter = opened >= 0 and ")]" not in text[opened:offset]
    if message.startswith("Space not allowed"):
        return _in_condition(text, offset) if in_filter else _outside(text, offset)
    if "is not a condition" in message:
        return _no_condition(text, opened, offset)
    if component := _COMPONENT.match(message):
        return _brackets(component[1])
    if message.endswith("is not an index"):
        within = text[text.rfind("[", 0, offset) : text.find("]", offset) + 1]
        if advice := _brackets(within):
            return advice
    return next((advice for said, advice in _ALWAYS if said in message), "")


def _in_condition(text: str, offset: int) -> str:
    found = _WORD.search(text, offset)
    word = found[0].lower() if found and not text[offset : found.start()].strip() else ""
    if word in _WORDS:
        return _WORDS[word]
    if word in _MISSING:
        return f"there is no {quoted(word)}. {_OPERATORS}"
    if _QUOTED_OPERATOR.search(_piece(text, offset)):
        return "operators inside quotes also count"
    return "there is no arithmetic" if word and not word.isalpha() else _OPERATORS


def _piece(text: str, offset: int) -> str:
    return re.split(r"&&|\|\|", text[offset:])[0]


def _no_condition(text: str, opened: int, offset: int) -> str:
    piece = _piece(text, offset)
    if text.count("'", max(opened, 0), offset) % 2:
        return "a filter is split at every && and ||, even inside quotes"
    if piece.startswith("!"):
        return 'write "!@.x" without brackets'
    words = (word.lower() for word in _WORD.findall(piece))
    return next((_WORDS[word] for word in words if word in _WORDS), "")


def _outside(text: str, offset: int) -> str:
    if _CALL.search(text, 0, offset):
        return "paths have no functions"
    before, after = _NAME_BEFORE.search(text[:offset]), _NAME_AFTER.match(text, offset)
    name = f"{before[1] if before else ''}{after[0] if after else ''}".strip()
    following = text[after.end() :] if after else ""
    if before and " " in name and not re.match(r"[^.\[]", following):
        return f"write the name in brackets: ['{name}']"
    return "a path has no operators and no blanks outside brackets"


def _brackets(written: str) -> str:
    if _NAMES.fullmatch(written):
        names = re.sub(r'"([^"]*)"|([\w-]+)', lambda found: f"'{found[1] or found[2]}'", written)
        return f"write {names}"
    return 'write "[*]"' if written.strip("[] ") in ("", "*") else ""
