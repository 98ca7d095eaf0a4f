"""Endless runs: those that were in the same place twice with the same data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from asltool.expr.values import dumps
from asltool.history.visits import Visit
from asltool.syntax.model import Choice, Pass, Wait
from asltool.syntax.wording import listed
from asltool.testing.explore.scripts import Trial

__all__ = ["repeating"]

_OTHER_EACH_TIME = re.compile(
    r"\$\$|\$states(?!\.input\b)|\$now\b|\$millis\b|\$random\b|\$uuid\b|States\.UUID|States\.MathRandom"
)
"""What may differ although input and variables are the same."""


def repeating(trials: Iterable[Trial]) -> list[str]:
    """Return a sentence for each loop of a run in which nothing can ever change."""
    found: dict[str, None] = {}
    for trial in trials:
        visits = [visit for visit in trial.story.visits if visit.around is None]
        names = _repeated(visits)
        if names:
            found[
                f"states {listed(names, 'and')} go round and round with input {dumps(trial.script.input)}"
            ] = None
    return list(found)


def _repeated(visits: Sequence[Visit]) -> list[str]:
    """Return the states of the loop that a run is in; none if it is not certain to be in one."""
    seen: dict[tuple[str, ...], int] = {}
    for at, (visit, following) in enumerate(pairwise(visits)):
        if not isinstance(visit.state, Choice | Pass | Wait) or _differs(visit):
            seen.clear()
            continue
        key = (following.state.name, visit.output or "", dumps(dict(visit.variables)))
        if key in seen:
            return sorted({each.state.name for each in visits[seen[key] + 1 : at + 1]})
        seen[key] = at
    return []


def _differs(visit: Visit) -> bool:
    return _OTHER_EACH_TIME.search(repr(visit.state)) is not None
