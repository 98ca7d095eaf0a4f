"""Schedule expressions: ``rate()``, ``cron()`` and ``at()``, and when they fire.

`read_schedule` parses an expression; a `Schedule` computes its firings and explains itself in a sentence.
"""

from asltool.triggers.schedules.schedule import At, Schedule, read_schedule
from asltool.triggers.schedules.zones import zone_of

__all__ = ["At", "Schedule", "read_schedule", "zone_of"]
