"""The variables that a state assigns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.syntax.expressions import SUFFIX
from asltool.syntax.model import ABSENT, Choice, Pointer, State, Working
from asltool.syntax.stages import Part

__all__ = ["assigned_by", "assigned_in", "assigning"]


def assigning(state: State) -> tuple[Part, ...]:
    """Return the parts of a state that may assign variables: the state, its rules and its Catchers."""
    if isinstance(state, Choice):
        return (state, *state.choices)
    return (state, *state.catch) if isinstance(state, Working) else (state,)


def assigned_by(part: Part, is_jsonata: bool) -> dict[str, str]:
    """Return the variables of one Assign, each with its key."""
    keys: Any = part.assign if isinstance(part.assign, dict) else ()
    return {key if is_jsonata else key.removesuffix(SUFFIX): key for key in keys}


def assigned_in(state: State) -> Iterator[tuple[str, Pointer]]:
    """Yield the variables that a state may assign, each with the path to its key."""
    for part in assigning(state):
        if part.assign is ABSENT:
            continue
        for name, key in assigned_by(part, state.query_language == "JSONata").items():
            yield name, (*part.pointer, "Assign", key)
