"""The patterns of ``.gitignore``. The time to match is proportional to the length of the name.

A pattern that git cannot use, such as one with an unclosed bracket, never matches.

Source: https://git-scm.com/docs/gitignore and git's own ``wildmatch.c``
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["PathPattern", "read_pattern", "read_patterns"]

_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t\\n\\v\\f\\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_NEVER = re.compile(r"(?!)")
_BRACKET = re.compile(
    r"\[(?P<not>[!^])?(?P<items>(?:\[:[^\]]*:\]|\\.|(?<=[\[!^])\]|[^\]\\])(?:\[:[^\]]*:\]|\\.|[^\]\\])*)\]",
    re.DOTALL,
)
_ITEM = re.compile(r"\[:(?P<class>[^\]]*):\]|(?P<first>\\.|.)-(?P<last>\\.|[^\\])|(?P<one>\\.|.)", re.DOTALL)


@dataclass(frozen=True)
class PathPattern:
    """One pattern. ``parts`` are the parts between slashes, None for ``**``.

    Unless it is ``anchored``, it matches in every folder below its own.
    """

    parts: tuple[re.Pattern[str] | None, ...]
    anchored: bool
    folders_only: bool
    negated: bool

    @property
    def is_usable(self) -> bool:
        """Whether the pattern can match anything."""
        return bool(self.parts) and _NEVER not in self.parts

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Return whether a path matches, with slashes and relative to the pattern's folder.

        A path does not match just because a folder above it does.
        """
        if (self.folders_only and not is_folder) or not self.is_usable:
            return False
        names = path.split("/")
        return _match(self.parts, names if self.anchored else names[-1:])

    def covers(self, path: str) -> bool:
        """Return whether a file or a folder above it matches."""
        names = path.split("/")
        folders = ("/".join(names[:count]) for count in range(1, len(names)))
        return self.matches(path, is_folder=False) or any(
            self.matches(folder, is_folder=True) for folder in folders
        )


def _match(parts: Sequence[re.Pattern[str] | None], names: Sequence[str]) -> bool:
    """Match part by part. After ``**``, the first match is as good as any later one."""
    at = name = 0
    retry: tuple[int, int] | None = None
    while name < len(names):
        part = parts[at] if at < len(parts) else _NEVER
        if part is None:
            retry = at, name
            at += 1
            if at == len(parts):
                return True
        elif part.fullmatch(names[name]):
            at, name = at + 1, name + 1
        elif retry is None:
            return False
        else:
            retry = retry[0], retry[1] + 1
            at, name = retry[0] + 1, retry[1]
    return at == len(parts)


def read_patterns(text: str) -> list[PathPattern]:
    """Return the patterns of a file, in order."""
    lines = (line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n"))
    return [read_pattern(line) for line in lines if line and not line.startswith("#")]


def read_pattern(line: str) -> PathPattern:
    """Return the pattern of one line."""
    line = re.sub(r"(?<!\\) +$", "", line)
    negated = line.startswith("!")
    line = line[negated:]
    folders_only = line.endswith("/")
    line = line[: len(line) - folders_only]
    line = re.sub(r"\\(.)", lambda escaped: "/" if escaped[1] == "/" else escaped[0], line)
    anchored = "/" in line
    line = line.removeprefix("/")
    parts = tuple(_part(part) for part in line.split("/")) if line else ()
    return PathPattern(parts, anchored, folders_only, negated)


def _part(text: str) -> re.Pattern[str] | None:
    if len(text) > 1 and not text.strip("*"):
        return None
    pieces = list(_pieces(text))
    if None in pieces:
        return _NEVER
    first, *rest = "".join(piece or "" for piece in pieces).split("\0")
    if not rest:
        return re.compile(first, re.DOTALL)
    # The text between two stars is matched at the first position that fits, and tried nowhere else.
    middle = "".join(f"(?>.*?{piece})" for piece in rest[:-1] if piece)
    return re.compile(f"{first}{middle}.*{rest[-1]}", re.DOTALL)


def _pieces(text: str) -> Iterator[str | None]:
    """Yield patterns for the parts of a name: a null character for a star, None if it never matches."""
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == "*":
            yield "\0"
        elif character == "?":
            yield "."
        elif character == "\\":
            yield re.escape(text[at]) if at < len(text) else None
            at += 1
        elif character == "[":
            bracket = _BRACKET.match(text, at - 1)
            yield None if bracket is None else _set(bracket)
            at = bracket.end() if bracket else len(text)
        else:
            yield None if character == "\0" else re.escape(character)


def _set(bracket: re.Match[str]) -> str | None:
    members = ""
    for item in _ITEM.finditer(bracket["items"]):
        if item["class"] is not None:
            if item["class"] not in _CLASSES:
                return None
            members += _CLASSES[item["class"]]
            continue
        first, last = (item["one"] or item["first"])[-1], (item["one"] or item["last"])[-1]
        # Of a reversed range, git matches the first character.
        members += f"{re.escape(first)}-{re.escape(max(first, last))}"
    return f"[{'^' if bracket['not'] else ''}{members}]"
