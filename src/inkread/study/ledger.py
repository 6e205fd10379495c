"""The book of a study's trials, kept by Optuna: which wait, which go on, which have ended, and what a search tries next.

A file beside the runs (Optuna's journal, which parallel readers and a killed writer do not break) or a database by its URL,
where several machines take their trials from the same book.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra, RunError
from .factors import Factor, Level, called
from .job import Job
from .row import Row
from .settings import Setting, chosen

if TYPE_CHECKING:
    import optuna

JOURNAL = "trials.log"
HEARTBEAT = 60
"""Seconds after which a database counts a trial as lost whose machine says nothing more (twice this)."""
KEY = "job"


@dataclass(frozen=True)
class Taken:
    """A trial to do now. ``key``: the job's name in the plan, empty where a search has drawn its ``setting``."""

    number: int
    key: str
    setting: Setting | None


class Ledger:
    """Trials of one study and budget at ``storage``: a file's path, or the URL of a database.

    :class:`RunError` where it cannot be reached or read, :class:`MissingExtra` without Optuna.
    """

    def __init__(self, storage: str, name: str, sampler: str = "tpe", seed: int = 1, *, prune: bool = False) -> None:
        optuna = _optuna()
        samplers = {"tpe": optuna.samplers.TPESampler, "random": optuna.samplers.RandomSampler}
        pruner = optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=1) if prune else optuna.pruners.NopPruner()
        self.storage, self.name = storage, name
        self._choices: dict[str, list[str]] = {}
        with _reached(storage):
            self._study = optuna.create_study(
                storage=_storage(storage),
                study_name=name,
                direction="maximize",
                load_if_exists=True,
                sampler=samplers[sampler](seed=seed),
                pruner=pruner,
            )

    def enter(self, jobs: Mapping[str, Job], rows: Mapping[str, Row], factors: Sequence[Factor] = (), going: Collection[int] = ()) -> None:
        """Makes the book agree with the plan: what it lacks waits; what has finished on disk has ended; what a killed
        program left as going on waits again, but in a database, where another machine may be at it.

        ``factors``: those whose levels the book notes as the parameters of the planned trials. ``going``: the numbers of
        the trials that this program is at.
        """
        from optuna.trial import TrialState

        self._choices = {each.name: [level.name for level in each.levels] for each in factors}
        with _reached(self.storage):
            known: dict[str, set[TrialState]] = {}
            for each in self._study.get_trials(deepcopy=False):
                key = each.user_attrs.get(KEY, "")
                if each.state == TrialState.RUNNING and each.number not in going and "://" not in self.storage:
                    self._study.tell(each.number, state=TrialState.FAIL)
                    if not key and each.params:
                        self._study.enqueue_trial(each.params)
                else:
                    known.setdefault(key, set()).add(each.state)
            for key, job in jobs.items():
                states = known.get(key, set())
                if key in rows and rows[key].finished and TrialState.COMPLETE not in states:
                    self._study.add_trial(self._ended(job, rows[key]))
                elif key not in rows and not states & {TrialState.WAITING, TrialState.RUNNING}:
                    self._study.enqueue_trial({name: job.levels[name] for name in self._choices}, user_attrs={KEY: key})

    def take(self, jobs: Mapping[str, Job], drawn: Sequence[Factor] = ()) -> Taken | None:
        """The next trial that waits; None where none does. ``drawn``: the factors of a search, some of whose trials may
        wait for a second time."""
        from optuna.trial import TrialState

        with _reached(self.storage):
            while self._study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
                trial = self._study.ask()
                key = trial.user_attrs.get(KEY, "")
                if key in jobs:
                    for name, levels in self._choices.items():
                        trial.suggest_categorical(name, levels)
                    return Taken(trial.number, key, None)
                if not key and drawn:
                    return self._taken(trial, drawn)
                self._study.tell(trial, state=TrialState.FAIL)  # of a plan that is no more
        return None

    def draw(self, factors: Sequence[Factor]) -> Taken:
        """What the sampler tries next."""
        with _reached(self.storage):
            return self._taken(self._study.ask(), factors)

    def _taken(self, trial: optuna.Trial, factors: Sequence[Factor]) -> Taken:
        return Taken(trial.number, "", chosen({each.name: _drawn(trial, each) for each in factors}))

    def tell(self, number: int, row: Row, measure: str) -> None:
        """What came out of a trial."""
        from optuna.trial import TrialState

        with _reached(self.storage):
            value = getattr(row, measure)
            state = TrialState.FAIL if row.error or not isfinite(value) else TrialState.PRUNED if row.pruned else TrialState.COMPLETE
            self._study.tell(number, value if state == TrialState.COMPLETE else None, state=state, skip_if_finished=True)

    def _ended(self, job: Job, row: Row) -> optuna.trial.FrozenTrial:
        """A trial of the plan that has finished without this book."""
        from optuna.distributions import CategoricalDistribution
        from optuna.trial import TrialState, create_trial

        return create_trial(
            state=TrialState.COMPLETE,
            value=row.accuracy,
            params={name: job.levels[name] for name in self._choices},
            distributions={name: CategoricalDistribution(levels) for name, levels in self._choices.items()},
            user_attrs={KEY: job.name},
        )


def watching(storage: str, name: str, number: int) -> Callable[[int, float], bool]:
    """What a training of a search tells the book after each epoch, and whether the book says to break it off."""
    optuna = _optuna()
    study = optuna.load_study(
        study_name=name, storage=_storage(storage), pruner=optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=1)
    )
    trial = optuna.trial.Trial(study, study._storage.get_trial_id_from_study_id_trial_number(study._study_id, number))

    def watch(epoch: int, accuracy: float) -> bool:
        trial.report(accuracy, epoch)
        return bool(trial.should_prune())

    return watch


def _drawn(trial: optuna.Trial, factor: Factor) -> Level:
    if factor.range is None:
        return factor.level(str(trial.suggest_categorical(factor.name, [each.name for each in factor.levels])))
    low, high, log = factor.range.low, factor.range.high, factor.range.log
    value = (
        trial.suggest_int(factor.name, int(low), int(high), log=log)
        if factor.range.whole
        else trial.suggest_float(factor.name, low, high, log=log)
    )
    return Level(called(value), {factor.key: value})


def _storage(where: str) -> Any:
    optuna = _optuna()
    if "://" in where:
        retry = optuna.storages.RetryFailedTrialCallback(max_retry=3)
        return optuna.storages.RDBStorage(where, heartbeat_interval=HEARTBEAT, failed_trial_callback=retry)
    return optuna.storages.JournalStorage(optuna.storages.journal.JournalFileBackend(where))


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise MissingExtra(error.name or "optuna", "study") from error
    optuna.logging.set_verbosity(logging.WARNING)
    return optuna


@contextmanager
def _reached(storage: str) -> Iterator[None]:
    """What keeps the book from being read or written is a sentence: :class:`RunError`. What has finished stays in the folder."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield
    except (OSError, SQLAlchemyError, KeyError, ValueError) as error:
        told = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RunError(
            f"the book of trials cannot be used ({told}): {storage}", "finished runs are kept; go on with the same command"
        ) from error
