"""A finished run's folder, read back."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .. import networks
from ..alphabet import alphabet
from ..errors import RunError
from ..recipes import Recipe, parse
from .files import beside, load_weights
from .provenance import learnt_from


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says of pictures: ``logits`` float32 (N,K), ``targets`` bool (N,K), ``sources`` str (N,)."""

    logits: NDArray[np.float32]
    targets: NDArray[np.bool_]
    sources: NDArray[np.str_]

    @classmethod
    def of(cls, network: nn.Module, asked: Sequence[tuple[str, NDArray[np.uint8], NDArray[np.bool_]]]) -> Answers:
        """What ``network`` says of these (source, pictures uint8 (N,28,28), targets bool (N,K))."""
        logits = np.concatenate([logits_of(network, pictures) for _, pictures, _ in asked])
        targets = np.concatenate([targets for _, _, targets in asked])
        return cls(logits, targets, np.concatenate([np.full(len(targets), name) for name, _, targets in asked]))

    @classmethod
    def load(cls, file: Path) -> Answers:
        """The answers that :meth:`save` wrote; :class:`RunError` where there are none."""
        if not file.is_file():
            raise RunError(f"the run lacks its answers: {file}")
        with np.load(file, allow_pickle=False) as held:
            return cls(held["logits"], held["targets"], held["sources"])

    def save(self, file: Path) -> None:
        """Writes the answers as .npz."""
        with beside(file) as new:
            np.savez_compressed(new, logits=self.logits, targets=self.targets, sources=self.sources)

    def take(self, chosen: NDArray[np.generic]) -> Answers:
        """Some of the answers, by index or mask."""
        return Answers(self.logits[chosen], self.targets[chosen], self.sources[chosen])


@dataclass(frozen=True, eq=False)
class Sample:
    """Held-back pictures that a run keeps: ``pictures`` uint8 (M,28,28), ``targets`` bool (M,K), ``sources`` str (M,)."""

    pictures: NDArray[np.uint8]
    targets: NDArray[np.bool_]
    sources: NDArray[np.str_]

    @classmethod
    def load(cls, file: Path) -> Sample:
        """The sample that :meth:`save` wrote; :class:`RunError` where there is none."""
        if not file.is_file():
            raise RunError(f"the run lacks its sample of pictures: {file}")
        with np.load(file, allow_pickle=False) as held:
            return cls(held["pictures"], held["targets"], held["sources"])

    def save(self, file: Path) -> None:
        """Writes the sample as .npz."""
        with beside(file) as new:
            np.savez_compressed(new, pictures=self.pictures, targets=self.targets, sources=self.sources)

    def digests(self) -> dict[str, str]:
        """Source -> SHA-256 of its pictures and targets: which ones were held back."""
        found = {}
        for name in dict.fromkeys(self.sources.tolist()):
            mine = self.sources == name
            found[name] = sha256(self.pictures[mine].tobytes() + np.packbits(self.targets[mine]).tobytes()).hexdigest()
        return found

    def few(self, most: int) -> NDArray[np.uint8]:
        """At most so many of the pictures, evenly from all of them."""
        return self.pictures[np.unique(np.linspace(0, len(self.pictures) - 1, most).astype(np.int64))]


def read_with(threads: int) -> None:
    """Let PyTorch read with so many threads from now on."""
    torch.set_num_threads(threads)


def logits_of(network: nn.Module, pictures: NDArray[np.uint8], batch: int = 500) -> NDArray[np.float32]:
    """The logits (N,K) of prepared pictures uint8 (N,28,28); the network is put into eval mode and asked where it is."""
    return logits_and_features_of(network, pictures, batch)[0]


def logits_and_features_of(
    network: nn.Module, pictures: NDArray[np.uint8], batch: int = 500
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Like :func:`logits_of`, with the features (N,D) that the logits are made of."""
    network.eval()
    device = next((each.device for each in network.parameters()), torch.device("cpu"))
    with torch.inference_mode():
        pieces = (torch.from_numpy(np.array(pictures[at : at + batch])) for at in range(0, len(pictures), batch))
        parts = [network(piece.to(device)) for piece in pieces]
    logits, features = (np.asarray(torch.cat(each).cpu().numpy(), np.float32) for each in zip(*parts, strict=True))
    return logits, features


def without_prior(network: nn.Module, learnt: Tensor) -> nn.Module:
    """The network, its logits freed of the log prior ``learnt`` (K,) that they hold.

    In the bias of its last layer ``classify``, which is changed; where it has none by a layer behind.
    """
    last = getattr(network, "classify", None)
    if not learnt.any():
        return network
    if not isinstance(last, nn.Linear) or last.bias is None:
        return WithoutPrior(network, learnt)
    with torch.no_grad():
        last.bias.sub_(learnt)
    return network


class WithoutPrior(nn.Module):
    """A network of whose logits ``learnt`` (K,) is subtracted."""

    def __init__(self, network: nn.Module, learnt: Tensor) -> None:
        super().__init__()
        self.network = network
        self.learnt: Tensor
        self.register_buffer("learnt", learnt)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        logits, features = self.network(pictures)
        return logits - self.learnt, features


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

    def network(self, epoch: int | None = None) -> nn.Module:
        """The network with the chosen weights, or those of an epoch, ready to answer (eval mode); its logits are free of priors."""
        used = self.recipe.network
        network = networks.build(used.name, len(alphabet(self.recipe.alphabet)), **used.settings)
        file = "weights.safetensors" if epoch is None else f"epochs/{epoch:03d}.safetensors"
        load_weights(self.folder / file, network)
        return without_prior(network, torch.tensor(self.metrics["learnt"])).eval()

    def validation(self) -> Answers:
        """The answers to the held-back pictures of the sources that it was trained on."""
        return self._validation

    def sample(self) -> Sample:
        """Some held-back pictures of every source, on which an export is compared with the network."""
        return self._sample

    def left_out(self) -> Answers | None:
        """The answers to sources that it never saw; None where it left none out."""
        file = self.folder / "left-out.npz"
        return Answers.load(file) if file.is_file() else None

    @cached_property
    def learnt_from(self) -> dict[str, str]:
        """Source -> SHA-256 of its files, of all data that influenced it; see :func:`.provenance.learnt_from`."""
        return learnt_from([self.provenance])

    @cached_property
    def _validation(self) -> Answers:
        return Answers.load(self.folder / "validation.npz")

    @cached_property
    def _sample(self) -> Sample:
        return Sample.load(self.folder / "sample.npz")

    def _json(self, name: str) -> Mapping[str, Any]:
        told: Mapping[str, Any] = json.loads((self.folder / name).read_text(encoding="utf-8"))
        return told
