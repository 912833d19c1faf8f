"""A convolutional network in PyTorch, in the peers' environment.

3×3 convolutions with batch normalisation, halved after every second one, then two layers. It learns as ours do: AdamW
with decay on matrices only, the recipe's learning rate at each step, averaged weights, smoothed labels. All that
it needs to resume is written to a file now and then.
"""

import itertools
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch  # type: ignore[import-not-found]
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn  # type: ignore[import-not-found]

from benchmarks.accuracy.peers.mini_batches import Floats, MiniBatches
from benchmarks.accuracy.peers.rows import folded_parameters
from benchmarks.accuracy.peers.tasks import PeerTask
from recognizer.core.files import replacing
from training.core.hyperparameters import Hyperparameters
from training.core.optimization.schedules import StepPosition, learning_rate

KEPT_EVERY = 50
"""Steps."""
SIDE = 28
LAST_SIDE = 3
"""Of the maps behind the last convolution: 28, 14, 7, 3."""


def network(channels: Sequence[int], neurons: int, classes: int) -> Any:
    """The layers, from pictures (m, 1, 28, 28) to logits (m, classes)."""
    layers: list[Any] = []
    for number, (below, above) in enumerate(itertools.pairwise((1, *channels)), start=1):
        layers += [nn.Conv2d(below, above, 3, padding=1, bias=False), nn.BatchNorm2d(above), nn.ReLU()]
        if number % 2 == 0 or number == len(channels):
            layers.append(nn.MaxPool2d(2))
    hidden = nn.Linear(channels[-1] * LAST_SIDE**2, neurons, bias=False)
    layers += [nn.Flatten(), hidden, nn.BatchNorm1d(neurons), nn.ReLU(), nn.Linear(neurons, classes)]
    return nn.Sequential(*layers).to(memory_format=torch.channels_last)


class ConvolutionalTraining:
    """A training that resumes after the last step that is kept, to the bits that it would have reached undisturbed."""

    def __init__(self, task: PeerTask) -> None:
        """Begin it, or take up what its file holds."""
        self._task, self._recipe = task, task.recipe
        torch.set_num_threads(1)
        torch.manual_seed(task.recipe.seed)
        self._path = Path(task.folder) / f"{task.key}.pt"
        self._batches = MiniBatches(task.recipe, task.sources())
        self._network = network(task.channels, task.recipe.hidden_layers[0], task.classes)
        self._average = AveragedModel(
            self._network, multi_avg_fn=get_ema_multi_avg_fn(task.recipe.ema), use_buffers=True
        )
        self._optimizer = _optimizer(self._network, task.recipe)
        self._cost = nn.CrossEntropyLoss(label_smoothing=task.recipe.label_smoothing)
        self._steps = task.recipe.epochs * len(self._batches)
        self.step, self.seconds = 0, 0.0
        self._resume()

    def run(self) -> None:
        """Train until the last epoch is done."""
        while self.step < self._steps:
            self.one_epoch()

    def one_epoch(self) -> None:
        """Train to the end of the epoch. Mini-batches that were seen before a stop are made again and passed over."""
        epoch, seen = divmod(self.step, len(self._batches))
        self._network.train()
        began = time.process_time()
        for number, (inputs, labels) in enumerate(self._batches.epoch(epoch), start=1):
            if number <= seen:
                continue
            cost = self._update(epoch, _pictures(inputs), torch.from_numpy(labels))
            if number % KEPT_EVERY == 0 or number == len(self._batches):
                now = time.process_time()
                self.seconds, began = self.seconds + now - began, now
                self._keep()
                print(f"{self._path.stem}: step {self.step} of {self._steps}, cost {cost:.3f}", file=sys.stderr)

    def read(self, inputs: Floats) -> Any:
        """The letters (m,) that the averaged network reads in inputs (m, 784)."""
        self._average.eval()
        with torch.inference_mode():
            return self._average(_pictures(inputs)).argmax(dim=1).numpy()

    @property
    def parameters(self) -> int:
        """Weights and biases, batch normalisation folded into them."""
        return folded_parameters(self._task.channels, self._recipe.hidden_layers[0], self._task.classes)

    def _update(self, epoch: int, pictures: Any, labels: Any) -> float:
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate(self._recipe, StepPosition(self.step, self._steps, epoch))
        self._optimizer.zero_grad()
        cost = self._cost(self._network(pictures), labels)
        cost.backward()
        self._optimizer.step()
        self._average.update_parameters(self._network)
        self.step += 1
        return float(cost.item())

    def _parts(self) -> dict[str, Any]:
        return {"network": self._network, "average": self._average, "optimizer": self._optimizer}

    def _keep(self) -> None:
        state = {name: part.state_dict() for name, part in self._parts().items()}
        with replacing(self._path) as file:
            torch.save({**state, "step": self.step, "seconds": self.seconds}, file)

    def _resume(self) -> None:
        if not self._path.exists():
            return
        state = torch.load(self._path, weights_only=True)
        for name, part in self._parts().items():
            part.load_state_dict(state[name])
        self.step, self.seconds = state["step"], state["seconds"]


def _optimizer(model: Any, recipe: Hyperparameters) -> Any:
    matrices = [each for each in model.parameters() if each.ndim > 1]
    others = [each for each in model.parameters() if each.ndim == 1]
    groups = [
        {"params": matrices, "weight_decay": recipe.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=True)


def _pictures(inputs: Floats) -> Any:
    return torch.from_numpy(inputs).reshape(-1, 1, SIDE, SIDE).to(memory_format=torch.channels_last)
