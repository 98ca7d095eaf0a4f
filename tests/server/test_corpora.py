"""What the service answered, asked of a server process over HTTP."""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from asltool.testing.serving import TestServer
from tests.conformance.report import SHARED
from tests.server.served import served
from tests.server.test_server import finished
from tests.service.recorded import filled
from tests.service.test_measured import CASES, FACTS, check
from tests.service.test_recorded import AGREED


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served("--memory", "--allow-reset", cwd=tmp_path_factory.mktemp("server")) as address:
        yield address


@pytest.fixture(scope="module")
def client(url: str) -> Any:
    # The facts hold requests that a client would refuse.
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    return TestServer(url).client(config=config, aws_access_key_id="111111111111")


def post(url: str, body: bytes = b"") -> None:
    urllib.request.urlopen(urllib.request.Request(url, body, method="POST"), timeout=30).close()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recordings are not there")
def test_recorded_cases(url: str) -> None:
    replay = [sys.executable, str(SHARED / "replay_api.py"), "--endpoint-url", url]
    done = subprocess.run(
        [*replay, "--reset", f"{url}/_asltool/reset", "--show", "9"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    total = re.search(r"^TOTAL cases (\d+) agreed (\d+)", done.stdout, re.M)
    assert total is not None
    assert [int(count) for count in total.groups()] == [AGREED["cases"], AGREED["agreed"]], done.stdout


@pytest.mark.skipif(not FACTS.is_file(), reason="the facts are not there")
@pytest.mark.parametrize("case", CASES)
def test_measured_facts(url: str, client: Any, case: dict[str, Any]) -> None:
    post(f"{url}/_asltool/reset")
    seen: list[Any] = []
    for step in case["steps"]:
        request = filled(step["params"], seen)
        if step["op"] == "Wait":
            post(f"{url}/_asltool/time", b'{"jump": 1000}')
            finished(client, seen[-1]["executionArn"])
            seen.append({})
            continue
        method = getattr(client, re.sub(r"(?<!^)(?=[A-Z])", "_", step["op"]).lower())
        try:
            answer, refused = method(**request), {}
        except ClientError as problem:
            error = problem.response["Error"]
            answer, refused = {}, {"code": error["Code"], "message": error["Message"]}
        answer.pop("ResponseMetadata", None)
        seen.append(answer)
        check(step, answer, refused)
