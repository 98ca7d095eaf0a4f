"""Outcomes of tasks and map runs as JSON, for logs, recordings and other processes.

::

    {"succeeded": {"id": 7}}    {"failed": {"error": "Busy"}}    {"submitted": {"JobRunId": "jr"}}
    {"started": "worker-1"}     {"heartbeat": true}              {"ask_again": 2.5}
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from asltool.engine.dump_types import fit
from asltool.engine.effects import AskAgain, Failed, Heartbeat, Outcome, Started, Submitted, Succeeded
from asltool.errors import DumpError

__all__ = ["dump_outcome", "load_outcome"]


def dump_outcome(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as an object with one member, its kind; `load_outcome` restores it."""
    form = _BY_KIND[type(outcome)]
    return {form.word: form.dump(outcome)}


def load_outcome(dumped: Any) -> Outcome:
    """Restore an outcome from `dump_outcome`; other members of the object are ignored.

    Raises:
        DumpError: it is not a dumped outcome.
    """
    try:
        (word,) = dumped.keys() & _BY_WORD.keys()
        return _BY_WORD[word].load(dumped[word])
    except (AttributeError, TypeError, ValueError):
        kinds = ", ".join(f'"{word}"' for word in _BY_WORD)
        raise DumpError(f"not an outcome: {dumped!r:.80}. expected an object with one of {kinds}") from None


class _OutcomeForm(NamedTuple):
    """How a kind of outcome is written and read."""

    word: str
    kind: type
    dump: Callable[[Any], Any]
    load: Callable[[Any], Outcome]


def _dump_failed(failed: Failed) -> dict[str, str]:
    words = (("error", failed.error), ("cause", failed.cause))
    return {word: text for word, text in words if text is not None}


def _load_failed(words: dict[str, Any]) -> Failed:
    return Failed(*(fit(word, words.get(word), str | None) for word in ("error", "cause")))


def _load_started(worker: Any) -> Started:
    return Started(fit("worker", worker, str | None))


def _load_pause(seconds: Any) -> AskAgain:
    return AskAgain(float(fit("seconds", seconds, float)))


_FORMS = (
    _OutcomeForm("succeeded", Succeeded, lambda ended: ended.output, Succeeded),
    _OutcomeForm("failed", Failed, _dump_failed, _load_failed),
    _OutcomeForm("submitted", Submitted, lambda accepted: accepted.output, Submitted),
    _OutcomeForm("started", Started, lambda begun: begun.worker, _load_started),
    _OutcomeForm("heartbeat", Heartbeat, lambda _: True, lambda _: Heartbeat()),
    _OutcomeForm("ask_again", AskAgain, lambda pause: pause.seconds, _load_pause),
)
_BY_WORD = {form.word: form for form in _FORMS}
_BY_KIND = {form.kind: form for form in _FORMS}
