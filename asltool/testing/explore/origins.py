"""The origins of a value that a state sees, traced back through the states before it.

Values are traced the same way through one run, where each state has one predecessor, and through the
definition, where it may have several. `routes` has both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Any

from asltool.history.visits import is_distributed
from asltool.rules.analysis.assignments import assigned_by
from asltool.syntax.expressions import place
from asltool.syntax.model import ABSENT, Catcher, Map, Parallel, Pass, State, Task
from asltool.syntax.stages import Part, Stage, inward, items, outward, selector
from asltool.testing.explore.lenses import LISTED, Lens, PathStep
from asltool.testing.explore.paths import path_terms
from asltool.testing.explore.routes import Possible, Routes, Waypoint
from asltool.testing.explore.templates import template_terms
from asltool.testing.explore.terms import Constant, Origin, Term, Unclear, ValueRead, constant_term

__all__ = ["Tracer"]

Steps = tuple[PathStep, ...]


_UNCLEAR = Origin("unclear")


class Tracer:
    """Traces values back; in loops, each question is asked only once."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._asked: set[tuple[Any, ...]] = set()

    def origins(self, waypoint: Waypoint, root: str, steps: Steps) -> list[Origin]:
        """Return where a value may come from.

        ``root`` is ``raw``, the state's input; ``arguments``, what it is filtered to; ``worked``, its result,
        and ``result``, the same after ResultSelector; ``error``, its Error Output; ``output``; ``item``, the
        first item of a Map; or ``$name``, a variable.
        """
        return self._all(self._origins(waypoint, root, steps))

    def origins_of(self, waypoint: Waypoint, read: ValueRead, document: str) -> list[Origin]:
        """Return the origins of a value that an expression reads; its ``$`` is ``document``."""
        return self._all(self.read(waypoint, iter([read]), document))

    def _all(self, origins: Iterator[Origin]) -> list[Origin]:
        self._asked = set()
        try:
            return list({origin.key: origin for origin in origins}.values())
        except RecursionError:
            return [_UNCLEAR]

    def _origins(self, waypoint: Waypoint, root: str, steps: Steps) -> Iterator[Origin]:
        asked = (id(waypoint), root, steps)
        if asked in self._asked:
            return
        self._asked.add(asked)
        if len(self._asked) > _MOST_ASKED:
            yield _UNCLEAR
            return
        state = self._routes.state(waypoint)
        if root == "raw":
            yield from self._raw(waypoint, steps)
        elif root == "arguments":
            yield from self._filtered(waypoint, state, steps)
        elif root == "result":
            yield from self._result(waypoint, state, steps)
        elif root == "worked":
            yield from self._worked_out(waypoint, state, steps)
        elif root == "error":
            yield Origin("error", waypoint, steps)
        elif root == "output":
            yield from self._output(waypoint, state, steps)
        elif root == "item" and isinstance(state, Map):
            yield from self._items(waypoint, state, (0, *steps))
        elif root != "$$":
            yield from self._variable(waypoint, root[1:], steps)
        else:
            yield from self._context(waypoint, steps)

    def read(self, waypoint: Waypoint, terms: Iterator[Term], document: str) -> Iterator[Origin]:
        """Yield the origins of an expression's reads; ``document`` is what ``$`` or ``$states`` refers to."""
        for term in terms:
            if isinstance(term, Constant):
                yield Origin("constant", value=term.value)
            elif isinstance(term, Unclear):
                yield _UNCLEAR
                parts = self.read(waypoint, iter(term.reads), document)
                yield from (part._replace(exact=False) for part in parts)
            elif term.root == "$":
                yield from self._origins(waypoint, document, term.steps)
            elif term.root == "$states":
                yield from self._states(waypoint, term)
            else:
                yield from self._origins(waypoint, term.root, term.steps)

    def _states(self, waypoint: Waypoint, read: ValueRead) -> Iterator[Origin]:
        root = _STATES.get(read.steps[0]) if read.steps else None
        yield from [_UNCLEAR] if root is None else self._origins(waypoint, root, read.steps[1:])

    # Into a state

    def _raw(self, waypoint: Waypoint, steps: Steps) -> Iterator[Origin]:
        for before, part in self._routes.before(waypoint):
            yield from self._output(before, part, steps)
        if not self._routes.begins(waypoint):
            return
        around = self._routes.around(waypoint)
        if around is None:
            yield Origin("input", steps=steps)
        elif isinstance(state := self._routes.state(around), Map):
            yield from self._item(waypoint, around, state, steps)
        else:
            yield from self._arguments(around, steps)

    def _item(self, waypoint: Waypoint, around: Waypoint, state: Map, steps: Steps) -> Iterator[Origin]:
        is_jsonata = state.query_language == "JSONata"
        stage = selector(state)
        if stage.is_default:
            yield from self._item_at(waypoint, around, state, steps)
            return
        for term in template_terms(stage.value, steps):
            context = isinstance(term, ValueRead) and (
                term.steps if term.root == "$$" else term.steps[1:] if term.steps[:1] == ("context",) else ()
            )
            if context and context[:3] == ("Map", "Item", "Value"):
                yield from self._item_at(waypoint, around, state, context[3:])
            elif is_jsonata:
                yield from self.read(around, iter([term]), "raw")
            else:
                yield from self.read(around, iter([term]), "arguments")

    def _item_at(self, waypoint: Waypoint, around: Waypoint, state: Map, steps: Steps) -> Iterator[Origin]:
        """Yield the origins in the item that a waypoint inside a Map processes."""
        index = self._routes.item(waypoint)
        yield from [_UNCLEAR] if index is None else self._items(around, state, (index, *steps))

    def _items(self, waypoint: Waypoint, state: Map, steps: Steps) -> Iterator[Origin]:
        if state.item_reader or state.item_batcher:
            yield _UNCLEAR
        elif (stage := items(state)).action == "select":
            yield from self.read(waypoint, path_terms(stage.value, steps), "arguments")
        elif stage.is_default:
            yield from self._origins(waypoint, "raw", steps)
        else:
            yield from self.read(waypoint, template_terms(stage.value, steps), "raw")

    def _arguments(self, waypoint: Waypoint, steps: Steps) -> Iterator[Origin]:
        """Yield the origins of the effective input: Parameters or Arguments, else the filtered input."""
        state = self._routes.state(waypoint)
        made = [stage for stage in inward(state) if stage.action == "make" and not stage.is_default]
        if not made or isinstance(state, Map):
            yield from self._filtered(waypoint, state, steps)
        for stage in () if isinstance(state, Map) else made:
            yield from self.read(waypoint, template_terms(stage.value, steps), "arguments")

    def _filtered(self, waypoint: Waypoint, state: State, steps: Steps) -> Iterator[Origin]:
        if state.query_language == "JSONata" or state.input_path == "$":
            yield from self._origins(waypoint, "raw", steps)
        elif state.input_path is None:
            yield Origin("constant", value=ABSENT if steps else {})
        else:
            yield from self.read(waypoint, path_terms(state.input_path, steps), "raw")

    # Out of a state

    def _output(self, waypoint: Waypoint, part: Part, steps: Steps) -> Iterator[Origin]:
        start = "error" if isinstance(part, Catcher) else "worked"
        yield from self._back(waypoint, [*outward(self._routes.state(waypoint), part)], start, steps)

    def _result(self, waypoint: Waypoint, state: State, steps: Steps) -> Iterator[Origin]:
        stages = [*takewhile(lambda stage: stage.action != "assign", outward(state, every=True))]
        yield from self._back(waypoint, stages, "worked", steps)

    def _back(self, waypoint: Waypoint, stages: list[Stage], start: str, steps: Steps) -> Iterator[Origin]:
        """Yield the origins of a value that these stages return; ``start`` is the root of their input."""
        if not stages:
            yield from self._origins(waypoint, start, steps)
            return
        *before, stage = stages
        if stage.is_default or stage.action == "assign":
            yield from self._back(waypoint, before, start, steps)
        elif self._routes.state(waypoint).query_language == "JSONata":
            yield from self.read(waypoint, template_terms(stage.value, steps), "raw")
        elif stage.action == "combine":
            yield from self._combined(waypoint, stage, before, start, steps)
        elif stage.action == "make":
            for term in template_terms(stage.value, steps):
                if isinstance(term, ValueRead) and term.root == "$":
                    yield from self._back(waypoint, before, start, term.steps)
                else:
                    yield from self.read(waypoint, iter([term]), start)
        elif stage.value is None:
            yield Origin("constant", value=ABSENT if steps else {})
        else:
            found = place(stage.value)
            if found is None or found.goes_on or found.root != "$":
                yield _UNCLEAR
            else:
                yield from self._back(waypoint, before, start, (*found.steps, *steps))

    def _combined(
        self, waypoint: Waypoint, stage: Stage, before: list[Stage], start: str, steps: Steps
    ) -> Iterator[Origin]:
        """Yield the origins in the raw input with a result in its ResultPath."""
        found = None if stage.value is None else place(stage.value)
        if stage.value is None:
            yield from self._origins(waypoint, "raw", steps)
        elif found is None or found.goes_on:
            yield _UNCLEAR
        elif steps[: len(found.steps)] == found.steps:
            yield from self._back(waypoint, before, start, steps[len(found.steps) :])
        elif found.steps[: len(steps)] == steps:
            yield _UNCLEAR
        else:
            yield from self._origins(waypoint, "raw", steps)

    def _worked_out(self, waypoint: Waypoint, state: State, steps: Steps) -> Iterator[Origin]:
        if isinstance(state, Task):
            yield Origin("result", waypoint, steps)
        elif isinstance(state, Map | Parallel):
            yield from self._of_children(waypoint, state, steps)
        elif isinstance(state, Pass) and state.result is not ABSENT:
            yield from self.read(waypoint, iter([constant_term(state.result, steps)]), "raw")
        else:
            yield from self._arguments(waypoint, steps)

    def _of_children(self, waypoint: Waypoint, state: Map | Parallel, steps: Steps) -> Iterator[Origin]:
        if not steps or not isinstance(steps[0], int):
            yield _UNCLEAR
            yield from self._of_each(waypoint, state, steps)
            return
        if isinstance(state, Map):
            yield _UNCLEAR
        elif not -len(state.machines) <= steps[0] < len(state.machines):
            yield Origin("constant", value=ABSENT)
            return
        for end, part in self._routes.ends(waypoint, steps[0] % len(state.machines), steps[0]):
            yield from self._output(end, part, steps[1:])

    def _of_each(self, waypoint: Waypoint, state: Map | Parallel, steps: Steps) -> Iterator[Origin]:
        """Yield the origins of what JSONata reads of every item."""
        for step in steps[:1]:
            if isinstance(state, Map) and is_distributed(state):
                yield from self._of_executions(state, (LISTED, *steps))
                continue
            inside = step.inside if isinstance(step, Lens) else (step,)
            for index in range(len(state.machines)):
                for origin in self._of_children(waypoint, state, (index, *inside, *steps[1:])):
                    yield origin._replace(exact=origin.exact and isinstance(step, str))

    def _of_executions(self, state: Map, steps: Steps) -> Iterator[Origin]:
        """Yield the tasks' results in what child executions return."""
        routes = Possible(state.item_processor)
        inner = Tracer(routes)
        for end, part in routes.ends(state, 0, 0):
            found = inner._all(inner._output(end, part, steps))
            yield from (origin for origin in found if origin.kind == "result")

    def _variable(self, waypoint: Waypoint, name: str, steps: Steps) -> Iterator[Origin]:
        for before, part in self._routes.before(waypoint):
            is_jsonata = self._routes.state(before).query_language == "JSONata"
            key = assigned_by(part, is_jsonata).get(name)
            if key is None:
                yield from self._origins(before, f"${name}", steps)
                continue
            document = "raw" if is_jsonata else "error" if isinstance(part, Catcher) else "result"
            yield from self.read(before, template_terms(part.assign, (name, *steps)), document)
        if self._routes.begins(waypoint):
            around = self._routes.around(waypoint)
            yield from [_UNCLEAR] if around is None else self._origins(around, f"${name}", steps)

    def _context(self, waypoint: Waypoint, steps: Steps) -> Iterator[Origin]:
        if steps[:2] == ("Execution", "Input"):
            yield Origin("input", steps=steps[2:])
            return
        around: Waypoint | None = waypoint
        while around is not None and steps[:3] == ("Map", "Item", "Value"):
            inside, around = around, self._routes.around(around)
            if around is not None and isinstance(state := self._routes.state(around), Map):
                yield from self._item_at(inside, around, state, steps[3:])
                return
        yield _UNCLEAR


_MOST_ASKED = 2000
_STATES: dict[Any, str] = {"input": "raw", "result": "result", "errorOutput": "error", "context": "$$"}
