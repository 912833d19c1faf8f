"""How a network computes in a precision: what predicts, and inputs in its number format."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from recognizer.core.inputs import unit_floats
from recognizer.core.messages import message as _
from recognizer.core.network import NetworkError
from recognizer.core.precision import AnyNetwork, IntegerNetwork, to_half, to_precision
from training.devices.measurement.workload import (
    BROWSER_BACKENDS,
    NATIVE,
    NUMPY,
    ONNXRUNTIME,
    Inputs,
    MeasurementError,
)

Values = npt.NDArray[np.floating[Any]]
Predict = Callable[[Any], npt.NDArray[np.float32]]


def prepared(network: AnyNetwork, precision: str, inputs: Inputs, backend: str = NUMPY) -> tuple[Predict, Any]:
    """What predicts, and inputs in its number format.

    Raises:
        MeasurementError: the model is not stored in whole numbers, or in others; or the backend does not have it.

    """
    if backend in BROWSER_BACKENDS:
        raise MeasurementError(_("Only a browser computes in %(backend)s.") % {"backend": backend}, "backend")
    try:
        if backend == ONNXRUNTIME:
            return _in_onnxruntime(network, precision), inputs
        if isinstance(network, IntegerNetwork):
            if precision == network.precision:
                return network.probabilities, inputs.astype(np.float32)
        elif precision == NATIVE:
            return to_half(network).probabilities, unit_floats(inputs).astype(np.float16)
        else:
            return to_precision(network, precision).probabilities, unit_floats(inputs)
    except NetworkError as error:
        raise MeasurementError(str(error), "precision") from error
    raise MeasurementError(
        _("The model is stored in %(stored)s; it cannot be timed in %(precision)s.")
        % {"stored": network.precision, "precision": precision},
        "precision",
    )


def _in_onnxruntime(network: AnyNetwork, precision: str) -> Predict:
    """What predicts in onnxruntime. Raises MeasurementError and NetworkError."""
    from recognizer.exports.errors import ExportError  # (a device that never asks needs recognizer/core alone)
    from recognizer.exports.onnx_file import RuntimeNetwork

    try:
        if not isinstance(network, IntegerNetwork) and precision != NATIVE:
            return RuntimeNetwork(to_precision(network, precision), precision).read
        if isinstance(network, IntegerNetwork) and precision == network.precision:
            return RuntimeNetwork(network, precision).read
    except ExportError as error:
        raise MeasurementError(str(error), "backend") from error
    raise MeasurementError(
        _("onnxruntime does not compute this model in %(precision)s.") % {"precision": precision}, "precision"
    )
