"""A network that onnxruntime computes, with the same methods as our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.activations import softmax
from recognizer.core.precision import AnyNetwork
from recognizer.exports.onnx_file.graph import package
from recognizer.exports.onnx_file.model import INPUT, to_layers

Array = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
NO_SATURATION = "session.x64quantprecision"
"""A setting for processors without VNNI, which cut sums of two products of 8 bits off at 16 bits; it takes longer."""
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
        if not _has_vnni():
            options.add_session_config_entry(NO_SATURATION, "1")
        content = to_layers(network, precision)
        self._session: Any = runtime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def read_layers(self, inputs: Bytes) -> tuple[Array, Array]:
        """The last hidden layer (m, hidden) and scores (m, classes) of inputs (m, n_in), bytes."""
        hidden, logits = self._session.run(["hidden", "logits"], {INPUT: inputs})
        return hidden, logits

    def read(self, inputs: Bytes) -> Array:
        """Probabilities (m, classes) of inputs (m, n_in), bytes."""
        return softmax(self._session.run(["logits"], {INPUT: inputs})[0])


def _has_vnni() -> bool:
    """Whether this processor says that it adds up products of 8 bits in 32; where it cannot be asked, it does not."""
    try:
        return "vnni" in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
