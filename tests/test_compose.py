"""docker-compose.yml without a container engine: its schema, its secrets, and its command lines as processes."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.faults.stacks import servers
from tests.product import Product, free_port

FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<sign>[-?])(?P<word>[^}]*))?\}")
SECRETS = {"PROPIS_SECRET_KEY", "PROPIS_ADMIN_PASSWORD", "POSTGRES_PASSWORD", "REDIS_PASSWORD"}
VALUES = {name: f"0123456789{number}" for number, name in enumerate(sorted(SECRETS))}


def compose(values: Mapping[str, str] = VALUES) -> dict[str, Any]:
    """The file as Compose reads it, with variables filled in."""

    def fill(match: re.Match[str]) -> str:
        name, sign, word = match.group("name", "sign", "word")
        if values.get(name):
            return values[name]
        assert sign == "-", f"{name} is required: {word}"
        return str(word)

    def filled(node: Any) -> Any:
        """Variables are filled in after the YAML is read, as Compose does it."""
        if isinstance(node, dict):
            return {key: filled(value) for key, value in node.items()}
        if isinstance(node, list):
            return [filled(value) for value in node]
        return VARIABLE.sub(fill, node) if isinstance(node, str) else node

    content: dict[str, Any] = filled(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return content


def service(name: str) -> dict[str, Any]:
    """One service."""
    found: dict[str, Any] = compose()["services"][name]
    return found


def validated(path: Path) -> "subprocess.CompletedProcess[str]":
    """Check a file against the Compose specification's own schema, as check-jsonschema ships it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_file_keeps_to_the_specification() -> None:
    done = validated(FILE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong"), [("healthcheck:", "healthchek:"), ("retries: 3", "retries: [3]"), ("services:", "servces:")]
)
def test_the_check_finds_mistakes(right: str, wrong: str, tmp_path: Path) -> None:
    text = FILE.read_text(encoding="utf-8")
    assert right in text
    (tmp_path / "docker-compose.yml").write_text(text.replace(right, wrong), encoding="utf-8")
    assert validated(tmp_path / "docker-compose.yml").returncode != 0


def test_secrets_are_required_and_nowhere_written() -> None:
    text = FILE.read_text(encoding="utf-8")
    required = {match["name"] for match in VARIABLE.finditer(text) if match["sign"] == "?"}
    assert required == SECRETS
    for missing in SECRETS:
        with pytest.raises(AssertionError, match=f"{missing} is required: set it in .env"):
            compose({name: value for name, value in VALUES.items() if name != missing})
    given = {match["name"] for match in VARIABLE.finditer(text) if match["sign"] != "?"}
    assert not [name for name in given if re.search("KEY|PASSWORD|SECRET", name)]


def test_example_of_secrets_has_each_of_them_empty() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    settings = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert settings == dict.fromkeys(SECRETS, "")
    assert ".env" in (ROOT / ".gitignore").read_text().split()
    assert ".env" in (ROOT / ".dockerignore").read_text().split()


def test_variables_are_settings_that_are_written_down() -> None:
    known = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name in ("web", "worker"):
        for variable in service(name)["environment"]:
            assert f"`{variable}`" in known


def test_state_is_in_named_volumes_and_every_service_is_watched() -> None:
    content = compose()
    assert set(content["volumes"]) == {"var", "postgres"}
    for name in ("web", "worker"):
        assert service(name)["volumes"] == ["var:/var/lib/propis"]
    assert "ENV PROPIS_VAR=/var/lib/propis" in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert service("postgres")["volumes"] == ["postgres:/var/lib/postgresql/data"]
    for each in content["services"].values():
        assert each["healthcheck"]["test"][0] == "CMD"
        assert each["restart"] == "unless-stopped"
    for each in content["services"].values():
        for needed, how in each.get("depends_on", {}).items():
            assert needed in content["services"]
            assert how == {"condition": "service_healthy"}


def test_dockerfile_copies_what_is_there() -> None:
    copied = re.findall(r"^COPY (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert copied
    assert all((ROOT / path).exists() for path in copied)


# --- Each command line as a process ------------------------------------------------------------------------------


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    """A product on PostgreSQL and Redis, with the environment of the file and the addresses of local servers."""
    with servers(tmp_path) as environment:
        ours = {name: str(value) for name, value in service("web")["environment"].items() if "URL" not in name}
        product = Product(tmp_path, {**environment, **ours}, port=free_port())
        yield product
        product.kill()


def started(product: Product, words: list[str]) -> "subprocess.Popen[bytes]":
    """Start a command line of the file here: our interpreter, a free port."""
    with product.log.open("a") as log:
        return subprocess.Popen(
            here(product, words), cwd=ROOT, env=product.environment, stdout=log, stderr=log, start_new_session=True
        )


def here(product: Product, words: list[str]) -> list[str]:
    """A command line with the container's interpreter and port replaced by ours."""
    replaced = [word.replace("8000", str(product.port)).replace("//web:", "//127.0.0.1:") for word in words]
    return [sys.executable if word == "python" else word for word in replaced]


def is_healthy(product: Product, name: str) -> bool:
    """Whether the service's own health check says so."""
    command = here(product, service(name)["healthcheck"]["test"][1:])
    return (
        subprocess.run(command, env=product.environment, capture_output=True, check=False, timeout=120).returncode == 0
    )


def wait_for_health(product: Product, name: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the service is healthy."""
    end = time.monotonic() + 240
    while not is_healthy(product, name):
        assert process.poll() is None, product.output()
        assert time.monotonic() < end, product.output()
        time.sleep(0.5)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop it as the engine does, within the time that the file gives."""
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=120)


@pytest.mark.services
@pytest.mark.timeout(600)
def test_web_and_worker_start_are_healthy_and_stop(product: Product) -> None:
    assert not is_healthy(product, "web")
    web = started(product, service("web")["command"])
    wait_for_health(product, "web", web)
    worker = started(product, service("worker")["command"])
    wait_for_health(product, "worker", worker)
    stop(worker)
    assert not is_healthy(product, "worker")
    stop(web)
    assert not is_healthy(product, "web")
    assert product.processes() == []


@pytest.mark.services
def test_redis_command(tmp_path: Path) -> None:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    redis = service("redis")
    port = str(free_port())
    environment = {**os.environ, **redis["environment"]}
    command = [*redis["command"], "--port", port, "--dir", str(tmp_path)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)

    def ask(*words: str, environment: Mapping[str, str] = environment) -> str:
        command = ["redis-cli", "-p", port, *words]
        return subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60).stdout

    try:
        end = time.monotonic() + 120
        while "PONG" not in ask(*redis["healthcheck"]["test"][2:]):
            assert time.monotonic() < end
            time.sleep(0.1)
        assert "noeviction" in ask("config", "get", "maxmemory-policy")
        assert "NOAUTH" in ask("ping", environment={"PATH": os.environ["PATH"]})
    finally:
        server.terminate()
        server.wait(timeout=60)


@pytest.mark.services
def test_postgres_health_check_is_a_command() -> None:
    words = service("postgres")["healthcheck"]["test"][1:]
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run([*words, "--host", "127.0.0.1", "--port", "1"], capture_output=True, check=False, timeout=60)
    assert done.returncode == 2, "nobody answers there, and the options are known"
