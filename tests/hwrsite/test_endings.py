"""Commands on a terminal: a closed pipe, a full disk, an encoding without Cyrillic, NO_COLOR."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

PRINT = """
import manage
from django.core import management
from django.core.management import BaseCommand, CommandError
def execute(_words):
    command = BaseCommand(force_color=False)
    command.stdout.write("Буква\\n" * 20_000)
    command.stderr.write("Слово")
management.execute_from_command_line = execute
manage.main()
"""
COLOUR = """
import manage
from django.core import management
from django.core.management.color import color_style
management.execute_from_command_line = lambda _words: print(repr(color_style(force_color=True).ERROR("x")))
manage.main()
"""
AWAY = """
import manage
from django.core import management
from django.core.management import BaseCommand, CommandError
from recognizer.filestore.errors import StoreAwayError
class Command(BaseCommand):
    requires_system_checks = []
    def handle(self, *args, **options):
        raise StoreAwayError("Could not connect to the endpoint")
management.execute_from_command_line = lambda _words: Command().run_from_argv(["manage.py", "read"])
manage.main()
"""


def started(code: str, stdout: int, **environment: str) -> "subprocess.Popen[bytes]":
    """A process that runs `manage.main` with another command in it."""
    words = [sys.executable, "-c", code]
    environment = os.environ | environment
    return subprocess.Popen(words, cwd=settings.BASE_DIR, stdout=stdout, stderr=subprocess.PIPE, env=environment)


def test_a_python_without_the_packages_says_which_one_has_them() -> None:
    words = [sys.executable, "-S", "manage.py", "backup"]  # without site-packages
    done = subprocess.run(words, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert ".venv/bin/python manage.py" in done.stderr


def test_a_closed_pipe_ends_quietly() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = started(PRINT, writer)
    os.close(writer)
    assert process.communicate()[1] == b""
    assert process.returncode == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_output_is_one_line() -> None:
    with Path("/dev/full").open("wb") as full:
        process = started(PRINT, full.fileno(), LC_ALL="C.UTF-8")
    (line,) = process.communicate()[1].decode().splitlines()
    assert line == "The output cannot be written: No space left on device."
    assert process.returncode == 1


def test_a_store_that_is_away_is_one_line_of_every_command() -> None:
    process = started(AWAY, subprocess.PIPE)
    output, errors = process.communicate()
    assert (process.returncode, output) == (1, b"")
    assert errors.decode() == "CommandError: The store of files does not answer: Could not connect to the endpoint\n"


def test_what_the_encoding_has_not_got_is_escaped() -> None:
    process = started(PRINT, subprocess.PIPE, PYTHONIOENCODING="ascii")
    output, errors = process.communicate()
    assert process.returncode == 0
    assert output.splitlines()[0].decode("ascii") == r"\u0411\u0443\u043a\u0432\u0430"
    assert b"Traceback" not in errors


@pytest.mark.parametrize(("value", "expected"), [("1", "'x'"), ("", r"'\x1b[31;1mx\x1b[0m'")])
def test_no_color_is_heeded(value: str, expected: str) -> None:
    process = started(COLOUR, subprocess.PIPE, NO_COLOR=value)
    assert process.communicate()[0].decode().strip() == expected
