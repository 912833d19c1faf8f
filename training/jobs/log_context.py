"""Which job this process works on, for the lines of its log."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the log is set up before there are models
    from training.jobs.models import Job

current: ContextVar[str] = ContextVar("propis_job", default="")
"""Such as `runs.Run 12`; empty between two jobs."""


@contextmanager
def of(job: "Job") -> Iterator[None]:
    """Let lines that are logged meanwhile be of this job."""
    token = current.set(f"{job._meta.label} {job.pk}")
    try:
        yield
    finally:
        current.reset(token)
