"""How fast a recipe trains on this machine, from a few steps on noise, before anybody waits for it."""

from __future__ import annotations

import time

import torch
from torch.nn import functional as F

from .. import networks
from ..alphabet import alphabet
from ..recipes import Recipe
from .augment import augment
from .optimisers import optimiser

STEPS = 3
"""Steps that are timed, after one that is not."""


def pace(recipe: Recipe, *, threads: int = 0, device: str = "cpu", most: float = 1.0) -> float:
    """Pictures a second in training, augmentation, both passes and the optimiser's step counted; about, after a few steps.

    ``most``: seconds after which no further step is begun.
    """
    before = torch.get_num_threads()
    if threads:
        torch.set_num_threads(threads)
    try:
        return _measured(recipe, torch.device(device), most)
    finally:
        torch.set_num_threads(before)


def _measured(recipe: Recipe, device: torch.device, most: float) -> float:
    classes, batch = len(alphabet(recipe.alphabet)), recipe.training.batch
    generator = torch.Generator(device).manual_seed(0)
    network = (
        networks.build(recipe.network.name, classes, **recipe.network.settings).to(device).to(memory_format=torch.channels_last).train()
    )
    steps = optimiser(network, recipe.training)
    pictures = torch.randint(0, 256, (batch, 28, 28), dtype=torch.uint8, generator=generator, device=device)
    labels = torch.randint(0, classes, (batch,), generator=generator, device=device)
    mixed = recipe.training.precision != "float32"
    took: list[float] = []
    begun = time.monotonic()
    while len(took) < 2 or (len(took) <= STEPS and time.monotonic() - begun < most):
        since = time.monotonic()
        steps.zero_grad()
        changed = augment(pictures, recipe.augmentation, generator)
        with torch.autocast(device.type, torch.bfloat16, enabled=mixed):
            loss = F.cross_entropy(network(changed)[0].float(), labels)
        loss.backward()  # type: ignore[no-untyped-call]
        steps.step()
        loss.item()  # on a GPU the step has not ended before somebody asks
        took.append(time.monotonic() - since)
    return batch / min(took[1:])
