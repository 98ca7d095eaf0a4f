"""Custom integrations: a function for the calls it names.

::

    @integration("mqtt:publish")
    def publish(job: Job) -> Any:
        return {"MessageId": client.publish(**job.call.input)}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from asltool.driver.jobs import Integration, Job, Work
from asltool.engine.effects import CallTask

__all__ = ["integration", "is_known"]


@dataclass(frozen=True, slots=True)
class _FunctionIntegration:
    """The `Integration` that is one function, for the calls it names."""

    calls: frozenset[str]
    work: Callable[[Job], Any]

    def find(self, call: CallTask) -> Work | None:
        return self.work if call.resource.call in self.calls else None

    def knows(self, call: CallTask) -> bool:
        return self.find(call) is not None


def integration(*calls: str) -> Callable[[Callable[[Job], Any]], Integration]:
    """Make an integration from the decorated function, sync or async, for calls such as ``glue:startJobRun``.

    The function is used for the call with any pattern (``.sync``, ``.waitForTaskToken``).
    """
    return lambda work: _FunctionIntegration(frozenset(calls), work)


def is_known(integrations: Iterable[Integration], call: CallTask) -> bool:
    """Return whether one of these integrations would perform this call, as far as is known before a run.

    An integration without a method ``knows``, such as mocks or a recording, decides during the run, and
    counts as knowing every call.
    """
    for each in integrations:
        knows = getattr(each, "knows", None)
        if knows is None or knows(call):
            return True
    return False
