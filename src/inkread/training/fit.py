"""A recipe and its pictures -> a run folder with weights, history and where everything came from."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from lightning import Callback
from numpy.typing import NDArray
from torch import nn

from .. import networks
from ..alphabet import alphabet
from ..datasets import file_digest
from ..errors import DataError, RunError, UsageError
from ..recipes import Recipe, kept, parse, write
from .balance import sampler_weights
from .circumstances import Circumstances
from .distil import Teacher, check_closed, teacher_of
from .feed import Feed, Held
from .files import alone, beside, load_weights, write_json, write_text, writing
from .history import History
from .loss import class_shares
from .module import Diverged, Learner, seed_of
from .objective import Objective
from .outside import bring, brought
from .pool import Pool
from .provenance import Provenance, provenance
from .run import Answers, Run, Sample, without_prior
from .scores import check_choice, chosen
from .several import waiting_for_the_first
from .shares import held_back
from .trainer import CHECKPOINT, own_callback, train

ALONE = Circumstances()
"""A new run on the processor, silent."""

LAST = "classify."
"""How the weights of the last layer begin in every network of ours."""

SAMPLE = 4096
"""Held-back pictures of each source, at most, that a run keeps: on them an export is checked and whole numbers are measured."""


def fit(recipe: Recipe, pools: Sequence[Pool], folder: Path, circumstances: Circumstances = ALONE) -> Run:
    """Trains as the recipe says and leaves everything in ``folder``: the finished run.

    ``pools``: one a source of the recipe, in its order. The folder gets recipe.toml, provenance.json, history.csv and
    .jsonl, events/ (TensorBoard), epochs/NNN.safetensors, weights.safetensors (the best epoch), validation.npz (logits of
    the held-back pictures), metrics.json, and until it is finished last.ckpt. Where the loss stops being a number the run
    ends with the best epoch before, and ``metrics["stopped"]`` says so.

    :class:`RunError` where the folder holds another run, the pools do not fit the recipe, there is nothing to resume, or
    the first epoch already failed; :class:`DataError` where the pictures cannot train it. Where several devices train
    together the program is started once more for each (:mod:`inkread.training.several`): all of them return the run.
    """
    _check(recipe, pools, folder, circumstances)
    own = [own_callback(each) for each in recipe.training.callbacks]
    if circumstances.threads:
        torch.set_num_threads(circumstances.threads)
    teacher = teacher_of(circumstances.teachers, recipe)
    torch.manual_seed(seed_of(recipe.seed))
    network = networks.build(recipe.network.name, len(alphabet(recipe.alphabet)), **recipe.network.settings)
    _check_norms(network, recipe.training.batch)
    origin = _start_from(circumstances.start, network, recipe)
    outside = bring(circumstances.weights, network) if circumstances.weights else None
    learner = _learner(recipe, pools, network, History(folder), circumstances.accelerator(), teacher)
    held = _sample(learner).digests()
    record = provenance(recipe, pools, held, network, circumstances, origin, teacher.record() if teacher else [], outside)
    _check_origins(record, circumstances, teacher)
    told: dict[str, Any] | None = None
    if circumstances.resume:
        told = json.loads((folder / "provenance.json").read_text(encoding="utf-8"))
        record = record.going_on(told)
        record.check_same_origin(told)
    with writing(folder), alone(folder) if circumstances.leads() else nullcontext():
        if circumstances.leads():
            if told is None:
                shutil.rmtree(folder / "events", ignore_errors=True)
            write_text(folder / "recipe.toml", write(recipe))
            write_json(folder / "provenance.json", record.since(told) if told else record.as_dict())
            learner.board.begin(recipe)
        stopped = _trained(learner, folder, circumstances, own)
        with waiting_for_the_first():
            if circumstances.leads():
                _finish(learner, folder, stopped)
    return Run(folder)


def run_in(
    folder: Path, recipe: Recipe, pools: Sequence[Pool], circumstances: Circumstances = ALONE, begun: Callable[[], object] = lambda: None
) -> Run:
    """The run of this folder: taken as it is where it has finished, gone on with from its last epoch, or new.

    ``begun`` is told where something has still to be trained. :class:`RunError` where what stands there is of another
    recipe, of other pictures or learnt from other runs, and those of :func:`fit`.
    """
    if not (folder / "metrics.json").is_file():
        begun()
        return fit(recipe, pools, folder, replace(circumstances, resume=(folder / CHECKPOINT).is_file()))
    run = Run(folder)
    told, before = run.provenance, [each for each in (circumstances.start, *circumstances.teachers) if each]
    recorded = [each["weights"] for each in (told.get("started_from"), *told.get("teachers", ())) if each]
    for what, same in (
        ("another recipe", run.recipe == recipe),
        ("other pictures", told["pools"] == {pool.name: pool.digest for pool in pools}),
        ("other --weights", brought(circumstances.weights, told.get("weights_from"))),
        ("another --start or --teacher", recorded == [file_digest(Run(each).folder / "weights.safetensors") for each in before]),
    ):
        if not same:
            raise RunError(f"the folder holds a run of {what}: {folder}", "name another, or remove it")
    return run


def _trained(learner: Learner, folder: Path, circumstances: Circumstances, own: Sequence[Callback]) -> str:
    """Trains; why the run stopped before its end, empty where it did not."""
    try:
        train(learner, folder, circumstances, own)
    except Diverged as error:
        if not learner.history.rows:
            raise RunError(error.message, error.hint) from None
        return error.message
    finally:
        learner.history.close()
    return ""


def _check(recipe: Recipe, pools: Sequence[Pool], folder: Path, circumstances: Circumstances) -> None:
    wanted, given = [each.name for each in recipe.sources], [each.name for each in pools]
    if wanted != given:
        raise RunError(f"the recipe's sources are {', '.join(wanted) or 'none'}, the pools given: {', '.join(given) or 'none'}")
    if not pools:
        raise RunError(f"the recipe names no data: {recipe.name}", "give it some: --data SOURCE")
    for pool in pools:
        if pool.targets.shape[1] != len(alphabet(recipe.alphabet)):
            raise RunError(
                f"{pool.name} has targets of {pool.targets.shape[1]} classes, the recipe's alphabet {len(alphabet(recipe.alphabet))}"
            )
    check_choice(recipe.training.choose_by, tuple(given))
    if circumstances.accelerator() == "cpu" and recipe.training.precision == "float16":
        raise UsageError("float16 is for GPUs, on the processor it is slow and inexact", "--set training.precision=bfloat16")
    _check_folder(recipe, folder, circumstances)


def _check_norms(network: nn.Module, batch: int) -> None:
    """Norms that are frozen compare nothing."""
    if batch == 1 and any(isinstance(each, nn.modules.batchnorm._BatchNorm) and each.training for each in network.modules()):
        raise UsageError("batch norm has nothing to compare in batches of one picture", "--set norm=group, or a larger batch")


def _check_folder(recipe: Recipe, folder: Path, circumstances: Circumstances) -> None:
    """A run without a checkpoint has finished no epoch and is none yet: it is begun anew."""
    if circumstances.resume and not (folder / CHECKPOINT).is_file():
        raise RunError(f"there is no checkpoint to resume: {folder / CHECKPOINT}")
    if circumstances.resume and parse((folder / "recipe.toml").read_text(encoding="utf-8")) != recipe:
        raise RunError(f"the run to resume has another recipe: {folder / 'recipe.toml'}")
    if not circumstances.resume and any((folder / name).exists() for name in (CHECKPOINT, "metrics.json")):
        raise RunError(f"the folder already holds a run: {folder}", "name another folder, or resume it")


def _start_from(start: Path | None, network: nn.Module, recipe: Recipe) -> dict[str, Any] | None:
    """Puts the weights of the run ``start`` into the network; what is recorded of it.

    Where the network tells other characters its last layer stays fresh.
    """
    if start is None:
        return None
    run = Run(start)
    if run.recipe.preparation != recipe.preparation:
        raise RunError(f"the run to start from reads pictures that are prepared otherwise: {start}", f"it has {run.recipe.preparation}")
    same = alphabet(run.recipe.alphabet) == alphabet(recipe.alphabet)
    try:
        load_weights(start / "weights.safetensors", network, fresh="" if same else LAST)
    except RunError:
        if run.recipe.network == recipe.network:
            raise
        known, wanted = (", ".join(f"{key} = {value}" for key, value in each.network.as_dict().items()) for each in (run.recipe, recipe))
        raise RunError(f"the run to start from has another network: {start}", f"it has {known}; the recipe has {wanted}") from None
    digest = file_digest(start / "weights.safetensors")
    return {"weights": digest, "last_layer": "taken over" if same else "fresh", "provenance": dict(run.provenance)}


def _check_origins(record: Provenance, circumstances: Circumstances, teacher: Teacher | None) -> None:
    """:class:`RunError` where what a run goes back to would flatter its validation, or may not influence it."""
    teachers = teacher.ensemble.runs if teacher else ()
    started = [("the run to start from", Run(circumstances.start))] if circumstances.start else []
    for what, run in (*started, *(("a teacher", each) for each in teachers)):
        held = run.sample().digests()  # its provenance may be from before they were recorded there
        record.check_unseen({**run.provenance, "held": held}, what, run.folder)
    if record.closed:
        check_closed(teachers, record.data)


def _learner(recipe: Recipe, pools: Sequence[Pool], network: nn.Module, history: History, device: str, teacher: Teacher | None) -> Learner:
    training = recipe.training
    parts = [held_back(pool, recipe) for pool in pools]
    targets = [pool.targets[trains] for pool, (trains, _) in zip(pools, parts, strict=True)]
    _check_pictures(recipe, targets)
    repeat = [pool.repeat for pool in pools]
    feed = Feed(
        pools,
        [trains for trains, _ in parts],
        training.batch,
        recipe.seed,
        keep_last=training.keep_last,
        weights=sampler_weights(targets, repeat) if training.imbalance == "sampler" else None,
        device=device,
    )
    if feed.size < training.batch and not training.keep_last:
        raise DataError(
            f"a batch is larger than the data: {training.batch} pictures a step, {feed.size} to train on", "--set training.batch=32"
        )
    held = [
        Held(pool.held or pool, number, validates, device=device)
        for number, (pool, (_, validates)) in enumerate(zip(pools, parts, strict=True))
        if len(validates)
    ]
    if not held:
        raise DataError("no picture is left to validate on", "give more data, or a larger share: --set training.validation=0.2")
    return Learner(network, recipe, feed, held, Objective(training, targets, repeat, teacher), history)


def _check_pictures(recipe: Recipe, targets: Sequence[NDArray[np.bool_]]) -> None:
    counts = np.sum([each.sum(axis=0) for each in targets], axis=0)
    if (counts > 0).sum() < 2:
        raise DataError("there is one class only, nothing can be told apart", f"the alphabet is {alphabet(recipe.alphabet).characters}")


def _finish(learner: Learner, folder: Path, stopped: str) -> None:
    """Keeps the best epoch's weights and their answers to the held-back pictures; the checkpoint is no longer needed."""
    recipe, rows = learner.recipe, learner.history.rows
    best = kept([chosen(row.sources, recipe.training.choose_by) for row in rows], recipe.training.choose_by)
    with beside(folder / "weights.safetensors") as new:
        shutil.copyfile(folder / "epochs" / f"{rows[best].epoch:03d}.safetensors", new)
    counts = {pool.name: class_shares(pool.targets[at]) for pool, at in zip(learner.feed.pools, learner.feed.indices, strict=True)}
    characters = alphabet(recipe.alphabet).characters
    metrics = {
        "choose_by": recipe.training.choose_by,
        "best_epoch": rows[best].epoch,
        "epochs": len(rows),
        "stopped": stopped,
        "broken_off": learner.broken_off,
        "parameters": sum(each.numel() for each in learner.network.parameters()),
        "learnt": [round(each, 6) for each in learner.objective.learnt.tolist()],
        "counts": {name: dict(zip(characters, np.rint(of).astype(int).tolist(), strict=True)) for name, of in counts.items()},
        "scores": rows[best].sources,
        "train": rows[best].train,
    }
    load_weights(folder / "weights.safetensors", learner.averaged)
    network = without_prior(learner.averaged, torch.tensor(metrics["learnt"]))
    Answers.of(network, _held_back(learner)).save(folder / "validation.npz")
    _sample(learner).save(folder / "sample.npz")
    write_json(folder / "metrics.json", metrics)  # what stands there is finished, so it comes last
    learner.board.end({"val_loss": float(learner.history.rows[best].val["loss"]), "val_accuracy": float(rows[best].val["accuracy"])})
    learner.history.close()
    (folder / CHECKPOINT).unlink(missing_ok=True)


def _held_back(learner: Learner) -> list[tuple[str, NDArray[np.uint8], NDArray[np.bool_]]]:
    """Of each source its name, and the pictures and targets that are held back of it."""
    return [(held.pool.name, held.pool.renderings[0, held.indices], held.pool.targets[held.indices]) for held in learner.held]


def _sample(learner: Learner) -> Sample:
    """Evenly from all held-back pictures of each source: these may stand class by class."""
    parts = []
    for held in learner.held:
        at = held.indices[_evenly(len(held.indices), SAMPLE)]
        parts.append((held.pool.renderings[0, at], held.pool.targets[at], np.full(len(at), held.pool.name)))
    pictures, targets, sources = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Sample(pictures, targets, sources)


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)
