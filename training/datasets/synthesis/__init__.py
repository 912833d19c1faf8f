"""Synthetic letters: written along skeletons by a random hand, and drawn from fonts."""

from training.datasets.synthesis.archive import (
    MAX_PER_LETTER,
    NAME,
    PER_LETTER,
    count_origins,
    make_archive,
    origin_of,
)

__all__ = ["MAX_PER_LETTER", "NAME", "PER_LETTER", "count_origins", "make_archive", "origin_of"]
