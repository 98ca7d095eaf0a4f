"""Changes of a text, and of the JSON or YAML in it."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import yaml

__all__ = ["mutated"]

_ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 2, 0.5, -0.0, 1e308, 5e-324, 2**53 + 1, 2**63, 10**400, 255),
    *(
        "",
        " ",
        "$",
        "$$",
        "$.",
        "$..",
        "$[",
        "$.a.b",
        "$.a[0]",
        "$.a[*]",
        "$.a[?(@.b==1)]",
        "$x",
        "$$.Task.Token",
    ),
    *(
        "{%",
        "{% %}",
        "{% $ %}",
        "{% $states %}",
        "{% $states.input.a %}",
        "{% 1/0 %}",
        "{% $x := 1 %}",
        "{% ( %}",
    ),
    *(
        "States.Format('{}', $.a)",
        "States.ArrayGetItem($, 0)",
        "States.",
        "States.UUID()",
        "a",
        "é",
        "\ud800",
        "\0",
    ),
    *("2024-01-01T00:00:00Z", "${A}", "${AWS::Region}", "NaN", "arn:aws:states:::sqs:sendMessage", "x" * 300),
    *([], {}, [[]], [None], {"": {}}, [1, "a"], {"a": 1}, {"a": [{"b": 1}]}),
)

_SCRAPS = (
    *(
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        '"',
        "'",
        "\\",
        "\\u0000",
        "\\ud800",
        "$",
        "%}",
        "{%",
        "- ",
        "#",
        "&a ",
        "*a",
    ),
    *(
        "!!",
        "|",
        ">",
        "\n",
        "\t",
        " ",
        "\r",
        "\0",
        "\ufeff",
        "\u2028",
        "\x85",
        "é",
        "\U0001f600",
        "0",
        "-",
        "1e999",
    ),
    *(
        "null",
        "true",
        "NaN",
        "[" * 400,
        '{"a":' * 400,
        "9" * 400,
        "<<: ",
        "${",
        "}}",
        "<<EOF\n",
        "---\n",
        "?",
    ),
)


def mutated(text: str, chance: random.Random, form: str, others: list[str]) -> str:
    """Return the text with one to four changes.

    Args:
        form: ``tree``: it is JSON or YAML; ``lines``: each of its lines is JSON; ``text``: it is neither.
        others: texts of the same kind, to take pieces from.
    """
    if form == "lines" and chance.random() < 0.7:
        lines = text.splitlines(keepends=True)
        at = chance.randrange(len(lines))
        changed = _changed_tree(lines[at], chance)
        if changed is not None:
            return "".join([*lines[:at], changed + "\n", *lines[at + 1 :]])
    if form == "tree" and chance.random() < 0.7:
        changed = _changed_tree(text, chance)
        if changed is not None:
            return changed
    for _ in range(chance.randint(1, 4)):
        text = chance.choice(_TEXT_CHANGES)(text, chance, others)
    return text


def _changed_tree(text: str, chance: random.Random) -> str | None:
    value = _parsed(text)
    if not isinstance(value, dict | list):
        return None
    value = copy.deepcopy(value)
    for _ in range(chance.randint(1, 4)):
        places = list(_places(value))
        if places:
            chance.choice(_TREE_CHANGES)(*chance.choice(places), places, chance)
    try:
        return json.dumps(value, ensure_ascii=chance.random() < 0.5)
    except (TypeError, ValueError):  # a date of YAML, or a circle
        return None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


_Place = tuple[Any, Any]
"""(an object or array, a name or index in it)"""


def _places(value: Any) -> Iterator[_Place]:
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield value, step
        yield from _places(inner)


def _odd(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    around[step] = copy.deepcopy(chance.choice(_ODD))


def _gone(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    del around[step]


def _from_elsewhere(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    other, place = chance.choice(places)
    around[step] = copy.deepcopy(other[place])


def _renamed(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    names = [name for _, name in places if isinstance(name, str)] or ["a"]
    name = chance.choice(
        [chance.choice(names), str(step) + ".$", str(step)[:-1], "", str(chance.choice(_ODD))]
    )
    if isinstance(around, dict):
        around[name] = around.pop(step)


def _wrapped(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    value = around[step]
    around[step] = chance.choice(([value], [value, value], {"a": value}, str(value), [[value]]))


def _nudged(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    value = around[step]
    if isinstance(value, str):
        around[step] = chance.choice(_TEXT_CHANGES)(value, chance, [])
    elif isinstance(value, int | float):
        around[step] = chance.choice(
            (-value, value + 1, value * 1000, value - 0.5 if abs(value) < 1e9 else 0.5)
        )


def _more(around: Any, step: Any, places: list[_Place], chance: random.Random) -> None:
    if isinstance(around, list):
        around.insert(chance.randint(0, len(around)), copy.deepcopy(around[step]))
    else:
        names = [name for _, name in places if isinstance(name, str)] or ["a"]
        around[chance.choice(names)] = copy.deepcopy(chance.choice(_ODD))


_TREE_CHANGES: tuple[Callable[[Any, Any, list[_Place], random.Random], None], ...] = (
    *(_odd, _odd, _gone, _from_elsewhere, _renamed, _wrapped, _nudged, _more),
)


def _span(text: str, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, min(len(text), start + chance.choice((1, 1, 2, 5, 20, 200)))


def _cut(text: str, chance: random.Random, others: list[str]) -> str:
    start, end = _span(text, chance)
    return text[:start] + text[end:]


def _ended(text: str, chance: random.Random, others: list[str]) -> str:
    return text[: chance.randint(0, len(text))]


def _inserted(text: str, chance: random.Random, others: list[str]) -> str:
    start, _ = _span(text, chance)
    return text[:start] + chance.choice(_SCRAPS) + text[start:]


def _replaced(text: str, chance: random.Random, others: list[str]) -> str:
    start, end = _span(text, chance)
    return text[:start] + chance.choice(_SCRAPS) + text[end:]


def _repeated(text: str, chance: random.Random, others: list[str]) -> str:
    start, end = _span(text, chance)
    return text[:end] + text[start:end] * chance.randint(1, 3) + text[end:]


def _grafted(text: str, chance: random.Random, others: list[str]) -> str:
    other = chance.choice(others or [text])
    start, end = _span(text, chance)
    first, last = _span(other, chance)
    return text[:start] + other[first:last] + text[end:]


def _swapped_lines(text: str, chance: random.Random, others: list[str]) -> str:
    lines = text.splitlines(keepends=True)
    if len(lines) > 1:
        one, two = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[one], lines[two] = lines[two], lines[one]
    return "".join(lines)


def _reindented(text: str, chance: random.Random, others: list[str]) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = chance.randrange(len(lines))
    lines[at] = " " * chance.randint(1, 4) + lines[at] if chance.random() < 0.5 else lines[at].lstrip()
    return "".join(lines)


_TEXT_CHANGES: tuple[Callable[[str, random.Random, list[str]], str], ...] = (
    *(_cut, _ended, _inserted, _replaced, _repeated, _grafted, _swapped_lines, _reindented),
)
