"""A training that leaves nothing behind but its network: for studies that train hundreds of times on a thousand pictures."""

from __future__ import annotations

import copy

import numpy as np
import torch
from torch import Generator, Tensor, nn

from .. import networks
from ..alphabet import alphabet
from ..errors import RunError, UsageError
from ..recipes import LAST, Recipe, Training
from .augment import augment
from .average import follow
from .balance import sampler_weights
from .feed import Batch, Feed
from .module import seed_of
from .objective import Objective
from .optimisers import optimiser, schedule
from .pool import Pool
from .run import without_prior


def quickly(recipe: Recipe, pool: Pool, start: nn.Module | None = None) -> nn.Module:
    """The network of the last epoch, trained on the processor on all pictures of ``pool``: eval mode, logits free of priors.

    What :func:`~.fit.fit` gives for the same pictures, but for rounding, in a fraction of the time where there are a thousand of them:
    no run folder, no events, no checkpoints, nothing held back. ``start``: the network whose weights are gone on from, itself left
    as it is; else one is built with weights of the recipe's seed.

    :class:`UsageError` for a recipe that cannot do without held-back pictures; :class:`RunError` where the loss is no number any more.
    """
    training = recipe.training
    _check(training)
    torch.manual_seed(seed_of(recipe.seed))
    network = copy.deepcopy(start) if start is not None else _built(recipe)
    network = network.requires_grad_(True).to(memory_format=torch.channels_last)
    averaged = copy.deepcopy(network).requires_grad_(False).eval()
    weights = sampler_weights([pool.targets], [pool.repeat]) if training.imbalance == "sampler" else None
    feed = Feed([pool], [np.arange(len(pool))], training.batch, recipe.seed, keep_last=training.keep_last, weights=weights)
    objective = Objective(training, [pool.targets], [pool.repeat])
    found = optimiser(network, training)
    rates = schedule(found, training, training.epochs * len(feed))[0]["scheduler"]
    network.train()
    for epoch in range(training.epochs):
        torch.manual_seed(seed_of(recipe.seed, epoch))
        for number, batch in enumerate(feed.epoch(epoch)):
            loss = _loss(network, recipe, objective, batch, Generator().manual_seed(seed_of(recipe.seed, epoch, number, 0)))
            found.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            if training.clip:
                nn.utils.clip_grad_norm_(network.parameters(), training.clip)
            found.step()
            rates.step()
            follow(averaged, network, epoch * len(feed) + number + 1, training.average)
        if not torch.isfinite(loss):
            raise RunError(f"the loss is no number any more in epoch {epoch + 1}", "lower the rate, or clip gradients")
    if not training.average:
        averaged.load_state_dict(network.state_dict())
    return without_prior(averaged, torch.from_numpy(objective.learnt).float()).eval()


def _loss(network: nn.Module, recipe: Recipe, objective: Objective, batch: Batch, generator: Generator) -> Tensor:
    pictures = augment(batch.pictures, recipe.augmentation, generator)
    with torch.autocast("cpu", enabled=recipe.training.precision == "bfloat16"):
        loss: Tensor = objective(network, batch, pictures, generator)[0]
    return loss


def _built(recipe: Recipe) -> nn.Module:
    return networks.build(recipe.network.name, len(alphabet(recipe.alphabet)), **recipe.network.settings)


def _check(training: Training) -> None:
    needs = {"choose_by": training.choose_by != LAST, "schedule": training.schedule == "plateau", "patience": training.patience > 0}
    for name, wanted in needs.items():
        if wanted:
            raise UsageError(f"a training that holds nothing back cannot look at it: training.{name} = {getattr(training, name)}")
    if training.precision == "float16":
        raise UsageError("float16 is for GPUs, on the processor it is slow and inexact", "training.precision = bfloat16")
