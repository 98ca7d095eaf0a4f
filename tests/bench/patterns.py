"""Events a second against 50 rules, of which some match: flattening, matching, making inputs.

``python -m tests.bench.patterns``
"""

from __future__ import annotations

import time
from typing import Any

from asltool.triggers.buses import EventRule, deliver, target_of
from asltool.triggers.patterns import pattern_of

LIMIT = 1_000  # events a second
EVENTS = 2_000


def event(number: int) -> dict[str, Any]:
    detail = {
        "bucket": {"name": "raw"},
        "object": {"key": f"in/2026/{number}.csv", "size": number, "etag": "d41d8cd9"},
        "requester": "123456789012",
        "source-ip-address": "10.0.0.42",
        "lines": [{"sku": "a", "price": 5}, {"sku": "b", "price": 7}],
    }
    return {
        "version": "0",
        "id": str(number),
        "detail-type": "Object Created",
        "source": "aws.s3",
        "account": "123456789012",
        "time": "2026-03-01T08:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:s3:::raw"],
        "detail": detail,
    }


def patterns(number: int) -> list[dict[str, Any]]:
    return [
        {"source": ["aws.s3"], "detail": {"object": {"key": [{"suffix": f"{number}.csv"}]}}},
        {
            "source": ["aws.s3"],
            "detail": {"object": {"size": [{"numeric": [">", number, "<=", number * 9 + 9]}]}},
        },
        {"detail": {"object": {"key": [{"wildcard": f"in/*/{number}*.csv"}]}}},
        {"detail": {"source-ip-address": [{"cidr": f"10.0.{number}.0/24"}]}},
        {
            "detail": {
                "lines": {"sku": ["a"], "price": [7, number]},
                "bucket": {"name": [{"anything-but": "x"}]},
            }
        },
    ]


def main() -> None:
    target = target_of({"Id": "1", "Arn": "arn:aws:states:us-east-1:123456789012:stateMachine:A"})
    rules = [
        EventRule(
            f"r{number}",
            f"arn:aws:events:us-east-1:123456789012:rule/r{number}",
            pattern_of(each),
            None,
            True,
            (target,),
        )
        for number in range(10)
        for each in patterns(number)
    ]
    events = [event(number) for number in range(EVENTS)]
    begin = time.perf_counter()
    deliveries = sum(len(deliver(each, rules)) for each in events)
    rate = EVENTS / (time.perf_counter() - begin)
    print(f"{rate:,.0f} events a second against {len(rules)} rules, {deliveries:,} deliveries")
    assert rate > LIMIT


if __name__ == "__main__":
    main()
