"""How an exercise is checked: it says whether it is solved, and an open one stops nothing."""

from collections.abc import Callable


class YourTurn(Exception):
    """An exercise that nobody has solved yet."""


def check(task: str, is_right: Callable[[], bool]) -> bool:
    """Say whether an exercise is solved.

    Args:
        task: what was to be done.
        is_right: whether it was done right; it raises `YourTurn` while it was not begun.

    """
    try:
        right = bool(is_right())
    except YourTurn:
        print(f"○ {task}: your turn")
        return False
    except Exception as error:  # whatever a learner's code raises
        print(f"✗ {task}: {type(error).__name__}: {error}")
        return False
    print(f"✓ {task}" if right else f"✗ {task}: not yet right")
    return right
