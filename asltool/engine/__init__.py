"""The execution of state machines: an execution is a value that is driven from outside.

::

    effects = execution.start(now)
    effects = execution.deliver(task_id, outcome, now)
    effects = execution.advance(now)            # at execution.wake_at

Nothing here reads a clock, uses unseeded randomness or does I/O: timestamps and outcomes are arguments, and
random values come from the seed. So the same calls give the same history, byte for byte, in any process;
between two calls an execution can be dumped and loaded. `asltool.driver` carries out effects and logs the
calls; outcomes are JSON too (`dump_outcomes`).

**A program** (`program`) is a definition compiled once: every state with its paths, templates and conditions
(`states`, `dataflow`, `conditions`), linked to the states it leads to. **An execution** (`execution`) is a
program, the history so far, and its frames (`progress`). **A frame** (`frame`) is one sequence of states: the
machine's, a branch's or an iteration's. A state sees its frame as a read-only `FrameView`, and returns a
**decision** (`decisions`): to leave, with an output and the next state, or a step for which the frame then
waits. `interpreter` runs a frame from state to state until it waits or ends; a **resumption** ends the wait
and says what happens next in the state.

What a frame may wait for, and what ends it:

========================= ============================== ==================================== ================
a frame waits for         because of the step            ended by                             the state then
========================= ============================== ==================================== ================
its turn                  (its frame is new)           the frames before it: Enter          enters
its plan                  Distribute                     at once: Plan                        plans
a task                    Schedule                       Succeeded: Resume                    is left
                                                         Failed, timers task and heartbeat:   recovers
                                                         Recover
a timestamp               WaitUntil                      timer wait: Resume                   is left
the delay of a retry      Retry                          timer retry: Enter, again            enters again
its children              Fork                           the last has ended: Resume           is left
                                                         one has failed: Settle               recovers
a map run                 MapPlan                        Succeeded: Resume                    is left
                                                         Failed: Settle                       recovers
========================= ============================== ==================================== ================

Started, Submitted, Heartbeat and AskAgain report progress of a task and do not end a wait. Any wait also ends
with the execution (the timer machine, `Execution.abort`, a failure that nothing catches), and with a sibling
that fails in the same fork.

**Retry and Catch** (`retry`, `failures`) decide about every failure: the state is tried again, left by a
catcher, or stops its frame; a frame that stops fails the fork it belongs to, or the execution.

**A map run** (`map_execution`) is a value of the same kind. Its driver asks it for the next effect
(`map_effects`: read items, start a child, write results) and reports the result. Its children are executions.
"""

from asltool.engine.dump_outcomes import dump_outcome, load_outcome
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
    "dump_outcome",
    "load_outcome",
]
