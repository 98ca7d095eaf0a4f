"""What a part of a payload template is made of, in either language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.expr import jsonata
from asltool.syntax.expressions import SUFFIX, jsonata_tree
from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import Step
from asltool.testing.explore.nodes import node_terms
from asltool.testing.explore.paths import path_terms
from asltool.testing.explore.terms import Constant, Term, Unclear, constant_term

__all__ = ["template_terms"]


def template_terms(value: Any, steps: tuple[Step, ...], *, is_jsonata: bool) -> Iterator[Term]:
    """Yield what a part of a payload template, or of JSON with JSONata in it, is made of."""
    if is_jsonata and isinstance(value, str) and jsonata.is_expression(value):
        tree = jsonata_tree(value)
        yield from [Unclear()] if tree is None else node_terms(tree, steps)
    elif _is_constant(value, is_jsonata=is_jsonata):
        yield constant_term(value, steps)
    elif not steps:
        yield Unclear()
    elif isinstance(value, dict) and isinstance(steps[0], str):
        yield from _member(value, steps[0], steps[1:], is_jsonata=is_jsonata)
    elif isinstance(value, list) and isinstance(steps[0], int) and -len(value) <= steps[0] < len(value):
        yield from template_terms(value[steps[0]], steps[1:], is_jsonata=is_jsonata)
    else:
        yield Unclear()


def _member(value: dict[str, Any], name: str, steps: tuple[Step, ...], *, is_jsonata: bool) -> Iterator[Term]:
    if not is_jsonata and isinstance(value.get(name + SUFFIX), str):
        yield from path_terms(value[name + SUFFIX], steps)
    elif name in value:
        yield from template_terms(value[name], steps, is_jsonata=is_jsonata)
    else:
        yield Constant(ABSENT)


def _is_constant(value: Any, *, is_jsonata: bool) -> bool:
    if isinstance(value, dict):
        paths = not is_jsonata and any(name.endswith(SUFFIX) for name in value)
        return not paths and all(_is_constant(part, is_jsonata=is_jsonata) for part in value.values())
    if isinstance(value, list):
        return all(_is_constant(part, is_jsonata=is_jsonata) for part in value)
    return not (is_jsonata and isinstance(value, str) and jsonata.is_expression(value))
