"""The trainings of the study: whole networks, gone on with gently or begun anew, for a thousand pictures."""

from __future__ import annotations

from dataclasses import replace

from ...recipes import LAST, Augmentation, NetworkUse, Recipe, Training

BATCH = 64

FROM_NOTHING = Training(epochs=40, batch=BATCH, rate=2e-3, smoothing=0.05, choose_by=LAST)

GENTLE = Augmentation(rotation=4.0, slant=6.0, scale=0.04, stretch=0.06, shift=0.6, bend=0.5, stroke=0.2, blur=0.2)
"""About what the networks of ours have been trained with: one that goes on meets nothing new."""

STRONG = Augmentation(rotation=6.0, slant=9.0, scale=0.08, stretch=0.12, shift=1.0, bend=1.0, stroke=0.4, blur=0.2)
"""Half as much again to twice: whoever begins with few pictures has only these to learn from how letters vary."""

LOW = 1e-3
"""The highest rate of what goes on. On an inner split of one fold's training pictures it left less loss than 3e-4, or 3e-4 for twice
as long."""

SMALL = NetworkUse(
    "cnn", {"filters": (16, 32, 48), "kernel": (5, 3, 3), "stride": (2, 2, 1), "norm": "batch", "pool_after": (3,), "dropout": 0.3}
)
"""A network for few pictures: 30,000 weights, two thirds of them shared by all places."""


def fine_tuned(body: Recipe, seed: int, epochs: int = 0) -> Recipe:
    """How a ``body`` goes on: all weights at half the rate that begins from nothing, its answers and its network as they are."""
    training = Training(epochs=epochs or 10, batch=BATCH, rate=LOW, precision=_precision(body), choose_by=LAST)
    return replace(body, name="fine-tuned", seed=seed, training=training, augmentation=GENTLE)


def begun_anew(body: Recipe, alphabet: str, seed: int, epochs: int = 0) -> Recipe:
    """How the network of a ``body`` is trained from random weights on few pictures."""
    training = replace(FROM_NOTHING, precision=_precision(body), epochs=epochs or FROM_NOTHING.epochs)
    return replace(body, name="scratch same", seed=seed, alphabet=alphabet, training=training, augmentation=STRONG)


def small(alphabet: str, seed: int, epochs: int = 0) -> Recipe:
    """How :data:`SMALL` is."""
    training = replace(FROM_NOTHING, epochs=epochs or FROM_NOTHING.epochs)
    return Recipe("scratch small", seed=seed, alphabet=alphabet, network=SMALL, training=training, augmentation=STRONG)


def _precision(body: Recipe) -> str:
    """That of the body's own training; float16 is for GPUs."""
    return "float32" if body.training.precision == "float16" else body.training.precision
