"""JSON to boto3 and back, along the shapes of a service's model."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asltool.integrations.aws import Aws
from asltool.integrations.aws.shapes import from_json
from asltool.integrations.aws.words import SdkWords, optimized

CASES = Path(__file__).parents[2] / "cases" / "integrations" / "aws"
SHAPES = yaml.safe_load((CASES / "shapes.yaml").read_text(encoding="utf-8"))
WORDS = SdkWords("Any")

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["Key", "Item", "S", "N", "L"]), inner),
)


def shape(aws: Aws, service: str, operation: str) -> Any:
    return aws.client(service).meta.service_model.operation_model(operation).input_shape


@pytest.mark.parametrize("case", SHAPES, ids=lambda case: f"{case['of'][1]} {case['given']}")
def test_parameters(offline: Aws, case: dict[str, Any]) -> None:
    if "refused" in case:
        with pytest.raises(ValueError, match=r".") as refused:
            from_json(case["given"], shape(offline, *case["of"]), WORDS)
        assert str(refused.value) == case["refused"]
    else:
        assert from_json(case["given"], shape(offline, *case["of"]), WORDS) == case["sent"]


def test_any_json_is_sent_or_refused(offline: Aws) -> None:
    put = shape(offline, "dynamodb", "PutItem")

    @given(JSON)
    @settings(derandomize=True, deadline=None, max_examples=100)
    def sent_or_refused(value: Any) -> None:
        with suppress(ValueError):
            from_json({"TableName": "t", "Item": {"a": value}}, put, WORDS)

    sent_or_refused()


@pytest.mark.parametrize(
    ("moment", "text", "number"),
    [
        (datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC), "2025-01-02T03:04:05Z", 1735787045000),
        (datetime(2025, 1, 2, 3, 4, 5, 678000, tzinfo=UTC), "2025-01-02T03:04:05.678Z", 1735787045678),
        (
            datetime(2025, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1))),
            "2025-01-02T03:04:05Z",
            1735787045000,
        ),
    ],
)
def test_moments(moment: datetime, text: str, number: int) -> None:
    assert WORDS.moment(moment) == text
    assert optimized("sqs").moment(moment) == number
