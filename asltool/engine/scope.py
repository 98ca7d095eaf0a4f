"""What a state sees of the frame it runs in: everything it decides by, and nothing it could change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from asltool.engine.identity import Identity
from asltool.expr.environment import Environment

__all__ = ["Scope"]


class Scope(Environment, Protocol):
    """The `Environment` of a state's expressions, and the state's own circumstances.

    ``input`` is the raw input. ``number`` is the frame's and ``entered_id`` the id of the event that tells of
    entering the state; ``attempt`` counts the retries of this visit, ``retries`` the same by retrier. In a
    child, ``index`` says which one of its parent's it is, ``item`` what a Map made it for, and ``document``
    is the effective input of the state that forked it. ``activities`` are the ARNs of those that exist; None
    stands for all.
    """

    @property
    def input(self) -> Any: ...
    @property
    def number(self) -> int: ...
    @property
    def entered_id(self) -> int: ...
    @property
    def attempt(self) -> int: ...
    @property
    def retries(self) -> Mapping[int, int]: ...
    @property
    def index(self) -> int: ...
    @property
    def item(self) -> Any: ...
    @property
    def document(self) -> Any: ...
    @property
    def identity(self) -> Identity: ...
    @property
    def activities(self) -> list[str] | None: ...
