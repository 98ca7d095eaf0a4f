"""What happens next: an execution as a value, driven from outside.

Nothing here reads a clock, draws chance or touches the network; `asltool.driver` carries effects out.
"""

from asltool.engine.effects import (
    AskAgain,
    CallTask,
    CancelTask,
    Effect,
    Failed,
    Heartbeat,
    Outcome,
    Sleep,
    Started,
    StartMapRun,
    Submitted,
    Succeeded,
)
from asltool.engine.execution import Execution
from asltool.engine.identity import Identity
from asltool.engine.program import Program, compile_machine

__all__ = [
    "AskAgain",
    "CallTask",
    "CancelTask",
    "Effect",
    "Execution",
    "Failed",
    "Heartbeat",
    "Identity",
    "Outcome",
    "Program",
    "Sleep",
    "StartMapRun",
    "Started",
    "Submitted",
    "Succeeded",
    "compile_machine",
]
