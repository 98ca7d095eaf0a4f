"""Descriptions of coverage targets."""

from __future__ import annotations

from asltool.diagrams.conditions import condition_text
from asltool.history.targets import Target
from asltool.syntax.model import Choice, State, Working

__all__ = ["describe"]


def describe(target: Target, state: State) -> str:
    """Return a target's description: ``"Valid?" Choices[0] ($.valid == true) to "Load"``."""
    name = f'"{target.state}"'
    match target.kind:
        case "state":
            return f"state {name}"
        case "Retry" if isinstance(state, Working):
            return f"{name} Retry[{target.number}] ({', '.join(state.retry[target.number].error_equals)})"
        case "Catch" if isinstance(state, Working):
            catcher = state.catch[target.number]
            return f'{name} Catch[{target.number}] ({", ".join(catcher.error_equals)}) to "{catcher.next}"'
        case "Choice" if isinstance(state, Choice):
            rule = state.choices[target.number]
            return f'{name} Choices[{target.number}] ({condition_text(rule.condition)}) to "{rule.next}"'
        case "Default" if isinstance(state, Choice):
            return f'{name} Default to "{state.default}"'
    return f'{name} Next to "{state.next}"'
