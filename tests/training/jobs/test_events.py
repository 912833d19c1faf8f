"""Names of events: what old databases hold, and what the lifecycle and others go by."""

import pytest

from training.jobs.models import REQUEST_EVENTS, REQUESTS, EventName, State

STORED = {
    "queued",
    "started",
    "goes on",
    "cancel requested",
    "pause requested",
    "prune requested",
    "resumed",
    "tried again",
    "given back",
    "attempt failed",
    "worker lost",
    "code too old",
    "checkpoint refused",
    "disk full",
    "succeeded",
    "failed",
    "cancelled",
    "paused",
    "pruned",
}
"""Values in databases made before there was an enumeration."""


def test_stored_names_stay_readable() -> None:
    assert set(EventName.values) >= STORED


@pytest.mark.parametrize("state", [state for state in State if state != State.RUNNING])
def test_every_state_without_a_worker_has_its_event(state: State) -> None:
    assert EventName.reached(state).value == state.value


def test_every_request_has_its_event() -> None:
    assert REQUEST_EVENTS.keys() == REQUESTS.keys()
    assert {name.replace("_", " ") for name in REQUESTS.values()} == {event.value for event in REQUEST_EVENTS.values()}
