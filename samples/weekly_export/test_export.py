"""The export starts on Monday at 8:00 Pacific time, whatever day it is now."""

from __future__ import annotations

import json
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

from asltool.integrations.tasks_file import load_tasks
from asltool.testing.serving import server
from asltool.triggers.schedules import read_schedule, zone_of

HERE = Path(__file__).parent


def test_the_export_starts_on_monday_morning() -> None:
    with server(HERE / "template.yaml", tasks=load_tasks(str(HERE / "redshift_tasks.py"))) as running:
        schedule = running.client("scheduler").get_schedule(Name="monday")
        found = read_schedule(schedule["ScheduleExpression"], zone_of(schedule["ScheduleExpressionTimezone"]))
        now = datetime.now(UTC)
        monday = found.next(now)
        assert monday is not None
        assert monday.astimezone(zone_of("America/Los_Angeles")).strftime("%a %H:%M") == "Mon 08:00"
        jump = json.dumps({"jump": (monday - now).total_seconds() + 1}).encode()
        urllib.request.urlopen(f"{running.url}/_asltool/time", jump).close()
        execution = running.ended("weekly-export")
    assert execution["name"].startswith(f"monday_{monday:%Y%m%dT%H%M%SZ}")
    assert (execution["status"], json.loads(execution["output"])) == ("SUCCEEDED", {"rows": 1234})
