"""The terms of a part of a payload template, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.syntax.expressions import SUFFIX, CallText, JsonataText, PathText, held_in, jsonata_tree
from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import PathStep
from asltool.testing.explore.nodes import node_terms
from asltool.testing.explore.paths import path_terms
from asltool.testing.explore.terms import Constant, Term, Unclear, constant_term

__all__ = ["template_terms"]


def template_terms(value: Any, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    """Yield the terms of a part of a payload template, or of JSON that contains JSONata."""
    if isinstance(value, JsonataText):
        tree = jsonata_tree(value)
        yield from [Unclear()] if tree is None else node_terms(tree, steps)
    elif not any(True for _ in held_in(value)):
        yield constant_term(value, steps)
    elif not steps:
        yield Unclear()
    elif isinstance(value, dict) and isinstance(steps[0], str):
        yield from _member(value, steps[0], steps[1:])
    elif isinstance(value, list) and isinstance(steps[0], int) and -len(value) <= steps[0] < len(value):
        yield from template_terms(value[steps[0]], steps[1:])
    else:
        yield Unclear()


def _member(value: dict[str, Any], name: str, steps: tuple[PathStep, ...]) -> Iterator[Term]:
    if isinstance(value.get(name + SUFFIX), PathText | CallText):
        yield from path_terms(value[name + SUFFIX], steps)
    elif name in value:
        yield from template_terms(value[name], steps)
    else:
        yield Constant(ABSENT)
