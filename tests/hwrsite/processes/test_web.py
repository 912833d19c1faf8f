"""The programs of the web server share open sockets."""

import os
import socket
from collections.abc import Iterator

import pytest
from pytest_django import Settings

from hwrsite.processes import web
from hwrsite.processes.program import Program
from tests.product import free_port


@pytest.fixture
def port() -> int:
    """One that nobody has."""
    return free_port()


@pytest.fixture
def programs(settings: Settings, port: int) -> Iterator[dict[str, Program]]:
    """All of them by name; their sockets are closed at the end."""
    settings.WEB_PROCESSES = 2
    made = {each.name: each for each in web.programs(host="127.0.0.1", port=port)}
    yield made
    for descriptor in {each for program in made.values() for each in program.descriptors}:
        os.close(descriptor)
    assert web.port_is_free("127.0.0.1", port)


def test_web_processes_listen_on_one_socket_that_is_open_already(programs: dict[str, Program], port: int) -> None:
    assert list(programs) == ["web-1", "web-2", "pages-1", "pages-2"]
    listening = programs["web-1"].descriptors[0]
    assert programs["web-2"].descriptors[0] == listening
    with socket.create_connection(("127.0.0.1", port)):
        pass  # nobody serves yet, and a visitor waits instead of being refused


def test_what_a_web_process_asks_any_page_process_hears(programs: dict[str, Program]) -> None:
    [asking] = {programs[name].descriptors[1] for name in ("web-1", "web-2")}
    [answering] = {descriptor for name in ("pages-1", "pages-2") for descriptor in programs[name].descriptors}
    with socket.socket(fileno=os.dup(asking)) as ask, socket.socket(fileno=os.dup(answering)) as answer:
        ask.send(b"one")
        ask.send(b"two")
        assert [answer.recv(100), answer.recv(100)] == [b"one", b"two"]


def test_all_sockets_are_handed_on(programs: dict[str, Program]) -> None:
    for program in programs.values():
        assert [str(each) for each in program.descriptors] == program.words[1:]
        assert all(os.get_inheritable(each) for each in program.descriptors)
