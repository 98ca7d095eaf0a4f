"""The structure check: every machine, state and rule of a document against its definition in the schema.

jsonschema judges; this file chooses what each part is judged by. jsonschema-rs, forty times quicker, is asked
first: it says whether there is something to explain. A state is judged by the definition of its Type as its
query language sees it, so that an error is about that state and not about eight kinds of states.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from asltool.syntax.diagnostics import Add, Diagnostic, Finding
from asltool.syntax.document import Document
from asltool.syntax.explain import explain
from asltool.syntax.failure import Place
from asltool.syntax.model import Pointer, QueryLanguage
from asltool.syntax.schema import declared_language, definition, table
from asltool.syntax.text import at

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator

__all__ = ["check_structure"]


def check_structure(document: Document) -> list[Diagnostic]:
    """Return what the schema has to say about a document, in no particular order."""
    found = []
    language = declared_language(document.value, "JSONPath")
    waiting = [Place("StateMachine", document.value, (), language)]
    while waiting:
        place = waiting.pop()
        if not _is_right(place):
            found += [
                document.diagnose(code, _ended(document, code, finding))
                for error in _validator(place.kind, place.language).iter_errors(place.value)
                for code, finding in explain(error, place)
            ]
        waiting.extend(_inside(place, language))
    return found


def _ended(document: Document, code: str, finding: Finding) -> Finding:
    """Let a state without a way on end the machine, if it is the last one and every state is named somewhere.

    A state that nothing names may be the one that should follow.
    """
    if code != "next-or-end-missing" or finding.pointer[-2:-1] != ("States",):
        return finding
    states = at(document.value, finding.pointer[:-1])
    named = set(_texts(at(document.value, finding.pointer[:-2])))
    if finding.pointer[-1] != next(reversed(states)) or not named.issuperset(states):
        return finding
    return replace(finding, fix=(Add(finding.pointer, "End", True),))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    elif isinstance(value, str):
        yield value


def _inside(place: Place, language: QueryLanguage | None) -> Iterator[Place]:
    """Yield the parts of a place that have definitions of their own. ``language`` is the whole document's.

    A state whose Type is missing or unknown is judged by what all states have in common, which is the Type.
    """
    schema = definition(place.kind, place.language)
    for kind, part, pointer in _visits(schema, place.value, place.pointer):
        if kind == "State":
            own = part["Type"] if part.get("Type") in table()["$defs"]["Type"]["enum"] else kind
            yield Place(own, part, pointer, declared_language(part, language), str(pointer[-1]))
        else:
            yield Place(kind, part, pointer, place.language, place.state)


def _visits(schema: dict[str, Any], value: Any, pointer: Pointer) -> Iterator[tuple[str, Any, Pointer]]:
    """Yield the objects at and below a value that its schema leaves to be visited."""
    if isinstance(value, dict):
        if "x-visit" in schema:
            yield schema["x-visit"], value, pointer
        others = schema.get("additionalProperties")
        fields = schema.get("properties", {})
        for name, part in value.items():
            below = fields.get(name, others)
            if isinstance(below, dict):
                yield from _visits(below, part, (*pointer, name))
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _visits(schema["items"], item, (*pointer, index))


def _is_right(place: Place) -> bool:
    """Return whether there is surely nothing to find: what is right is most, and need not be explained."""
    try:
        return _judge(place.kind, place.language)(place.value)
    except ValueError:
        # Deeper, or of stranger characters, than the quick judge can take.
        return False


@cache
def _judge(kind: str, language: QueryLanguage | None) -> Callable[[Any], bool]:
    from jsonschema_rs import validator_for

    return validator_for(definition(kind, language)).is_valid


@cache
def _validator(kind: str, language: QueryLanguage | None) -> Draft202012Validator:
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    standard = Draft202012Validator.VALIDATORS["oneOf"]

    def one_of(validator: Any, alternatives: Any, instance: Any, schema: Any) -> Any:
        """Judge fields that exclude each other at once; jsonschema would try each of them for itself."""
        if isinstance(instance, dict):
            fitting = [each for each in alternatives if all(name in instance for name in each["required"])]
            if len(fitting) == 1 and fitting[0].keys() == {"required"}:
                return
        yield from standard(validator, alternatives, instance, schema)

    quick: type[Draft202012Validator] = extend(  # type: ignore[no-untyped-call]
        Draft202012Validator, {"oneOf": one_of}
    )
    return quick(definition(kind, language))
