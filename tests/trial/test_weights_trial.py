"""The two SqueezeNets of ../shared, trained on photographs: their files go in whole, and they see more in letters than random weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from inkread.alphabet import BYCLASS
from inkread.datasets import load
from inkread.networks import build, take_weights

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [pytest.mark.trial, pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")]


def letters() -> tuple[torch.Tensor, NDArray[np.int64]]:
    glyphs = load(DATA / "sets" / "emnist_letter.npz", part="train").take(np.arange(0, 15600, 13))
    of = {character: at for at, character in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
    labels = [of[BYCLASS.characters[at].upper()] for at in glyphs.targets.argmax(axis=1)]
    return torch.from_numpy(np.array(glyphs.pictures)), np.array(labels)


def told_by_nearest_mean(network: torch.nn.Module) -> float:
    """How many of every second letter are nearest to the mean of their class, by the features of the others."""
    pictures, labels = letters()
    with torch.inference_mode():
        features = torch.cat([network.eval()(each)[1] for each in pictures.split(200)]).numpy()
    features = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-6)
    means = np.stack([features[::2][labels[::2] == letter].mean(axis=0) for letter in range(26)])
    nearest = ((features[1::2, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    return float((nearest == labels[1::2]).mean())


@pytest.mark.parametrize(
    ("model", "file"),
    [
        ("squeezenet1_1", "squeezenet_v11_notop_imagenet_oihw.npz"),
        ("squeezenet1_0", "squeezenet_v10_deepcompressed_imagenet.npz"),
    ],
)
def test_squeezenet_of_photographs_tells_letters_better_than_random_weights(model: str, file: str) -> None:
    torch.manual_seed(1)
    network = build("pretrained", 26, model=model)
    random = told_by_nearest_mean(network)
    taken = take_weights(network, DATA / "weights" / file)
    assert taken.tensors == 50
    assert "blue, green, red" in taken.layout
    seen = told_by_nearest_mean(network)
    print(f"{model}: random {random:.3f}, of photographs {seen:.3f}")  # noqa: T201
    assert seen > random + 0.05
