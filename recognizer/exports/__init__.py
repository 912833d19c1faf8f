"""A model written for whatever else runs it: JSON, ONNX, C, a page of its own. See docs/exports.md."""
