"""Reading 10,000 synthetic letters with 784-256-128-33: ours, onnxruntime and PyTorch, from inputs 0…1 to logits.

Usage: python -m benchmarks.subjects.inference KIND BATCH LETTERS, LETTERS being what `materials.letters` saved.
"""

import itertools
import platform
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from benchmarks.harness import serve

IMAGES, SIZES = 10_000, (784, 256, 128, 33)

Layers = list[tuple[Any, Any]]
Read = Callable[[Any], Any]


def layers() -> Layers:
    """Weights (n_out, n_in) and biases of each layer, as large as trained ones are."""
    rng = np.random.default_rng(1)
    pairs = itertools.pairwise(SIZES)
    return [
        (rng.normal(0, (2 / n) ** 0.5, (m, n)).astype(np.float32), rng.normal(0, 0.1, m).astype(np.float32))
        for n, m in pairs
    ]


def ours(network: Layers) -> Read:
    """recognizer.core."""
    from recognizer.core.network import Network

    weights, biases = zip(*network, strict=True)
    return Network(weights, biases, "relu").logits


def torch(network: Layers) -> Read:
    """PyTorch eager: nn.Sequential in inference mode."""
    import torch as peer  # type: ignore[import-not-found]

    peer.set_num_threads(1)
    parts: list[Any] = []
    for w, b in network:
        linear = peer.nn.Linear(w.shape[1], w.shape[0])
        linear.load_state_dict({"weight": peer.from_numpy(w), "bias": peer.from_numpy(b)})
        parts += [linear, peer.nn.ReLU()]
    model = peer.nn.Sequential(*parts[:-1]).eval()

    def read(inputs: Any) -> Any:
        with peer.inference_mode():
            return model(peer.from_numpy(inputs)).numpy()

    return read


def onnxruntime(network: Layers) -> Read:
    """onnxruntime, fp32, one thread, all its optimisations."""
    import onnxruntime as peer

    options = peer.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = peer.InferenceSession(_model(network), options, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, {"a0": inputs})[0]


def _model(network: Layers) -> bytes:
    """The network as an ONNX file: Gemm, Relu, Gemm, Relu, Gemm."""
    from onnx import TensorProto, helper, numpy_helper

    nodes, tensors, last = [], [], len(network)
    for number, (w, b) in enumerate(network, start=1):
        tensors += [numpy_helper.from_array(w, f"w{number}"), numpy_helper.from_array(b, f"b{number}")]
        out = f"z{number}" if number < last else f"a{number}"
        nodes.append(helper.make_node("Gemm", [f"a{number - 1}", f"w{number}", f"b{number}"], [out], transB=1))
        if number < last:
            nodes.append(helper.make_node("Relu", [out], [f"a{number}"]))
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size])
        for name, size in (("a0", SIZES[0]), (f"a{last}", SIZES[-1]))
    ]
    graph = helper.make_graph(nodes, "letters", ends[:1], ends[1:], tensors)
    made: bytes = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9
    ).SerializeToString()
    return made


KINDS: Mapping[str, Callable[[Layers], Read]] = {"ours": ours, "onnxruntime": onnxruntime, "torch": torch}


def main() -> None:
    """Time 10,000 images, `BATCH` at a time."""
    kind, batch, letters = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    read = KINDS[kind](layers())
    with np.load(letters) as file:
        inputs = np.resize(file["moments"], (IMAGES, SIZES[0])).astype(np.float32) / np.float32(255)
    parts = [inputs[start : start + batch] for start in range(0, IMAGES, batch)]

    def repeat() -> float:
        start = time.process_time()
        for part in parts:
            read(part)
        return time.process_time() - start

    logits = read(inputs[:100])
    hello = {"environment": {"python": platform.python_version(), "numpy": np.__version__}, "sum": float(logits.sum())}
    serve(hello, repeat)


if __name__ == "__main__":
    main()
