"""Writes the table of AWS SDK names that the validator checks: ``python -m tests.sdk_names``.

The names come from the service models of the botocore that is installed, spelled as a Resource spells them.
Commit the table that it writes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import asltool.rules.analysis
from asltool.integrations.aws.names import RENAMED, client_name

__all__ = ["TABLE", "table"]

TABLE = Path(asltool.rules.analysis.__file__).with_name("sdk_names.zlib")

_OTHER_NAMES = {"elasticmapreduce": "emr", "states": "sfn"}
"""What people write for a service beside its name in boto3."""

_RETIRED = """
    alexaforbusiness augmentedairuntime backupstorage cloudwatchevents codestar elasticinference
    elastictranscoder evidently finspace finspacedata gamesparks honeycode iot1clickdevices iot1clickprojects
    iotanalytics iotevents ioteventsdata iotfleethub iotroborunner lookoutmetrics lookoutvision macie mobile
    nimble opsworks opsworkscm panorama privatenetworks qldb qldbsession robomaker simspaceweaver sms tnb
    worklink
"""
"""Services that botocore no longer has and that definitions still name. Any action of theirs is accepted."""


def table() -> str:
    """Return a line for each service: its names with ``/`` between them, and its actions.

    The first name is the one of a Resource, the second boto3's where that differs.
    """
    from botocore.session import get_session

    session = get_session()
    clients = session.get_available_services()
    names = {client: _service(client, clients) for client in clients}
    others = {name: other for other, name in _OTHER_NAMES.items()}
    lines = [name for name in _RETIRED.split() if name not in names.values()]
    for client, name in names.items():
        known = dict.fromkeys(filter(None, (name, client, others.get(name))))
        operations = session.get_service_model(client).operation_names
        lines.append(" ".join(["/".join(known), *sorted(map(_action, operations))]))
    return "".join(f"{line}\n" for line in sorted(lines))


def _service(client: str, clients: list[str]) -> str:
    """Return the name in a Resource of the service of a client."""
    return next(name for name in _candidates(client) if client_name(name, clients) == client)


def _candidates(client: str) -> Iterator[str]:
    yield from (name for name, renamed in RENAMED.items() if renamed == client)
    yield client.replace("-", "")


def _action(operation: str) -> str:
    return operation[:1].lower() + operation[1:]


if __name__ == "__main__":
    TABLE.write_bytes(zlib.compress(table().encode("ascii"), 9))
    print(f"{TABLE.name}: {TABLE.stat().st_size:,} bytes")
