"""The precisions that a trained network can have."""

from __future__ import annotations

PRECISIONS = ("fp32", "fp16", "int8", "int8-weights", "int4", "int2")
"""Of a model file. fp16 is the thesis's (§3.1); see docs/precisions.md."""
ROUNDED = ("fp32", "fp16", "int8-weights")
"""Those that round parameters and leave the arithmetic in floating point: they need no calibration."""
INTEGER_BITS = {"int8": 8, "int4": 4, "int2": 2}
"""Bits of a weight where all arithmetic is in whole numbers, from the input's bytes to the logits."""
WEIGHT_BITS = {"fp32": 32, "fp16": 16, "int8-weights": 8, **INTEGER_BITS}
"""Bits of a weight in a file."""
