"""TestState: one state, run on its own, with all that it makes of its data on the way.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_TestState.html
"""

from asltool.service.single_state.api import test_request, test_state
from asltool.service.single_state.outcome import StateTest

__all__ = ["StateTest", "test_request", "test_state"]
