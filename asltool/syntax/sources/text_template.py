"""Definitions that are filled in before they are parsed as JSON: placeholders instead of values.

``${...}`` outside quotes is a value of unknown type. It becomes a marked string, which the reader of the text
turns into a placeholder; see `embedded`.
"""

from __future__ import annotations

import re

from asltool.syntax.text import Text

__all__ = ["MARK", "directive_at", "end_of_placeholder", "quoted_placeholders", "unmarked"]

MARK = "\ue000"
"""Begins a string that stands for a value of unknown type. Unicode gives it no meaning."""

_OUTSIDE = re.compile(r'"|\$\{|[{}\[\],]')
_IN_STRING = re.compile(r'\\.|"|\n|\$\{', re.DOTALL)
_IN_PLACEHOLDER = re.compile(r'"(?:[^"\\\n]|\\.)*"|[{}]')
_NOT_IN_NAMES = re.compile(r"[^\w.:-]+")
_DIRECTIVE = re.compile(r"(?<!%)%\{~?\s*(?:if|for)\b")


def directive_at(characters: str) -> tuple[int, int] | None:
    """Return the position of the first ``%{ if }`` or ``%{ for }`` in a text; None if there is none."""
    found = _DIRECTIVE.search(characters)
    return found.span() if found else None


def end_of_placeholder(text: str, start: int) -> int | None:
    """Return where a placeholder ends, given the start of its content; None if it is not closed."""
    depth = 1
    for match in _IN_PLACEHOLDER.finditer(text, start):
        depth += (match[0] == "{") - (match[0] == "}")
        if depth == 0:
            return match.end()
    return None


def quoted_placeholders(text: Text) -> Text:
    """Quote and mark every placeholder that stands for a whole value."""
    characters = text.characters
    parts: list[Text] = []
    done = at = 0
    open_: list[str] = []
    in_string = False
    while match := (_IN_STRING if in_string else _OUTSIDE).search(characters, at):
        token, at = match[0], match.end()
        if token in ('"', "\n"):
            in_string = token == '"' and not in_string
        elif token in ("{", "["):
            open_.append(token)
        elif token in ("}", "]"):
            del open_[-1:]
        elif token == "${":
            end = end_of_placeholder(characters, at)
            if end is None:
                break
            start, at = match.start(), end
            is_member = not in_string and open_[-1:] == ["{"] and _begins_member(characters, start)
            made = _stand_in(characters[start:end], in_string=in_string, is_member=is_member)
            if made != characters[start:end]:
                parts += [text.cut(done, start), Text.instead(made, *text.place(start, end))]
                done = end
    return Text.joined([*parts, text.cut(done, len(characters))]) if parts else text


def _begins_member(characters: str, start: int) -> bool:
    before = characters[:start].rstrip()[-1:]
    return before in ("{", ",")


def _stand_in(placeholder: str, *, in_string: bool, is_member: bool) -> str:
    """Return the replacement of a placeholder: itself in a string, a marked string anywhere else."""
    simple = f"${{{_NOT_IN_NAMES.sub('_', placeholder[2:-1].strip())}}}"
    if in_string:
        return simple if '"' in placeholder or "}" in placeholder[:-1] else placeholder
    return f'"{simple}": "{MARK}{simple}"' if is_member else f'"{MARK}{simple}"'


def unmarked(value: object) -> tuple[object, frozenset[str]]:
    """Return a value without marks, and the placeholders that were marked."""
    found: set[str] = set()

    def clean(part: object) -> object:
        if isinstance(part, str) and part.startswith(MARK):
            found.add(part[1:])
            return part[1:]
        if isinstance(part, dict):
            return {name: clean(member) for name, member in part.items()}
        return [clean(item) for item in part] if isinstance(part, list) else part

    return clean(value), frozenset(found)
