"""The states, one file each: how a definition's state becomes one that is ready to run."""

from collections.abc import Callable
from typing import Any

from asltool.engine.states.choice import compile_choice
from asltool.engine.states.fail import compile_fail
from asltool.engine.states.pass_ import compile_pass
from asltool.engine.states.succeed import compile_succeed
from asltool.engine.states.task import compile_task
from asltool.engine.states.wait import compile_wait
from asltool.engine.steps import CompiledState

__all__ = ["COMPILERS"]

COMPILERS: dict[str, Callable[[Any], CompiledState]] = {
    "Choice": compile_choice,
    "Fail": compile_fail,
    "Pass": compile_pass,
    "Succeed": compile_succeed,
    "Task": compile_task,
    "Wait": compile_wait,
}
