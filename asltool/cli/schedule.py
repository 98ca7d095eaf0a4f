"""``asltool schedule``: schedule expressions."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import islice

import click

from asltool.cli.carets import pointed
from asltool.cli.moments import moment
from asltool.cli.named_commands import NamedCommands
from asltool.errors import ExpressionError, OptionError
from asltool.triggers.schedules import read_schedule, zone_of

__all__ = ["schedule"]


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@click.group(cls=NamedCommands, short_help="Show when a schedule expression fires.")
def schedule() -> None:
    """Show when schedule expressions of EventBridge rules and EventBridge Scheduler fire.

    \b
    Examples:
      asltool schedule next 'rate(5 minutes)'

    Exit status: 0 the expression is valid, 1 it is not, 2 wrong usage.
    """


@schedule.command("next", short_help="Print when a schedule expression fires next.")
@click.argument("expression")
@click.option(
    "--zone", metavar="Z", help="A time zone, such as America/Los_Angeles, for EventBridge Scheduler."
)
@click.option("--after", type=moment, metavar="TIMESTAMP", help="Start after this time, not now.")
@click.option("-n", "count", type=click.IntRange(1, sys.maxsize), default=5, help="How many to print (5).")
def next_(expression: str, zone: str | None, after: float | None, count: int) -> None:
    """Print when EXPRESSION fires next, one ISO 8601 timestamp a line, in UTC or with the offset of --zone.

    EXPRESSION is rate(), cron() or at(). What it means is printed on standard error. A rate counts from
    --after. If the expression never fires again, nothing is printed.

    \b
    Examples:
      asltool schedule next 'cron(0 8 ? * MON *)' --zone America/Los_Angeles
      asltool schedule next 'rate(5 minutes)' --after 2026-03-01T08:00:00Z -n 1

    Exit status: 0 the expression is valid, 1 it is not, 2 wrong usage.
    """
    try:
        area = None if zone is None else zone_of(zone)
        start = datetime.now(UTC) if after is None else _EPOCH + timedelta(seconds=after)
        found = read_schedule(expression, area)
    except OptionError as problem:
        raise click.UsageError(str(problem)) from problem
    except OverflowError:
        raise click.UsageError("--after is before year 1 or after year 9999 in UTC") from None
    except ExpressionError as problem:
        click.echo(pointed(problem.message, problem.text, problem.offset), err=True)
        sys.exit(1)
    click.echo(found.explain(), err=True)
    for firing in islice(found.firings(start), count):
        local = firing if area is None else firing.astimezone(area)
        click.echo(local.isoformat().replace("+00:00", "Z") if area is None else local.isoformat())
