"""TestState: run one state on its own, and show its data at each step.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from asltool.service.single_state.api import test_request, test_state
from asltool.service.single_state.outcome import StateTest

__all__ = ["StateTest", "test_request", "test_state"]
