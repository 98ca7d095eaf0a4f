"""What becomes of the children's results: files, or the state's own result.

Source: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asltool.engine.effects import StartMapRun
from asltool.engine.map_children import Family
from asltool.engine.map_io import Ended, MapPort, WriteResults
from asltool.errors import EvaluationError, TaskFailed

__all__ = ["Results"]


class Results:
    """Hands results on: at once to files, at the end and in the items' order to the state's result.

    Raises:
        TaskFailed: ``States.ResultWriterFailed``, here or in any method.
    """

    def __init__(self, port: MapPort, effect: StartMapRun, family: Family) -> None:
        writer = effect.plan.writer
        self.to_files = writer["resource"] is not None
        self._family = family
        self._kept: dict[int, Ended] = {}
        # What the service does where nothing is said is not the same for the two.
        usual = {} if self.to_files else {"Transformation": "COMPACT"}
        self._sink = port.write(
            WriteResults(
                resource=writer["resource"],
                arguments=writer["arguments"],
                config={**usual, **writer["config"]},
                map_run_arn=effect.plan.arn,
                child_type="EXPRESS" if effect.children.express else "STANDARD",
            )
        )

    def add(self, child: Ended) -> None:
        """Take the result of a child that has ended."""
        if self.to_files:
            self._sink.add(self._family.result(child))
        else:
            self._kept[child.index] = child

    def close(self) -> Any:
        """Return what the Map state's result is."""
        for _, child in sorted(self._kept.items()):
            self._sink.add(self._family.result(child))
        self._kept.clear()
        return self._sink.close()

    def close_failed(self, children: Iterable[Ended]) -> None:
        """Have the files tell of a map run that failed too, with these children that have not ended well."""
        if not self.to_files:
            return
        try:
            for child in children:
                self._sink.add(self._family.result(child))
            self._sink.close()
        except (EvaluationError, TaskFailed):
            # The map run fails for a reason of its own, which is the one to tell.
            return
