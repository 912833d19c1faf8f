"""How an exercise is checked: it says whether it is solved, and an open one stops nothing."""

from collections.abc import Callable

WORDS = {"en": ("your turn", "not yet right"), "ru": ("ваша очередь", "пока неверно")}
"""What is said of an exercise that was not begun, and of one that is wrong, by language."""


class YourTurn(Exception):
    """An exercise that nobody has solved yet."""


def check(task: str, is_right: Callable[[], bool], *, language: str = "en") -> bool:
    """Say whether an exercise is solved.

    Args:
        task: what was to be done.
        is_right: whether it was done right; it raises `YourTurn` while it was not begun.
        language: of what is said, "en" or "ru".

    """
    your_turn, not_yet_right = WORDS[language]
    try:
        right = bool(is_right())
    except YourTurn:
        print(f"○ {task}: {your_turn}")
        return False
    except Exception as error:  # whatever a learner's code raises
        print(f"✗ {task}: {type(error).__name__}: {error}")
        return False
    print(f"✓ {task}" if right else f"✗ {task}: {not_yet_right}")
    return right
