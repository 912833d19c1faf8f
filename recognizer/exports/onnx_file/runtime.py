"""A network that onnxruntime computes, with the same methods as our own."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from recognizer.core.precision import AnyNetwork
from recognizer.exports.onnx_file.graph import package
from recognizer.exports.onnx_file.model import INPUT, to_layers, to_probabilities

Array = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
WARNINGS = 3


class RuntimeNetwork:
    """A network in onnxruntime, on one thread.

    Args:
        network: ours.
        precision: as its card has it.

    Raises:
        ExportError: onnx or onnxruntime is not installed.

    """

    def __init__(self, network: AnyNetwork, precision: str) -> None:
        runtime = package("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = WARNINGS
        self._layers, self._probabilities = (
            runtime.InferenceSession(write(network, precision), options, providers=["CPUExecutionProvider"])
            for write in (to_layers, to_probabilities)
        )

    def read_layers(self, inputs: Bytes) -> tuple[Array, Array]:
        """The last hidden layer (m, hidden) and scores (m, classes) of inputs (m, n_in), bytes."""
        hidden, logits = self._layers.run(["hidden", "logits"], {INPUT: inputs})
        return hidden, logits

    def read(self, inputs: Bytes) -> Array:
        """Probabilities (m, classes) of inputs (m, n_in), bytes."""
        probabilities: Array = self._probabilities.run(None, {INPUT: inputs})[0]
        return probabilities
