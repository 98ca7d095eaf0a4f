"""Pauses before states, and their commands, for ``--step`` and ``--break``.

Nothing here reads a terminal: lines come from a function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import NamedTuple

import click

from asltool.cli.data_shown import input_lines
from asltool.cli.eval import unreadable
from asltool.cli.folding import changes, folded
from asltool.cli.problems import in_words
from asltool.cli.step_data import around, execution_of, json_in, value_of
from asltool.cli.stopping import Stopped
from asltool.cli.trace import INDENT, line
from asltool.driver.jobs import ScriptedOutcomes, Work, first_word
from asltool.engine.effects import CallTask, Failed, Outcome, Succeeded
from asltool.engine.execution import Execution
from asltool.engine.frame import Frame
from asltool.engine.pausing import EnterState, failed, given
from asltool.engine.retry import Failure
from asltool.errors import EvaluationError, ExpressionError, OptionError
from asltool.syntax.model import StateMachine
from asltool.syntax.wording import near, quoted

__all__ = ["Quit", "Shown", "Stepping"]

_EXPRESSION = re.compile(r"\$|\{%|States\.")


class Quit(Stopped):
    """The user ends the run."""

    def __init__(self, state: str) -> None:
        super().__init__()
        self.args = (f"quit before state {quoted(state)}",)
        self.status = 1


class Shown(NamedTuple):
    """The output of a pause. ``catch_up`` first shows what has happened; ``width`` is in characters.

    It is called with the execution that pauses, or with None for a child of it. ``changed`` collects the
    changes made by hand.
    """

    catch_up: Callable[[Execution | None], object]
    width: int
    changed: list[str]


class _Command(NamedTuple):
    letter: str
    usage: str
    meaning: str
    do: Callable[[Stepping, Frame, str], EnterState | None]


class Stepping:
    """Pauses before states; ``pause`` is the `Pause` of a program.

    It is also the first integration of the run, because it answers for skipped tasks.

    Args:
        breaks: the states to pause before; None for all states.
        ask: returns a line; raises EOFError at the end of the input.
        missing: states whose tasks have no handler.
    """

    def __init__(
        self,
        model: StateMachine,
        breaks: Collection[str] | None,
        ask: Callable[[], str],
        shown: Shown,
        missing: Iterable[str] = (),
    ) -> None:
        self._languages = {state.name: state.query_language for state in model.walk_states()}
        self._breaks = breaks
        self._ask, self._shown, self._width = ask, shown, shown.width - len(INDENT)
        self._missing = frozenset(missing)
        self._outcomes: dict[tuple[str, int], Outcome] = {}

    # The integration.

    def knows(self, call: CallTask) -> bool:
        """Where every state pauses, a task without a handler can be skipped."""
        return call.state in self._missing

    def find(self, call: CallTask) -> Work | None:
        outcome = self._outcomes.pop((call.execution_arn, call.task_id), None)
        first = None if outcome is None else first_word(call)
        return None if outcome is None else ScriptedOutcomes([outcome] if first is None else [first, outcome])

    # The pause.

    def pause(self, frame: Frame) -> EnterState:
        """Ask what a state is to do; see `Pause`.

        Raises:
            Quit: the run is to end here.
        """
        if self._breaks is not None and frame.state.name not in self._breaks:
            return frame.state.enter
        self._shown.catch_up(execution_of(frame))
        self._where(frame)
        while True:
            word, rest = self._read(frame)
            command = _BY_WORD.get(word)
            if command is None:
                meant = near(word, _COMMANDS)
                hint = "help shows the commands" if meant is None else f"did you mean {meant}?"
                self._say(f"unknown command {quoted(word)}. {hint}")
            elif (enter := command.do(self, frame, rest)) is not None:
                return enter

    def _read(self, frame: Frame) -> tuple[str, str]:
        """Return the next command and what follows it. An expression alone is to be evaluated."""
        try:
            text = self._ask().strip()
        except EOFError:
            raise Quit(frame.state.name) from None
        if _EXPRESSION.match(text):
            return "eval", text
        word, _, rest = text.partition(" ")
        return word or "continue", rest.strip()

    def _say(self, *lines: str) -> None:
        for each in lines:
            click.echo(f"{INDENT}{each}", err=True)

    # The commands. Those that end the pause return what the state does.

    def _where(self, frame: Frame, rest: str = "") -> None:
        line("pause", frame.state.name, ", ".join([frame.state.kind, *around(frame)]))
        self._say(*input_lines(frame.input, frame.variables, self._width))

    def _continue(self, frame: Frame, rest: str) -> EnterState | None:
        if frame.state.name in self._missing:
            self._say("this task has no handler: skip it with a result, or let it fail")
            return None
        return frame.state.enter

    def _step(self, frame: Frame, rest: str) -> EnterState | None:
        self._breaks = None
        return self._continue(frame, rest)

    def _run(self, frame: Frame, rest: str) -> EnterState | None:
        enter = self._continue(frame, rest)
        if enter is not None:
            self._breaks = ()
        return enter

    def _skip(self, frame: Frame, rest: str) -> EnterState | None:
        state = frame.state
        if state.kind in ("Choice", "Fail"):
            self._say(f"a {state.kind} has no result. change its input, or let it fail")
            return None
        try:
            result = json_in(rest, "skip", frame)
        except (OptionError, OSError) as problem:
            self._say(in_words(problem))
            return None
        what = "result" if state.kind in ("Task", "Parallel", "Map") else "output"
        self._note(what, frame)
        if state.kind != "Task":
            return partial(given, result=result)
        return self._answer(frame, Succeeded(result))

    def _fail(self, frame: Frame, rest: str) -> EnterState | None:
        error, _, cause = rest.partition(" ")
        if not error:
            self._say("expected fail ERROR, or fail ERROR CAUSE")
            return None
        self._note("failure", frame)
        if frame.state.kind != "Task":
            return partial(failed, failure=Failure(error, cause.strip() or None))
        return self._answer(frame, Failed(error, cause.strip() or None))

    def _answer(self, frame: Frame, outcome: Outcome) -> EnterState:
        """Answer for the task that the state schedules: its ID is that of the event after the next one."""
        self._outcomes[frame.identity.execution_arn, len(frame.shared.records) + 2] = outcome
        return frame.state.enter

    def _input(self, frame: Frame, rest: str) -> None:
        try:
            value = json_in(rest, "input", frame)
        except (OptionError, OSError) as problem:
            self._say(in_words(problem))
            return
        found = changes(frame.input, value, self._width)
        if found:
            self._note("input", frame)
            frame.input = value
        self._say(*(found or ["the input has not changed"]))

    def _eval(self, frame: Frame, rest: str) -> None:
        language = self._languages[frame.state.name]
        try:
            self._say(*folded(value_of(rest, language, frame), self._width))
        except EvaluationError as problem:
            self._say(f"{problem.error}: {problem.cause}")
        except ExpressionError as problem:
            self._say(*unreadable(problem, language).split("\n"))

    def _quit(self, frame: Frame, rest: str) -> None:
        raise Quit(frame.state.name)

    def _help(self, frame: Frame, rest: str) -> None:
        for command in _COMMANDS.values():
            self._say(f"{command.usage:<28} {command.letter}  {command.meaning}")

    def _note(self, what: str, frame: Frame) -> None:
        self._shown.changed.append(" ".join([f"{what} of {quoted(frame.state.name)}", *around(frame)]))


_COMMANDS = {
    "continue": _Command(
        "c", "continue, or Enter", "run this state, up to the next pause", Stepping._continue
    ),
    "step": _Command("s", "step", "run this state, and pause before the next one", Stepping._step),
    "run": _Command("r", "run", "run to the end without a pause", Stepping._run),
    "skip": _Command("k", "skip JSON", "do not run this state: this is its result", Stepping._skip),
    "fail": _Command("f", "fail ERROR [CAUSE]", "do not run this state: it fails with this", Stepping._fail),
    "input": _Command("i", "input JSON", "change the input of this state", Stepping._input),
    "eval": _Command(
        "e", "eval EXPRESSION", "evaluate it on the data here; eval can be left out", Stepping._eval
    ),
    "where": _Command("w", "where", "show the state, its input and its variables", Stepping._where),
    "help": _Command("h", "help", "show this", Stepping._help),
    "quit": _Command("q", "quit", "end the run here", Stepping._quit),
}
_BY_WORD = {**_COMMANDS, **{command.letter: command for command in _COMMANDS.values()}}
