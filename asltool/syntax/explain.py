"""Messages for schema violations: one function for each keyword that can fail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from asltool.syntax.diagnostics import Change, Finding, Rewrite
from asltool.syntax.placeholders import has_placeholder, may_become_arn
from asltool.syntax.violation import Fault, JudgedObject, Violation, failure_of
from asltool.syntax.wording import described, expected, listed, loose_ends, near, only_near, quoted

__all__ = ["EXPLAINERS", "explain"]

_TYPES = {
    "array": "an array",
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "null",
    "number": "a number",
    "object": "an object",
    "string": "a string",
}

Explained = Iterator[tuple[str, Finding]]


def explain(fault: Fault, place: JudgedObject) -> Explained:
    """Yield the findings for a fault, each with its code. Faults that only repeat another one yield none."""
    failure = failure_of(fault, place)
    if not (has_placeholder(fault.value) and _may_be_filled_in(failure)):
        yield from EXPLAINERS[fault.keyword](failure)


def _may_be_filled_in(failure: Violation) -> bool:
    """Return whether a placeholder may give the expected type: never an object or an array."""
    if failure.fault.keyword == "pattern" and failure.annotation("x-kind") == "arn":
        return may_become_arn(failure.value)
    return failure.fault.keyword != "maxLength" and failure.wanted not in ("array", "object")


def _phrase(schema: dict[str, Any]) -> str:
    """Return what a schema expects, as a noun phrase."""
    types = schema.get("type", "object")
    words = [_TYPES[name] for name in ([types] if isinstance(types, str) else types)]
    return str(schema.get("x-phrase", " or ".join(words)))


def _wrong(failure: Violation, keyword: str, wanted: str) -> Explained:
    is_field = not (failure.pointer and isinstance(failure.pointer[-1], int))
    code = failure.code("null" if failure.value is None and is_field else keyword)
    message = f"{failure.name} must be {wanted}, not {described(failure.value)}{loose_ends(failure.value)}"
    yield code, Finding(failure.pointer, message)


def _type(failure: Violation) -> Explained:
    yield from _wrong(failure, "type", _phrase(failure.trail[0]))


def _pattern(failure: Violation) -> Explained:
    message = f"{failure.name} must be {failure.annotation('x-phrase')}, not {quoted(failure.value)}"
    if failure.annotation("x-kind") == "arn" and "{" in failure.value:
        message += f". write a placeholder as {quoted('${Name}')}, with only parts of an ARN around it"
    yield failure.code("pattern"), Finding(failure.pointer, f"{message}{loose_ends(failure.value)}")


def _enum(failure: Violation) -> Explained:
    if isinstance(failure.value, str):  # other types have been reported as such
        message = (
            f"{failure.name} cannot be {quoted(failure.value)}. {expected(failure.value, failure.wanted)}"
        )
        yield failure.code("enum"), Finding(failure.pointer, message)


def _minimum(failure: Violation) -> Explained:
    message = f"{failure.name} must be at least {failure.wanted}, not {quoted(failure.value)}"
    yield failure.code("minimum"), Finding(failure.pointer, message, limit=_limit(failure))


def _maximum(failure: Violation) -> Explained:
    message = f"{failure.name} must be at most {failure.wanted}, not {quoted(failure.value)}"
    yield failure.code("maximum"), Finding(failure.pointer, message, limit=_limit(failure))


def _limit(failure: Violation) -> int | float:
    """Return the limit in the number type of the field: 100.0 if fractions are allowed."""
    limit: int = failure.wanted
    return limit if failure.trail[0]["type"] == "integer" else float(limit)


def _empty(failure: Violation) -> Explained:
    finding = Finding(failure.pointer, f"{failure.name} must not be empty")
    yield failure.code(failure.fault.keyword), finding


def _length(failure: Violation) -> Explained:
    """A string, or the name of a state, is empty or too long."""
    keyword, size = failure.fault.keyword, len(failure.value)
    wanted = f"at most {failure.wanted} characters, not {size}" if size else "at least one character"
    if "propertyNames" in failure.fault.schema_path:
        name = Finding((*failure.pointer, failure.value), f"a state name must have {wanted}", key=True)
        yield failure.code(keyword), name
    else:
        yield failure.code(keyword), Finding(failure.pointer, f"{failure.name} must have {wanted}")


def _unknown(failure: Violation) -> Explained:
    forbidden = failure.owner.get("x-forbidden", {})
    left = [name for name in failure.fields() if name not in failure.value] or failure.fields()
    known = failure.owner["properties"]
    meant = Counter(near(name, left) for name in failure.value if name not in known)
    for name in failure.value:
        if name in known or (has_placeholder(name) and name == failure.value[name]):
            continue  # a member whose name and value are filled in together
        fix: tuple[Change, ...] = ()
        if name in forbidden:
            code, message = forbidden[name], f"{quoted(name)} is not allowed in {failure.where}"
        else:
            code = failure.code("additionalProperties")
            message = f"unexpected field {quoted(name)} in {failure.where}. {expected(name, left)}"
            fix = _rename(failure, name, left, meant)
        yield code, Finding((*failure.pointer, name), message, key=True, fix=fix)


def _rename(
    failure: Violation, name: str, fields: list[str], all_meant: Counter[str | None]
) -> tuple[Change, ...]:
    """Return the fix for a misspelt field, unless another field of the object could mean the same one."""
    meant = only_near(name, fields)
    if meant is None or meant in failure.value or all_meant[meant] > 1:
        return ()
    return (Rewrite((*failure.pointer, name), meant, key=True),)


def _required(failure: Violation) -> Explained:
    for name in failure.wanted:
        if name not in failure.value:
            yield from _missing(failure, [name])


def _dependent(failure: Violation) -> Explained:
    for name, others in failure.wanted.items():
        if name in failure.value:
            yield from _missing(failure, [other for other in others if other not in failure.value])


def _missing(failure: Violation, names: list[str]) -> Explained:
    """One of these fields is required. Yields nothing if another finding about the same object says so."""
    fields = failure.owner["properties"]
    misspelt = failure.owner.get("additionalProperties") is False and any(
        near(name, names) for name in failure.value if name not in fields
    )
    only_here = all(fields[name]["x-language"] != "both" for name in names)
    in_other_language = only_here and any(fields.get(name, {}).get("not") == {} for name in failure.value)
    if not names or misspelt or in_other_language:
        return
    needs = listed(names, "or") if len(names) < 5 else f"one more field. {expected('', names)}"
    field = fields[names[0]] if len(names) == 1 else {}
    options = f". {expected('', field['enum'])}" if "enum" in field else ""
    finding = Finding(failure.pointer, f"{failure.where} needs {needs}{options}", key=True)
    yield field.get("x-missing", failure.code("missing")), finding


def _together(failure: Violation, names: list[str]) -> Explained:
    """Several of these fields are present. The last of them is marked."""
    if not isinstance(failure.value, dict):
        return  # requirements are only for objects, and a wrong type has already been reported
    present = [name for name in failure.value if name in names]
    message = f"{failure.where} has {listed(present, 'and')}. only one of them is allowed"
    yield failure.code("together"), Finding((*failure.pointer, present[-1]), message, key=True)


def _one_of(failure: Violation) -> Explained:
    """The fields always exclude each other; there are alternatives only if none of them is present."""
    names = [name for alternative in failure.wanted for name in alternative["required"]]
    if failure.fault.alternatives:
        yield from _missing(failure, [name for name in names if name in failure.fields()])
    else:
        yield from _together(failure, names)


def _any_of(failure: Violation) -> Explained:
    if all("required" in alternative for alternative in failure.wanted):
        names = [name for alternative in failure.wanted for name in alternative["required"]]
        yield from _missing(failure, [name for name in names if name in failure.fields()])
        return
    fault = failure.fault
    fitting = next((each for each in fault.alternatives if not _is_another_kind(fault, each)), None)
    if fitting is None:
        yield from _wrong(failure, "anyOf", ", or ".join(map(_phrase, failure.wanted)))
    for inner in fitting or ():
        yield from explain(inner, failure.place)


def _is_another_kind(fault: Fault, alternative: tuple[Fault, ...]) -> bool:
    """Return whether the value is of another kind than the alternative describes."""
    return any(each.keyword in ("type", "pattern") and each.pointer == fault.pointer for each in alternative)


def _not(failure: Violation) -> Explained:
    if failure.wanted:
        yield from _together(failure, failure.wanted["required"])
        return
    schema, place = failure.trail[0], failure.place
    instead = schema.get("x-instead")
    message = (
        f"{failure.name} belongs to {schema['x-language']}; state {quoted(place.state)} uses {place.language}"
        + (f". use {quoted(instead)}" if instead in failure.fields() else "")
    )
    yield failure.code("language"), Finding(failure.pointer, message, key=True)


EXPLAINERS: dict[str, Callable[[Violation], Explained]] = {
    "additionalProperties": _unknown,
    "anyOf": _any_of,
    "dependentRequired": _dependent,
    "enum": _enum,
    "maxLength": _length,
    "maximum": _maximum,
    "minItems": _empty,
    "minLength": _length,
    "minProperties": _empty,
    "minimum": _minimum,
    "not": _not,
    "oneOf": _one_of,
    "pattern": _pattern,
    "required": _required,
    "type": _type,
}
