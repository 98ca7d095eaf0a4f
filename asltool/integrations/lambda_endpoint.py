"""Lambda functions behind an address: ``sam local start-lambda``, or any other server with Lambda's Invoke.

Source: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from __future__ import annotations

from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import quote, urlsplit

from asltool.driver.jobs import Job, Work
from asltool.engine.effects import CallTask
from asltool.errors import OptionError
from asltool.expr.values import dumps, loads
from asltool.integrations.aws.words import ErrorReply, optimized
from asltool.integrations.calls import request_id
from asltool.integrations.lambda_invoke import invocation, returned
from asltool.integrations.lambda_names import parse_function

__all__ = ["LambdaEndpoint"]

_SECONDS = 960.0
"""How long an answer is waited for: a little longer than a function may run."""

_WORDS = optimized("lambda")


@dataclass(frozen=True, slots=True)
class _LambdaReply:
    status: int
    headers: dict[str, str]
    text: str


class LambdaEndpoint:
    """The `Integration` that invokes every Lambda function at ``url``, without a signature.

    Raises:
        OptionError: ``url`` is not the address of a server.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise OptionError(
                f'"{url}" is not a Lambda endpoint. expected an address like http://127.0.0.1:3001'
            )
        self._connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._address = parts.netloc.rpartition("@")[2]
        self._path = parts.path.rstrip("/")

    def knows(self, call: CallTask) -> bool:
        return call.resource.events == "LambdaFunction" or invocation(call) is not None

    def find(self, call: CallTask) -> Work | None:
        return self._invoke if self.knows(call) else None

    def _invoke(self, job: Job) -> Any:
        """Invoke a task's function, and return the task's result.

        Raises:
            TaskFailed: the function failed or does not exist, or the server did not respond.
        """
        call, invoked = job.call, invocation(job.call)
        if not (job.begun or job.waits_for_token):
            job.begin()
        if invoked is None:
            reply = self._send(call, call.resource, call.input, "RequestResponse")
        else:
            reply = self._send(call, call.input["FunctionName"], invoked.event(call), invoked.type)
        if reply.status >= 300:
            raise _WORDS.failure(_error(call, reply))
        if reply.status != 200 and invoked is not None:
            return invoked.response(call, None)
        result = returned(reply.text, failed="x-amz-function-error" in reply.headers)
        return result if invoked is None else invoked.response(call, result)

    def _send(self, call: CallTask, function: str, event: Any, kind: str) -> _LambdaReply:
        name, qualifier = parse_function(function) or (function, None)
        if isinstance(call.input, dict) and function is not call.resource:
            qualifier = call.input.get("Qualifier", qualifier)
        path = f"{self._path}/2015-03-31/functions/{quote(name, safe='')}/invocations"
        query = "" if qualifier is None else f"?Qualifier={quote(str(qualifier), safe='')}"
        headers = {"Content-Type": "application/json", "X-Amz-Invocation-Type": kind}
        connection = self._connection(self._address, timeout=_SECONDS)
        try:
            connection.request("POST", path + query, dumps(event).encode(errors="replace"), headers)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return _LambdaReply(answer.status, found, answer.read().decode(errors="replace"))
        except (OSError, HTTPException) as problem:
            where = f"{self._address}{path}"
            raise _WORDS.client_failure(f"Unable to execute HTTP request: {where}: {problem}") from problem
        finally:
            connection.close()


def _error(call: CallTask, reply: _LambdaReply) -> ErrorReply:
    """Return an error of Lambda itself, such as a function that does not exist."""
    try:
        body = loads(reply.text)
    except ValueError:
        body = None
    body = body if isinstance(body, dict) else {}
    code = reply.headers.get("x-amzn-errortype", "").partition(":")[0]
    return ErrorReply(
        code=code,
        message=str(body.get("Message", body.get("message", reply.text))),
        status=reply.status,
        request_id=reply.headers.get("x-amzn-requestid", request_id(call)),
        shape=code or None,
    )
