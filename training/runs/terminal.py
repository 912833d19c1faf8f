"""A run on a terminal."""

from training.jobs import terminal
from training.runs import checkpoints, execution
from training.runs.models import Run


def run_here(run: Run) -> None:
    """Train a run that this process holds, with a bar; Ctrl-C cancels it between two mini-batches."""
    terminal.do_here(run, execution.execute, f"Run {run.pk}")
    checkpoints.prune()


def wait_for(run: Run) -> None:
    """Wait until a worker has ended the run, with a bar; Ctrl-C asks for its cancel and waits on."""
    terminal.wait_for(run, f"Run {run.pk}")
