"""Integrations that can be replaced while executions run, because their files are reloaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from asltool.driver.callbacks import Callbacks
from asltool.driver.jobs import Integration, Work, find_work, parts
from asltool.engine.effects import CallTask
from asltool.integrations.integration import is_known

__all__ = ["Replaceable"]


class Replaceable:
    """An `Integration` that delegates to others; running calls end with the integration they started with."""

    def __init__(self, integrations: Sequence[Integration]) -> None:
        self.parts = integrations
        self._tokens: Callbacks | None = None

    def replace(self, integrations: Sequence[Integration]) -> None:
        """Delegate to these from now on; any thread may call this."""
        if self._tokens is not None:
            for each in parts(integrations):
                connect: Callable[[Callbacks], None] | None = getattr(each, "connect", None)
                if connect is not None:
                    connect(self._tokens)
        self.parts = integrations

    def connect(self, tokens: Callbacks) -> None:
        self._tokens = tokens

    def find(self, call: CallTask) -> Work | None:
        return find_work(self.parts, call)

    def knows(self, call: CallTask) -> bool:
        return is_known(self.parts, call)
