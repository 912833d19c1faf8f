"""A run on a terminal: trained here, or waited for."""

from collections.abc import Callable

from training.jobs import terminal
from training.runs.models import Run
from training.runs.worker import checkpoints, execution


def run_here(run: Run) -> None:
    """Train a run that this process holds, with a bar; Ctrl-C cancels it between two mini-batches."""
    run_new(lambda: run)


def run_new(begin: Callable[[], Run]) -> Run:
    """Do the same with a run that `begin` makes for this process."""
    run = terminal.do_here(begin, execution.execute, lambda run: f"Run {run.pk}")
    checkpoints.prune()
    return run


def wait_for(run: Run) -> None:
    """Wait until a worker has ended the run, with a bar; Ctrl-C asks for its cancel and waits on."""
    terminal.wait_for(run, f"Run {run.pk}")
