"""Unchanged Lambda functions in JavaScript: one ``node`` process for the functions of a project.

Source: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html and
https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from asltool.errors import TaskFailed, TasksError
from asltool.expr.values import dumps, loads
from asltool.integrations.handler import TaskContext
from asltool.integrations.lambda_invoke import returned
from asltool.integrations.lambda_names import regions
from asltool.integrations.node_process import LOAD_FAILED, RAISED, NodeProcess, ProcessEnd, needs_node

__all__ = ["PROCESSES", "SUFFIXES", "NodeFunction"]

SUFFIXES = (".js", ".mjs", ".cjs")
"""In the order in which Lambda looks for a handler's file."""

_MOST_SECONDS = 900.0
"""The longest timeout that Lambda has."""

PROCESSES: WeakValueDictionary[tuple[object, ...], NodeProcess] = WeakValueDictionary()
"""The processes of all functions: those of one folder with the same environment share one."""


class NodeFunction:
    """A task handler: the JavaScript function ``function`` of ``file``, called as Lambda does.

    Args:
        function: the name it is exported under; ``a.b`` is a member of an exported object.
        variables: environment variables, in addition to those of this process.
        folder: where its process runs; by default the nearest folder with a ``package.json``.
        seconds: its timeout; None for the rest of the state's TimeoutSeconds, or 15 minutes.
        memory: the memory limit in its context, in megabytes.

    Raises:
        TasksError: the file is not JavaScript or does not exist, or there is no ``node``.
    """

    compact = True
    """Results are written without spaces, as the content length in a response shows."""

    def __init__(
        self,
        file: str | PathLike[str],
        function: str = "handler",
        variables: Mapping[str, str] | None = None,
        *,
        folder: str | PathLike[str] | None = None,
        seconds: float | None = None,
        memory: str = "128",
    ) -> None:
        path = Path(file).resolve()
        if path.suffix not in SUFFIXES:
            raise TasksError(f"{file} is not JavaScript. expected {', '.join(SUFFIXES)}")
        if not path.is_file():
            raise TasksError(f"{file} does not exist")
        if missing := needs_node():
            raise TasksError(f"{file}: {missing}")
        self.folder = _project(path) if folder is None else Path(folder).resolve()
        self.code = path.parent
        self._file, self._name = file, function
        self._function = [str(path), function]
        own = {**regions(), **(variables or {})}
        # A debugger stops the function, but not the clock.
        debugged = "--inspect" in {**os.environ, **own}.get("NODE_OPTIONS", "")
        self._seconds, self._memory = None if debugged else seconds, memory
        key = os.getpid(), self.folder, tuple(sorted(own.items()))
        self._process = PROCESSES.setdefault(key, NodeProcess(self.folder, {**os.environ, **own}))

    def __repr__(self) -> str:
        return f"<NodeFunction {self._file}: {self._name}>"

    def __call__(self, event: Any, context: TaskContext) -> Any:
        """Call the function.

        Raises:
            TaskFailed: it failed, took too long, or ended its process.
            TasksError: it cannot be loaded.
        """
        own = self._seconds
        request = {
            "name": context.function_name,
            "event": event,
            "context": self._context(context),
            "milliseconds": context.get_remaining_time_in_millis() if own is None else own * 1000,
        }
        seconds = _MOST_SECONDS if own is None else own
        answer = self._process.call(self._function, request, context.cancelled, seconds)
        if answer is None:
            raise _failure("Sandbox.Timedout", context, f"Task timed out after {seconds:.2f} seconds")
        if isinstance(answer, ProcessEnd):
            raise _failure("Runtime.ExitError", context, answer.how)
        if answer.kind == LOAD_FAILED:
            problem = f"{self._file} {json.loads(answer.text)}{_place(self._function[0], answer.text)}"
            raise TasksError(f'function "{context.function_name}", on Node.js: {problem}')
        if answer.kind == RAISED:
            return returned(answer.text, failed=True)
        try:
            return loads(answer.text)
        except ValueError as problem:
            message = f"Unable to marshal response: {problem}"
            raise _failure("Runtime.MarshalError", context, message) from None

    def _context(self, context: TaskContext) -> dict[str, Any]:
        return {
            "awsRequestId": context.aws_request_id,
            "functionName": context.function_name,
            "functionVersion": context.function_version,
            "invokedFunctionArn": context.invoked_function_arn,
            "logGroupName": context.log_group_name,
            "logStreamName": context.log_stream_name,
            "memoryLimitInMB": self._memory,
        }


def _project(file: Path) -> Path:
    """Return the folder of a file's project, as npm finds it."""
    return next((folder for folder in file.parents if (folder / "package.json").is_file()), file.parent)


def _place(file: str, problem: str) -> str:
    """Return where a file has a syntax error; for modules, Node.js reports the place only here."""
    if "SyntaxError" not in problem:
        return ""
    checked = subprocess.run(
        ["node", "--check", file], capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    found, blank, _ = checked.stderr.partition("\n\n")
    return f"\n{found}" if blank else ""


def _failure(error: str, context: TaskContext, message: str) -> TaskFailed:
    said = f"RequestId: {context.aws_request_id} Error: {message}"
    return TaskFailed(error, dumps({"errorType": error, "errorMessage": said}))
