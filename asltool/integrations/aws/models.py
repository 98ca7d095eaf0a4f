"""The models of AWS services, as botocore ships them. Each is read once."""

from __future__ import annotations

from functools import cache
from typing import Any

from asltool.errors import MissingExtra

__all__ = ["model", "shapes"]


@cache
def model(service: str) -> dict[str, Any]:
    """Return the model of a service, by botocore's name.

    Raises:
        MissingExtra: botocore is not installed.
    """
    try:
        from botocore.loaders import Loader
    except ImportError:
        raise MissingExtra("the model of an AWS service", "aws") from None
    loaded: dict[str, Any] = Loader().load_service_model(service, "service-2")
    return loaded


@cache
def shapes(service: str, operation: str) -> tuple[Any, Any]:
    """Return botocore's shapes for an operation's input and output; raises like `model`."""
    loaded = model(service)
    from botocore.model import ServiceModel

    found = ServiceModel(loaded, service).operation_model(operation)
    return found.input_shape, found.output_shape
