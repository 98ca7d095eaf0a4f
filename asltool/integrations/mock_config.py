"""The mock configuration file of Step Functions Local, unchanged: test cases, and responses by invocation.

Invocations are counted by state over the whole run, including retries, loops and Map iterations, as in Step
Functions Local 2.0.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-mock-cfg-file.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

from asltool.driver.jobs import Work
from asltool.engine.effects import CallTask, Failed, Succeeded
from asltool.errors import MockError
from asltool.integrations.data_file import DataFile, text_of
from asltool.integrations.scripted import Mocks
from asltool.integrations.scripted_answers import Responder, ends, is_invoke_response
from asltool.syntax.model import Pointer, StateMachine
from asltool.syntax.wording import described, expected, listed, quoted

__all__ = ["MockConfig"]

_INVOCATIONS = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


class _Modelled(Protocol):
    @property
    def model(self) -> StateMachine: ...


class MockConfig:
    """A mock configuration.

    ``test_cases`` are the names of its test cases, as ``StateMachine#TestCase``, in file order.
    """

    def __init__(self, file: DataFile) -> None:
        self._file = file
        machines = self._file.object(("StateMachines",))
        self._responses = self._file.object(("MockedResponses",))
        self._cases = [
            (machine, case)
            for machine in machines
            for case in self._file.object(("StateMachines", machine, "TestCases"))
        ]
        self.test_cases = [f"{machine}#{case}" for machine, case in self._cases]

    @classmethod
    def load(cls, path: str | PathLike[str]) -> MockConfig:
        """Read a file, JSON or YAML by its ending.

        Raises:
            MockError: the file is not a mock configuration; the message says where.
            OSError: the file cannot be read.
        """
        return cls.loads(text_of(Path(path), MockError), str(path))

    @classmethod
    def loads(cls, text: str, path: str = "mocks.json") -> MockConfig:
        """Read a text; ``path`` is its name for messages, and its extension decides the format. See
        `load`."""
        return cls(DataFile(text, path, MockError))

    def mocks(self, test_case: str, *machines: _Modelled) -> Mocks:
        """Return the mocks of a test case: ``TestCase``, or ``StateMachine#TestCase`` if the name is
        ambiguous.

        A state that the test case does not name is not mocked. An invocation without a response fails the
        execution with ``States.Runtime``, as in Step Functions Local.

        Args:
            machines: the machines that will run; every state of the test case must be in one of them.

        Raises:
            MockError: the test case does not exist or is invalid; the message says where.
        """
        machine, case = self._find(test_case)
        mocks = Mocks()
        pointer = ("StateMachines", machine, "TestCases", case)
        known = [state.name for machine in machines for state in machine.model.walk_states()]
        for state in self._file.object(pointer):
            if machines and state not in known:
                message = f"no state machine has the state {quoted(state)}. {expected(state, known)}"
                raise self._file.wrong((*pointer, state), message, key=True)
            name = self._response((*pointer, state))
            mock = mocks.task(state)
            for answer, times in self._script(name):
                mock.add(answer, times)
            mock.add(partial(_unmocked, name), None)
        return mocks

    def _find(self, test_case: str) -> tuple[str, str]:
        """Return the state machine and test case with this name."""
        found = [(machine, case) for machine, case in self._cases if test_case in (case, f"{machine}#{case}")]
        if len(found) == 1:
            return found[0]
        path = self._file.path
        if found:
            names = listed([f"{machine}#{case}" for machine, case in found], "or")
            raise MockError(
                f"{path}: several state machines have a test case {quoted(test_case)}. use {names}"
            )
        known = self.test_cases if "#" in test_case else dict.fromkeys(case for _, case in self._cases)
        hint = f". {expected(test_case, known)}" if known else ""
        raise MockError(f"{path}: unknown test case {quoted(test_case)}{hint}")

    def _response(self, pointer: Pointer) -> str:
        """Return the name of the mocked response for a state of a test case."""
        name = self._file.value(pointer)
        if not isinstance(name, str):
            raise self._file.wrong(pointer, f"expected the name of a response, not {described(name)}")
        if name not in self._responses:
            hint = f". {expected(name, self._responses)}" if self._responses else ""
            raise self._file.wrong(pointer, f"unknown mocked response {quoted(name)}{hint}")
        return name

    def _script(self, response: str) -> Iterator[tuple[Responder, int]]:
        """Yield the answers of a mocked response, with their numbers of calls, in order."""
        pointer = ("MockedResponses", response)
        ranges = sorted((*self._invocations((*pointer, key)), key) for key in self._file.object(pointer))
        due = 0
        for first, last, key in ranges:
            if first < due:
                raise self._file.wrong(
                    (*pointer, key), f"invocation {first} already has a response", key=True
                )
            if first > due:
                raise self._file.wrong((*pointer, key), f"invocation {due} has no response", key=True)
            due = last + 1
            yield self._answer((*pointer, key)), due - first

    def _invocations(self, pointer: Pointer) -> tuple[int, int]:
        """Return the first and last invocation of a key such as ``0`` or ``1-2``."""
        match = _INVOCATIONS.fullmatch(str(pointer[-1]))
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            hint = f'expected invocations such as "0" or "1-2", not {quoted(pointer[-1])}'
            raise self._file.wrong(pointer, hint, key=True)
        return first, last

    def _answer(self, pointer: Pointer) -> Responder:
        response = self._file.object(pointer)
        if len(response) != 1 or not response.keys() <= {"Return", "Throw"}:
            found = f"not {listed(response, 'and')}" if response else "and it is empty"
            raise self._file.wrong(pointer, f'expected "Return" or "Throw", {found}')
        if "Return" in response:
            return partial(_returned, response["Return"])
        place = (*pointer, "Throw")
        thrown = self._file.only(place, ("Error", "Cause"))
        if "Error" not in thrown:
            raise self._file.wrong(place, 'expected the field "Error"')
        for field, text in thrown.items():
            if not isinstance(text, str):
                raise self._file.wrong((*place, field), f"expected a string, not {described(text)}")
        return ends(Failed(thrown["Error"], thrown.get("Cause")))


def _returned(output: Any, call: CallTask) -> Work:
    """Succeed; for a function called by its ARN, the result is the Payload of Lambda's response."""
    if call.resource.events == "LambdaFunction" and is_invoke_response(output):
        output = output["Payload"]
    return ends(Succeeded(output))(call)


def _unmocked(response: str, call: CallTask) -> Work:
    what = f"this invocation of the state {quoted(call.state)}"
    cause = f"The mocked response {quoted(response)} has no answer for {what}"
    return ends(Failed("States.Runtime", cause))(call)
