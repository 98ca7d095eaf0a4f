"""A task port that answers as a case's mock configuration says."""

from __future__ import annotations

import json
from typing import Any

from asltool.driver.jobs import ScriptedOutcomes
from asltool.engine import CallTask, Outcome, Succeeded
from asltool.integrations.mock_config import MockConfig
from tests.conformance.tasks import Recorded

__all__ = ["Mocked"]


class Mocked(Recorded):
    """States that the test case names are mocked, all others answer as recorded.

    A mock decides how a task ends. The service says more, and the expectation has it: responses to what was
    submitted, and metadata around outputs. That comes from the recording.
    """

    def __init__(self, case: dict[str, Any]) -> None:
        super().__init__(case)
        self._mocks = MockConfig.loads(json.dumps(case["mockConfig"])).mocks(case["mockTestCase"])

    def answer(self, call: CallTask) -> list[Outcome]:
        work = self._mocks.find(call)
        if work is None:
            return super().answer(call)
        assert isinstance(work, ScriptedOutcomes)
        if not self.records(call):
            return list(work.outcomes)
        *recorded, last = super().answer(call)
        return [*recorded, _completed(work.outcomes[-1], last)]


def _completed(mocked: Any, recorded: Outcome) -> Outcome:
    """Add the fields that a mock leaves out to its output."""
    outputs = [each.output for each in (recorded, mocked) if isinstance(each, Succeeded)]
    if len(outputs) == 2 and all(isinstance(output, dict) for output in outputs):
        return Succeeded({**outputs[0], **outputs[1]})
    outcome: Outcome = mocked
    return outcome
