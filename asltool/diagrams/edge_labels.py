"""The labels of a state's outgoing edges, shortened without losing what distinguishes them.

A Choice takes the first rule that matches, so rules have numbers. Shortened texts keep the last name of a
path and the parts that differ between the rules of a state; tooltips and the page have the full texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import accumulate, takewhile
from typing import Final

from asltool.diagrams.captions import ShownTransitions
from asltool.diagrams.labels import elide

__all__ = ["Numbers", "labels", "numbered"]

LENGTH: Final = 96
"""How many characters of a condition, or of the errors of Catchers, stand at an edge."""

SHOWN: Final = 4
"""How many rules of a Choice that lead to the same state are written out."""

PATH_LENGTH: Final = 28
"""How long a path may be before its beginning is left out."""

Numbers = Mapping[tuple[str | None, bool], Sequence[int | None]]
"""The numbers of the rules with a target, in the order of `ShownTransitions`; None is the Default."""

_JOINT = re.compile(r" (?=(?:and|or) )")
_PATH = re.compile(r"""\$[\w$]*(?:\.[\w-]+|\[[^\[\]]*\])+""")
_PART = re.compile(r"""\.[\w-]+|\[[^\[\]]*\]""")


def labels(transitions: ShownTransitions, numbers: Numbers) -> dict[tuple[str | None, bool], tuple[str, ...]]:
    """Return the label of each transition of a state."""
    if not any(transitions.values()):
        return dict.fromkeys(transitions, ())
    short = _shortened([text for (_, caught), texts in transitions.items() if not caught for text in texts])
    return {
        key: _errors(texts) if key[1] else _rules([short[text] for text in texts], numbers.get(key, ()))
        for key, texts in transitions.items()
    }


def numbered(texts: Sequence[str], numbers: Sequence[int | None]) -> list[str]:
    """Return the texts of rules after their numbers or, without numbers, joined with ``or``."""
    if len(numbers) != len(texts):
        return [f"or {text}" if index else text for index, text in enumerate(texts)]
    pairs = zip(numbers, texts, strict=True)
    return [text if number is None else f"{number}. {text}" for number, text in pairs]


def _rules(texts: Sequence[str], numbers: Sequence[int | None]) -> tuple[str, ...]:
    lines = numbered(texts, numbers)
    if len(lines) <= SHOWN:
        return tuple(lines)
    return (*lines[:SHOWN], f"{len(lines) - SHOWN} more")


def _errors(texts: Sequence[str]) -> tuple[str, ...]:
    """Return as many error names as fit on a line; a name is shortened only if it does not fit alone."""
    shown = 1
    while shown < len(texts) and len(", ".join(texts[: shown + 1])) <= LENGTH:
        shown += 1
    line = elide(", ".join(texts[:shown]), LENGTH)
    return (line,) if shown >= len(texts) else (line, f"{len(texts) - shown} more")


def _shortened(texts: Sequence[str]) -> dict[str, str]:
    """Return the short form of each text; different texts have different short forms."""
    if all(len(text) <= PATH_LENGTH for text in texts):
        return dict(zip(texts, texts, strict=True))
    short = {text: _PATH.sub(_end_of_path, text) for text in texts}
    short = {text: text if len(set(short.values())) < len(short) else each for text, each in short.items()}
    long = [each for each in short.values() if len(each) > LENGTH]
    shared = _shared_beginning(long)
    for text, each in short.items():
        if len(each) > LENGTH:
            short[text] = _cut(f"… {each.removeprefix(shared)}" if shared else each)
    return short


def _shared_beginning(texts: Sequence[str]) -> str:
    """Return the common prefix of words, if there are several texts."""
    if len(texts) < 2:
        return ""
    first, last = min(texts), max(texts)
    length = next((at for at, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), 0)
    return first[: first.rfind(" ", 0, length) + 1]


def _cut(text: str) -> str:
    """Return a long text without its middle, cut between conditions or else between words."""
    if len(text) <= LENGTH:
        return text
    first, *rest = _JOINT.split(text)
    room = LENGTH - len(first) - len(" …")
    kept = list(
        takewhile(lambda end: len(end) < room, accumulate(reversed(rest), lambda end, each: f"{each} {end}"))
    )
    if kept:
        return f"{first} … {kept[-1]}"
    end = LENGTH * 2 // 3
    begin, last = text[: LENGTH - end - len(" … ")], text[-end:]
    return f"{begin.rpartition(' ')[0] or begin} … {last.partition(' ')[2] or last}"


def _end_of_path(match: re.Match[str]) -> str:
    """Return the end of a path that fits; at least its last name."""
    path = match[0]
    if len(path) <= PATH_LENGTH:
        return path
    kept = ""
    for part in reversed(_PART.findall(path)):
        if kept and len(part) + len(kept) >= PATH_LENGTH:
            break
        kept = part + kept
    return f"…{kept}"
