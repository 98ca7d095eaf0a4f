"""The page of Airflow that shows the drawing of a task's run. Airflow finds the plugin by its entry point.

The page itself holds no data. Its script reads the XCom of the drawing from Airflow's API, so that only those
who may read XComs see it, and shows it in a frame that can reach nothing of Airflow.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

__all__ = ["StateMachinePlugin"]


async def _drawing(request: Request) -> HTMLResponse:
    return HTMLResponse(files(__package__).joinpath("drawing.html").read_text("utf-8"))


class StateMachinePlugin(AirflowPlugin):
    """Adds ``/asltool/drawing`` to Airflow's API server."""

    name = "asltool"
    fastapi_apps: ClassVar[list[Any]] = [
        {"app": Starlette(routes=[Route("/drawing", _drawing)]), "url_prefix": "/asltool", "name": "asltool"}
    ]
