"""Letters read by a model file in numpy or in onnxruntime, from the input's bytes to probabilities.

Usage: python -m benchmarks.subjects.backends MODEL INPUTS BACKEND BATCH: a model file and a .npy of inputs.
"""

import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.harness import serve
from recognizer.core import model_file
from recognizer.exports.onnx_file import RuntimeNetwork
from training.devices.benchmarks import environment


def main(model: str, inputs_file: str, backend: str, batch: int) -> None:
    """Load, greet with the letters that are read, and time."""
    file, inputs = model_file.read(Path(model)), np.load(inputs_file)
    precision = "fp32" if file.card.precision == "fp16" else file.card.precision
    read = file.network.read if backend == "numpy" else RuntimeNetwork(file.network, precision).read
    batches = [inputs[first : first + batch] for first in range(0, len(inputs), batch)]

    def repeat() -> float:
        start = time.process_time()
        for each in batches:
            read(each)
        return time.process_time() - start

    serve({"letters": read(inputs).argmax(axis=1).tolist(), "environment": environment.describe()}, repeat)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
