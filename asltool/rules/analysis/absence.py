"""The message for data that never exists."""

from __future__ import annotations

from asltool.rules.analysis.reader import MissingValue
from asltool.rules.analysis.shapes import Shape
from asltool.rules.rule import Finding
from asltool.syntax.wording import listed, near, quoted

__all__ = ["absence"]


def absence(missing: MissingValue) -> Finding:
    """Return the message: what is missing, which states made the data, and what there is instead."""
    return Finding(missing.pointer, f"{quoted(missing.text)} cannot be there. {_reason(missing)}")


def _reason(missing: MissingValue) -> str:
    place = str(missing.place)
    where = "" if place == "$" else f" in {quoted(place)}"
    since, members = _since(missing.shape), missing.shape.members
    if isinstance(missing.step, int) or members is None:
        kind = "array" if isinstance(missing.step, int) else "object"
        return f"{since}there is no {kind}{where}"
    if not members:
        return f"{since}there is nothing{where}"
    meant = near(missing.step, members)
    advice = f". did you mean {quoted(meant)}?" if meant else ""
    return f"{since}there is only {listed(members, 'and')}{where}{advice}"


def _since(shape: Shape) -> str:
    if not shape.makers:
        return ""
    return f"since state{'s' * (len(shape.makers) > 1)} {listed(shape.makers, 'and')} "
