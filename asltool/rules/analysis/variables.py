"""Where the variables of a definition are assigned and read.

A variable belongs to the machine whose states assign it. Nested machines see it, except that of a distributed
Map.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
"""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from asltool.expr import jsonata
from asltool.rules.analysis.asking import asked
from asltool.rules.analysis.fields import ExpressionText
from asltool.rules.analysis.per_definition import machines_of, once_per_definition
from asltool.rules.analysis.scope import Scope
from asltool.syntax.expressions import CallText, JsonataText, jsonata_tree, place
from asltool.syntax.model import Choice, Map, Pointer, QueryLanguage, State
from asltool.syntax.placeholders import has_placeholder
from asltool.syntax.wording import Choices, quoted

__all__ = [
    "RESERVED",
    "VariableRead",
    "Variables",
    "asks_for",
    "assigned_anywhere",
    "is_valid",
    "unseen",
    "variables_of",
]

RESERVED = "states"

_LONGEST_NAME = 80
_MENTIONED = re.compile(r"\$(\w+)")
"""All that may be a variable in an expression, readable or not."""
_ASKED = re.compile(r"\$exists\(\s*\$(\w+)")


def is_valid(name: str) -> bool:
    """Return whether a name is a valid variable name: an identifier of at most 80 characters."""
    return name.isidentifier() and len(name) <= _LONGEST_NAME


class VariableRead(NamedTuple):
    """A variable that a text reads; ``within`` is the position of the name, with its ``$``, in the text."""

    name: str
    text: ExpressionText
    within: tuple[int, int]

    @property
    def state(self) -> State:
        return self.text.field.state


class Variables(NamedTuple):
    """The variables of one machine and what its states read.

    ``own`` are the variables that its states assign, each with the places of the assignments. ``visible`` are
    those and the visible ones of the machines around it, ``taken`` the ones that nested machines cannot
    assign; both give the first state that assigns each variable. ``mentioned`` are all variables that may be
    read. Placeholders may add more: any name if ``assigns_unknown``, any expression if ``reads_unknown``.
    """

    own: Mapping[str, Sequence[Pointer]]
    outer: Variables | None
    visible: ChainMap[str, str]
    taken: ChainMap[str, str]
    reads: tuple[VariableRead, ...]
    mentioned: frozenset[str]
    assigns_unknown: bool
    reads_unknown: bool


@once_per_definition
def variables_of(scope: Scope) -> tuple[Variables, ...]:
    """Return the variables of a definition, machine by machine, outer ones first."""
    found: dict[Pointer, Variables] = {}
    for each in machines_of(scope):
        owner = _owner(each)
        outer = found[each.around[-1].pointer] if each.around else None
        if isinstance(owner, Map) and owner.processor.mode == "DISTRIBUTED":
            outer = None
        found[each.machine.pointer] = _variables(each, outer)
    return tuple(found.values())


def _owner(scope: Scope) -> State | None:
    """Return the Parallel or Map state that runs a machine."""
    if not scope.around:
        return None
    states = len(scope.around[-1].pointer) + 1
    return scope.around[-1].states[str(scope.machine.pointer[states])]


def _variables(scope: Scope, outer: Variables | None) -> Variables:
    own: dict[str, list[Pointer]] = {}
    visible: ChainMap[str, str] = outer.visible.new_child() if outer else ChainMap()
    taken: ChainMap[str, str] = outer.taken.new_child() if outer else ChainMap()
    for state, name, pointer in scope.assigned:
        own.setdefault(name, []).append(pointer)
        visible.setdefault(name, state.name)
        if pointer[len(state.pointer)] != "Catch":  # The service allows the same names here.
            taken.setdefault(name, state.name)
    texts = [text for text in scope.texts if text.kind != "plain" and isinstance(text.value, str)]
    assigns_unknown = any(map(has_placeholder, own))
    return Variables(
        own,
        outer,
        visible,
        taken,
        tuple(read for text in texts for read in _reads(text)),
        frozenset(name for text in texts for name in _MENTIONED.findall(text.value)),
        assigns_unknown or (outer is not None and outer.assigns_unknown),
        any(has_placeholder(text.value) for text in texts),
    )


def _reads(text: ExpressionText) -> Iterator[VariableRead]:
    """Yield the variables that an expression certainly reads."""
    if text.field.name == "ResultPath":
        return
    found = _jsonata_reads(text.value) if text.kind == "jsonata" else _jsonpath_reads(text.value)
    for name, start in found:
        yield VariableRead(name, text, (start, start + len(name) + 1))


def _jsonpath_reads(text: str) -> tuple[tuple[str, int], ...]:
    if not _MENTIONED.search(text):
        return ()
    paths = [(text, 0)] if text.startswith("$") else CallText.of(text).paths or ()
    found = [(place(path), offset) for path, offset in paths]
    return tuple(
        (where.root[1:], offset) for where, offset in found if where and where.root not in ("$", "$$")
    )


def _jsonata_reads(text: str) -> tuple[tuple[str, int], ...]:
    """Called functions do not count: another rule reports unknown functions."""
    if jsonata_tree(text) is None:
        return ()
    from asltool.expr.jsonata.library import FUNCTIONS

    found = JsonataText.of(text).references
    start = jsonata.expression_in(text)[1]
    apart = FUNCTIONS | found.functions.keys() | {RESERVED, "eval"}
    return tuple((name, start + offset) for name, offset in found.variables.items() if name not in apart)


def unseen(scope: Scope, language: QueryLanguage) -> Iterator[tuple[VariableRead, str]]:
    """Yield the reads of variables that are certainly not visible, each with its message.

    The scope must be the outermost. The service checks only JSONPath.
    """
    for variables in variables_of(scope):
        reads = () if variables.assigns_unknown else variables.reads
        found = [
            read
            for read in reads
            if read.name not in variables.visible and read.state.query_language == language
        ]
        if found:
            choices = Choices(variables.visible)
            yield from ((read, _unseen(scope, choices, read)) for read in found)


def _unseen(scope: Scope, choices: Choices, read: VariableRead) -> str:
    name, maker = quoted(f"${read.name}"), assigned_anywhere(scope).get(read.name)
    if maker is not None:
        return f"state {quoted(read.state.name)} cannot see the variable {name} of state {quoted(maker)}"
    meant = choices.near(read.name)
    hint = f". did you mean {quoted('$' + meant)}?" if meant else ""
    return f"no state assigns the variable {name}{hint}"


@once_per_definition
def assigned_anywhere(scope: Scope) -> dict[str, str]:
    """Return the variables of all machines of a definition, each with the first state that assigns it."""
    found: dict[str, str] = {}
    for variables in variables_of(scope):
        for name in variables.own:
            found.setdefault(name, variables.visible[name])
    return found


def asks_for(read: VariableRead) -> bool:
    """Return whether the text, or the Choice that contains it, checks whether the variable exists."""
    text, state = read.text, read.state
    if text.kind == "jsonata":
        return read.name in _ASKED.findall(text.value)
    places = asked(state) if isinstance(state, Choice) else ()
    return any(where is None or where.root == f"${read.name}" for where in places)
