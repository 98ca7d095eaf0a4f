"""Test cases of a mock configuration. As in Step Functions Local, StartExecution takes ``ARN#TestCase``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/sfn-local-test-sm-exec.html
"""

from __future__ import annotations

from asltool.driver.jobs import Work
from asltool.engine.effects import CallTask
from asltool.integrations.mock_config import MockConfig
from asltool.integrations.scripted import Mocks
from asltool.store.port import Store

__all__ = ["TEST_CASE", "MockCases"]

TEST_CASE = "testCase"
"""The member of an execution's settings that has its test case, as ``StateMachine#TestCase``."""


class MockCases:
    """The `Integration` that answers the tasks of executions which were started with a test case.

    Stored executions continue with their test cases; their invocations are counted from 0 again.

    Raises:
        MockError: the configuration no longer has such a test case.
    """

    def __init__(self, config: MockConfig, store: Store) -> None:
        self._config = config
        self._mocks: dict[str, Mocks] = {}
        for row in store.running():
            if TEST_CASE in row.settings:
                self.add(row.arn, row.settings[TEST_CASE])

    def add(self, execution: str, test_case: str) -> None:
        """Assign a test case to an execution, an ARN.

        Raises:
            MockError: there is no such test case, or it cannot be used.
        """
        self._mocks[execution] = self._config.mocks(test_case)

    def find(self, call: CallTask) -> Work | None:
        mocks = self._mocks.get(call.execution_arn)
        return None if mocks is None else mocks.find(call)
