"""The trainings of the study: whole networks, gone on with gently or begun anew, for a thousand pictures."""

from __future__ import annotations

from ...preparation import Preparation
from ...recipes import LAST, Augmentation, NetworkUse, Recipe, Training

BATCH = 64

GENTLE = Augmentation(rotation=4.0, slant=6.0, scale=0.04, stretch=0.06, shift=0.6, bend=0.5, stroke=0.2, blur=0.2)
"""What the networks of ours have been trained with: one that goes on meets nothing new."""

STRONG = Augmentation(rotation=6.0, slant=9.0, scale=0.08, stretch=0.12, shift=1.0, bend=1.0, stroke=0.4, blur=0.2)
"""Half as much again to twice: whoever begins with few pictures has only these to learn from how letters vary."""

SMALL = NetworkUse(
    "cnn", {"filters": (16, 32, 48), "kernel": (5, 3, 3), "stride": (2, 2, 1), "norm": "batch", "pool_after": (3,), "dropout": 0.3}
)
"""A network for few pictures: 30,000 weights, two thirds of them shared by all places."""


def fine_tuned(recipe: Recipe, seed: int, epochs: int = 0) -> Recipe:
    """How a body's own ``recipe`` goes on: all weights at a tenth of the usual rate, its answers and its network as they are."""
    training = Training(epochs=epochs or 10, batch=BATCH, rate=3e-4, precision=recipe.training.precision, choose_by=LAST)
    return Recipe(
        "fine-tuned",
        seed=seed,
        alphabet=recipe.alphabet,
        preparation=recipe.preparation,
        network=recipe.network,
        training=training,
        augmentation=GENTLE,
    )


def from_scratch(network: NetworkUse, alphabet: str, preparation: Preparation, seed: int, epochs: int = 0) -> Recipe:
    """How a network with random weights is trained on few pictures."""
    training = Training(epochs=epochs or 40, batch=BATCH, rate=2e-3, smoothing=0.05, choose_by=LAST)
    return Recipe("scratch", seed=seed, alphabet=alphabet, preparation=preparation, network=network, training=training, augmentation=STRONG)
