"""One mutant: made, given to what reads it, and what came of it."""

from __future__ import annotations

import random
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.commands import place
from tests.fuzz.mutants import mutated
from tests.fuzz.targets import KINDS

__all__ = ["Trial", "trial"]


@dataclass(frozen=True)
class Trial:
    """``problem`` is a traceback, None where all is well; ``where`` the place in the code that it ends in."""

    name: str
    text: str
    problem: str | None
    where: str


def trial(kind: str, seed: int, number: int, *, wide: bool) -> Trial:
    """Make this mutant of this kind and have it read."""
    chance, about = random.Random(f"{seed}/{kind}/{number}"), KINDS[kind]
    seeds = about.seeds(wide)
    name, text = chance.choice(seeds)
    text = mutated(text, chance, about.form, [other for _, other in seeds])
    with place():
        Path(name).write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            about.read(name, chance)
        except BaseException as problem:
            if isinstance(problem, KeyboardInterrupt):
                raise
            frames = traceback.extract_tb(problem.__traceback__)
            inside = [frame for frame in frames if "/asltool/" in frame.filename] or frames
            where = f"{type(problem).__name__} at {Path(inside[-1].filename).name}:{inside[-1].lineno}"
            return Trial(name, text, "".join(traceback.format_exception(problem)), where)
    return Trial(name, text, None, "")
