"""Check a mocked result against botocore's model of the API.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_MockInput.html
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from asltool.errors import MissingExtra, RequestError
from asltool.integrations.aws.action import AwsService
from asltool.integrations.aws.names import capitalized, client_name
from asltool.integrations.aws.services import SERVICES
from asltool.integrations.aws.words import SdkWords
from asltool.syntax.integrations import INTEGRATIONS
from asltool.syntax.resource import Resource

if TYPE_CHECKING:
    from botocore.loaders import Loader
    from botocore.model import StructureShape

__all__ = ["check_result"]

_WITHOUT_MODEL = ("apigateway", "eks", "http")
"""Integrations whose results no API model describes."""

_TYPES: dict[str, tuple[str, tuple[type, ...]]] = {
    "blob": ("a string", (str,)),
    "boolean": ("a boolean", (bool,)),
    "double": ("a number", (int, float)),
    "float": ("a number", (int, float)),
    "integer": ("a number", (int, float)),
    "list": ("an array", (list,)),
    "long": ("a number", (int, float)),
    "map": ("an object", (dict,)),
    "string": ("a string", (str,)),
    "structure": ("an object", (dict,)),
    "timestamp": ("a string", (str,)),
}


def check_result(result: Any, resource: Resource, mode: str) -> None:
    """Check the result of a Task with this Resource against the model of its API.

    Results of Lambda functions, activities and callbacks are not checked, nor are fields that the model does
    not have.

    Args:
        mode: ``STRICT`` requires all required fields, ``PRESENT`` checks only existing fields, ``NONE``
        nothing.

    Raises:
        RequestError: ValidationException, with the service's message. MissingExtra: botocore, which has the
        models, is not installed.
    """
    if mode == "NONE" or not _has_model(resource):
        return
    service = _service(resource)
    shape = None if service is None else _output_shape(service.client, _operation(resource, service))
    if service is not None and shape is not None:
        checks = _Checks(service.words.field, required=mode == "STRICT", parsed=_parsed(resource))
        checks.check(result, shape, "result")


def _has_model(resource: Resource) -> bool:
    if resource.events != "Task" or resource.service in _WITHOUT_MODEL:
        return False
    return not resource.pattern or (resource.service == "states" and resource.pattern.startswith("sync"))


def _service(resource: Resource) -> AwsService | None:
    """Return the API that is called, and its wording; None if its model is unknown."""
    family, _, name = resource.service.partition(":")
    if family != "aws-sdk":
        return SERVICES.get(resource.service)
    client = client_name(name, _models().list_available_services("service-2"))
    return None if client is None else AwsService(client, SdkWords(name))


def _operation(resource: Resource, service: AwsService) -> str:
    """Return the API's name of the operation whose result is checked; for a job, the one that polls it."""
    name, pattern = resource.name, resource.pattern
    action = service.actions.get(name, service.default)
    if pattern and action.sync is not None:
        return INTEGRATIONS[resource.service].actions[name].polls
    return action.operation or capitalized(name)


def _parsed(resource: Resource) -> tuple[str, ...]:
    """Return the fields that the integration parses, which may hold any JSON."""
    if resource.service == "lambda":
        return ("Payload",)
    return ("Input", "Output") if resource.pattern == "sync:2" else ()


@lru_cache(maxsize=64)
def _output_shape(service: str, operation: str) -> StructureShape | None:
    """Return the shape of an operation's output; None if it has none or botocore does not have it."""
    models = _models()
    from botocore.model import OperationNotFoundError, ServiceModel

    model = ServiceModel(models.load_service_model(service, "service-2"))
    try:
        return model.operation_model(operation).output_shape
    except OperationNotFoundError:
        return None


@cache
def _models() -> Loader:
    try:
        from botocore.loaders import Loader
    except ImportError:
        raise MissingExtra(
            'a mocked result that is held against its API (fieldValidationMode "NONE" is not)', "aws"
        ) from None
    return Loader()


@dataclass(frozen=True, slots=True)
class _Checks:
    """How a result is checked.

    ``field`` converts the name of a field of the API; ``required``: whether required fields must exist;
    ``parsed`` are the output fields that may hold any JSON.
    """

    field: Callable[[str], str]
    required: bool
    parsed: tuple[str, ...]

    def check(self, value: Any, shape: Any, field: str) -> None:
        wanted = _TYPES.get(shape.type_name)
        if getattr(shape, "is_document_type", False) or wanted is None:
            return
        name, types = wanted
        if type(value) not in types:
            raise _wrong(f"Field '{field}' must be {name}")
        match shape.type_name:
            case "structure":
                self._check_structure(value, shape)
            case "list":
                for each in value:
                    self.check(each, shape.member, field)
            case "map":
                for each in value.values():
                    self.check(each, shape.value, field)
            case "integer" | "long" | "float" | "double":
                _check_range(value, shape, field)
            case "string" if shape.enum and value not in shape.enum:
                raise _wrong(f"Field '{field}' is not an expected value")
            case "string":
                _check_length(value, shape, field)

    def _check_structure(self, value: dict[str, Any], shape: Any) -> None:
        if self.required:
            for name in map(self.field, shape.required_members):
                if name not in value:
                    raise _wrong(f"Required field '{name}' is missing")
        members = {self.field(name): member for name, member in shape.members.items()}
        inner = replace(self, parsed=())
        for name, each in value.items():
            if name in members and name not in self.parsed:
                inner.check(each, members[name], name)


def _check_range(value: float, shape: Any, field: str) -> None:
    if value < shape.metadata.get("min", value):
        raise _wrong(f"Field '{field}' is less than the minimum value")
    if value > shape.metadata.get("max", value):
        raise _wrong(f"Field '{field}' exceeds the maximum value")


def _check_length(value: str, shape: Any, field: str) -> None:
    if len(value) < shape.metadata.get("min", 0):
        raise _wrong(f"Field '{field}' is less than the minimum length")
    if len(value) > shape.metadata.get("max", len(value)):
        raise _wrong(f"Field '{field}' exceeds the maximum length")


def _wrong(message: str) -> RequestError:
    return RequestError("ValidationException", f"Mock result schema validation error: {message}")
