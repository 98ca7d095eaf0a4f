"""The data that a Choice reads, and copies with other values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from asltool.syntax.model import ABSENT
from asltool.testing.explore.lenses import NotSolved, put
from asltool.testing.explore.terms import ValueRead

__all__ = ["ChoiceData"]


@dataclass(frozen=True, slots=True)
class ChoiceData:
    """The data of a Choice: the `Environment` of its conditions, and the state's filtered input."""

    document: Any
    variables: Mapping[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    now: float = 0.0

    def uniform(self) -> float:
        return 0.0

    def with_value(self, read: ValueRead, value: Any) -> ChoiceData:
        """Return the data with another value at a place.

        Raises:
            NotSolved: the place is in data that cannot be changed.
        """
        root, steps = read
        if root == "$states":
            if steps[:1] != ("input",):
                raise NotSolved
            root, steps = "$", steps[1:]
        if root == "$":
            document = put(self.document, steps, value)
            return ChoiceData({} if document is ABSENT else document, self.variables, self.context)
        if root == "$$":
            return ChoiceData(self.document, self.variables, put(self.context, steps, value))
        return ChoiceData(self.document, put(self.variables, (root[1:], *steps), value), self.context)
