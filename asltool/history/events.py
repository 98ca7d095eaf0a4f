"""Write records as the events of GetExecutionHistory, with payloads as JSON text.

Source: https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
"""

from __future__ import annotations

from typing import Any

from asltool.expr.values import dumps
from asltool.history.event_types import TYPES, WHOLE, Encode
from asltool.history.records import Records
from asltool.history.timestamps import iso_time

__all__ = ["events"]


def events(records: Records) -> list[dict[str, Any]]:
    """Return records as the service's events, with timestamps in ISO 8601 with milliseconds, UTC.

    A value that several events share, such as the output of one state and the input of the next, is encoded
    once.
    """
    encode, types = _encode_once(), TYPES
    last, stamp = None, ""
    spelled = []
    for event_id, (kind, previous, time, name, value, assigned) in enumerate(
        records.rows, records.before + 1
    ):
        if time != last:
            last, stamp = time, iso_time(time)
        event = {"timestamp": stamp, "type": kind, "id": event_id, "previousEventId": previous}
        if name is None:
            if value:
                row = types[kind]
                event[row.details] = row.write(value, encode)
        elif assigned is None:
            # Most events enter or leave a state. Writing their fields one by one would take twice as long.
            row = types[kind]
            state, data = row.fields[:2]
            event[row.details] = {state[0]: name, data[0]: encode(value), data[3]: WHOLE}
        else:
            row = types[kind]
            event[row.details] = row.write((name, value, assigned), encode)
        spelled.append(event)
    return spelled


def _encode_once() -> Encode:
    """Return a function that encodes a value and caches the text of every value.

    It keeps the values, so that no other object gets the same ``id``.
    """
    texts: dict[int, str] = {}
    kept: list[Any] = []

    def encode(value: Any) -> str:
        text = texts.get(id(value))
        if text is None:
            text = texts[id(value)] = dumps(value)
            kept.append(value)
        return text

    return encode
