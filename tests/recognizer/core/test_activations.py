"""Activations are their formulas, also where those would overflow."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import ndtr

from recognizer.core.activations import ACTIVATIONS, gelu, relu, sigmoid, softmax

values = hnp.arrays(np.float64, hnp.array_shapes(min_dims=2, max_dims=2), elements=st.floats(-30, 30))


@given(values)
def test_sigmoid_is_equation_1_1(z: npt.NDArray[np.float64]) -> None:
    assert sigmoid(z) == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-12)


@given(values)
def test_relu_is_equation_2_11(z: npt.NDArray[np.float64]) -> None:
    assert (relu(z) == np.where(z > 0, z, 0)).all()


@given(values)
def test_gelu_is_hendrycks_and_gimpels_and_near_to_z_times_the_normal_distribution(z: npt.NDArray[np.float64]) -> None:
    assert gelu(z) == pytest.approx(z / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))), abs=1e-12)
    assert gelu(z) == pytest.approx(z * ndtr(z), abs=1e-3)


@given(values)
def test_softmax_is_equation_1_3(z: npt.NDArray[np.float64]) -> None:
    powers = np.exp(z)
    assert softmax(z) == pytest.approx(powers / powers.sum(axis=1, keepdims=True), abs=1e-12)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_large_numbers_do_not_overflow_and_types_stay(dtype: type[np.floating]) -> None:
    z: npt.NDArray[np.floating] = np.array([[-30000, 0, 30000]], dtype)
    assert sigmoid(z).tolist() == [[0, 0.5, 1]]
    assert gelu(z).tolist() == relu(z).tolist() == [[0, 0, 30000]]
    assert softmax(z).tolist() == [[0, 0, 1]]
    assert {function(z).dtype for function in (*ACTIVATIONS.values(), softmax)} == {np.dtype(dtype)}
