"""Names of services in Resources, boto3 and errors, and of fields and exceptions.

Step Functions calls AWS through the SDK for Java and uses the names of its classes: the API's ``DBClusters``
is ``DbClusters`` in a state machine, and errors of the service ``SFN`` begin with ``Sfn``.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

__all__ = ["RENAMED", "capitalized", "client_name", "exception_name", "field_name", "service_name"]

RENAMED = {
    "applicationdiscovery": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "costandusagereport": "cur",
    "costexplorer": "ce",
    "databasemigration": "dms",
    "directory": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticsearch": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuilding": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntime": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
}
"""Services whose boto3 client has another name; all others differ at most in hyphens."""

_FIELDS = {"Equals": "EqualsValue", "NULL": "Nul"}
"""Fields that have another name in Java."""

_WORD = re.compile(
    r"""[A-Z][a-z]+[A-Z](?![A-Za-z0-9])  # IoT, at the end of a word
    | [A-Z]+(?=v[0-9]) | v[0-9]+         # SESv2
    | [A-Z]+(?=[A-Z][a-z]) | [A-Z]?[a-z]+ | [A-Z]+ | [0-9]+
    """,
    re.VERBOSE,
)


def client_name(service: str, clients: Iterable[str]) -> str | None:
    """Return boto3's name for the service in ``aws-sdk:service``; None if boto3 does not have it."""
    if service in RENAMED:
        return RENAMED[service]
    others = RENAMED.values()
    return next((name for name in clients if name.replace("-", "") == service and name not in others), None)


def service_name(service_id: str) -> str:
    """Return a service's name in errors: ``DynamoDB`` is ``DynamoDb``, ``SFN`` is ``Sfn``."""
    return _pascal(re.sub(r"^(Amazon|AWS) | Service$", "", service_id))


def exception_name(shape: str) -> str:
    """Return the Java class of an error: ``NoSuchKey`` becomes ``NoSuchKeyException``."""
    return _pascal(re.sub(r"(Fault|Exception)$", "", shape)) + "Exception"


@cache
def field_name(name: str) -> str:
    """Return a field in Java's capitalization: ``DBClusters`` becomes ``DbClusters``, ``ETag`` stays."""
    if name in _FIELDS:
        return _FIELDS[name]
    initials = re.match(r"[A-Z]+(?![a-z])", name)
    length = len(initials[0]) if initials else 1
    return capitalized(name[:length].lower() + name[length:])


def capitalized(name: str) -> str:
    """Return the API's name of a Resource's action: ``listBuckets`` is ``ListBuckets``."""
    return name[:1].upper() + name[1:]


def _pascal(name: str) -> str:
    return "".join(word.capitalize() for word in _WORD.findall(name))
