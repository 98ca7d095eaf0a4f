"""The variables that each state reads, as DescribeStateMachine returns them.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeStateMachine.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from asltool.errors import DefinitionError
from asltool.rules.analysis.scope import Scope
from asltool.rules.analysis.variables import variables_of
from asltool.rules.aws.document import request_document
from asltool.syntax.build import build

__all__ = ["variable_references"]


def variable_references(definition: str | Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the sorted variables that states read, by state name; states that read none are left out.

    The states of all nested machines are included. If the result is empty, DescribeStateMachine has no
    ``variableReferences``.

    Args:
        definition: JSON text or the object that it encodes.

    Raises:
        DefinitionError: the definition is not a state machine.
    """
    document = request_document(definition)
    machine = build(document)
    if machine is None:
        raise DefinitionError(
            "the definition is not a state machine. expected an object with StartAt and States"
        )
    found: dict[str, set[str]] = {}
    for variables in variables_of(Scope(machine, document.value, expressions=document.expressions)):
        for read in variables.reads:
            found.setdefault(read.state.name, set()).add(read.name)
    return {name: sorted(names) for name, names in found.items()}
