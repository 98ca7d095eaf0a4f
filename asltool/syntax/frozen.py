"""Immutable values made from keyword arguments, and `ABSENT` for a field that is left out.

A frozen dataclass compiles its methods for each class at every start; for the classes of the model, that took
an eighth of the time needed to check a small file. Here the classes share their methods.
"""

from __future__ import annotations

import enum
from typing import Any, ClassVar, Final, NoReturn, dataclass_transform

__all__ = ["ABSENT", "Absent", "Frozen"]


class Absent(enum.Enum):
    """The type of `ABSENT`."""

    ABSENT = "ABSENT"

    def __repr__(self) -> str:
        return self.value


ABSENT: Final = Absent.ABSENT
"""Stands for a field that is not in the definition, since ``null`` is a value."""


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Frozen:
    """An immutable value whose fields are the annotations of its class and base classes.

    Two values of one class are equal if all their fields are equal.
    """

    FIELDS: ClassVar[dict[str, str]] = {}
    DEFAULTS: ClassVar[dict[str, Any]] = {}
    REQUIRED: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        classes = [vars(base).get("__annotations__", {}) for base in reversed(cls.__mro__)]
        annotated = {name: kind for names in classes for name, kind in names.items()}
        cls.FIELDS = {name: kind for name, kind in annotated.items() if not kind.startswith("ClassVar")}
        cls.DEFAULTS = {name: getattr(cls, name) for name in cls.FIELDS if hasattr(cls, name)}
        cls.REQUIRED = frozenset(cls.FIELDS.keys() - cls.DEFAULTS.keys())

    def __init__(self, **values: Any) -> None:
        fields = self.__dict__
        fields.update(self.DEFAULTS)
        fields.update(values)
        if len(fields) != len(self.FIELDS) or not values.keys() >= self.REQUIRED:
            names = ", ".join(sorted(fields.keys() ^ self.FIELDS.keys()))
            raise TypeError(f"{type(self).__name__} has other fields: {names} unknown or missing")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} never changes")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} never changes")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        mine, others = self.__dict__, other.__dict__
        return all(mine[name] == others[name] for name in self.FIELDS)

    def __hash__(self) -> int:
        return hash(tuple(self.__dict__[name] for name in self.FIELDS))

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}({', '.join(f'{name}={self.__dict__[name]!r}' for name in self.FIELDS)})"
        )
