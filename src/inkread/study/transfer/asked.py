"""One row of a transfer study, as it is asked for: plain values that decide everything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...errors import UsageError, nearest

METHODS: Mapping[str, str] = {
    "as is": "the body answers, nothing is trained",
    "new head": "a logistic regression on the frozen body's features",
    "added layers": "a hidden layer and a head on the frozen body's features",
    "fine-tuned": "all weights of the body go on at a low rate",
    "scratch same": "the body's network with random weights",
    "scratch small": "a small network made for few pictures",
}
"""Ways to come to a reader of the small set, and what each is."""

PREPARATIONS: Mapping[str, str] = {
    "padded": "a margin of paper, then as every picture is prepared",
    "prepared": "as every picture is prepared, without a margin",
    "stretched": "resized to 28x28, whatever that does to its proportions",
}
"""Ways to the network's 28x28 picture. Pictures cut to the ink have no paper to tell ink from, which the margin mends."""

BODILESS = "scratch small"


@dataclass(frozen=True)
class Transfer:
    """One method on one body in one repetition of a cross-validation: the folds are the same for every method and body.

    ``method``: of :data:`METHODS`. ``data``: the small set, as ``--data`` takes it. ``body``: folder of a finished run, None for
    ``scratch small`` alone. ``preparation``: of :data:`PREPARATIONS`. ``alphabet``: the answers; pictures of others are left
    out, and a body that tells others is restricted by mass.

    ``folds`` in each repetition, ``repetition`` from 1, ``seed``: of the splits and of all weights. ``examples``: pictures of each
    class to train on, the same ones among more of them (0: all of the training folds); ``as is`` trains on none. ``epochs``: of
    methods that train by epochs (0: the method's own). ``threads`` of the processor.

    :class:`UsageError` for anything unknown, out of range, or a body where none belongs.
    """

    method: str
    data: str
    body: Path | None = None
    preparation: str = "padded"
    alphabet: str = "letters"
    repetition: int = 1
    folds: int = 10
    seed: int = 1
    examples: int = 0
    epochs: int = 0
    threads: int = 1

    def __post_init__(self) -> None:
        for what, value, known in (("method", self.method, METHODS), ("preparation", self.preparation, PREPARATIONS)):
            if value not in known:
                raise UsageError(f"unknown {what}: {value}", nearest(value, tuple(known)))
        if (self.body is None) != (self.method == BODILESS):
            wanted = "takes no trained network" if self.body else "needs a trained network"
            raise UsageError(f"the method {self.method} {wanted}: {self.body}", "a body is the folder of a finished run")
        for name, least in (("repetition", 1), ("folds", 2), ("seed", 0), ("examples", 0), ("epochs", 0), ("threads", 1)):
            if getattr(self, name) < least:
                raise UsageError(f"{name} is a whole number from {least}: {getattr(self, name)}")

    @property
    def levels(self) -> dict[str, str]:
        """What is varied, as a row tells it: ``method``, ``body`` (its folder's name), ``preparation`` and ``examples``."""
        body = self.body.name if self.body else "none"
        return {"method": self.method, "body": body, "preparation": self.preparation, "examples": str(self.examples or "all")}
