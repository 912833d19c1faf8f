"""The door: who has waited longest without asking anything makes room, and nobody who is being answered does."""

from dataclasses import dataclass

from hwrsite.web_server.door import Door
from hwrsite.web_server.patience import Room


@dataclass(eq=False)
class Guest:
    """A connection that does nothing."""

    is_waiting: bool = True
    is_dismissed: bool = False

    def dismiss(self) -> None:
        """Note it."""
        self.is_dismissed = True


def test_an_address_that_is_full_loses_its_oldest() -> None:
    door = Door(Room(of_an_address=2, in_all=10))
    first, second, third, other = Guest(), Guest(), Guest(), Guest()
    assert door.enter("b", other)
    assert all(door.enter("a", guest) for guest in (first, second, third))
    assert [guest.is_dismissed for guest in (first, second, third, other)] == [True, False, False, False]
    assert len(door) == 3


def test_who_is_being_answered_stays() -> None:
    door = Door(Room(of_an_address=2, in_all=10))
    busy, idle, newcomer = Guest(is_waiting=False), Guest(), Guest()
    assert all(door.enter("a", guest) for guest in (busy, idle, newcomer))
    assert (busy.is_dismissed, idle.is_dismissed) == (False, True)


def test_where_all_are_being_answered_a_newcomer_is_turned_away() -> None:
    door = Door(Room(of_an_address=1, in_all=10))
    assert door.enter("a", Guest(is_waiting=False))
    assert not door.enter("a", Guest())
    assert door.enter("b", Guest())


def test_a_full_house_takes_from_who_has_most() -> None:
    door = Door(Room(of_an_address=10, in_all=3))
    many, one, newcomer = [Guest(), Guest()], Guest(), Guest()
    assert door.enter("one", one)
    assert all(door.enter("many", guest) for guest in many)
    assert door.enter("new", newcomer)
    assert [guest.is_dismissed for guest in (*many, one, newcomer)] == [True, False, False, False]


def test_leaving_twice_counts_once() -> None:
    door = Door(Room(of_an_address=2, in_all=10))
    guest = Guest()
    assert door.enter("a", guest)
    door.leave("a", guest)
    door.leave("a", guest)
    assert len(door) == 0
