"""A finished run's folder, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from .. import networks
from ..alphabet import alphabet
from ..errors import RunError
from ..recipes import Recipe, parse
from .files import load_weights


@dataclass(frozen=True, eq=False)
class Answers:
    """What the chosen weights say of the held-back pictures: ``logits`` float32 (N,K), ``targets`` bool (N,K), ``sources`` str (N,)."""

    logits: NDArray[np.float32]
    targets: NDArray[np.bool_]
    sources: NDArray[np.str_]


@dataclass(frozen=True)
class Run:
    """A run folder that ``fit`` has finished; :class:`RunError` where a part is missing."""

    folder: Path

    def __post_init__(self) -> None:
        for name in ("recipe.toml", "metrics.json", "weights.safetensors"):
            if not (self.folder / name).is_file():
                raise RunError(f"this is no finished run, it lacks {name}: {self.folder}")

    @cached_property
    def recipe(self) -> Recipe:
        """The recipe that was trained."""
        return parse((self.folder / "recipe.toml").read_text(encoding="utf-8"), str(self.folder / "recipe.toml"))

    @cached_property
    def metrics(self) -> Mapping[str, Any]:
        """metrics.json: the chosen epoch and its scores."""
        return self._json("metrics.json")

    @cached_property
    def provenance(self) -> Mapping[str, Any]:
        """provenance.json."""
        return self._json("provenance.json")

    def network(self) -> nn.Module:
        """The network with the chosen weights, ready to answer (eval mode)."""
        used = self.recipe.network
        network = networks.build(used.name, len(alphabet(self.recipe.alphabet)), **used.settings)
        load_weights(self.folder / "weights.safetensors", network)
        return network.eval()

    def validation(self) -> Answers:
        """The answers to the held-back pictures."""
        with np.load(self.folder / "validation.npz", allow_pickle=False) as held:
            return Answers(held["logits"], held["targets"], held["sources"])

    def _json(self, name: str) -> Mapping[str, Any]:
        told: Mapping[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return told
