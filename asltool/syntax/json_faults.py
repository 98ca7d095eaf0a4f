"""The service's messages for text that is not JSON: those of Jackson, the parser it uses.

Two of them are recorded: an unknown word, and a name without quotes. The others are taken from Jackson 2.

Source: https://github.com/FasterXML/jackson-core, ``ParserMinimalBase``
"""

from __future__ import annotations

import json
import re

from asltool.expr.values import loads
from asltool.syntax.json_tokens import TOKEN

__all__ = ["json_fault"]

_WORD = re.compile(r"[^\W\d][\w$]*")
_VALUE = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
_UNEXPECTED = "Unexpected character ({here}):"
_ENTRIES = {"{": "Object", "[": "Array"}


def json_fault(text: str) -> str | None:
    """Return the message for a text; None if it is JSON."""
    try:
        loads(text)
    except json.JSONDecodeError as problem:
        return _words(text, problem.pos, problem.msg)
    except ValueError as problem:
        return str(problem)
    return None


def _words(text: str, offset: int, message: str) -> str:
    if message.startswith("Illegal trailing comma"):  # 3.13 reports at the comma what 3.12 reports after it
        offset, message = _after_comma(text, offset), "Expecting property name"
    opened = _opened(text, offset)
    if offset >= len(text):
        return _at_end(text, opened)
    if word := _WORD.match(text, offset) if message == "Expecting value" else None:
        return f"Unrecognized token '{word[0]}': was expecting {_VALUE}"
    sentences = {
        "Unterminated string": "Unexpected end-of-input: was expecting closing quote for a string value",
        "Invalid \\": "Unrecognized character escape {next}",
        "Invalid control character": "Illegal unquoted character ({here}): has to be escaped using backslash "
        "to be included in string value",
        "Expecting property name": f"{_UNEXPECTED} was expecting double-quote to start field name",
        "Expecting ':'": f"{_UNEXPECTED} was expecting a colon to separate field name and value",
        "Expecting ','": f"{_UNEXPECTED} was expecting comma to separate {_entries(text, opened)} entries",
        "Expecting value": f"{_UNEXPECTED} expected a valid value {_VALUE}",
        "Extra data": f"{_UNEXPECTED} expected the end of the input",
    }
    sentence = next(sentences[begin] for begin in sentences if message.startswith(begin))
    return sentence.format(
        here=_character(text[offset]), next=_character(text[offset + 1 : offset + 2] or " ")
    )


def _after_comma(text: str, offset: int) -> int:
    rest = text[offset + 1 :]
    return len(text) - len(rest.lstrip())


def _character(character: str) -> str:
    code = ord(character)
    if code < 32:
        return f"(CTRL-CHAR, code {code})"
    return f"'{character}' (code {code})" if code < 256 else f"'{character}' (code {code} / 0x{code:x})"


def _opened(text: str, end: int) -> list[int]:
    """Return where the objects and arrays that are still open begin, the innermost last."""
    opened: list[int] = []
    for token in TOKEN.finditer(text, 0, end):
        if token.lastgroup == "open":
            opened.append(token.start())
        elif token.lastgroup == "close":
            opened.pop()
    return opened


def _entries(text: str, opened: list[int]) -> str:
    return _ENTRIES[text[opened[-1]]] if opened else "root"


def _at_end(text: str, opened: list[int]) -> str:
    if not opened:
        return "No content to map due to end-of-input"
    before = text[: opened[-1]]
    line, column = before.count("\n") + 1, opened[-1] - (before.rfind("\n") + 1) + 1
    marker = f'start marker at [Source: (String)"{text}"; line: {line}, column: {column}]'
    return f"Unexpected end-of-input: expected close marker for {_entries(text, opened)} ({marker})"
