"""A graph of ONNX as it grows: nodes and constants, each named once."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.messages import message as _
from recognizer.exports.errors import ExportError

OPSET = 20
"""Of onnxruntime 1.17 and later."""
IR_VERSION = 9


def package(name: str) -> Any:
    """The module `onnx` or `onnxruntime`. Raises ExportError where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ExportError(
            _("This needs the package %(name)s, which is not installed: `make onnx` installs it.") % {"name": name}
        ) from error


class Graph:
    """Nodes one after the other; each method returns the name of what it made."""

    def __init__(self) -> None:
        self._onnx = package("onnx")
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """An array that is in the file."""
        self._constants.setdefault(name, self._onnx.numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def number(self, name: str, value: float, dtype: str = "float32") -> str:
        """One number that is in the file."""
        return self.constant(name, np.array(value, dtype))

    def node(self, kind: str, inputs: list[str], name: str, **attributes: Any) -> str:
        """One operation, with one output of this name."""
        self._nodes.append(self._onnx.helper.make_node(kind, inputs, [name], name=f"{kind} {name}", **attributes))
        return name

    def cast(self, source: str, dtype: str, name: str) -> str:
        """The same numbers as another type: `FLOAT`, `INT32`."""
        return self.node("Cast", [source], name, to=getattr(self._onnx.TensorProto, dtype))

    def value(self, name: str, dtype: str, *shape: object) -> Any:
        """What comes in or goes out."""
        return self._onnx.helper.make_tensor_value_info(name, getattr(self._onnx.TensorProto, dtype), shape)

    def model(self, name: str, inputs: list[Any], outputs: list[Any], metadata: dict[str, str]) -> bytes:
        """The file, after onnx's own checker found nothing."""
        helper = self._onnx.helper
        graph = helper.make_graph(self._nodes, name, inputs, outputs, list(self._constants.values()))
        opsets = [helper.make_opsetid("", OPSET)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION, producer_name="Propis")
        helper.set_model_props(model, metadata)
        self._onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))
