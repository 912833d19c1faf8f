"""The agent's commands that speak with a server: join, run, worker, unit. Each returns the exit status."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, Callable, Tuple

from training.devices import sheet
from training.devices.remote import VERSION
from training.devices.remote.home import Home, HomeError
from training.devices.remote.loop import AgentLoop, FatalError
from training.devices.remote.site import AwayError, RefusedRequestError, Site
from training.devices.remote.unit import unit

FOLDER = Path.home() / "propis-device"
VARIABLE = "PROPIS_DEVICE"
"""Names another folder, as it does for the line that fetches the agent."""
CANNOT_GO_ON = FatalError.STATUS


def add_to(commands: Any) -> None:
    """Add the commands to a parser's."""
    joined = commands.add_parser("join", help="become a device: exchange a code of the site for a token")
    joined.add_argument("url", help="address of the site")
    joined.add_argument("code", help="from the page of devices; valid once, for an hour")
    joined.add_argument("--name", help="what the device is called (by default as the machine calls itself)")
    run = commands.add_parser("run", help="ask for benchmarks and do them, until it is stopped")
    run.add_argument("--once", action="store_true", help="end when there is nothing to do")
    woken = commands.add_parser("worker", help="the same as a Celery worker, which Redis wakes at once")
    woken.add_argument("--broker", help="redis://USER:PASSWORD@HOST:6379/0; kept in the folder for the next time")
    printed = commands.add_parser("unit", help="print a systemd unit that starts the agent with the machine")
    printed.add_argument("--worker", action="store_true", help="of `worker` instead of `run`")
    for each in (joined, run, woken, printed):
        each.add_argument(
            "--folder",
            type=Path,
            default=_folder(),
            help="the agent's own (default: PROPIS_DEVICE, or the agent's, once it is a device, else ~/propis-device)",
        )


def _folder() -> Path:
    """Where this agent's device is."""
    if named := os.environ.get(VARIABLE):
        return Path(named)
    lies_in = Path(sys.argv[0]).resolve().parent
    return lies_in if Home.is_one(lies_in) else FOLDER


def do(options: argparse.Namespace) -> int:
    """Do the command that was chosen."""
    try:
        return {"join": _join, "run": _run, "worker": _work, "unit": _unit}[options.command](options)
    except (HomeError, FatalError, RefusedRequestError, ValueError) as error:
        return _refused(str(error), CANNOT_GO_ON)
    except AwayError as error:
        return _refused(str(error), 1)
    except KeyboardInterrupt:
        return 130


def _join(options: argparse.Namespace) -> int:
    home = Home(options.folder)
    body = {
        "code": options.code,
        "key": sheet.machine_key(),
        "name": options.name or sheet.machine_name(),
        "sheet": sheet.read(options.folder).as_dict(),
    }
    answer = Site(options.url).post("join", body)
    home.remember(options.url, answer["token"], answer["name"])
    print(f"This machine is “{answer['name']}”: {answer['url']}")
    return 0


def _run(options: argparse.Namespace) -> int:
    home, site = _at_work(options)
    AgentLoop(site, home).run(once=options.once)
    return 0


def _work(options: argparse.Namespace) -> int:
    try:
        import redis  # noqa: F401  (kombu, which needs it, would say so late)

        from training.devices.remote import celery_worker  # Celery is needed by this command alone
    except ImportError as error:
        raise HomeError(f'Celery cannot be used ({error}): {sys.executable} -m pip install "celery[redis]"') from error
    home, site = _at_work(options)
    broker = options.broker or home.broker()
    celery_worker.user_in(broker)  # one that cannot be is not kept
    home.remember_broker(broker)

    def ask(sleep: Callable[[float], None], longest_idle: float) -> None:
        AgentLoop(site, home, sleep=sleep, longest_idle=longest_idle).run()

    return celery_worker.work(broker, ask)


def _at_work(options: argparse.Namespace) -> Tuple[Home, Site]:
    """The folder, locked, and the server."""
    home = Home(options.folder)
    home.lock()
    device = home.device()
    site = Site(device["url"], device["token"])
    print(f"“{device['name']}” asks {site.url} for benchmarks (agent {VERSION}); Ctrl-C ends it.", flush=True)
    return home, site


def _unit(options: argparse.Namespace) -> int:
    print(unit(options.folder, "worker" if options.worker else "run"), end="")
    return 0


def _refused(words: str, status: int) -> int:
    print(f"agent: {words}", file=sys.stderr)
    return status
