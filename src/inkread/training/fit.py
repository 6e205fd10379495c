"""A recipe and its pictures -> a run folder with weights, history and where everything came from."""

from __future__ import annotations

import json
import logging
import shutil
import signal
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lightning
import numpy as np
import torch
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint
from torch import nn

from .. import datasets, networks
from ..alphabet import alphabet
from ..errors import RunError
from ..recipes import Recipe, parse, write
from .feed import Feed, Held
from .files import load_weights, save_weights, write_json, write_text
from .history import History
from .loss import class_shares, log_prior
from .module import Learner, seed_of
from .pool import Pool
from .provenance import file_digest, provenance
from .run import Answers, Run
from .scores import check_choice, chosen, falling

CHECKPOINT = "last.ckpt"

SAMPLE = 256
"""Held-back pictures of each source, at most, that a run keeps: on them an export is checked."""


@dataclass(frozen=True)
class Circumstances:
    """What is not part of the recipe: ``threads`` (0: torch's own choice), ``resume`` a run folder's last finished
    epoch, ``start`` the run whose weights are fine-tuned, ``without`` the sources left out (told in the provenance),
    ``progress`` whether to draw a bar on stderr."""

    threads: int = 0
    resume: bool = False
    start: Path | None = None
    without: tuple[str, ...] = ()
    progress: bool = False


def fit(recipe: Recipe, pools: Sequence[Pool], folder: Path, circumstances: Circumstances = Circumstances()) -> Run:
    """Trains as the recipe says and leaves everything in ``folder``: the finished run.

    ``pools``: one a source of the recipe, in its order. The folder gets recipe.toml, provenance.json, history.csv,
    events/ (TensorBoard), epochs/NNN.safetensors, weights.safetensors (the best epoch), validation.npz (logits of the
    held-back pictures), metrics.json, and until it is finished last.ckpt. :class:`RunError` where the folder holds
    another run, the pools do not fit the recipe, or there is nothing to resume.
    """
    _check(recipe, pools, folder, circumstances)
    if circumstances.threads:
        torch.set_num_threads(circumstances.threads)
    torch.manual_seed(seed_of(recipe.seed))
    network = networks.build(recipe.network.name, len(alphabet(recipe.alphabet)), **recipe.network.settings)
    origin = _start_from(circumstances.start, network)
    record = provenance(recipe, pools, network, origin, circumstances.without)
    if circumstances.resume:
        record.check_same_origin(json.loads((folder / "provenance.json").read_text(encoding="utf-8")))
    write_text(folder / "recipe.toml", write(recipe))
    write_json(folder / "provenance.json", record.as_dict())
    history = History(folder)
    learner = _learner(recipe, pools, network, history)
    try:
        _train(learner, recipe, folder, circumstances)
    finally:
        history.close()
    return _finish(learner, folder)


def _check(recipe: Recipe, pools: Sequence[Pool], folder: Path, circumstances: Circumstances) -> None:
    wanted, given = [each.name for each in recipe.sources], [each.name for each in pools]
    if wanted != given:
        raise RunError(f"the recipe's sources are {', '.join(wanted)}, the pools given: {', '.join(given) or 'none'}")
    for pool in pools:
        if pool.targets.shape[1] != len(alphabet(recipe.alphabet)):
            raise RunError(
                f"{pool.name} has targets of {pool.targets.shape[1]} classes, the recipe's alphabet {len(alphabet(recipe.alphabet))}"
            )
    check_choice(recipe.training.choose_by, tuple(given))
    if circumstances.resume and not (folder / CHECKPOINT).is_file():
        raise RunError(f"there is no checkpoint to resume: {folder / CHECKPOINT}")
    if circumstances.resume and parse((folder / "recipe.toml").read_text(encoding="utf-8")) != recipe:
        raise RunError(f"the run to resume has another recipe: {folder / 'recipe.toml'}")
    if not circumstances.resume and (folder / "recipe.toml").exists():
        raise RunError(f"the folder already holds a run: {folder}", "name another folder, or resume it")


def _start_from(start: Path | None, network: nn.Module) -> dict[str, Any] | None:
    """Puts the weights of the run ``start`` into the network; what is recorded of it."""
    if start is None:
        return None
    run = Run(start)
    load_weights(start / "weights.safetensors", network)
    return {"weights": file_digest(start / "weights.safetensors"), "provenance": dict(run.provenance)}


def _learner(recipe: Recipe, pools: Sequence[Pool], network: nn.Module, history: History) -> Learner:
    training = recipe.training
    parts = []
    for pool in pools:
        share = pool.validation if pool.validation >= 0 else training.validation
        none = (np.arange(len(pool)), np.empty(0, np.int64))
        parts.append(datasets.split(pool.targets, share, seed_of(recipe.seed, *pool.name.encode())) if share else none)
    priors = np.stack([log_prior(pool.targets[part[0]]) for pool, part in zip(pools, parts, strict=True)])
    feed = Feed(pools, [part[0] for part in parts], training.batch, recipe.seed)
    held = [Held(pool, number, part[1]) for number, (pool, part) in enumerate(zip(pools, parts, strict=True)) if len(part[1])]
    return Learner(network, recipe, feed, held, priors, history)


def _train(learner: Learner, recipe: Recipe, folder: Path, circumstances: Circumstances) -> None:
    training = recipe.training
    callbacks: list[lightning.Callback] = [
        KeepWeights(folder / "epochs"),
        ModelCheckpoint(folder, "last", save_on_train_epoch_end=True, enable_version_counter=False),
    ]
    if training.patience:
        mode = "min" if falling(training.choose_by) else "max"
        callbacks.append(EarlyStopping("chosen", patience=training.patience, mode=mode, check_on_train_epoch_end=True))
    if circumstances.progress:
        callbacks.append(lightning.pytorch.callbacks.TQDMProgressBar(refresh_rate=20))
    with quiet(), interruptible():
        trainer = lightning.Trainer(
            accelerator="cpu",
            devices=1,
            max_epochs=training.epochs,
            precision="bf16-mixed" if training.precision == "bfloat16" else "32-true",
            callbacks=callbacks,
            logger=False,
            default_root_dir=folder,
            enable_progress_bar=circumstances.progress,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            reload_dataloaders_every_n_epochs=1,
            use_distributed_sampler=False,
        )
        trainer.fit(learner, ckpt_path=folder / CHECKPOINT if circumstances.resume else None, weights_only=True)


class KeepWeights(lightning.Callback):
    """Keeps the averaged weights of every epoch, so that a curve of any data can be computed when all is chosen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert isinstance(pl_module, Learner)
        save_weights(self.folder / f"{trainer.current_epoch:03d}.safetensors", pl_module.averaged)


@contextmanager
def interruptible() -> Iterator[None]:
    """Ctrl-C stays Ctrl-C: Lightning would end the process with exit code 1 and leave the signal switched off."""
    handler = signal.getsignal(signal.SIGINT)
    try:
        yield
    except SystemExit as left:
        if isinstance(left.__context__, KeyboardInterrupt):
            raise KeyboardInterrupt from None
        raise
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, handler)


@contextmanager
def quiet() -> Iterator[None]:
    """Lightning without its advertisements and its advice on worker processes, which there are none of here."""
    log = logging.getLogger("lightning.pytorch")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="lightning")
            yield
    finally:
        log.setLevel(level)


def _finish(learner: Learner, folder: Path) -> Run:
    """Keeps the best epoch's weights and their answers to the held-back pictures; the checkpoint is no longer needed."""
    training, rows = learner.recipe.training, learner.history.rows
    values = [chosen(row.sources, training.choose_by) for row in rows]
    best = int(np.argmin(values) if falling(training.choose_by) else np.argmax(values))
    shutil.copyfile(folder / "epochs" / f"{rows[best].epoch:03d}.safetensors", folder / "weights.safetensors")
    load_weights(folder / "weights.safetensors", learner.averaged)
    asked = [(held.pool.name, held.pool.renderings[0, held.indices], held.pool.targets[held.indices]) for held in learner.held]
    Answers.of(learner.averaged, asked).save(folder / "validation.npz")
    np.save(folder / "sample.npy", np.concatenate([pictures[:SAMPLE] for _, pictures, _ in asked]))
    counts = {pool.name: class_shares(pool.targets[at]) for pool, at in zip(learner.feed.pools, learner.feed.indices, strict=True)}
    characters = alphabet(learner.recipe.alphabet).characters
    metrics = {
        "choose_by": training.choose_by,
        "best_epoch": rows[best].epoch,
        "epochs": len(rows),
        "parameters": sum(each.numel() for each in learner.network.parameters()),
        "counts": {name: dict(zip(characters, np.rint(of).astype(int).tolist(), strict=True)) for name, of in counts.items()},
        "scores": rows[best].sources,
        "train": rows[best].train,
    }
    write_json(folder / "metrics.json", metrics)
    (folder / CHECKPOINT).unlink(missing_ok=True)
    return Run(folder)
