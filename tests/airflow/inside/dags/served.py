"""State machines of `asltool serve`: by definition, by ARN, and one that a sensor waits for."""

from __future__ import annotations

import os
from datetime import timedelta

from airflow.sdk import DAG, task

from asltool.airflow import StateMachineHook, StateMachineOperator, StateMachineSensor

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:order"
URL = os.environ.get("SERVER_URL", "http://127.0.0.1:8083")

with DAG("test_served") as dag:

    @task
    def start() -> str:
        return StateMachineHook(URL).start(ARN, "from-a-hook", {"items": 2})

    execution = start()
    (
        StateMachineOperator(
            task_id="by_arn",
            state_machine_arn=ARN,
            input='{"items": {{ dag_run.conf["items"] }}}',
            execution_name="{{ dag_run.conf['day'] }}",
            server_url=URL,
            retries=1,
            retry_delay=timedelta(0),
        )
        >> StateMachineOperator(task_id="by_file", definition="pass.asl.json", conn_id="asltool_default")
        >> execution
    )
    StateMachineSensor(task_id="wait", execution_arn=execution, poke_interval=0.1)
    StateMachineSensor(task_id="wait_in_triggerer", execution_arn=execution, server_url=URL, deferrable=True)
