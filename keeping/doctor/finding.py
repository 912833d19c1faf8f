"""One thing that is wrong."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """Something that is wrong, or soon will be.

    Attributes:
        name: of its kind, for programs.
        what: a sentence.
        mend: what to do, a sentence.
        is_error: whether something does not work, or is not safe, now; otherwise it is a warning.

    """

    name: str
    what: str
    mend: str
    is_error: bool = True
