"""Undeliverable letters: each is a line of JSON in ``dead-letters.jsonl`` and a line in the log.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html (names of the attributes)
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

from asltool.errors import TaskFailed
from asltool.service.events.letters import Letter

__all__ = ["DEAD_LETTERS", "DeadLetters"]

DEAD_LETTERS = "dead-letters.jsonl"
"""In the folder of the store."""

_log = logging.getLogger("asltool.events")


class DeadLetters:
    """Records letters that cannot be delivered; with ``folder`` None, only in the log."""

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / DEAD_LETTERS

    def add(self, letter: Letter, why: TaskFailed, now: float, exhausted: str | None = None) -> None:
        """Record a letter; ``exhausted`` is the limit of its retry policy that ended the retries."""
        _log.warning(
            "%s could not reach %s: %s: %s", letter.source, letter.target["Arn"], why.error, why.cause
        )
        if self._path is None:
            return
        line = {
            "time": datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds"),
            "queue": letter.target.get("DeadLetterConfig", {}).get("Arn"),
            "RULE_ARN": letter.source,
            "TARGET_ARN": letter.target["Arn"],
            "ERROR_CODE": why.error,
            "ERROR_MESSAGE": why.cause,
            "RETRY_ATTEMPTS": letter.attempts,
            "EXHAUSTED_RETRY_CONDITION": exhausted,
            "body": letter.input,
        }
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
        except OSError as problem:
            _log.error("the dead letter cannot be written to %s: %s", self._path, problem)
