"""schemathesis sends what the API's description allows and what it does not: no server error, answers as described.

Bounded and seeded; `make fuzz` looks longer.
"""

import json
import os
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.product import Product

HERE = Path(__file__).parent
EXAMPLES = int(os.environ.get("PROPIS_FUZZ_EXAMPLES", "15"))
"""Of each operation and phase."""
GIVE_UP_SECONDS = 900 * max(1, EXAMPLES // 15)
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
"""Not `positive_data_acceptance`: a drawing may have the right form and be a dot, and any bytes may be a picture."""
NOT_OF_THE_BODY = {429, 503}
"""Refusals that say nothing of what was sent: none is given here, where no rate is reached and a model reads."""
Statuses = dict[tuple[str, str], set[int]]


def described(description: Path) -> tuple[Statuses, dict[str, str]]:
    """The statuses that the description gives each operation, by method and path, and the name of each."""
    paths: dict[str, Any] = json.loads(description.read_text(encoding="utf-8"))["paths"]
    each = {(method.upper(), path): one for path, methods in paths.items() for method, one in methods.items()}
    statuses = {where: {int(status) for status in one["responses"]} for where, one in each.items()}
    return statuses, {one["operationId"]: "{} {}".format(*where) for where, one in each.items()}


def configuration(statuses: Statuses, names: dict[str, str]) -> str:
    """What is sent wrongly has to be refused by one of the statuses that the operation has for that."""
    lines = []
    for name, where in names.items():
        method, path = where.split(" ")
        refusals = sorted(
            status for status in statuses[method, path] if 400 <= status < 500 and status not in NOT_OF_THE_BODY
        )
        expected = f"[{', '.join(map(str, refusals or [405]))}]"
        lines += ["[[operations]]", f'include-operation-id = "{name}"', "[operations.checks.negative_data_rejection]"]
        lines += [f"expected-statuses = {expected}", ""]
    return "\n".join(lines)


def answered(har: Path) -> Statuses:
    """The statuses of all answers, by method and path."""
    found: Statuses = defaultdict(set)
    for entry in json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]:
        request = entry["request"]
        found[request["method"], urlsplit(request["url"]).path].add(entry["response"]["status"])
    return found


@pytest.mark.timeout(GIVE_UP_SECONDS + 20)
@pytest.mark.processor_seconds(GIVE_UP_SECONDS + 20)
@pytest.mark.xdist_group("api")
def test_what_the_description_allows_and_what_it_does_not(
    site: Product, description: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    statuses, names = described(description)
    (tmp_path / "schemathesis.toml").write_text(configuration(statuses, names), encoding="utf-8")
    words = [
        "schemathesis", "--no-color", "--config-file", "schemathesis.toml", "run", str(description), "--url", site.url,
        "--checks", ",".join(CHECKS), "--max-examples", str(EXAMPLES), "--seed", "1", "--workers", "1",
        "--request-timeout", "200", "--phases", "examples,coverage,fuzzing", "--report", "har", "--report-har-path",
        "answers.har", "--continue-on-failure", "--suppress-health-check", "all",
    ]  # fmt: skip
    hooks = {"SCHEMATHESIS_HOOKS": "fuzz_pictures", "PYTHONPATH": str(HERE)}
    done = subprocess.run(
        words,
        cwd=tmp_path,
        env=environment | hooks,
        capture_output=True,
        text=True,
        timeout=GIVE_UP_SECONDS,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-12000:]}\n{done.stderr[-2000:]}"
    assert "Traceback" not in site.output()
    for where, seen in answered(tmp_path / "answers.har").items():
        allowed = statuses.get(where, {405}) - NOT_OF_THE_BODY
        assert seen <= allowed, f"{where}: {sorted(seen)}"
        assert where not in statuses or min(seen) < 300, f"{where} was never answered: {sorted(seen)}"
