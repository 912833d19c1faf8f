"""ONNX: a model as other runtimes run it, and onnxruntime as a second backend beside numpy."""

from recognizer.exports.onnx_file.model import to_onnx
from recognizer.exports.onnx_file.runtime import RuntimeNetwork

__all__ = ["RuntimeNetwork", "to_onnx"]
