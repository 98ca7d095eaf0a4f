"""Testing state machines: in pytest, from case files, one state at a time, against recorded histories.

- ``plugin``: the pytest plugin; its fixture returns a `MachineUnderTest` (``under_test``), whose runs are a
  `MachineRun` (``runs``)
- ``case_fields``, ``case_files``, ``case_runs``, ``case_report``, ``case_update``: tests as data
- ``coverage``: what runs have covered, counted from histories
- ``explore``: inputs and task outcomes that reach what no test reaches
- ``serving``: the Step Functions API in a thread of the test
- ``comparison``: a recorded execution on the current definition

Nothing is patched: tests use the same ports as every run, with scripted tasks and a virtual clock.

Start at ``under_test``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asltool.service.single_state import StateTest, test_state
    from asltool.testing.comparison import Comparison, compare_with_history
    from asltool.testing.coverage import Coverage
    from asltool.testing.runs import MachineRun, StateRun
    from asltool.testing.serving import TestServer, server
    from asltool.testing.under_test import MachineUnderTest

__all__ = [
    "Comparison",
    "Coverage",
    "MachineRun",
    "MachineUnderTest",
    "StateRun",
    "StateTest",
    "TestServer",
    "compare_with_history",
    "server",
    "test_state",
]

_HOMES = {
    "Comparison": "testing.comparison",
    "Coverage": "testing.coverage",
    "MachineRun": "testing.runs",
    "MachineUnderTest": "testing.under_test",
    "StateRun": "testing.runs",
    "StateTest": "service.single_state",
    "TestServer": "testing.serving",
    "compare_with_history": "testing.comparison",
    "server": "testing.serving",
    "test_state": "service.single_state",
}


def __getattr__(name: str) -> Any:
    # pytest imports this package in every run, to load the plugin.
    if name in _HOMES:
        return getattr(import_module(f"asltool.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
