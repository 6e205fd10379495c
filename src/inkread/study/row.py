"""What one trial of a study gave."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from math import isfinite, isnan
from typing import Any


@dataclass(frozen=True)
class Row:
    """One trial: a setting trained with one seed, or cross-validated in one repetition. Shares are in 0..1, NaN where not known.

    ``setting``: its levels in words. ``levels``: factor -> level. ``seed``: of the training, or the number of the
    repetition. ``accuracy``, ``loss``, ``macro_accuracy``: of the ``count`` held-back pictures, by the kept epoch.
    ``last``: median accuracy of the last fifth of the epochs. ``folds``: accuracy fold by fold where it was
    cross-validated. ``multiply_adds``: of one picture. ``pictures``: trained on. ``speed``: pictures a second in training.
    ``train``, ``validation``: accuracy by epoch. ``run``: the run's folder, relative to the study's. ``error``: why it
    failed, in a sentence. ``pruned``: broken off because others were ahead.
    """

    setting: str
    levels: Mapping[str, str]
    seed: int
    accuracy: float = float("nan")
    last: float = float("nan")
    loss: float = float("nan")
    macro_accuracy: float = float("nan")
    count: int = 0
    folds: tuple[float, ...] = ()
    parameters: int = 0
    multiply_adds: int = 0
    pictures: int = 0
    epochs: int = 0
    best_epoch: int = 0
    seconds: float = float("nan")
    speed: float = float("nan")
    train: tuple[float, ...] = ()
    validation: tuple[float, ...] = ()
    run: str = ""
    error: str = ""
    pruned: bool = False

    @property
    def finished(self) -> bool:
        """Whether it gave a value that counts."""
        return not self.error and not self.pruned and not isnan(self.accuracy)

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON: what is not known is None."""
        return {key: _plain(value) for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Row:
        """The row that :meth:`as_dict` gave."""
        known = {each.name: each for each in fields(cls)}
        values = {key: value for key, value in told.items() if key in known}
        for key in ("folds", "train", "validation"):
            values[key] = tuple(float("nan") if each is None else float(each) for each in values.get(key, ()))
        for key, value in values.items():
            if value is None:
                values[key] = float("nan")
        return cls(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
