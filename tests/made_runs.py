"""Folders of runs, written as a training leaves them, without one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from inkread.recipes import Recipe, SourceUse, Training, write

Made = Callable[..., Path]
"""``made("name", epochs=3, ...)``: the folder of a run in ``runs/``."""

ROWS = ((1.5, 0.4), (0.8, 0.7), (0.9, 0.75), (1.0, 0.74))
"""Loss and accuracy of the validation, epoch by epoch."""


def runs_in(parent: Path) -> Made:
    """Writes runs into the folder ``parent``."""

    def run(
        name: str,
        *,
        done: int = 4,
        finished: bool = True,
        right: int = 70,
        count: int = 100,
        pictures: int = 0,
        changes: Mapping[str, Any] | None = None,
        test: bool = False,
    ) -> Path:
        folder = parent / name
        folder.mkdir(parents=True)
        recipe = Recipe("small", (SourceUse("digits", "mnist:train"),), alphabet="AB", training=Training(epochs=4))
        (folder / "recipe.toml").write_text(write(replace(recipe, name=name).changed(changes or {})))
        if done:
            write_history(folder, done)
        if finished:
            write_end(folder, right, count, pictures)
        if test:
            lines = [f"{epoch},mnist:test,50,{loss + 0.1},{share - 0.05}" for epoch, (loss, share) in enumerate(ROWS)]
            (folder / "test.csv").write_text("\n".join(["epoch,source,pictures,test/loss,test/accuracy", *lines]) + "\n")
        return folder

    return run


def write_history(folder: Path, done: int) -> None:
    rows = [f"{epoch},0.001,{loss + 0.2},{share - 0.1},{loss},{share},{loss},{share}" for epoch, (loss, share) in enumerate(ROWS[:done])]
    head = "epoch,rate,train/loss,train/accuracy,val/loss,val/accuracy,val/digits/loss,val/digits/accuracy"
    (folder / "history.csv").write_text("\n".join([head, *rows]) + "\n")
    times = [json.dumps({"epoch": epoch, "seconds": 10.0, "ended": 1_800_000_010.0 + 10 * epoch}) for epoch in range(done)]
    (folder / "history.jsonl").write_text("\n".join(times) + "\n")


def write_end(folder: Path, right: int, count: int, pictures: int) -> None:
    """``right`` of ``count`` answers are right, the first ones; ``pictures``: which ones were held back."""
    targets = np.eye(2, dtype=bool)[np.arange(count) % 2]
    logits = np.where(targets == (np.arange(count) < right)[:, None], 5.0, 0.0).astype(np.float32)
    np.savez_compressed(folder / "validation.npz", logits=logits, targets=targets, sources=np.full(count, "digits"))
    np.savez_compressed(folder / "sample.npz", pictures=np.full((3, 28, 28), pictures, np.uint8), targets=targets[:3])
    scores = {"digits": {"loss": 0.8, "accuracy": right / count}}
    metrics = {"choose_by": "mean/loss", "best_epoch": 1, "epochs": 4, "stopped": "", "parameters": 1234, "scores": scores}
    (folder / "metrics.json").write_text(json.dumps(metrics | {"counts": {"digits": {"A": 200, "B": 200}}}))
    (folder / "provenance.json").write_text(json.dumps({"recipe": "x", "seed": 1, "data": {"digits": {"a": "0" * 64}}, "code": "1" * 64}))
