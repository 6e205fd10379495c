"""A row of the study: a method cross-validated once."""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from ...evaluation import accuracy, macro_accuracy, negative_log_likelihood
from ..failure import told
from ..row import Row
from .asked import Transfer
from .folds import Fold, equal_in_training, folds_of
from .methods import Answered, answer
from .small_set import SmallSet, small_set


def transferred(asked: Transfer) -> Row:
    """What ``asked`` gives: ``folds`` is the accuracy of each fold, the rest is of all of them, ``seed`` the repetition.

    ``accuracy`` is the mean of the folds, ``loss`` and ``macro_accuracy`` are of the test pictures of all folds together;
    ``pictures`` is the mean number of examples, ``seconds`` the time of all folds. No test picture chooses anything: trainings have
    a fixed length, and how strongly a head is held back is chosen on an inner split of the training pictures.

    A fold that fails is NaN and the row tells why; the figures are then of the others. Only Ctrl-C goes through, and an
    :class:`~.errors.InkreadError` of the set or the body, without which there are no folds.
    """
    from ...training import read_with

    read_with(asked.threads)
    shown = small_set(asked)
    begun = perf_counter()
    done: list[tuple[Fold, Answered | None]] = []
    errors: dict[str, list[str]] = {}
    for fold in folds_of(shown.labels, asked.folds, asked.repetition, asked.seed):
        found: Answered | None = None
        try:
            found = answer(asked, shown, fold)
        except Exception as error:  # whatever a network or a library raises costs the fold, not the row
            errors.setdefault(told(error), []).append(str(fold.number % asked.folds + 1))
        done.append((fold, found))
    return _row(asked, shown, done, perf_counter() - begun, "; ".join(f"fold {', '.join(of)}: {why}" for why, of in errors.items()))


def equal_across_folds(asked: Transfer) -> int:
    """How many pictures of the repetition are asked while an exactly equal one trains: what a network has learnt by heart."""
    shown = small_set(asked)
    return equal_in_training(shown.pictures, folds_of(shown.labels, asked.folds, asked.repetition, asked.seed))


def _row(asked: Transfer, shown: SmallSet, done: list[tuple[Fold, Answered | None]], seconds: float, error: str) -> Row:
    """``seconds``: of all folds."""
    levels = asked.levels
    setting = ", ".join(f"{name} = {level}" for name, level in levels.items())
    folds = tuple(np.nan if found is None else _accuracy(found, shown, fold) for fold, found in done)
    row = Row(setting, levels, asked.repetition, folds=folds, seconds=seconds, error=error)
    good = [(fold, found) for fold, found in done if found is not None]
    if not good:
        return row
    labels = np.concatenate([shown.labels[fold.test] for fold, _ in good])
    probabilities = np.concatenate([found.probabilities for _, found in good])
    mean, one = float(np.nanmean(folds)), good[0][1]
    return replace(
        row,
        accuracy=mean,
        last=mean,
        loss=negative_log_likelihood(probabilities, labels),
        macro_accuracy=macro_accuracy(probabilities.argmax(axis=1), labels, len(shown.characters)),
        count=len(labels),
        parameters=one.size.parameters,
        multiply_adds=one.size.multiply_adds,
        pictures=round(np.mean([found.pictures for _, found in good])),
        epochs=one.epochs,
        best_epoch=one.epochs,
        speed=sum(found.shown for _, found in good) / seconds if one.shown else float("nan"),
    )


def _accuracy(found: Answered, shown: SmallSet, fold: Fold) -> float:
    return accuracy(found.probabilities.argmax(axis=1), shown.labels[fold.test]).value
