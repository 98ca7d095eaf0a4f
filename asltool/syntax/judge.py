"""Find the values that violate the schema.

jsonschema-rs judges, many times quicker than jsonschema, which is used only where the quick judge fails: for
very deeply nested values, and for empty keys, which are missing in its paths. Loading the quick judge takes
as long as checking a small file, so the first values are checked with `fits` before.
"""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from asltool.syntax.fitting import fits
from asltool.syntax.model import Pointer, QueryLanguage
from asltool.syntax.schema import definition
from asltool.syntax.text import at
from asltool.syntax.violation import Fault, JudgedObject

if TYPE_CHECKING:
    import jsonschema
    import jsonschema_rs

__all__ = ["faults", "quick_faults", "slow_faults"]

_FEW = 30
"""How many values are judged slowly before making the quick judge pays off."""
_asked = count()


def faults(place: JudgedObject) -> list[Fault]:
    """Return the faults of an object, in the schema's order. Most have none, which is checked first."""
    if next(_asked) < _FEW and fits(definition(place.kind, place.language), place.value):
        return []
    return quick_faults(place)


def quick_faults(place: JudgedObject) -> list[Fault]:
    """Return the same as `faults`, using jsonschema-rs."""
    judge = _judge(place.kind, place.language)
    try:
        if judge.is_valid(place.value):
            return []
        found = [_fault(error, place.value) for error in judge.iter_errors(place.value)]
    except ValueError:
        return slow_faults(place)
    schema = definition(place.kind, place.language)
    return sorted(found, key=lambda fault: _order(schema, fault.schema_path))


def _order(schema: Any, schema_path: Pointer) -> list[int]:
    """Return a sort key that puts paths through a schema into the schema's order."""
    places = []
    for step in schema_path:
        places.append(step if isinstance(step, int) else list(schema).index(step))
        schema = schema[step]
    return places


@cache
def _judge(kind: str, language: QueryLanguage | None) -> jsonschema_rs.Validator:
    from jsonschema_rs import validator_for

    return validator_for(definition(kind, language))


def _fault(error: jsonschema_rs.ValidationError, value: Any) -> Fault:
    kind: Any = error.kind
    pointer, schema_path = tuple(error.instance_path), tuple(error.schema_path)
    if kind.name == "propertyNames":
        return Fault(kind.error.instance, pointer, schema_path)
    found = at(value, pointer)
    if found != error.instance:
        raise ValueError("the path does not lead to the judged value")
    alternatives = getattr(kind, "context", ())
    return Fault(
        found,
        pointer,
        schema_path,
        tuple(tuple(_fault(each, value) for each in alternative) for alternative in alternatives)
        if all(alternatives)
        else (),
    )


def slow_faults(place: JudgedObject) -> list[Fault]:
    """Return the same as `faults`, using jsonschema."""
    from jsonschema import Draft202012Validator

    found = Draft202012Validator(definition(place.kind, place.language)).iter_errors(place.value)
    return [_slow_fault(error) for error in found]


def _slow_fault(error: jsonschema.ValidationError) -> Fault:
    groups: dict[Any, list[Fault]] = {}
    for each in error.context or ():
        groups.setdefault(each.relative_schema_path[0], []).append(_slow_fault(each))
    return Fault(
        error.instance,
        tuple(error.absolute_path),
        tuple(error.absolute_schema_path),
        tuple(map(tuple, groups.values())),
    )
