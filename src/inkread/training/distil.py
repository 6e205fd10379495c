"""Teachers: what a network learns from besides the labels, and what they have to be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ..alphabet import Alphabet, alphabet
from ..datasets import file_digest
from ..errors import AlphabetError, RunError
from ..recipes import Recipe
from .ensemble import Ensemble, Joint
from .run import Run


class Teacher:
    """One or several finished runs that tell what they make of a batch: the mean of their probabilities.

    Hinton et al. 2015, "Distilling the Knowledge in a Neural Network". It is no module: its weights belong to no checkpoint.
    """

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble
        each = [run.network() for run in ensemble.runs]
        # as they were trained: where no held-back picture is misread, calibration makes them so sure that nothing but labels is left
        self.network = Joint(each, [1.0] * len(each), [1.0] * len(each)).requires_grad_(False).eval()

    def __call__(self, pictures: Tensor) -> Tensor:
        """Logits float (N,K) under a flat prior of pictures float (N,28,28) 0..1, computed where these are."""
        with torch.no_grad(), torch.autocast(pictures.device.type, enabled=False):
            told: Tensor = self.network.to(pictures.device)(pictures)[0]
        return told

    def record(self) -> list[dict[str, Any]]:
        """What is told of it in the provenance of who learns: the digest of each run's weights, and where it came from."""
        return [
            {
                "name": run.folder.resolve().name,
                "weights": file_digest(run.folder / "weights.safetensors"),
                "provenance": dict(run.provenance),
            }
            for run in self.ensemble.runs
        ]


def teacher_of(folders: Sequence[Path], recipe: Recipe) -> Teacher | None:
    """The teacher that these runs make for ``recipe``; None where there are none.

    :class:`AlphabetError` and :class:`RunError` where they read other characters than it, or pictures prepared otherwise.
    """
    if not folders:
        return None
    ensemble = Ensemble(tuple(Run(folder) for folder in folders))
    told = alphabet(recipe.alphabet)
    if ensemble.alphabet != told:
        raise AlphabetError(
            f"the teachers read {_shown(ensemble.alphabet)}, the run is to read {_shown(told)}",
            "train with --alphabet as the teachers were",
        )
    if ensemble.recipe.preparation != recipe.preparation:
        raise RunError(f"the teachers' pictures are prepared otherwise than the run's: {folders[0]}")
    return Teacher(ensemble)


def _shown(of: Alphabet) -> str:
    return of.name or of.characters


def check_closed(runs: Sequence[Run], data: Mapping[str, Mapping[str, str]]) -> None:
    """:class:`RunError` where one of these may not teach a closed run on ``data``: they come from its data and nothing else."""
    allowed = {digest for of in data.values() for digest in of.values()}
    for run in runs:
        if not run.provenance.get("closed"):
            raise RunError(f"a teacher of a closed run is not closed itself: {run.folder}", "train it with --closed, too")
        files = {digest: file for of in run.provenance["data"].values() for file, digest in of.items()}
        foreign = sorted(files[digest] for digest in set(files) - allowed)
        if foreign:
            raise RunError(f"a teacher of a closed run learnt from other data: {run.folder} from {', '.join(foreign)}")
