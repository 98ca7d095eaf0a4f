"""How Step Functions presents AWS responses: fields, timestamps and errors.

Optimized integrations use the AWS SDK for Java 1, ``aws-sdk:*`` uses version 2; they differ in all three.

Source: recordings of the service, 2023 to 2025
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from asltool.errors import TaskFailed
from asltool.expr.environment import Json
from asltool.integrations.aws.names import capitalized, exception_name, field_name
from asltool.syntax.integrations import INTEGRATIONS, Errors

__all__ = ["ErrorReply", "OptimizedWords", "SdkWords", "ServiceWords", "optimized"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorReply:
    """An error that a service returned.

    ``shape`` is the error's name in the service's model; None if its ``code`` is not in the model.
    """

    code: str
    message: str
    status: int
    request_id: str
    extended_request_id: str | None = None
    attempts: int = 1
    shape: str | None = None


class ServiceWords(Protocol):
    """How one integration presents one service."""

    @property
    def lists(self) -> frozenset[str]:
        """List fields that are shown as empty lists if the service left them out."""

    def field(self, name: str) -> str:
        """Return the name of an API field."""

    def moment(self, moment: datetime) -> Json:
        """Return a timestamp's value."""

    def failure(self, problem: ErrorReply) -> TaskFailed:
        """Return the task failure for a service's error."""

    def client_failure(self, cause: str) -> TaskFailed:
        """Return the task failure for a service that could not be reached."""


@dataclass(frozen=True, slots=True)
class SdkWords:
    """``aws-sdk:service:action``; ``service`` begins its error names: ``DynamoDb``."""

    service: str
    lists = frozenset[str]()

    def field(self, name: str) -> str:
        return field_name(name)

    def moment(self, moment: datetime) -> str:
        exact = "milliseconds" if moment.microsecond else "seconds"
        return moment.astimezone(UTC).isoformat(timespec=exact).replace("+00:00", "Z")

    def failure(self, problem: ErrorReply) -> TaskFailed:
        name = f"{self.service}Exception" if problem.shape is None else exception_name(problem.shape)
        about = [
            f"Service: {self.service}",
            f"Status Code: {problem.status}",
            f"Request ID: {problem.request_id}",
        ]
        if problem.extended_request_id is not None:
            about.append(f"Extended Request ID: {problem.extended_request_id}")
        attempts = f"(SDK Attempt Count: {problem.attempts})"
        return TaskFailed(f"{self.service}.{name}", f"{problem.message} ({', '.join(about)}) {attempts}")

    def client_failure(self, cause: str) -> TaskFailed:
        return TaskFailed(f"{self.service}.SdkClientException", cause)


@dataclass(frozen=True, slots=True)
class OptimizedWords:
    """An optimized integration."""

    errors: Errors
    lists: frozenset[str] = frozenset()

    def field(self, name: str) -> str:
        return capitalized(name)

    def moment(self, moment: datetime) -> int:
        return round(moment.timestamp() * 1000)

    def failure(self, problem: ErrorReply) -> TaskFailed:
        name = self.errors.other
        if problem.shape is not None:
            name = problem.shape.removesuffix("Fault").removesuffix("Exception") + "Exception"
        about = [
            f"Service: {self.errors.client}",
            f"Status Code: {problem.status}",
            f"Error Code: {problem.code}",
            f"Request ID: {problem.request_id}",
            "Proxy: null",
        ]
        return TaskFailed(f"{self.errors.prefix}.{name}", f"{problem.message} ({'; '.join(about)})")

    def client_failure(self, cause: str) -> TaskFailed:
        return TaskFailed(f"{self.errors.prefix}.SdkClientException", cause)


def optimized(service: str, lists: frozenset[str] = frozenset()) -> OptimizedWords:
    """Return the wording of an optimized integration, whose error prefix is in the table of integrations."""
    errors = INTEGRATIONS[service].errors
    assert errors is not None, service
    return OptimizedWords(errors, lists)
