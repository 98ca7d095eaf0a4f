"""The base class of all errors, and errors in definitions, expressions and event patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asltool.diagnostic import Diagnostic, Pointer, Span

__all__ = ["AslToolError", "DefinitionError", "EvaluationError", "ExpressionError", "PatternError"]


class AslToolError(Exception):
    """The base class: ``except AslToolError`` catches everything that asltool raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle attributes instead of constructor arguments, since worker processes send errors back."""
        return _restored, (type(self), self.args), self.__dict__


def _restored(kind: type[AslToolError], args: tuple[Any, ...]) -> AslToolError:
    return kind.__new__(kind, *args)


class DefinitionError(AslToolError):
    """A definition cannot be used: it has errors, or there is none.

    ``diagnostics`` has all findings, including warnings, in document order. ``draft`` is
    the `asltool.Machine` as far as it can be read, for drawing; None if there is nothing to draw.
    """

    def __init__(self, message: str, diagnostics: Sequence[Diagnostic] = (), draft: Any = None) -> None:
        super().__init__(message)
        self.diagnostics = tuple(diagnostics)
        self.draft = draft


class ExpressionError(AslToolError):
    """A JSONPath, JSONata, intrinsic or schedule expression is invalid.

    ``offset`` counts characters from the start of ``text`` (0 to ``len(text)``) to where it went wrong.
    """

    def __init__(self, message: str, text: str, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.text = text
        self.offset = offset


class EvaluationError(ExpressionError):
    """A valid expression has no value on this data.

    ``error`` is the ASL error name (``States.Runtime``, ``States.ParameterPathFailure``,
    ``States.IntrinsicFailure``, ``States.QueryEvaluationError``, …) and ``cause`` the service's sentence,
    without the part that names the state: the engine knows that, an expression does not. ``location`` is the
    field of a JSONata expression (``Output/total``), empty where the service names none.
    """

    def __init__(self, error: str, cause: str, text: str = "", offset: int = 0, location: str = "") -> None:
        super().__init__(cause, text, offset)
        self.error = error
        self.cause = cause
        self.location = location


class PatternError(AslToolError):
    """An event pattern is invalid.

    ``reason`` is the service's own sentence where it has one. ``pointer`` leads to what is wrong: a value of
    the pattern, or with ``on_key`` the key before it. If the pattern was text, ``place`` are the offsets in
    ``text`` where that starts and ends, and ``span`` is its line and column. ``read`` is how far the service
    reads until it refuses the text.
    """

    def __init__(
        self,
        reason: str,
        text: str | None = None,
        place: tuple[int, int] = (0, 0),
        pointer: Pointer = (),
        *,
        on_key: bool = False,
        read: int = 0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.text = text
        self.place = place
        self.pointer = pointer
        self.on_key = on_key
        self.read = read

    @property
    def span(self) -> Span:
        """Where it is wrong, by line and column of the text; the first character if there is no text."""
        from asltool.diagnostic import Span

        text, (start, end) = self.text or "", self.place
        line_end = text.find("\n", start)
        length = (end if line_end < 0 else min(end, line_end)) - start
        return Span(text.count("\n", 0, start) + 1, start - text.rfind("\n", 0, start), max(1, length))
