"""Families against oracles: NumPy by hand, Keras' published counts of parameters, the laws that a transform keeps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from inkread.errors import UsageError
from inkread.networks import build, copy_keras, evidence, size, weight_pictures

torch = pytest.importorskip("torch")

CHOLLET: dict[str, Any] = {"width": 512, "initialisation": "glorot-uniform"}
CONVNET: dict[str, Any] = {"filters": [32, 64], "padding": "valid", "dropout": 0.5, "initialisation": "glorot-uniform"}
CONV64: dict[str, Any] = {"filters": 64, "padding": "valid", "dropout": 0.2, "dense": [256], "initialisation": "glorot-uniform"}
LADDER: list[dict[str, Any]] = [
    {"filters": [32], "activation": "none", "padding": "valid", "dense": [128]},
    {"filters": [32], "padding": "valid", "dropout": 0.2, "dense": [128]},
    {"filters": [32, 32, 64], "kernel": 2, "activation": ["none", "relu", "relu"], "pool_after": [2], "padding": "valid", "dropout": 0.2},
    {
        "filters": [32, 32, 64],
        "kernel": 2,
        "activation": ["none", "relu", "relu"],
        "pool_after": [2],
        "dense": [256, 128],
        "dropout_dense": 0.2,
    },
    {"filters": [32, 32, 64, 64], "kernel": 2, "activation": ["none", "relu", "relu", "relu"], "pool_after": [2, 4], "dense": [256, 128]},
]


def pictures(number: int = 3) -> Any:
    return np.random.default_rng(5).integers(0, 256, (number, 28, 28), dtype=np.uint8)


def weights(network: Any) -> list[Any]:
    return [each.detach().double().numpy() for each in network.parameters()]


def test_logistic_regression_is_weights_times_pixels() -> None:
    network = build("linear", 3, initialisation="glorot-normal")
    network.classify.bias.data.copy_(torch.tensor([1.0, -2.0, 0.5]))
    weight, bias = weights(network)
    logits, features = network(torch.from_numpy(pictures()))
    assert np.allclose(logits.detach().numpy(), pictures().reshape(3, 784) / 255.0 @ weight.T + bias, atol=1e-5)
    assert np.allclose(features.numpy(), pictures().reshape(3, 784) / 255.0, atol=1e-6)


def test_what_the_pixels_say_sums_to_the_logits() -> None:
    network = build("linear", 3, initialisation="normal-0.05")
    picture = pictures()[1]
    spoken = evidence(network, picture)
    assert spoken.shape == weight_pictures(network).shape == (3, 28, 28)
    logits = network(torch.from_numpy(picture[None]))[0][0] - network.classify.bias
    assert np.allclose(spoken.sum(axis=(1, 2)), logits.detach().numpy(), atol=1e-4)
    assert spoken[2, 9, 4] == pytest.approx(weight_pictures(network)[2, 9, 4] * picture[9, 4] / 255.0, rel=1e-5)


def test_only_logistic_regression_can_be_looked_at_so() -> None:
    with pytest.raises(UsageError, match="only the network linear has weights that are pictures: Mlp"):
        weight_pictures(build("mlp", 3, width=4))
    with pytest.raises(UsageError, match="one picture of 28x28 pixels: 3x28x28"):
        evidence(build("linear", 3), pictures())


def test_a_perceptron_of_two_layers_is_what_numpy_says() -> None:
    network = build("mlp", 4, width=[7, 5], activation=["tanh", "leaky-relu"]).eval()
    first, b1, second, b2, last, b3 = weights(network)
    hidden = np.tanh(pictures().reshape(3, 784) / 255.0 @ first.T + b1) @ second.T + b2
    hidden = np.where(hidden > 0, hidden, 0.01 * hidden)
    logits, features = network(torch.from_numpy(pictures()))
    assert np.allclose(features.detach().numpy(), hidden, atol=1e-5)
    assert np.allclose(logits.detach().numpy(), hidden @ last.T + b3, atol=1e-5)


def test_a_normed_layer_has_no_bias_and_stands_before_its_activation() -> None:
    network = build("mlp", 4, width=6, norm="batch", activation="sigmoid")
    kinds = [type(each).__name__ for each in network.body]
    assert kinds == ["Flatten", "Linear", "BatchNorm1d", "Sigmoid"]
    assert network.body[1].bias is None


@pytest.mark.parametrize(
    ("name", "settings", "classes", "parameters"),
    [
        ("mlp", CHOLLET, 10, 407_050),  # as Keras' summary of Chollet's network says
        ("cnn", CONVNET, 10, 34_826),  # as that of Keras' simple convnet says
        ("cnn", CONV64, 62, 640 + 10_816 * 256 + 256 + 256 * 62 + 62),
        ("linear", {}, 10, 7_850),
        ("vgg5", {}, 10, 3_646_154),  # the paper: 3.646 million
        ("spinalnet", {}, 10, 3_629_770),  # the paper: 3.630 million
        ("wavemix", {}, 62, 2_410_526),  # WaveMix-Lite-128/7
        ("resnet", {}, 10, 272_186),  # ResNet-20: 0.27 million
    ],
)
def test_published_networks_have_their_published_number_of_parameters(
    name: str, settings: dict[str, Any], classes: int, parameters: int
) -> None:
    assert size(build(name, classes, **settings)).parameters == parameters


@pytest.mark.parametrize(
    ("name", "classes", "parameters"), [("chollet-mlp", 10, 407_050), ("keras-convnet", 10, 34_826), ("conv64", 62, 2_785_726)]
)
def test_the_recipes_of_the_courses_are_these_networks(name: str, classes: int, parameters: int) -> None:
    from inkread.recipes import load

    used = load(name).network
    assert size(build(used.name, classes, **used.settings)).parameters == parameters


def test_multiply_adds_are_those_of_convolutions_and_dense_layers() -> None:
    measured = size(build("cnn", 62, **CONV64))
    assert measured.multiply_adds == 26 * 26 * 64 * 9 + 10_816 * 256 + 256 * 62
    network = build("mlp", 10, width=8).train()
    network.body[1].weight.requires_grad_(False)
    assert size(network).trainable == size(network).parameters - 784 * 8
    assert network.training


@pytest.mark.parametrize("step", range(5))
def test_every_step_of_the_ladder_can_be_said(step: int) -> None:
    network = build("cnn", 47, **LADDER[step])
    assert network(torch.from_numpy(pictures()))[0].shape == (3, 47)
    bends = [type(each).__name__ for each in network.body]
    assert ("ReLU" in bends[: bends.index("MaxPool2d")]) == (step > 0)


def test_same_padding_is_that_of_keras() -> None:
    """To ceil(side / stride), the odd pixel to the right and below: so a kernel of 2 looks right and down."""
    network = build("cnn", 2, filters=1, kernel=2, activation="none", pooling="none", initialisation="zeros")
    network.body[1].weight.data[0, 0] = torch.tensor([[0.0, 0.0], [0.0, 1.0]])
    picture = torch.from_numpy(pictures(1)).float() / 255.0
    given = network(picture)[1].reshape(28, 28)
    assert torch.equal(given[:27, :27], picture[0, 1:, 1:])
    assert torch.count_nonzero(given[27]) == torch.count_nonzero(given[:, 27]) == 0
    strided = build("cnn", 2, filters=3, kernel=3, stride=3, pooling="none")
    assert strided.flattened == (3, 10, 10)


def test_a_pool_stands_where_it_is_said_to() -> None:
    network = build("cnn", 5, filters=[2, 3, 4], pool_after=[2], dropout_convolution=[0.0, 0.0, 0.1])
    assert [type(each).__name__ for each in network.body] == [*["Conv2d", "ReLU"] * 2, "MaxPool2d", "Conv2d", "ReLU", "Dropout", "Flatten"]


@pytest.mark.parametrize(
    ("name", "deviation"),
    [
        ("he-normal", (2 / 784) ** 0.5),
        ("glorot-uniform", (2 / 1184) ** 0.5),
        ("lecun-normal", 784**-0.5),
        ("normal-0.05", 0.05),
        ("zeros", 0.0),
    ],
)
def test_initial_weights_spread_as_the_rule_says(name: str, deviation: float) -> None:
    torch.manual_seed(0)
    network = build("mlp", 10, width=400, initialisation=name)
    assert float(network.body[1].weight.detach().std()) == pytest.approx(deviation, rel=0.02)
    assert torch.count_nonzero(network.body[1].bias) == 0


def test_haar_bands_are_orthogonal() -> None:
    from inkread.networks.wavemix import haar

    maps = torch.randn(2, 3, 8, 8, dtype=torch.float64)
    bands = haar(maps)
    assert bands.shape == (2, 12, 4, 4)
    assert torch.allclose(bands.square().sum(), maps.square().sum())
    assert torch.allclose(bands[:, :3], 2.0 * torch.nn.functional.avg_pool2d(maps, 2))
    assert torch.allclose(haar(torch.ones(1, 1, 2, 2)).flatten(), torch.tensor([2.0, 0.0, 0.0, 0.0]))


def test_weights_of_keras_give_the_answer_of_keras() -> None:
    """Keras' arithmetic by hand: channels last, dense layers behind maps flattened pixel by pixel."""
    random = np.random.default_rng(2)
    shapes = [(3, 3, 1, 2), (2,), (26 * 26 * 2, 4), (4,), (4, 3), (3,)]
    given = [random.normal(0, 0.1, shape) for shape in shapes]
    network = build("cnn", 3, filters=2, padding="valid", pooling="none", dense=[4]).eval()
    copy_keras(network, given)
    pixels = pictures(1)[0] / 255.0
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (3, 3))
    maps = np.maximum(np.einsum("yxij,ijc->yxc", windows, given[0][:, :, 0]) + given[1], 0)
    hidden = np.maximum(maps.reshape(-1) @ given[2] + given[3], 0)
    logits = network(torch.from_numpy(pictures(1)))[0][0].detach().numpy()
    assert np.allclose(logits, hidden @ given[4] + given[5], atol=1e-4)


def test_weights_of_keras_that_do_not_fit_change_nothing() -> None:
    network = build("mlp", 3, width=4)
    before = [each.clone() for each in network.parameters()]
    with pytest.raises(UsageError, match="has 4 arrays of weights, Keras gives: 1"):
        copy_keras(network, [np.zeros((784, 4))])
    with pytest.raises(UsageError, match=r"weights 3 of Keras do not fit \(3, 4\): \(3, 5\)"):
        copy_keras(network, [np.zeros((784, 4)), np.zeros(4), np.zeros((5, 3)), np.zeros(3)])
    assert all(torch.equal(was, each) for was, each in zip(before, network.parameters(), strict=True))
