"""The two course networks trained freely by Keras, as its examples say, and by inkread: is what they reach the same?

Chollet's dense network (2017, section 2.1) and Keras' "Simple MNIST convnet", on the same prepared pictures of MNIST's training
part; its end is held back, as `validation_split` does it, in the share that the recipe says. Optimiser, rate, batch and epochs
are those of the examples, and of the recipes `chollet-mlp` and `keras-convnet`. Nothing is chosen by the held-back pictures:
the accuracy is that of the last epoch, and the test part stays unread. That single steps agree is held by
`tests/networks/test_keras_oracle.py`.

Keras runs on its PyTorch backend. What a seed gave is kept in --runs and not trained again.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import torch
from figures import RESULTS, run, say, show, write
from sources import DATA

from inkread.bundle import load as load_bundle
from inkread.errors import MissingExtra, RunError
from inkread.evaluation import OverSeeds, over_seeds
from inkread.recipes import Recipe
from inkread.recipes import load as load_recipe
from inkread.training import Circumstances, Pool, given, run_in

RECIPES = ("chollet-mlp", "keras-convnet")


@dataclass(frozen=True)
class Row:
    """Accuracies of the last epoch on ``pictures`` held back, in percent: the mean over ``seeds`` with its 95 % interval ``low`` to
    ``high``, and the seeds' ``least`` and ``most``. ``loss`` there in nats, mean. ``overlaps``: whether the other's interval does."""

    figure: str
    parameters: int
    pictures: int
    epochs: int
    seeds: int
    accuracy: float
    low: float | None
    high: float | None
    least: float
    most: float
    loss: float
    overlaps: str
    seconds: float
    load: float


@dataclass(frozen=True)
class Trained:
    """What one seed gave: ``accuracy`` 0..1 and ``loss`` of the last epoch on the held-back pictures, ``seconds`` it took."""

    parameters: int
    accuracy: float
    loss: float
    seconds: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Train what has not been trained yet, write, and say where the intervals lie apart."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA / "mnist", help="folder of MNIST (default: ../shared/data/mnist)")
    parser.add_argument("--recipe", action="append", choices=RECIPES, help="only this one (default: both)")
    parser.add_argument("--seeds", type=int, default=3, help="trainings of each (default: 3)")
    parser.add_argument("--epochs", type=int, help="of each training (default: the recipe's)")
    parser.add_argument("--threads", type=int, default=2, help="of PyTorch (default: 2)")
    parser.add_argument(
        "--runs", type=Path, default=Path("runs/keras-course"), help="folder of what was trained (default: runs/keras-course)"
    )
    parser.add_argument("--out", type=Path, default=RESULTS)
    wanted = parser.parse_args(arguments)
    torch.set_num_threads(wanted.threads)
    rows = []
    for name in wanted.recipe or RECIPES:
        recipe = load_recipe(name)
        recipe = recipe if wanted.epochs is None else recipe.changed({"training.epochs": wanted.epochs})
        rows += compared(recipe, wanted.data, wanted.seeds, wanted.runs, wanted.threads)
    show(rows, ("figure", "accuracy", "low", "high", "least", "most", "loss", "overlaps", "seconds", "load"))
    bundle = load_bundle()  # only its name goes into the file, as in all of them
    write([(row, bundle) for row in rows], "keras", "mnist", wanted.out)
    for row in rows:
        if row.overlaps == "no":
            say(f"apart: {row.figure}: {row.low:.2f} to {row.high:.2f} %")


def compared(recipe: Recipe, data: Path, seeds: int, runs: Path, threads: int) -> list[Row]:
    """Keras' row and ours of one recipe."""
    recipe, (pool,) = given(recipe, str(data))
    pool = end_held_back(pool, recipe.training.validation)
    found: dict[str, list[Trained]] = {"Keras": [], "inkread": []}
    for number in range(seeds):
        seeded = recipe.changed({"seed": recipe.seed + number})
        folder = runs / f"{recipe.name}-{recipe.training.epochs}-epochs-seed{seeded.seed}"
        for by, train in (("Keras", by_keras), ("inkread", by_inkread)):
            found[by].append(train(seeded, pool, folder, threads))
            one = found[by][-1]
            say(f"{recipe.name}, {by}, seed {seeded.seed}: {one.accuracy:.2%}, loss {one.loss:.4f}, {one.seconds:.0f} s")
    over = {by: over_seeds([100.0 * each.accuracy for each in trained]) if seeds > 1 else None for by, trained in found.items()}
    overlaps = _overlap(*over.values())
    return [_row(f"{recipe.name}, {by}", recipe, pool, trained, over[by], overlaps) for by, trained in found.items()]


def _overlap(one: OverSeeds | None, other: OverSeeds | None) -> str:
    if one is None or other is None:
        return ""
    return "yes" if one.low <= other.high and other.low <= one.high else "no"


def _row(figure: str, recipe: Recipe, pool: Pool, trained: Sequence[Trained], over: OverSeeds | None, overlaps: str) -> Row:
    accuracies = [100.0 * each.accuracy for each in trained]
    return Row(
        figure,
        trained[0].parameters,
        len(pool.held or ()),
        recipe.training.epochs,
        len(trained),
        round(float(np.mean(accuracies)), 3),
        over and round(over.low, 3),
        over and round(over.high, 3),
        round(min(accuracies), 3),
        round(max(accuracies), 3),
        round(float(np.mean([each.loss for each in trained])), 4),
        overlaps,
        round(median(each.seconds for each in trained), 1),
        round(os.getloadavg()[0], 2),
    )


def end_held_back(pool: Pool, share: float) -> Pool:
    """The pool with this share of its pictures, those at the end, as its validation part."""
    first = int(len(pool) * (1.0 - share))  # the rounding of Keras' validation_split
    held = Pool(pool.name, pool.renderings[:, first:], pool.targets[first:])
    return replace(pool, renderings=pool.renderings[:, :first], targets=pool.targets[:first], held=held)


def by_inkread(recipe: Recipe, pool: Pool, folder: Path, threads: int) -> Trained:
    """What `inkread train --resume` does: a finished run is taken as it is, a killed one goes on."""
    finished = run_in(folder, recipe, [pool], Circumstances(threads))
    scores = finished.metrics["scores"][pool.name]
    epochs = (folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    seconds = sum(json.loads(epoch)["seconds"] for epoch in epochs)
    return Trained(finished.metrics["parameters"], scores["accuracy"], scores["loss"], seconds)


def by_keras(recipe: Recipe, pool: Pool, folder: Path, threads: int) -> Trained:
    """What the example's script does, on the same arrays; its result stands in a file beside our run's folder."""
    file = folder.with_name(f"{folder.name}-keras.json")
    if file.is_file():
        kept = json.loads(file.read_text(encoding="utf-8"))
        _check_same(file, kept["recipe"], recipe.as_dict())
        return Trained(**kept["trained"])
    keras().utils.set_random_seed(recipe.seed)
    network = model(recipe.name)
    training, began = recipe.training, perf_counter()
    told = network.fit(
        *arrays(pool, network),
        batch_size=training.batch,
        epochs=training.epochs,
        validation_data=arrays(pool.held or pool, network),
        verbose=0,
    ).history
    trained = Trained(network.count_params(), told["val_accuracy"][-1], told["val_loss"][-1], perf_counter() - began)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps({"recipe": recipe.as_dict(), "keras": keras().__version__, "trained": asdict(trained)}, indent=1))
    beside.replace(file)
    return trained


def _check_same(where: Path, had: Mapping[str, Any], recipe: Mapping[str, Any]) -> None:
    if json.dumps(had, sort_keys=True) != json.dumps(recipe, sort_keys=True):
        raise RunError(f"this was trained by another recipe: {where}", "name another folder with --runs, or remove it")


def keras() -> Any:
    """Keras on PyTorch and the processor; without the settings of this machine's user, and without writing any there."""
    os.environ |= {"KERAS_BACKEND": "torch", "KERAS_TORCH_DEVICE": "cpu", "KERAS_HOME": os.devnull}
    try:
        import keras as found
    except ImportError as error:
        raise MissingExtra("Keras", "dev") from error
    return found


def model(name: str, dropout: float = 0.5) -> Any:
    """The compiled model, as the example of this name writes it; ``dropout`` is that of the convnet."""
    layers = keras().layers
    if name == "chollet-mlp":
        network = keras().Sequential([keras().Input((784,)), layers.Dense(512, activation="relu"), layers.Dense(10, activation="softmax")])
        network.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
        return network
    network = keras().Sequential(
        [
            keras().Input((28, 28, 1)),
            layers.Conv2D(32, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Conv2D(64, kernel_size=(3, 3), activation="relu"),
            layers.MaxPooling2D(pool_size=(2, 2)),
            layers.Flatten(),
            layers.Dropout(dropout),
            layers.Dense(10, activation="softmax"),
        ]
    )
    network.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
    return network


def arrays(pool: Pool, network: Any) -> tuple[np.ndarray, np.ndarray]:
    """Pictures float32 0..1 in the shape that the model takes, and targets float32 (N,K)."""
    pictures = pool.renderings[0].astype(np.float32) / 255.0
    return pictures.reshape(-1, *network.input_shape[1:]), pool.targets.astype(np.float32)


if __name__ == "__main__":
    run(main)
