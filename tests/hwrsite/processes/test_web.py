"""The programs of the web server share one open socket."""

import socket

import pytest

from hwrsite.processes import web
from tests.product import free_port


def test_all_processes_listen_on_one_socket_that_is_open_already(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROPIS_WEB_PROCESSES", raising=False)
    port = free_port()
    programs = web.programs(host="127.0.0.1", port=port)
    assert len(programs) == 2
    [[descriptor], again] = [program.descriptors for program in programs]
    assert again == [descriptor]
    with socket.socket(fileno=descriptor) as listening:
        assert listening.get_inheritable()
        with socket.create_connection(("127.0.0.1", port)):
            pass  # nobody serves yet, and a visitor waits instead of being refused
    assert web.port_is_free("127.0.0.1", port)
