"""The messages of JSONata 2.0.6, and so of the service, for expressions that fail on their data.

The engines report the same codes with other messages. The value or function in a message is derived from the
engine's message and from the expression; if that is not possible, the engine's message is kept.

Source: the behaviour of jsonata-js 2.0.6, and floci-io/floci#2668, #2737 and #2783 for the service
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from asltool.expr.jsonata.node import JsonataNode

__all__ = ["failing_sentence"]

_FIXED = {
    "D1004": "Regular expression matches zero length string",
    "D3001": "Attempting to invoke string function on Infinity or NaN",
    "D3010": "Second argument of replace function cannot be an empty string",
    "D3011": "Fourth argument of replace function must evaluate to a positive number",
    "D3012": "Attempted to replace a matched string with a non-string value",
    "D3020": "Third argument of split function must evaluate to a positive number",
    "D3040": "Third argument of match function must evaluate to a positive number",
    "D3080": "The picture string must only contain a maximum of two sub-pictures",
    "D3081": "The sub-picture must not contain more than one instance of the 'decimal-separator' character",
    "D3082": "The sub-picture must not contain more than one instance of the 'percent' character",
    "D3083": "The sub-picture must not contain more than one instance of the 'per-mille' character",
    "D3084": "The sub-picture must not contain both a 'percent' and a 'per-mille' character",
    "D3085": "The mantissa part of a sub-picture must contain at least one character that is either an"
    " 'optional digit character' or a member of the 'decimal digit family'",
    "D3086": "The sub-picture must not contain a passive character that is preceded by an active character"
    " and that is followed by another active character",
    "D3087": "The sub-picture must not contain a 'grouping-separator' character that appears adjacent to a"
    " 'decimal-separator' character",
    "D3088": "The sub-picture must not contain a 'grouping-separator' at the end of the integer part",
    "D3089": "The sub-picture must not contain two adjacent instances of the 'grouping-separator' character",
    "D3090": "The integer part of the sub-picture must not contain a member of the 'decimal digit family'"
    " that is followed by an instance of the 'optional digit character'",
    "D3091": "The fractional part of the sub-picture must not contain an instance of the 'optional digit"
    " character' that is followed by a member of the 'decimal digit family'",
    "D3092": "A sub-picture that contains a 'percent' or 'per-mille' character must not contain a character"
    " treated as an 'exponent-separator'",
    "D3093": "The exponent part of the sub-picture must comprise only of one or more characters that are"
    " members of the 'decimal digit family'",
    "D3131": "In a decimal digit pattern, all digits must be from the same decimal group",
    "D3134": "The timezone integer format specifier cannot have more than four digits",
    "D3135": "No matching closing bracket ']' in date/time picture string",
    "D3136": "The date/time picture string is missing specifiers required to parse the timestamp",
    "D3138": "The $single() function expected exactly 1 matching result.  Instead it matched more.",
    "T1006": "Attempted to invoke a non-function",
    "T2003": "The left side of the range operator (..) must evaluate to an integer",
    "T2004": "The right side of the range operator (..) must evaluate to an integer",
}

_NAMED = {
    "D3030": (r"Cannot convert '(.*)' to number", "Unable to cast value to a number: {}"),
    "D3130": (
        r"(.+)",
        "Formatting or parsing an integer as a sequence starting with {} is not supported by this"
        " implementation",
    ),
    "D3132": (r"(.+)", "Unknown component specifier {} in date/time picture string"),
    "D3133": (
        r"(.+)",
        "The 'name' modifier can only be applied to months and days in the date/time picture string, not {}",
    ),
    "T2001": (
        r"The left side of the (\S+) operator .*",
        "The left side of the {} operator must evaluate to a number",
    ),
    "T2002": (
        r"The right side of the (\S+) operator .*",
        "The right side of the {} operator must evaluate to a number",
    ),
}
"""What the engine says, and jsonata's sentence with what is named there, as JSON."""

_SIGNATURES = {
    **dict.fromkeys(("sum", "max", "min", "average"), "a<n>"),
    **dict.fromkeys(("count", "reverse", "shuffle"), "a"),
    **dict.fromkeys(("floor", "ceil", "abs", "sqrt"), "n-"),
    **dict.fromkeys(("lowercase", "uppercase", "length", "trim", "base64encode", "base64decode"), "s-"),
    **dict.fromkeys(("encodeUrl", "encodeUrlComponent", "decodeUrl", "decodeUrlComponent"), "s-"),
    **dict.fromkeys(("substringBefore", "substringAfter", "parseInteger"), "s-s"),
    **dict.fromkeys(("boolean", "not", "keys", "spread"), "x-"),
    **dict.fromkeys(("exists", "type", "distinct"), "x"),
    **dict.fromkeys(("map", "filter"), "af"),
    **dict.fromkeys(("sift", "each"), "o-f"),
    **dict.fromkeys(("single", "sort"), "af?"),
    **dict.fromkeys(("round", "formatBase"), "n-n?"),
    "append": "xx",
    "assert": "bs?",
    "contains": "s-(sf)",
    "error": "s?",
    "formatInteger": "n-s",
    "formatNumber": "n-so?",
    "fromMillis": "n-s?s?",
    "join": "a<s>s?",
    "lookup": "x-s",
    "match": "s-fn?",
    "merge": "a<o>",
    "number": "(nsb)-",
    "pad": "s-ns?",
    "power": "n-n",
    "reduce": "afj?",
    "replace": "s-(sf)(sf)n?",
    "split": "s-(sf)n?",
    "string": "x-b?",
    "substring": "s-nn?",
    "toMillis": "s-s?",
}
"""The functions of the language whose arguments are checked, each with the types of its parameters."""

_PARAMETER = re.compile(r"(\([a-z]+\)|[a-z])(?:<([a-z])>)?([-?]*)")
_TYPES = {"Array": "a", "Boolean": "b", "Function": "f", "Number": "n", "Object": "o", "String": "s"}
_ORDERING = ("<", "<=", ">", ">=")
_MEMBERS = {"n": "numbers", "o": "objects", "s": "strings"}


def failing_sentence(tree: JsonataNode, code: str, said: str) -> str | None:
    """Return JSONata's message for an expression that fails with a code; None if it is unknown.

    ``said`` is the engine's message.
    """
    if code in _FIXED:
        return _FIXED[code]
    if code in _NAMED:
        pattern, sentence = _NAMED[code]
        match = re.fullmatch(pattern, said, re.DOTALL)
        return match and sentence.format(json.dumps(match[1], ensure_ascii=False))
    return _TOLD_BY_TREE[code](tree, said) if code in _TOLD_BY_TREE else None


def _mismatch(tree: JsonataNode, said: str) -> str | None:
    """An argument has the wrong type, or there are too many or too few."""
    if match := re.fullmatch(r"Argument count mismatch: expected \d+, got (\d+)", said):
        given = int(match[1])
        found = {(name, _wrong_count(name, given)) for name, count in _calls(tree) if count == given}
        found = {(name, number) for name, number in found if number}
    elif match := re.fullmatch(r"Argument (\d+) must be (?:an? )?\(?([A-Z].*?)\)?", said):
        number = int(match[1])
        types = {_TYPES.get(word.partition("<")[0], "") for word in match[2].split(" or ")}
        found = {(name, number) for name, _ in _calls(tree) if _takes(name, number, types)}
    else:
        return None
    return _one(found, 'Argument {1} of function "{0}" does not match function signature')


def _no_array(tree: JsonataNode, said: str) -> str | None:
    match = re.fullmatch(r"Argument (\d+) must be an array of (\w+)", said)
    member = _TYPES.get(match[2]) if match else None
    if match is None or member not in _MEMBERS:
        return None
    number = int(match[1])
    names = {
        (name, number)
        for name, _ in _calls(tree)
        if _parameters(name)[number - 1 : number] == [("a", member, "")]
    }
    return _one(names, f'Argument {{1}} of function "{{0}}" must be an array of "{_MEMBERS[member]}"')


def _no_context(tree: JsonataNode, said: str) -> str | None:
    match = re.fullmatch(r"Context value does not match function signature \(expected (\w+)\)", said)
    wanted = _TYPES.get(match[1]) if match else None
    found = {
        (name, 1)
        for name, count in _calls(tree)
        if _parameters(name)[0][0] == wanted
        and "-" in _parameters(name)[0][2]
        and count < len(_parameters(name))
    }
    return _one(found, 'Context value is not a compatible type with argument {1} of function "{0}"')


def _comparison(tree: JsonataNode, said: str) -> str | None:
    """Two values cannot be compared; the operator is named if the expression has only one."""
    operators = {node.value for node in tree.walk() if node.kind == "binary" and node.value in _ORDERING}
    if len(operators) != 1:
        return None
    sides = f'The expressions either side of operator "{operators.pop()}"'
    return f"{sides} must evaluate to numeric or string values"


_TOLD_BY_TREE: dict[str, Callable[[JsonataNode, str], str | None]] = {
    "T0410": _mismatch,
    "T0411": _no_context,
    "T0412": _no_array,
    "T2010": _comparison,
}
"""What looks at the expression for what the engine does not say."""


def _one(found: set[tuple[str, int]], sentence: str) -> str | None:
    return sentence.format(*found.pop()) if len(found) == 1 else None


def _calls(tree: JsonataNode) -> Iterator[tuple[str, int]]:
    """Yield the built-in functions that are called, with their number of arguments."""
    for node in tree.walk():
        if node.kind == "function" and node.children[0].value in _SIGNATURES:
            yield node.children[0].value, len(node.children) - 1
        elif node.kind == "apply" and node.children[1].value in _SIGNATURES:
            yield node.children[1].value, 1
        elif node.kind == "apply" and node.children[1].kind == "function":
            name = node.children[1].children[0].value
            if name in _SIGNATURES:
                yield name, len(node.children[1].children)


def _parameters(name: str) -> list[tuple[str, str, str]]:
    return [
        (types.strip("()"), member, marks) for types, member, marks in _PARAMETER.findall(_SIGNATURES[name])
    ]


def _takes(name: str, number: int, types: set[str]) -> bool:
    """Return whether a function accepts only these types for an argument."""
    return any(set(wanted) <= types for wanted, _, _ in _parameters(name)[number - 1 : number])


def _wrong_count(name: str, given: int) -> int:
    """Return the position of the argument that is missing or too much; 0 if the number is right."""
    parameters = _parameters(name)
    if given > len(parameters):
        return len(parameters) + 1
    needed = [number for number, (_, _, marks) in enumerate(parameters, 1) if not marks]
    return given + 1 if needed and given < needed[-1] else 0
