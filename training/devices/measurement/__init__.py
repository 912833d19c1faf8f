"""One way to time a network, on every device: numpy and the standard library, Python 3.9 and later."""

from training.devices.measurement.measuring import measure
from training.devices.measurement.workload import (
    BACKENDS,
    BROWSER_BACKENDS,
    JAVASCRIPT,
    LIMITS,
    NUMPY,
    ONNXRUNTIME,
    POOL,
    PRECISIONS,
    SUSTAINED,
    THESIS_IMAGES,
    WASM,
    Inputs,
    Labels,
    MeasurementError,
    Workload,
)

__all__ = [
    "BACKENDS",
    "BROWSER_BACKENDS",
    "JAVASCRIPT",
    "LIMITS",
    "NUMPY",
    "ONNXRUNTIME",
    "POOL",
    "PRECISIONS",
    "SUSTAINED",
    "THESIS_IMAGES",
    "WASM",
    "Inputs",
    "Labels",
    "MeasurementError",
    "Workload",
    "measure",
]
