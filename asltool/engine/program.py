"""A program: a compiled state machine, which can run any number of times."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

from asltool.engine.decisions import CompiledMachine
from asltool.engine.pausing import Pause
from asltool.engine.states import compile_states
from asltool.syntax.model import StateMachine

__all__ = ["Program", "compile_machine", "known_program", "text_hash"]

_KNOWN: WeakValueDictionary[str, Program] = WeakValueDictionary()
"""Programs in use whose hash has been asked for: loading a dump does not compile them again."""


@dataclass(frozen=True, eq=False)
class Program:
    """A compiled machine. ``definition`` is the JSON it came from, ``timeout_seconds`` its own time limit.

    The program of a distributed Map's children is part of another definition, so its ``definition`` is None.
    ``pause`` is called before each state is entered; see `asltool.engine.pausing`.
    """

    definition: Any
    machine: CompiledMachine
    timeout_seconds: int | None
    pause: Pause | None = None

    @cached_property
    def hash(self) -> str:
        """The definition's key: the SHA-256 of its JSON, in hexadecimal."""
        found = text_hash(self.definition)
        _KNOWN[found] = self
        return found


def text_hash(definition: Any) -> str:
    """Return the SHA-256 of a definition's JSON text, in the order of its members."""
    return hashlib.sha256(json.dumps(definition).encode()).hexdigest()


def known_program(found: str) -> Program | None:
    """Return the program with this hash, if it is in use."""
    return _KNOWN.get(found)


def compile_machine(machine: StateMachine, definition: Any) -> Program:
    """Compile every path, template, rule and expression of a machine.

    Raises:
        DefinitionError: a run needs a value in place of a placeholder.
        ExpressionError: an expression in the definition is invalid.
    """
    return Program(definition, compile_states(machine), machine.timeout_seconds)
