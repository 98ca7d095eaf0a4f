"""Differences between a state machine's definition and the deployed one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from asltool.errors import AwsError
from asltool.expr.values import loads
from asltool.integrations.differences import differences
from asltool.syntax.model import ABSENT
from asltool.syntax.placeholders import fits
from asltool.syntax.wording import quoted

__all__ = ["deployed_differences"]


def deployed_differences(definition: Any, deployed: str) -> Iterator[str]:
    """Yield a sentence for each difference between a definition, as JSON, and the text of a deployed one.

    A placeholder in the definition matches any text, and a string that is only a placeholder matches any
    value.

    Raises:
        AwsError: the deployed text is not JSON.
    """
    try:
        other = loads(deployed)
    except ValueError as problem:
        raise AwsError(f"the deployed definition is not JSON: {problem}") from None
    for found in differences(other, definition):
        if found.was is ABSENT or not fits(found.now, found.was):
            yield f"{found.path} is {_shown(found.was)} on AWS and {_shown(found.now)} here"


def _shown(value: Any) -> str:
    return "not there" if value is ABSENT else quoted(value)
