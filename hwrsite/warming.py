"""Loading at the start what the first visitor would otherwise wait for: views, the API's description, the model."""

import gc
from contextlib import suppress

from django.db import DatabaseError, connections
from django.urls import get_resolver

from recognizer.loading import CatalogueError
from recognizer.recognition import recognize_strokes

LETTER = [[(0.0, 0.0), (1.0, 2.0)], [(1.0, 2.0), (2.0, 0.0)]]


def warm() -> None:
    """Load everything that would be loaded at first use.

    What is there then stays. The collector of garbage looks at none of it again: that takes 20 ms, in which this
    process answers nobody.
    """
    _ = get_resolver().url_patterns
    with suppress(CatalogueError, DatabaseError):
        recognize_strokes(LETTER)
    connections.close_all()
    gc.collect()
    gc.freeze()
