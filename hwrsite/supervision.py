"""What runs under the supervisor, and its configuration.

supervisord keeps the processes: it starts them again when one dies, stops all of them cleanly on Ctrl-C, and stays in
the foreground. Its configuration is made anew at each start, as ports and paths come from the environment.
"""

import configparser
import getpass
import os
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

POLITE = ["nice", "-n", "5"]  # the page goes before the workers where both want the processor
STOP_SECONDS = 20  # a worker has so long to give its job back
ENVIRONMENT = {
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUNBUFFERED": "1",
    # Celery warns root because of pickle, and we accept JSON alone; in a container root is usual.
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}


@dataclass(frozen=True)
class Program:
    """A process that the supervisor keeps."""

    name: str
    command: Sequence[str]


def web(*, host: str, port: int) -> Program:
    """The web server (granian, in one process with threads unless PROPIS_WEB_PROCESSES says more)."""
    processes = os.environ.get("PROPIS_WEB_PROCESSES", "1")
    options = {
        "--interface": "wsgi",
        "--host": host,
        "--port": str(port),
        "--workers": processes,
        "--blocking-threads": "4",
        "--workers-kill-timeout": "5",
        "--log-level": "warning",
    }
    flat = [word for pair in options.items() for word in pair]
    return Program("web", [sys.executable, "-m", "granian", *flat, "hwrsite.wsgi:application"])


def worker(queues: Sequence[str], *, processes: int) -> Program:
    """A Celery worker for some queues."""
    name = "worker-" + "-".join(queues)
    options = ["-Q", ",".join(queues), "-c", str(processes), "-n", f"{name}@%h", "--loglevel", "WARNING"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    return Program(
        name, [*POLITE, sys.executable, "-m", "celery", "--quiet", "-A", "hwrsite", "worker", *options, *quiet]
    )


def beat() -> Program:
    """Celery's clock, which wakes the reaper."""
    return Program(
        "beat",
        [
            *POLITE,
            sys.executable,
            "-m",
            "celery",
            "--quiet",
            "-A",
            "hwrsite",
            "beat",
            "--loglevel",
            "WARNING",
            "--pidfile=",
        ],
    )


def workers(queues: Sequence[str]) -> list[Program]:
    """Workers for the queues: trainings in processes of their own, so that short work never waits behind them."""
    training = [queue for queue in queues if queue == "training"]
    rest = [queue for queue in queues if queue != "training"]
    programs = [worker(training, processes=training_processes())] if training else []
    return programs + ([worker(rest, processes=1)] if rest else [])


def training_processes() -> int:
    """How many trainings run at once: PROPIS_TRAINING_PROCESSES, or all cores but one."""
    return int(os.environ.get("PROPIS_TRAINING_PROCESSES", "0")) or max(1, (os.cpu_count() or 1) - 1)


def port_is_free(host: str, port: int) -> bool:
    """Whether a server could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def run(programs: Sequence[Program]) -> None:
    """Become the supervisor of these programs; does not return."""
    path = _write_configuration(programs)
    for key, value in ENVIRONMENT.items():
        os.environ.setdefault(key, value)
    os.execv(sys.executable, [sys.executable, "-m", "supervisor.supervisord", "-n", "-c", str(path)])  # noqa: S606


def _write_configuration(programs: Sequence[Program]) -> Path:
    folder: Path = settings.PROPIS_VAR / "run"
    folder.mkdir(exist_ok=True)
    config = configparser.RawConfigParser()
    config["supervisord"] = _escaped(
        {
            "nodaemon": "true",
            "logfile": "/dev/null",
            "logfile_maxbytes": "0",
            "loglevel": "warn",
            "pidfile": str(folder / f"supervisord-{programs[0].name}.pid"),
            **({"user": getpass.getuser()} if os.getuid() == 0 else {}),
        }
    )
    for program in programs:
        config[f"program:{program.name}"] = _escaped(_program(program))
    # supervisord stops one group after the other, and the programs of a group at once.
    config["group:propis"] = {"programs": ",".join(program.name for program in programs)}
    path = folder / f"supervisord-{programs[0].name}.conf"
    with path.open("w", encoding="utf-8") as file:
        config.write(file)
    return path


def _program(program: Program) -> dict[str, str]:
    return {
        "command": " ".join(_quoted(word) for word in program.command),
        "directory": str(settings.BASE_DIR),
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "100000",  # it waits a second longer each time, and never gives up
        "stopsignal": "TERM",
        "stopwaitsecs": str(STOP_SECONDS),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": "/dev/stdout",
        "stdout_logfile_maxbytes": "0",
    }


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _escaped(section: Mapping[str, str]) -> dict[str, str]:
    """Supervisor expands %(name)s: a percent sign of ours is written twice."""
    return {key: value.replace("%", "%%") for key, value in section.items()}
