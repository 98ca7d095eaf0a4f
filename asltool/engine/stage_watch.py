"""Watch a machine's data: if it is compiled with a watcher, it reports the result of each stage.

A machine that is compiled without a watcher runs no extra code.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeAlias, TypeVar, cast

from asltool.engine.frame_view import FrameView
from asltool.syntax.stages import Stage

__all__ = ["StageWatch", "stages_watched", "watched"]

StageWatch: TypeAlias = Callable[[FrameView, Stage, Any, Any], None]
"""Called with the frame, the stage, what it was evaluated on, and what it made. What
Assign and Output of JSONata are evaluated on is ``$states``."""

_Make = TypeVar("_Make", bound=Callable[..., Any])

_WATCH: ContextVar[StageWatch | None] = ContextVar("stage_watch", default=None)


@contextmanager
def stages_watched(watch: StageWatch) -> Iterator[None]:
    """Let every machine that is compiled inside this context report its stages to ``watch`` when it runs."""
    before = _WATCH.set(watch)
    try:
        yield
    finally:
        _WATCH.reset(before)


def watched(stage: Stage, make: _Make) -> _Make:
    """Return a watched stage: a function of the frame, or of a document and the frame."""
    watch = _WATCH.get()
    if watch is None:
        return make

    def made(*args: Any) -> Any:
        value = make(*args)
        watch(args[-1], stage, args[0] if len(args) > 1 else args[0].input, value)
        return value

    return cast("_Make", made)
