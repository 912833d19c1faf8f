"""A message keeps its key and values through errors, processes and files, and is said by whatever translates."""

import pickle
from collections.abc import Iterator

import pytest

from recognizer.core import messages
from recognizer.core.messages import Message, message, read, stored, translate_with


@pytest.fixture
def shouted() -> Iterator[None]:
    """A language in which every sentence ends with an exclamation mark."""
    before = messages._translators[-1]

    def shout(said: Message) -> Message:
        plain = Message(said.key + "!", said.key)
        return plain % said.values if said.values else plain

    translate_with(shout)
    yield
    translate_with(before)


REASON = message("%(done)d of %(total)d") % {"done": 3, "total": 5}


def test_it_reads_as_a_sentence_and_remembers_what_it_was_made_of() -> None:
    assert REASON == "3 of 5"
    assert (REASON.key, REASON.values) == ("%(done)d of %(total)d", {"done": 3, "total": 5})


def test_an_error_keeps_it(shouted: None) -> None:
    kept = str(ValueError(message("plain")))
    assert isinstance(kept, Message)
    assert kept == "plain!"


def test_what_was_stored_is_read_in_the_language_of_the_reader(shouted: None) -> None:
    outer = message("It failed: %(why)s") % {"why": REASON}
    assert outer == "It failed: 3 of 5!"
    assert read(stored(outer)) == "It failed: 3 of 5!!"


@pytest.mark.parametrize("text", ["", "A sentence.", '{"key": 5}', '{"key": "a', '{"other": 1}', "{"])
def test_a_plain_sentence_stays_what_it_is(text: str) -> None:
    assert stored(text) == read(text) == text


def test_it_goes_through_a_pipe() -> None:
    sent = pickle.loads(pickle.dumps(REASON))  # our own
    assert (sent, stored(sent)) == (REASON, stored(REASON))


def test_values_are_kept_as_they_read() -> None:
    made = message("%(error)s, %(share)s") % {"error": ValueError("why"), "share": 0.5}
    assert made.values == {"error": "why", "share": 0.5}
