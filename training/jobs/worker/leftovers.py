"""What killed processes leave in the folder of all state is deleted once it is old.

A file is left over where its name says that it was being made: each kind is a pattern of `LEFTOVERS`.
"""

import shutil
import time
from contextlib import suppress

from django.conf import settings


def prune() -> int:
    """Delete what nobody has written to for `LEFTOVERS_SECONDS`; return how much."""
    oldest = time.time() - settings.LEFTOVERS_SECONDS
    count = 0
    for pattern in settings.LEFTOVERS:
        for path in settings.PROPIS_VAR.glob(pattern):
            with suppress(FileNotFoundError):  # another clock may prune at the same time
                if path.lstat().st_mtime < oldest:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                    count += 1
    return count
