"""The book of a study's trials, kept by Optuna: which wait, which go on, which have ended, and what a search tries next.

A file beside the runs (Optuna's journal, which parallel readers do not break) or a database by its URL, where several
machines that share the study's folder take their trials from the same book. What has ended stands in the folder as well,
from which a book that was lost is written anew.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from ..errors import MissingExtra, RunError, reason
from .factors import Factor
from .row import Row

if TYPE_CHECKING:
    import optuna

JOURNAL = "trials.log"
HEARTBEAT = 60
"""Seconds after which a database hears again of the trials that go on; twice that without a word, and they are lost."""
KEY = "job"
Params = Mapping[str, Any]
"""Factor -> the name of its level, or its number."""


@dataclass(frozen=True)
class Taken:
    """A trial to do now. ``key``: the job's name in the plan, empty where a search has drawn ``params``."""

    number: int
    key: str
    params: Params


@dataclass(frozen=True)
class Search:
    """How a study draws its settings. ``sampler``: tpe or random. ``prune``: whether a training behind others is broken off."""

    sampler: str
    seed: int
    prune: bool


def shared(storage: str) -> bool:
    """Whether a storage is a database that other machines may be at, not a file."""
    return "://" in storage


class Ledger:
    """Trials of one study and budget at ``storage``: a file's path, or the URL of a database.

    ``factors``: what varies, noted as the parameters of each trial. ``measure``: of a row, what is called better where it is
    higher. A file that holds no book any more is put aside and begun anew. :class:`RunError` where the book cannot be
    reached or read, :class:`MissingExtra` without Optuna.
    """

    def __init__(self, storage: str, name: str, factors: Sequence[Factor], measure: str, search: Search | None = None) -> None:
        self.storage = storage if shared(storage) else str(Path(storage).absolute())
        self.name, self.measure, self.search = name, measure, search
        self._distributions = {each.name: _distribution(each) for each in factors}
        self._trials: dict[int, optuna.Trial] = {}
        self._size, self._beat = 0, 0.0
        with _reached(self.storage):
            self._study = self._opened()

    def enter(self, jobs: Mapping[str, Params], rows: Mapping[str, Row]) -> None:
        """Makes the book agree with the folder: a job that it lacks waits; what has finished has ended; what a killed program
        left as going on waits again (in a database only when that was silent for long: another machine may be at it).
        """
        from optuna.storages import fail_stale_trials
        from optuna.trial import TrialState

        with self._held():
            fail_stale_trials(self._study)
            known: dict[str, set[TrialState]] = {}
            for each in self._study.get_trials(deepcopy=False):
                if each.state == TrialState.RUNNING and each.number not in self._trials and not shared(self.storage):
                    self._study.tell(each.number, state=TrialState.FAIL)
                    self._again(self._study, each)
                else:
                    known.setdefault(each.user_attrs.get(KEY, ""), set()).add(each.state)
            for key, params in jobs.items():
                states = known.get(key, set())
                if key in rows and rows[key].finished and TrialState.COMPLETE not in states:
                    self._study.add_trial(self._ended(key, params, getattr(rows[key], self.measure)))
                elif key not in rows and not states & {TrialState.WAITING, TrialState.RUNNING}:
                    self._study.enqueue_trial(dict(params), user_attrs={KEY: key})

    def take(self, keys: Collection[str]) -> Taken | None:
        """The next trial that waits: one of these jobs, or what a search had drawn before; None where none does."""
        from optuna.trial import TrialState

        with self._held():
            while self._study.get_trials(deepcopy=False, states=(TrialState.WAITING,)):
                trial = self._study.ask(self._distributions)
                key = trial.user_attrs.get(KEY, "")
                if key in keys or (not key and self.search):
                    return self._taken(trial, key)
                self._study.tell(trial, state=TrialState.FAIL)  # of a plan that is no more
        return None

    def draw(self) -> Taken:
        """What the sampler of a search tries next."""
        with self._held():
            return self._taken(self._study.ask(self._distributions), "")

    def note(self, taken: Taken, key: str) -> None:
        """Writes down the job that something drawn has become."""
        with self._held():
            self._trials[taken.number].set_user_attr(KEY, key)

    def tell(self, taken: Taken, row: Row) -> None:
        """What came out of a trial."""
        from optuna.trial import TrialState

        value = getattr(row, self.measure)
        state = TrialState.FAIL if row.error or not isfinite(value) else TrialState.PRUNED if row.pruned else TrialState.COMPLETE
        with self._held():
            del self._trials[taken.number]
            self._study.tell(taken.number, value if state == TrialState.COMPLETE else None, state=state, skip_if_finished=True)

    def beat(self) -> None:
        """Tells a database that the trials taken here go on."""
        if shared(self.storage) and monotonic() - self._beat > HEARTBEAT:
            with self._held():
                for trial in self._trials.values():
                    self._study._storage.record_heartbeat(trial._trial_id)
            self._beat = monotonic()

    def _taken(self, trial: optuna.Trial, key: str) -> Taken:
        self._trials[trial.number] = trial
        if shared(self.storage):
            self._study._storage.record_heartbeat(trial._trial_id)
        return Taken(trial.number, key, dict(trial.params))

    def _opened(self) -> Any:
        try:
            return self._study_of(_storage(self.storage, self._again))
        except (OSError, ImportError):
            raise
        except Exception:  # whatever Optuna makes of a file in which something is missing
            if shared(self.storage):
                raise
            Path(self.storage).replace(f"{self.storage}.broken")
            return self._study_of(_storage(self.storage, self._again))

    def _study_of(self, storage: Any) -> Any:
        optuna = _optuna()
        search = self.search or Search("random", 0, False)
        # A sampler that began anew with the same seed would draw again what it had drawn before.
        began = next((each.n_trials for each in optuna.get_all_study_summaries(storage) if each.study_name == self.name), 0)
        samplers = {"tpe": optuna.samplers.TPESampler, "random": optuna.samplers.RandomSampler}
        return optuna.create_study(
            storage=storage,
            study_name=self.name,
            direction="maximize",
            load_if_exists=True,
            sampler=samplers[search.sampler](seed=search.seed + began),
            pruner=_pruner() if search.prune else optuna.pruners.NopPruner(),
        )

    def _again(self, study: optuna.Study, lost: optuna.trial.FrozenTrial) -> None:
        """What a search had drawn, and was lost on the way, waits again; planned jobs are entered anyway."""
        if self.search and lost.params:
            study.enqueue_trial(lost.params)

    def _ended(self, key: str, params: Params, value: float) -> optuna.trial.FrozenTrial:
        """A trial that has finished without this book."""
        from optuna.trial import TrialState, create_trial

        return create_trial(
            state=TrialState.COMPLETE, value=value, params=dict(params), distributions=self._distributions, user_attrs={KEY: key}
        )

    @contextmanager
    def _held(self) -> Iterator[None]:
        with _reached(self.storage):
            if not shared(self.storage):
                # Optuna would go on writing to a new file, and wait in it for what it had written to the old one.
                size = Path(self.storage).stat().st_size
                if size < self._size:
                    raise OSError("it has become shorter")
            yield
            self._size = 0 if shared(self.storage) else Path(self.storage).stat().st_size


def watching(storage: str, name: str, number: int) -> Callable[[int, float], bool]:
    """What a training of a search tells the book after each epoch, and whether the book says to break it off."""
    optuna = _optuna()
    with _reached(storage):
        study = optuna.load_study(study_name=name, storage=_storage(storage), pruner=_pruner())
        trial = optuna.trial.Trial(study, study._storage.get_trial_id_from_study_id_trial_number(study._study_id, number))

    def watch(epoch: int, accuracy: float) -> bool:
        with _reached(storage):
            trial.report(accuracy, epoch)
            return bool(trial.should_prune())

    return watch


def _pruner() -> Any:
    # the first epoch, counted from 1, says little
    return _optuna().pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=2)


def _distribution(factor: Factor) -> Any:
    _optuna()
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution

    over = factor.range
    if over is None:
        return CategoricalDistribution([each.name for each in factor.levels])
    return IntDistribution(int(over.low), int(over.high), over.log) if over.whole else FloatDistribution(over.low, over.high, over.log)


def _storage(where: str, lost: Callable[[Any, Any], None] | None = None) -> Any:
    optuna = _optuna()
    if shared(where):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            return optuna.storages.RDBStorage(where, heartbeat_interval=HEARTBEAT, heartbeat_stale_trial_callback=lost)
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
    optuna = _optuna()
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            warnings.filterwarnings("ignore", "Heartbeat of storage")  # :meth:`Ledger.beat` gives it
            yield
    except (OSError, ImportError, SQLAlchemyError, optuna.exceptions.OptunaError, LookupError, ValueError, AssertionError) as error:
        if isinstance(error, MissingExtra):
            raise
        said = reason(error) if isinstance(error, OSError) else str(error)
        told = said.splitlines()[0] if said else type(error).__name__
        try:
            place = make_url(storage).render_as_string(hide_password=True) if shared(storage) else storage
        except SQLAlchemyError:
            place = storage
        raise RunError(
            f"the book of trials cannot be used ({told}): {place}", "finished runs are kept; go on with the same command"
        ) from error
