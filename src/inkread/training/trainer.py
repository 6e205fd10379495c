"""Lightning's Trainer as this package uses it: silent, interruptible, everything kept in the run folder."""

from __future__ import annotations

import logging
import signal
import sysconfig
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import lightning
from lightning.pytorch.callbacks import Checkpoint, EarlyStopping

from .. import networks
from ..errors import InkreadError, RunError, UsageError
from ..recipes import falling
from .circumstances import Circumstances
from .files import save_weights
from .module import Learner
from .optimisers import WATCHED
from .progress import Progress
from .provenance import file_of
from .several import ending_together

CHECKPOINT = "last.ckpt"
LIBRARIES = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
PRECISIONS = {"float32": "32-true", "bfloat16": "bf16-mixed", "float16": "16-mixed"}


def train(learner: Learner, folder: Path, circumstances: Circumstances, own: Sequence[lightning.Callback]) -> None:
    """Trains to the end of the recipe's epochs, or until it gets no better; what an epoch gives is in ``folder`` at once.

    ``own``: callbacks of the user's, which come last.
    """
    training = learner.recipe.training
    with quiet(), interruptible():
        trainer = lightning.Trainer(
            accelerator=circumstances.accelerator(),
            devices=circumstances.devices,
            strategy="ddp" if circumstances.devices > 1 else "auto",
            max_epochs=training.epochs,
            precision=PRECISIONS[training.precision],  # type: ignore[arg-type]
            gradient_clip_val=training.clip or None,
            deterministic=circumstances.deterministic,
            callbacks=[*callbacks(learner, folder, circumstances), *own],
            logger=False,
            default_root_dir=folder,
            enable_progress_bar=False,
            enable_model_summary=False,
            num_sanity_val_steps=0,
            reload_dataloaders_every_n_epochs=1,
            use_distributed_sampler=False,
        )
        with ending_together(trainer), own_code(learner, own):
            trainer.fit(learner, ckpt_path=folder / CHECKPOINT if circumstances.resume else None, weights_only=True)


@contextmanager
def own_code(learner: Learner, own: Sequence[lightning.Callback]) -> Iterator[None]:
    """Whatever the user's network or callbacks raise is told in a sentence with its place: :class:`RunError`."""
    try:
        yield
    except InkreadError:
        raise
    except Exception as error:
        files = {str(file_of(type(each).__module__)) for each in (*own, *learner.network.modules())}
        places = [each for each in traceback.extract_tb(error.__traceback__) if each.filename in files and not _installed(each.filename)]
        if not places:
            raise
        told = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'without a word'}"
        raise RunError(
            f"the run's own code failed in epoch {learner.number}: {told} ({Path(places[-1].filename).name}, line {places[-1].lineno})",
            "mend it; what is finished goes on with --resume",
        ) from error


def _installed(file: str) -> bool:
    """Whether a file is part of a library, or of this package."""
    return any(Path(file).is_relative_to(each) for each in (*LIBRARIES, Path(__file__).parents[1]))


def callbacks(learner: Learner, folder: Path, circumstances: Circumstances) -> list[lightning.Callback]:
    """What looks on: the weights of every epoch, the checkpoint to resume from, early stopping, the bar."""
    training = learner.recipe.training
    found: list[lightning.Callback] = [
        KeepWeights(folder / "epochs"),
        KeepCheckpoint(folder / CHECKPOINT),
    ]
    if training.patience:
        mode = "min" if falling(training.choose_by) else "max"
        found.append(Patience(WATCHED, patience=training.patience, mode=mode, check_on_train_epoch_end=True))
    if circumstances.watch is not None:
        found.append(Watched(circumstances.watch))
    if circumstances.progress:
        found.append(Progress(learner.history, training.choose_by))
    return found


def own_callback(name: str) -> lightning.Callback:
    """The Lightning callback ``module:Class`` of the user's, made without arguments; modules of the current folder too.

    :class:`UsageError` where there is none, it is no callback, or it cannot be made.
    """
    kind = networks.own_class(name, lightning.Callback, "lightning.Callback")
    try:
        return kind()
    except Exception as error:  # the user's own code may fail in any way
        raise UsageError(f"the callback {name} cannot be made: {type(error).__name__}: {error}", "it is made without arguments") from error


class Patience(EarlyStopping):
    """Early stopping that a resumed run remembers: where it had stopped, it does not begin again."""

    def on_train_start(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        trainer.should_stop = trainer.should_stop or self.wait_count >= self.patience


class Watched(Checkpoint):
    """Breaks a run off when whoever watches it says so; told last, as a checkpoint is, when the epoch's row has been written."""

    def __init__(self, watch: Callable[[int, float], bool]) -> None:
        self.watch = watch

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert isinstance(pl_module, Learner)
        if self.watch(pl_module.number, pl_module.history.rows[-1].val["accuracy"]):
            trainer.should_stop = pl_module.broken_off = True


class KeepWeights(Checkpoint):
    """Keeps the averaged weights of every epoch, so that a curve of any data can be computed when all is chosen.

    Lightning calls checkpoints last, when the epoch has turned out to be good and its row has been written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        assert isinstance(pl_module, Learner)
        if trainer.is_global_zero:
            save_weights(self.folder / f"{pl_module.number:03d}.safetensors", pl_module.averaged)


class KeepCheckpoint(Checkpoint):
    """Keeps what the run is resumed from: the state after the last finished epoch, whole at any time."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def on_train_epoch_end(self, trainer: lightning.Trainer, pl_module: lightning.LightningModule) -> None:
        beside = self.file.with_name(f".{self.file.name}")
        try:
            trainer.save_checkpoint(beside)
            if trainer.is_global_zero:
                beside.replace(self.file)
        finally:
            if trainer.is_global_zero:
                beside.unlink(missing_ok=True)


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
    logs = [logging.getLogger(name) for name in ("lightning.pytorch", "lightning.fabric")]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module="lightning")
            yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)
