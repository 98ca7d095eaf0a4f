r"""Translate JavaScript regular expressions, which JSONata uses, to the dialects of the engines.

In JavaScript, ``\d``, ``\w`` and ``\b`` cover only ASCII, ``\s`` and ``.`` have sets of their own, and a
brace that is not a quantifier and a bracket in a class are ordinary characters. Patterns that JavaScript also
rejects are left to the engine.

Source: https://tc39.es/ecma262/#sec-regular-expressions-patterns, with the additions of its annex B.1.2
"""

from __future__ import annotations

import re

__all__ = ["in_dialect"]

_LAST = chr(0x10FFFF)
_SETS = {
    "d": ("0-9", rf"\x00-\/:-{_LAST}"),
    "w": ("0-9A-Z_a-z", rf"\x00-\/:-@\[-\^`\{{-{_LAST}"),
    "s": (
        r"\x09-\x0d \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff",
        rf"\x00-\x08\x0e-\x1f!-\u009f\u00a1-\u167f\u1681-\u1fff\u200b-\u2027\u202a-\u202e\u2030-\u205e"
        rf"\u2060-\u2fff\u3001-\ufefe\uff00-{_LAST}",
    ),
}
"""The members of a character class and of its opposite, as written between brackets."""

_BOUNDARY = {"native": r"(?-u:\{})", "fallback": r"(?a:\{})"}

_PART = re.compile(
    r"""
      \\(?: (?P<set>[dDwWsS]) | (?P<boundary>[bB]) | (?P<kept>x[0-9A-Fa-f]{2} | u[0-9A-Fa-f]{4} | [fnrtv1-9])
          | (?P<nul>0) | c(?P<control>[A-Za-z]) | k(?=<)(?P<named>) | (?P<escaped>(?s:.)) )
    | (?P<open>\[\^?) | (?P<quantifier>\{[0-9]+(?:,[0-9]*)?\}) | (?P<brace>[{}\]])
    | \(\?<(?P<name>[A-Za-z_]\w*)> | (?P<any>\.) | (?P<end>\$) | (?P<other>(?s:.))
    """,
    re.VERBOSE,
)


def in_dialect(regex: str, engine: str) -> str:
    """Return a regular expression, with its slashes and flags, in the engine's dialect."""
    body, _, flags = regex[1:].rpartition("/")
    return f"/{_Translation(body, engine, 'm' in flags).text()}/{flags}"


class _Translation:
    def __init__(self, body: str, engine: str, lines: bool) -> None:
        self.body = body
        self.engine = engine
        self.lines = lines
        self.position = 0

    def text(self) -> str:
        parts = []
        while self.position < len(self.body):
            part = self.next()
            parts.append(self.characters(part[0]) if part["open"] else self.outside(part))
        return "".join(parts)

    def next(self) -> re.Match[str]:
        """Return the next part; a backslash at the very end is an ordinary character."""
        part = _PART.match(self.body, self.position)
        assert part is not None
        self.position = part.end()
        return part

    def outside(self, part: re.Match[str]) -> str:
        match part.lastgroup:
            case "set":
                written = f"[{_members(part['set'])}]"
            case "boundary":
                written = _BOUNDARY[self.engine].format(part["boundary"])
            case "any":
                written = r"[^\n\r\u2028\u2029]"
            case "name":
                written = f"(?P<{part['name']}>"
            case "brace":
                written = f"\\{part[0]}"
            case "end" if self.engine == "fallback" and not self.lines:
                written = r"\Z"
            case "end" | "named" | "other" | "quantifier":
                written = part[0]
            case _:
                written = self.character(part)
        return written

    def character(self, part: re.Match[str]) -> str:
        """Return one character in the form that both dialects use inside and outside a class."""
        match part.lastgroup:
            case "kept":
                return part[0]
            case "nul" | "control":
                return f"\\x{ord(part['control'] or '@') % 32:02x}"
            case "boundary":
                return "\\x08" if part["boundary"] == "b" else "B"
        char = part["escaped"] or part[0][-1]
        return char if char.isalnum() or ord(char) > 127 or char.isspace() else f"\\{char}"

    def characters(self, opening: str) -> str:
        """Return a class without anything that an engine treats as an operator."""
        items: list[str] = []
        while self.position < len(self.body):
            part = self.next()
            if part[0] == "]":
                return f"{opening}{''.join(items)}]" if items else _EMPTY[opening]
            self.back_up(part)
            items.append(_members(part["set"]) if part["set"] else self.range(part))
        return opening + "".join(items)

    def back_up(self, part: re.Match[str]) -> None:
        """Read only one character where, outside a class, several would belong together."""
        if not part[0].startswith("\\"):
            self.position = part.start() + 1

    def range(self, part: re.Match[str]) -> str:
        """Return a character, or a range that starts with it."""
        first = self.character(part) if part[0].startswith("\\") else self.plain(part[0][0])
        if not re.compile(r"-[^\]]").match(self.body, self.position):
            return first
        start = self.position
        self.position += 1
        last = self.next()
        if last["set"]:
            self.position = start
            return first
        self.back_up(last)
        return f"{first}-{self.character(last) if last[0].startswith(chr(92)) else self.plain(last[0][0])}"

    def plain(self, char: str) -> str:
        return f"\\{char}" if char in "[]^-&~\\/(){}" else char


_EMPTY = {"[": rf"[^\x00-{_LAST}]", "[^": rf"[\x00-{_LAST}]"}


def _members(name: str) -> str:
    return _SETS[name.lower()][name.isupper()]
