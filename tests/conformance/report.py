"""How far an observation agrees with its case, and what that makes of a whole corpus."""

from __future__ import annotations

import importlib.util
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType
from typing import Any

__all__ = ["LEVELS", "SHARED", "Report", "differences", "load_referee"]

LEVELS = ("status", "result", "events", "ids")
"""From the mildest to the strictest; each includes those before it."""


SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "conformance"
"""Where the recordings lie beside the checkout."""


def load_referee(folder: Path) -> ModuleType:
    """Return the ``compare.py`` of a corpus; one without it is judged by that beside the checkout.

    Raises:
        FileNotFoundError: there is none in either place.
    """
    place = next((place for place in (folder, SHARED) if (place / "compare.py").is_file()), None)
    if place is None:
        raise FileNotFoundError(f"no compare.py in {folder} or in {SHARED}")
    spec = importlib.util.spec_from_file_location("compare", place / "compare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def differences(case: dict[str, Any], observed: dict[str, Any], referee: ModuleType) -> dict[str, list[str]]:
    """Return what differs, by level."""
    if "status" not in case["expected"]:
        return _answer_differences(case, observed, referee)
    expected = case["expected"]
    found: dict[str, list[str]] = {level: [] for level in LEVELS}
    if observed["status"] != expected["status"]:
        found["status"].append(f"status: {expected['status']} expected, got {observed['status']}")
    for key in ("output", "error", "cause"):
        if (key in expected) != (key in observed):
            side = "missing" if key in expected else "unexpected"
            found["result"].append(f"{key} is {side}: {expected.get(key, observed.get(key))!r:.300}")
        elif key in expected:
            found["result"] += referee.compare_value(expected[key], observed[key], {}, key)
    if "history" in expected:
        for level in ("events", "ids"):
            ordering = case.get("ordering", "total")
            found[level] += referee.compare_history(expected["history"], observed["history"], ordering, level)
    return found


def _answer_differences(
    case: dict[str, Any], observed: dict[str, Any], referee: ModuleType
) -> dict[str, list[str]]:
    """Return what differs in an answer about a definition: its kind at the mildest level, else the answer."""
    expected, got = _comparable(case["expected"]), _comparable(observed)
    found: dict[str, list[str]] = {level: [] for level in LEVELS}
    if expected.keys() != got.keys():
        found["status"].append(f"{', '.join(expected)} expected, got {got}")
    else:
        found["result"] += referee.compare_value(expected, got)
    return found


def _comparable(answer: dict[str, Any]) -> dict[str, Any]:
    """Return ``response`` or ``exception``, reduced to what every recording has; names as sorted lists."""
    if "exception" in answer:
        return {"exception": {key: answer["exception"][key] for key in ("code", "message")}}
    response = answer.get("response", answer)
    if "result" in response or "status" in response:
        return {"response": response}
    references = response.get("variableReferences", {})
    return {"response": {name: sorted(names) for name, names in references.items()}}


class Report:
    """Counts agreement by family and level."""

    def __init__(self) -> None:
        self.agreed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.run: Counter[str] = Counter()
        self.skipped: Counter[str] = Counter()
        self.crashed: list[str] = []

    def add(self, family: str, found: dict[str, list[str]]) -> None:
        self.run[family] += 1
        for level in LEVELS:
            if found[level]:
                break
            self.agreed[family][level] += 1

    def crash(self, case: dict[str, Any], bug: Exception) -> None:
        """Count a case that asltool could not run for a mistake of its own: it agrees at no level."""
        self.run[case["family"]] += 1
        self.crashed.append(f"crashed: {case['id']}: {type(bug).__name__}: {bug}")

    def lines(self) -> list[str]:
        """Return the table, families sorted, all together last, and what was skipped."""
        head = f"{'family':<45}{'cases':>6}" + "".join(f"{level:>9}" for level in LEVELS)
        rows = [self._row(family, [family]) for family in sorted(self.run)]
        skipped = [f"skipped {count:>4}: {reason}" for reason, count in sorted(self.skipped.items())]
        return [head, *rows, self._row("all", list(self.run)), *skipped, *self.crashed]

    def _row(self, name: str, families: list[str]) -> str:
        counts = (sum(self.agreed[family][level] for family in families) for level in LEVELS)
        return f"{name:<45}{sum(self.run[family] for family in families):>6}" + "".join(
            f"{count:>9}" for count in counts
        )
