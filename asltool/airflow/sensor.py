"""Waiting for an execution of ``asltool serve`` that something else has started."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator, PokeReturnValue
from airflow.sdk.exceptions import AirflowException

from asltool.airflow.hook import StateMachineHook
from asltool.airflow.link import StateMachineLink, console_page
from asltool.airflow.protocol import failure
from asltool.airflow.trigger import ExecutionTrigger
from asltool.expr.values import loads

__all__ = ["StateMachineSensor"]


class StateMachineSensor(BaseSensorOperator):
    """Waits until an execution has ended, and returns its output.

    Args:
        execution_arn: the ARN of the execution.
        server_url: the address of ``asltool serve``; None for that of the connection ``conn_id``.
        deferrable: wait in the triggerer, polling every ``poke_interval`` seconds.

    Raises:
        AirflowException: the execution did not succeed.
    """

    template_fields: Sequence[str] = ("execution_arn", "server_url")
    operator_extra_links = (StateMachineLink(),)
    ui_color = "#fbe4d5"

    def __init__(
        self,
        *,
        execution_arn: str,
        server_url: str | None = None,
        conn_id: str = "asltool_default",
        deferrable: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.execution_arn = execution_arn
        self.server_url = server_url
        self.conn_id = conn_id
        self.deferrable = deferrable

    def execute(self, context: Any) -> Any:
        """Wait for the execution, here or in the triggerer."""
        if not self.deferrable:
            return super().execute(context)
        found = self.poke(context)
        if not found.is_done:
            trigger = ExecutionTrigger(self._hook.server_url, self.execution_arn, self.poke_interval)
            self.defer(
                trigger=trigger, method_name="execute_complete", timeout=timedelta(seconds=self.timeout)
            )
        return found.xcom_value

    def execute_complete(self, context: Any, event: Mapping[str, Any]) -> Any:
        """Return the output once the trigger has fired."""
        if event["problem"]:
            raise AirflowException(event["problem"])
        return self.poke(context).xcom_value

    def poke(self, context: Any) -> PokeReturnValue:
        """Return whether the execution has ended, with its output."""
        self.drawn_at = console_page(self._hook.server_url, self.execution_arn)
        found = self._hook.describe(self.execution_arn)
        if found["status"] == "RUNNING":
            return PokeReturnValue(False)
        if found["status"] != "SUCCEEDED":
            raise AirflowException(failure(found))
        return PokeReturnValue(True, loads(found["output"]))

    @property
    def _hook(self) -> StateMachineHook:
        return StateMachineHook(self.server_url, conn_id=self.conn_id)
