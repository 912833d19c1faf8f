"""Which connections are open; a newcomer finds room at the cost of who has waited longest without asking anything."""

from collections import defaultdict
from typing import Protocol

from hwrsite.web_server.patience import Room


class Guest(Protocol):
    """A connection."""

    @property
    def is_waiting(self) -> bool:
        """Whether it may go: nothing is being answered on it."""

    def dismiss(self) -> None:
        """Close it at once."""


class Door:
    """The open connections of a process, by address, the oldest of each first."""

    def __init__(self, room: Room) -> None:
        """Begin with none."""
        self._room = room
        self._guests: dict[str, dict[Guest, None]] = defaultdict(dict)
        self._count = 0

    def __len__(self) -> int:
        """How many are open."""
        return self._count

    def enter(self, address: str, guest: Guest) -> bool:
        """Let a connection in; False where there is no room, as every other one is being answered."""
        if len(self._guests[address]) >= self._room.of_an_address and not self._make_room(address):
            return False
        if self._count >= self._room.in_all and not self._make_room(self._busiest()):
            return False
        self._guests[address][guest] = None
        self._count += 1
        return True

    def leave(self, address: str, guest: Guest) -> None:
        """Note that a connection is closed; it may have been noted before."""
        guests = self._guests[address]
        if guest in guests:
            del guests[guest]
            self._count -= 1
        if not guests:
            del self._guests[address]

    def _busiest(self) -> str:
        return max(self._guests, key=lambda address: len(self._guests[address]))

    def _make_room(self, address: str) -> bool:
        """Dismiss the oldest connection of an address that may go."""
        oldest = next((guest for guest in self._guests[address] if guest.is_waiting), None)
        if oldest is None:
            return False
        self.leave(address, oldest)
        oldest.dismiss()
        return True
