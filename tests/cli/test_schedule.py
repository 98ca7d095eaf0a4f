"""``asltool schedule next`` as a user sees it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import CliRunner, Result

from asltool.cli import main


def invoke(*args: str) -> Result:
    return CliRunner().invoke(main, ["schedule", *args])


def test_the_next_firings_in_utc() -> None:
    result = invoke("next", "cron(0 8 1 * ? *)", "--after", "2026-02-14T10:30:00Z", "-n", "2")
    assert (result.exit_code, result.stderr) == (0, "fires at 08:00 on day 1 of the month, UTC\n")
    assert result.stdout == "2026-03-01T08:00:00Z\n2026-04-01T08:00:00Z\n"


def test_the_next_firings_in_a_zone() -> None:
    args = ("--zone", "America/Los_Angeles", "--after", "2026-10-25T00:00:00+02:00")
    result = invoke("next", "cron(0 8 ? * MON *)", *args)
    assert (result.exit_code, result.stderr) == (0, "fires at 08:00 on Monday, America/Los_Angeles time\n")
    assert result.stdout.splitlines()[:2] == ["2026-10-26T08:00:00-07:00", "2026-11-02T08:00:00-08:00"]
    assert len(result.stdout.splitlines()) == 5


def test_without_a_time_it_starts_now() -> None:
    before = datetime.now(UTC).replace(second=0, microsecond=0)
    first = datetime.fromisoformat(invoke("next", "cron(* * * * ? *)", "-n", "1").stdout.strip())
    assert before < first


def test_an_expression_that_never_fires_again() -> None:
    result = invoke("next", "at(2020-01-01T00:00:00)")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "fires once, on Wednesday 1 January 2020 at 00:00:00, UTC\n"


def test_an_expression_that_is_refused() -> None:
    result = invoke("next", "cron(0 25 * * ? *)")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        '"25" is not a value of hours. expected 0 to 23\n  cron(0 25 * * ? *)\n         ^\n'
    )


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (
            ["--zone", "America/Los Angeles"],
            'unknown time zone "America/Los Angeles". did you mean "America/Los_Angeles"?',
        ),
        (
            ["--after", "soon"],
            '"soon" is not a duration, date or timestamp. expected one such as 90d, 2026-01-31',
        ),
        (["--after", "0001-01-01T00:00:00+10:00"], "--after is before year 1 or after year 9999 in UTC"),
        (["-n", "0"], "0 is not in the range 1<=x<="),
        (["-n", str(10**20)], f"{10**20} is not in the range 1<=x<="),
    ],
)
def test_wrong_usage(args: list[str], said: str) -> None:
    result = invoke("next", "rate(1 day)", *args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr
