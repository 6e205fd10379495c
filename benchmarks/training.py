"""What training costs beside the network: the pictures' way into a step, and an epoch against loops written by hand.

- The time that a step takes to fetch and change its pictures, as a share of the whole step (`--recipe`, on two cores).
- An epoch of Keras' simple convnet (34,826 weights; batches of 128, Adam, a tenth held back and validated) by `inkread train`
  against the barest loop over the same tensors, and against the usual one: a Dataset of single pictures, torchvision's
  transforms, a DataLoader. The usual one is given as many worker processes as serve it best (none, or one a core).

Pictures are noise: what they show does not change what they cost. All are measured in turns in one process; of each
turn the quickest epoch counts, and a row is the median of the turns.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch
import torch.nn.functional as F
from figures import RESULTS, run, say, show, write
from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

from inkread import networks
from inkread.bundle import load as load_bundle
from inkread.recipes import Augmentation, Recipe, SourceUse
from inkread.recipes import load as load_recipe
from inkread.training import Circumstances, Pool, fit
from inkread.training.augment import augment
from inkread.training.feed import Feed
from inkread.training.loss import set_loss
from inkread.training.optimisers import optimiser

MNIST = 60_000
CONVNET = "keras-convnet"
BATCH = 128
HELD = 0.1
EPOCHS = 3
"""Of one turn; the first is not counted, in it everything is set up."""

STILL = Augmentation(share=0.0)
MOVED = Augmentation(
    1.0, rotation=8.0, slant=0.0, scale=0.0, stretch=0.0, shift=2.0, bend=0.0, stroke=0.0, blur=0.0, contrast=0.0, erase=0.0
)
"""Rotated and shifted, which `transforms.RandomAffine` does too."""


@dataclass(frozen=True)
class Row:
    """``median``, ``minimum``, ``maximum`` of the turns, in ``unit``; ``target``: at most this, of `times as fast` at least."""

    figure: str
    pictures: int
    repeats: int
    median: float
    minimum: float
    maximum: float
    unit: str
    target: float | None
    load: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, write and say which target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipe", default="ink-s", help="whose step is taken apart (default: ink-s)")
    parser.add_argument("--pictures", type=int, default=MNIST, help="in an epoch, held-back ones included (default: as many as MNIST has)")
    parser.add_argument("--repeats", type=int, default=5, help="turns (default: 5)")
    parser.add_argument("--threads", type=int, default=2, help="of PyTorch (default: 2)")
    parser.add_argument("--out", type=Path, default=RESULTS)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    recipe = load_recipe(given.recipe)
    pool = noise(given.pictures)
    shares, turns = [], []
    for turn in range(given.repeats):
        shares.append(100.0 * share_of_step(recipe, noise(40 * recipe.training.batch)))
        turns.append(epochs(pool, given.threads))
        say(f"turn {turn + 1} of {given.repeats}: {shares[-1]:.1f} % of a step; seconds: " + _seconds(turns[-1]))
    rows = [_row(f"pictures and their changes in a step of {recipe.name}", 40 * recipe.training.batch, shares, "%", 10.0)]
    for name, over, under, unit, target in COMPARED:
        rows.append(_row(name, given.pictures, [turn[over] / turn[under] for turn in turns], unit, target))
    show(rows, ("figure", "median", "minimum", "maximum", "unit", "target", "load"))
    bundle = load_bundle()  # only its name goes into the file, as in all of them
    write([(row, bundle) for row in rows], "training", "made", given.out)
    for row in rows:
        if row.target is not None and (row.median < row.target if row.unit == "times as fast" else row.median > row.target):
            say(f"missed: {row.figure}: {row.median:g} {row.unit}, to be {row.target:g}")


COMPARED = (
    ("an epoch of ours to one of the barest loop", "ours", "bare", "times as long", 1.1),
    ("ours to the usual loop, rotated and shifted", "usual, moved", "ours, moved", "times as fast", 1.5),
    ("ours to the usual loop, pictures as they are", "usual", "ours", "times as fast", None),
)


def _row(figure: str, pictures: int, values: list[float], unit: str, target: float | None) -> Row:
    rounded = [round(each, 2) for each in values]
    middle = round(median(values), 2)
    return Row(figure, pictures, len(values), middle, min(rounded), max(rounded), unit, target, round(os.getloadavg()[0], 2))


def _seconds(turn: dict[str, float]) -> str:
    return ", ".join(f"{name} {seconds:.2f}" for name, seconds in turn.items())


def noise(count: int) -> Pool:
    """Pictures of noise with an empty border, ten classes."""
    rng = np.random.default_rng(0)
    pictures = np.zeros((1, count, 28, 28), np.uint8)
    pictures[:, :, 4:24, 4:24] = rng.integers(0, 256, (1, count, 20, 20), dtype=np.uint8)
    return Pool("noise", pictures, np.eye(10, dtype=np.bool_)[rng.integers(0, 10, count)])


def share_of_step(recipe: Recipe, pool: Pool) -> float:
    """What share of its training steps fetching and changing the pictures takes, 0..1."""
    network = networks.build(recipe.network.name, 10, **recipe.network.settings).to(memory_format=torch.channels_last).train()
    optimizer = optimiser(network, recipe.training)
    feed = Feed([pool], [np.arange(len(pool))], recipe.training.batch, seed=1)
    generator = torch.Generator().manual_seed(1)
    before, ours, began = perf_counter(), 0.0, perf_counter()
    for at, batch in enumerate(feed.epoch(0)):
        pictures = augment(batch.pictures, recipe.augmentation, generator)
        ready = perf_counter()
        if at < 5:  # PyTorch sets itself up
            began, ours = ready, 0.0
        else:
            ours += ready - before
        with torch.autocast("cpu", torch.bfloat16, enabled=recipe.training.precision == "bfloat16"):
            logits = network(pictures)[0].float()
        set_loss(logits, batch.targets, torch.zeros_like(logits)).mean().backward()
        optimizer.step()
        optimizer.zero_grad()
        before = perf_counter()
    return ours / (before - began)


def epochs(pool: Pool, threads: int) -> dict[str, float]:
    """Seconds of the quickest epoch of each way to train."""
    return {
        "ours": by_inkread(pool, STILL, threads),
        "bare": by_hand(pool),
        "ours, moved": by_inkread(pool, MOVED, threads),
        "usual": min(by_data_loader(pool, False, workers) for workers in (0, threads)),
        "usual, moved": min(by_data_loader(pool, True, workers) for workers in (0, threads)),
    }


def by_inkread(pool: Pool, augmentation: Augmentation, threads: int) -> float:
    """As `inkread train` does; an epoch is over when its weights are in the run's folder."""
    epochs = load_recipe(CONVNET).changed({"training.epochs": EPOCHS})
    recipe = replace(epochs, augmentation=augmentation).on([SourceUse(pool.name, pool.name)], "0123456789")
    with tempfile.TemporaryDirectory() as folder:
        finished = fit(recipe, [pool], Path(folder) / "run", Circumstances(threads))
        ends = sorted(each.stat().st_mtime_ns for each in (finished.folder / "epochs").glob("*.safetensors"))
    return min(np.diff(ends)) / 1e9


def convnet() -> nn.Module:
    """Keras' simple convnet, as one writes it in PyTorch: 34,826 weights."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10),
    )  # fmt: skip


Loaded = Iterable[tuple[Tensor, Tensor]]


def by_hand(pool: Pool) -> float:
    """The barest loop, batches by index out of one tensor; seconds of its quickest epoch."""
    pictures, labels = torch.from_numpy(pool.renderings[0]), torch.from_numpy(pool.targets.argmax(axis=1))
    first = round(len(pool) * HELD)

    def batches(order: Tensor, size: int) -> Loaded:
        return ((pictures[at].unsqueeze(1).float().div_(255.0), labels[at]) for at in order.split(size))

    return min(_epochs(lambda: batches(first + torch.randperm(len(pool) - first), BATCH), lambda: batches(torch.arange(first), 500)))


class Pictures(Dataset[tuple[Tensor, int]]):
    """Single pictures as most examples have them: a Pillow image through torchvision's transforms."""

    def __init__(self, pictures: np.ndarray, labels: np.ndarray, moved: bool) -> None:
        from torchvision import transforms

        self.pictures, self.labels = pictures, labels
        steps = [transforms.RandomAffine(16, translate=(0.14, 0.14))] if moved else []
        self.change = transforms.Compose([*steps, transforms.ToTensor()])

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, at: int) -> tuple[Tensor, int]:
        from PIL import Image

        return self.change(Image.fromarray(self.pictures[at])), int(self.labels[at])


def by_data_loader(pool: Pool, moved: bool, workers: int) -> float:
    """The usual loop; seconds of its quickest epoch."""
    pictures, labels, first = pool.renderings[0], pool.targets.argmax(axis=1), round(len(pool) * HELD)
    training = DataLoader(
        Pictures(pictures[first:], labels[first:], moved), BATCH, shuffle=True, num_workers=workers, persistent_workers=workers > 0
    )
    held = DataLoader(Pictures(pictures[:first], labels[:first], False), 500, num_workers=workers, persistent_workers=workers > 0)
    return min(_epochs(lambda: training, lambda: held))


def _epochs(training: Callable[[], Loaded], held: Callable[[], Loaded]) -> list[float]:
    """Trains on what ``training`` loads and validates on what ``held`` does; the seconds of each epoch but the first."""
    model = convnet()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7)
    seconds = []
    for _ in range(EPOCHS):
        began = perf_counter()
        model.train()
        for pictures, labels in training():
            loss = F.cross_entropy(model(pictures), labels)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        model.eval()
        with torch.inference_mode():
            sum(int((model(pictures).argmax(dim=1) == labels).sum()) for pictures, labels in held())
        seconds.append(perf_counter() - began)
    return seconds[1:]


if __name__ == "__main__":
    run(main)
