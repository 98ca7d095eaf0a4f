"""The errors of the service.

The codes are those of the service's model. Messages are the service's if a recording or its documentation
shows them; otherwise a comment says that they are ours.
"""

from __future__ import annotations

from typing import Any

from asltool.errors import RequestError

__all__ = ["ServiceError", "not_found", "validation"]


class ServiceError(RequestError):
    """A rejected request. ``fields`` are further members of the error, such as ``reason``.

    ``path`` leads to a value of a wrong type, as in ``Targets.1.member.Input``; the service does not say it.
    """

    path = ""

    def __init__(self, code: str, message: str, **fields: Any) -> None:
        super().__init__(code, message)
        self.fields = fields


def validation(message: str, **fields: Any) -> ServiceError:
    """Return a ValidationException."""
    return ServiceError("ValidationException", message, **fields)


def not_found() -> ServiceError:
    """Return the error about an alias, a version or a map run that does not exist."""
    return ServiceError("ResourceNotFound", "Request references a resource that does not exist.")
