"""schemathesis sends what the API's description allows and what it does not: no server error, answers as described.

Bounded and seeded; `docs/api.md` says how to look longer.
"""

import subprocess
from pathlib import Path

import pytest

from tests.product import Product

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
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


@pytest.mark.timeout(300)
@pytest.mark.xdist_group("api")
def test_what_the_description_allows_and_what_it_does_not(
    site: Product, description: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    words = [
        "schemathesis", "--no-color", "--config-file", str(CONFIGURATION), "run", str(description), "--url", site.url,
        "--checks", ",".join(CHECKS), "--max-examples", "15", "--seed", "1", "--workers", "1",
        "--request-timeout", "60", "--phases", "examples,coverage,fuzzing",
        "--continue-on-failure", "--suppress-health-check", "all",
    ]  # fmt: skip
    done = subprocess.run(
        words, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=280, check=False
    )
    assert done.returncode == 0, f"{done.stdout[-12000:]}\n{done.stderr[-2000:]}"
    assert "Traceback" not in site.output()
