"""float16 parameters: rounded as numpy rounds, computed in 16 or in 32 bits."""

import numpy as np
import pytest

from recognizer.core.network import Network, NetworkError
from recognizer.core.precision import to_half, to_precision
from tests.recognizer.core.networks import random_network


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "gelu"])
def test_half_network_computes_in_half(activation: str) -> None:
    network = random_network(20, 8, 5, activation=activation)
    inputs = np.random.default_rng(2).random((6, 20), dtype=np.float32)
    half = to_half(network)
    assert half.logits(inputs).dtype == np.float16
    assert half.probabilities(inputs).sum(axis=1) == pytest.approx(np.ones(6), abs=1e-6)
    assert half.logits(inputs).astype(float) == pytest.approx(network.logits(inputs).astype(float), abs=0.02)
    assert not half.weights[0].flags.writeable


def test_rounded_network_has_half_parameters_and_computes_in_single() -> None:
    network = random_network(20, 8, 5)
    rounded = to_precision(network, "fp16")
    assert rounded.weights[0].dtype == np.float32
    assert (rounded.weights[0] == network.weights[0].astype(np.float16)).all()
    assert rounded.weights_sha256() != network.weights_sha256()
    assert to_precision(rounded, "fp16").weights_sha256() == rounded.weights_sha256()
    assert to_precision(network, "fp32") is network


def test_parameters_too_large_and_unknown_precisions_are_refused() -> None:
    network = Network((np.array([[70000.0]], np.float32),), (np.zeros(1, np.float32),), "relu")
    with pytest.raises(NetworkError, match="70000 is too large for float16"):
        to_half(network)
    with pytest.raises(NetworkError, match="“fp8” is not one of fp32, fp16"):
        to_precision(network, "fp8")
