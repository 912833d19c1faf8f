"""One process of the web server, on a socket that others listen on as well."""

import contextlib
import resource
import sys
from socket import socket

import uvicorn
from django.conf import settings

from hwrsite import uploads, warming
from hwrsite.web_server.application import Application
from hwrsite.web_server.bodies import BodyReader
from hwrsite.web_server.calls import Calls
from hwrsite.web_server.connections import connection_class
from hwrsite.web_server.door import Door
from hwrsite.web_server.patience import GRACE_SECONDS, SWITCH_SECONDS, Patience, Room, patience
from hwrsite.web_server.wsgi import Site
from recognizer import active_model

OPEN_FILES = 4_096
BACKLOG = 1_024


def serve(site: Site, listening: socket, asking: socket) -> None:
    """Serve the site until told to stop; `asking` leads to the processes for pages."""
    sys.setswitchinterval(SWITCH_SECONDS)
    _allow_open_files()
    warming.warm()
    server = uvicorn.Server(_configuration(_application(site, Calls(asking), patience()), patience()))
    with active_model.looking():
        server.run(sockets=[listening])


def _configuration(application: Application, patience: Patience) -> uvicorn.Config:
    """Leave to uvicorn what it is good at: the wire."""
    return uvicorn.Config(
        application,
        http=connection_class(Door(_room()), patience),
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        proxy_headers=False,  # hwrsite/visitors.py believes proxies, as many as the settings say
        server_header=False,
        access_log=False,
        log_config=None,
        backlog=BACKLOG,
        timeout_keep_alive=patience.idle,  # type: ignore[arg-type]  # a fraction is as good
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _application(site: Site, calls: Calls, patience: Patience) -> Application:
    """The site behind its lanes."""
    folder = settings.FILE_UPLOAD_TEMP_DIR
    bodies = BodyReader(folder, public_bytes=uploads.public_bytes(), patience=patience)
    return Application(site, bodies=bodies, calls=calls, patience=patience, folder=folder)


def _room() -> Room:
    """Behind proxies all visitors come from their addresses, and a proxy limits them itself."""
    usual = Room()
    return Room(of_an_address=usual.in_all) if settings.PROPIS_PROXIES else usual


def _allow_open_files() -> None:
    """A process may open more files than the usual 1,024: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
