"""``lambda:invoke``: the function, its payload, and the service's response.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html and
https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from asltool.engine.effects import CallTask
from asltool.errors import TaskFailed
from asltool.expr.values import dumps, loads
from asltool.integrations.calls import request_id
from asltool.integrations.lambda_names import function_arn, parse_function
from asltool.integrations.parameters import unusable
from asltool.integrations.sdk_response import sdk_response

__all__ = ["Invocation", "invocation", "returned"]

_LATEST = "$LATEST"
_TYPES = ("DryRun", "Event", "RequestResponse")


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call of ``lambda:invoke``.

    ``payload`` is the Payload: JSON, or its text. ``type`` is the InvocationType, ``version`` the executed
    version.
    """

    arn: str
    payload: Any
    type: str
    version: str

    def event(self, call: CallTask) -> Any:
        """Return the function's event.

        Raises:
            TaskFailed: the InvocationType is unknown, or the Payload is a string that is not JSON.
        """
        if self.type not in _TYPES:
            raise unusable(call.input, f"InvocationType must be one of {', '.join(_TYPES)}")
        if self.payload is None:
            return {}
        if not isinstance(self.payload, str):
            return self.payload
        try:
            return loads(self.payload)
        except ValueError as problem:
            name = "InvalidRequestContentException"
            details = f"Status Code: 400; Error Code: {name}; Request ID: {request_id(call)}; Proxy: null"
            message = f"Could not parse request body into json: {problem}"
            raise TaskFailed(f"Lambda.{name}", f"{message} (Service: AWSLambda; {details})") from problem

    @property
    def is_dry(self) -> bool:
        """Whether only the function's existence is checked (``DryRun``)."""
        return self.type == "DryRun"

    @property
    def is_waited_for(self) -> bool:
        """Whether the task ends with the function.

        AWS does not wait for a function invoked as an ``Event``. Here it runs to its end, and its outcome is
        ignored.
        """
        return self.type != "Event"

    def response(self, call: CallTask, result: Any, *, compact: bool = False) -> dict[str, Any]:
        """Return the service's response for this return value.

        ``compact``: the function's runtime writes JSON without spaces; that of Python writes them.
        """
        if self.type == "Event":
            return {**self._metadata(call, 202, 0), "StatusCode": 202}
        if self.is_dry:
            return {**self._metadata(call, 204, 0), "StatusCode": 204}
        text = dumps(result) if compact else json.dumps(result, ensure_ascii=False)
        length = len(text.encode(errors="surrogatepass"))
        metadata = self._metadata(call, 200, length)
        answer = {"ExecutedVersion": self.version, "Payload": result}
        return {**answer, **metadata, "StatusCode": 200}

    def _metadata(self, call: CallTask, status: int, length: int) -> dict[str, Any]:
        trace = request_id(call).replace("-", "")
        headers = {
            "Connection": "keep-alive",
            "Content-Length": str(length),
            "Content-Type": "application/json",
            "X-Amzn-Trace-Id": f"Root=1-{trace[:8]}-{trace[8:]};Sampled=0",
            "x-amzn-Remapped-Content-Length": "0",
        }
        if status == 200:
            headers["X-Amz-Executed-Version"] = self.version
        return sdk_response(call, headers, status)


def invocation(call: CallTask) -> Invocation | None:
    """Return a call's invocation; None if it is not ``lambda:invoke`` or has no function."""
    resource = call.resource
    if resource.service != "lambda" or resource.name != "invoke":
        return None
    named = call.input.get("FunctionName") if isinstance(call.input, dict) else None
    function = parse_function(named) if isinstance(named, str) else None
    if function is None:
        return None
    name, qualifier = function
    version = str(call.input.get("Qualifier", qualifier or _LATEST))
    return Invocation(
        arn=function_arn(name, call.execution_arn),
        payload=call.input.get("Payload"),
        type=str(call.input.get("InvocationType", "RequestResponse")),
        version=version if version.isdigit() else _LATEST,
    )


def returned(text: str, *, failed: bool) -> Any:
    """Return the function's result, JSON, from the Payload of Lambda's response.

    Raises:
        TaskFailed: it has ``failed``, with the error that it reports.
    """
    text = text or "null"
    try:
        payload = loads(text)
    except ValueError:
        payload = text
    if not failed:
        return payload
    if isinstance(payload, dict) and "errorType" in payload:
        raise TaskFailed(payload["errorType"], text)
    cause = "The cause could not be determined because Lambda did not return an error type."
    raise TaskFailed("Lambda.Unknown", f"{cause} Returned payload: {text}")
