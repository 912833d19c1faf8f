"""A forked child keeps none of its parent's connections, and the parent loses none."""

import os
import signal
import socket
from multiprocessing import get_context

from hwrsite import forks


def test_a_connection_ends_with_its_parents_copy_while_the_child_lives() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted, _address = server.accept()
    ours, theirs = socket.socketpair()

    def child() -> None:
        forks._drop_connections()
        os.write(client.fileno(), b"lost")
        theirs.sendall(b"a pair of sockets is left alone")
        signal.pause()

    process = get_context("fork").Process(target=child)
    accepted.settimeout(5)
    ours.settimeout(5)
    try:
        process.start()
        assert ours.recv(100) == b"a pair of sockets is left alone"
        client.sendall(b"kept")
        assert accepted.recv(100) == b"kept"
        client.close()
        assert accepted.recv(100) == b"", "the child still holds the connection"
        assert process.is_alive()
    finally:
        process.kill()
        process.join()
        for each in (accepted, ours, theirs):
            each.close()
