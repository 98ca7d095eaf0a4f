"""The message for data that never exists."""

from __future__ import annotations

from asltool.rules.analysis.reader import MissingValue
from asltool.rules.analysis.shapes import Shape
from asltool.rules.rule import Finding
from asltool.syntax.wording import listed, near, quoted

__all__ = ["absence"]


def absence(missing: MissingValue) -> Finding:
    """Return the message: what is missing, which states made the data, and what there is instead."""
    return Finding(missing.pointer, f"{quoted(missing.text)} never exists: {_reason(missing)}")


def _reason(missing: MissingValue) -> str:
    place = str(missing.place)
    data = "the data" if place == "$" else quoted(place)
    after, members = _after(missing.shape), missing.shape.members
    if isinstance(missing.step, int) or members is None:
        kind = "array" if isinstance(missing.step, int) else "object"
        return f"{after}{data} is not an {kind}"
    if not members:
        return f"{after}{data} is empty"
    meant = near(missing.step, members)
    advice = f". did you mean {quoted(meant)}?" if meant else ""
    return f"{after}{data} has only {listed(members, 'and')}{advice}"


def _after(shape: Shape) -> str:
    if not shape.makers:
        return ""
    return f"after state{'s' * (len(shape.makers) > 1)} {listed(shape.makers, 'and')} "
