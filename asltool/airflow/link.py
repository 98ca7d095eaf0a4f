"""The link of a task in Airflow to the diagram of its execution."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from airflow.configuration import conf
from airflow.sdk import BaseOperatorLink

__all__ = ["StateMachineLink", "console_page", "drawing_page"]


class StateMachineLink(BaseOperatorLink):
    """Links to the operator's ``drawn_at``, which Airflow stores when the task ends or defers."""

    name = "State machine"

    def get_link(self, operator: Any, *, ti_key: Any) -> str:
        return getattr(operator, "drawn_at", None) or ""


def console_page(server_url: str, execution_arn: str) -> str:
    """Return the page of an execution in the console of a server."""
    return f"{server_url}/_asltool/console/execution?arn={quote(execution_arn, safe='')}"


def drawing_page(ti: Any) -> str:
    """Return the page of Airflow that shows the drawing of this task's run."""
    names = ("dag_id", "run_id", "task_id", "map_index")
    query = urlencode({name: getattr(ti, name) for name in names})
    return f"{conf.get('api', 'base_url', fallback='/').rstrip('/')}/asltool/drawing?{query}"
