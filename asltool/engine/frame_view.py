"""A state's read-only view of its frame: everything that its decisions depend on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from asltool.engine.identity import Identity
from asltool.expr.environment import Environment

__all__ = ["FrameView"]


class FrameView(Environment, Protocol):
    """The `Environment` of a state's expressions, and the state's own circumstances.

    ``input`` is the raw input. ``number`` is the frame's and ``entered_id`` the ID of the event of entering
    the state; ``attempt`` counts the retries of this visit, ``retries`` the same by retrier. In a child,
    ``index`` is its index among its siblings, ``item`` its Map's item, and ``document`` the effective input
    of the state that started it. ``activities`` are the ARNs of existing activities; None stands for all.
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
