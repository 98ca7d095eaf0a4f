"""Choose the engine: jsonatapy if it is installed, else jsonata-python."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from asltool.expr.environment import Json
from asltool.expr.jsonata.job import EvaluationFailure, EvaluationJob

__all__ = ["choose", "execute", "folders"]


@cache
def choose() -> str:
    """Return the name of the engine's module without importing it."""
    return "native" if find_spec("jsonatapy") else "fallback"


def folders() -> list[str]:
    """Return the folders of the engines' libraries, for a process with another search path."""
    found = [find_spec(name) for name in ("jsonatapy", "orjson", "jsonata")]
    places = [spec.submodule_search_locations for spec in found if spec]
    return [str(Path(place).parent) for locations in places for place in locations or ()]


def execute(job: EvaluationJob) -> Json | EvaluationFailure:
    """Evaluate in this thread, with the engine of the job's plan."""
    return _load(job.plan.engine)(job)


@cache
def _load(engine: str) -> Callable[[EvaluationJob], Json | EvaluationFailure]:
    found: Callable[[EvaluationJob], Json | EvaluationFailure] = import_module(
        f"asltool.expr.jsonata.{engine}"
    ).execute
    return found
