"""The two course networks step by step against Keras itself: initial weights and batches the same, nothing random."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from inkread.datasets.drawn import drawn
from inkread.errors import MissingExtra
from inkread.networks import build, copy_keras, size
from inkread.preparation import Preparation
from inkread.recipes import Recipe, load
from inkread.training import Pool
from inkread.training.feed import Batch
from inkread.training.objective import Objective
from inkread.training.optimisers import optimiser

STEPS = 50
COURSE = {"chollet-mlp": 407_050, "keras-convnet": 34_826}


@pytest.fixture(scope="module")
def course() -> Any:
    """The benchmark that trains them by Keras, with Keras there: its models are the ones compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
        found = import_module("keras_course")
    try:
        found.keras()
    except MissingExtra as error:
        pytest.skip(error.message)
    return found


@pytest.fixture(scope="module")
def digits() -> Pool:
    glyphs = drawn("0123456789", 24, seed=3, paper=False).prepared(Preparation())
    return Pool("drawn", np.asarray(glyphs.pictures)[None], glyphs.targets)


def still(name: str) -> Recipe:
    """The recipe with nothing random in it."""
    recipe = load(name)
    return recipe.changed({"network.dropout": 0.0}) if "dropout" in recipe.network.settings else recipe


def batches(pool: Pool, count: int) -> list[Any]:
    rng = np.random.default_rng(7)
    return [rng.choice(len(pool), 64, replace=False) for _ in range(count)]


def losses_of_ours(recipe: Recipe, network: Any, pool: Pool, shown: list[Any]) -> list[float]:
    objective = Objective(recipe.training, [pool.targets], [1.0])
    how, generator, losses = optimiser(network.train(), recipe.training), torch.Generator(), []
    for at in shown:
        batch = Batch(torch.from_numpy(pool.renderings[0][at]), torch.from_numpy(pool.targets[at]), torch.zeros(len(at), dtype=torch.int64))
        loss, _ = objective(network, batch, batch.pictures.float() / 255.0, generator)
        how.zero_grad()
        loss.backward()
        how.step()
        losses.append(loss.item())
    return losses


def losses_of_keras(model: Any, pictures: Any, targets: Any, shown: list[Any]) -> list[float]:
    losses = []
    for at in shown:
        model.reset_metrics()  # what it gives is the mean since then
        losses.append(float(model.train_on_batch(pictures[at], targets[at], return_dict=True)["loss"]))
    return losses


@pytest.mark.parametrize("name", COURSE)
def test_fifty_steps_cost_what_they_cost_in_keras(course: Any, digits: Pool, name: str) -> None:
    course.keras().utils.set_random_seed(1)
    model, recipe = course.model(name, dropout=0.0), still(name)
    network = build(recipe.network.name, 10, **recipe.network.settings)
    assert size(network).parameters == model.count_params() == COURSE[name]
    copy_keras(network, model.get_weights())
    shown = batches(digits, STEPS)
    theirs = losses_of_keras(model, *course.arrays(digits, model), shown)
    ours = losses_of_ours(recipe, network, digits, shown)
    assert ours == pytest.approx(theirs, abs=1e-3)
    assert ours[-1] < 0.5 * ours[0]
