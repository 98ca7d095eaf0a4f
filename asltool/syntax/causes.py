"""The cause of a failure in a readable form: a Lambda error report becomes a message and a traceback.

Source: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
"""

from __future__ import annotations

from asltool.expr.values import loads

__all__ = ["cause_lines", "first_line"]

_TRACES = ("stackTrace", "trace")
"""Where the runtimes put the traceback: Python and Java; Node.js."""


def cause_lines(cause: str) -> list[str]:
    """Return the cause; for an exception of a function, its message and traceback as Python prints it."""
    try:
        report = loads(cause)
    except ValueError:
        return [cause]
    if not isinstance(report, dict) or not isinstance(report.get("errorMessage"), str):
        return [cause]
    trace: list[object] = next((report[name] for name in _TRACES if isinstance(report.get(name), list)), [])
    return [report["errorMessage"], *(line for entry in trace for line in str(entry).splitlines())]


def first_line(cause: str, longest: int = 200) -> str:
    """Return the first line of a cause, or of the error message in it, at most ``longest`` characters."""
    return cause_lines(cause)[0].partition("\n")[0][:longest]
