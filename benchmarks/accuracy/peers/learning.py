"""One training of a peer, in the peers' environment: a `PeerTask` on standard input, the outcome on standard output."""

import json
import sys
from importlib import import_module
from typing import Any, Protocol

from benchmarks.accuracy.peers.mini_batches import Floats
from benchmarks.accuracy.peers.tasks import PeerTask

KINDS = {
    "convolutional": ("convolution", "ConvolutionalTraining"),
    "mlp": ("scikit", "PerceptronTraining"),
    "svm": ("scikit", "SupportVectorTraining"),
}
"""Module and class of each kind of peer; a module is imported only where its training runs."""


class PeerTraining(Protocol):
    """A training of a peer.

    Attributes:
        seconds: time on the processor.

    """

    seconds: float

    @property
    def parameters(self) -> int:
        """Numbers that the trained reader keeps."""

    def run(self) -> None:
        """Train to the end."""

    def read(self, inputs: Floats) -> Any:
        """The letters (m,) that it reads in inputs (m, n_in)."""


def begun(task: PeerTask) -> PeerTraining:
    """The training of a task, from its beginning or from where it was stopped."""
    module, name = KINDS[task.kind]
    training: PeerTraining = getattr(import_module(f"benchmarks.accuracy.peers.{module}"), name)(task)
    return training


def main() -> None:
    """Train, read the validation letters, and the test letters once."""
    task = PeerTask.from_json(sys.stdin.read())
    training = begun(task)
    training.run()
    scores = {split: task.scores(split, training.read) for split in ("validation", "test")}
    print(json.dumps({"parameters": training.parameters, "seconds": round(training.seconds, 1), **scores}))


if __name__ == "__main__":
    main()
