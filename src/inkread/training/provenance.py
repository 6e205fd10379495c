"""Where a run comes from: data, initial weights, code and versions, by digest."""

from __future__ import annotations

import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any

from torch import nn

from .. import __version__
from ..datasets import file_digest
from ..errors import RunError
from ..recipes import Recipe
from .circumstances import Circumstances
from .pool import Pool

WEIGHTS = "weights "
"""How the sources begin that are files of weights that others trained."""
PACKAGES = ("torch", "lightning", "numpy", "opencv-python-headless")


@dataclass(frozen=True)
class Provenance:
    """What influenced a run.

    ``data``: source -> {file: SHA-256}; ``pools``: source -> SHA-256 of the prepared pictures and targets themselves;
    ``held``: source -> SHA-256 of those of them that it holds back, as far as it keeps them;
    ``without``: sources that the recipe has and this run left out; ``initial_weights``: SHA-256 of the first state;
    ``started_from``: SHA-256 of the fine-tuned run's weights, and what *that* run came from; ``weights_from``: SHA-256, name and
    source of a file of weights that others trained; ``teachers``: SHA-256 of the weights of each run that it learnt from, and
    where that came from; ``code``: SHA-256 of the package's Python files; ``own_code``: of the modules of the user's own (a
    network, callbacks), by ``module:Class``, and of those beside them that they import, by name; ``closed``: whether nothing but
    the data was allowed to influence it.
    """

    recipe: str
    seed: int
    data: Mapping[str, Mapping[str, str]]
    pools: Mapping[str, str]
    held: Mapping[str, str]
    without: Sequence[str]
    initial_weights: str
    started_from: Mapping[str, Any] | None
    weights_from: Mapping[str, Any] | None
    teachers: Sequence[Mapping[str, Any]]
    code: str
    own_code: Mapping[str, str]
    closed: bool
    versions: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)

    def going_on(self, begun: Mapping[str, Any]) -> Provenance:
        """That of a run that is resumed without the file of weights that it began with: they stand in its checkpoint."""
        if self.weights_from or not begun.get("weights_from"):
            return self
        return replace(self, weights_from=begun["weights_from"], initial_weights=begun["initial_weights"])

    def since(self, begun: Mapping[str, Any]) -> dict[str, Any]:
        """That of the run as it was begun, and by which code it was gone on with, where that is another."""
        ours = {key: getattr(self, key) for key in ("code", "own_code", "versions")}
        earlier = [begun, *begun.get("resumed", [])]
        same = all(earlier[-1].get(key) == value for key, value in ours.items())
        return dict(begun) if same else dict(begun) | {"resumed": [*begun.get("resumed", []), ours]}

    def check_unseen(self, told: Mapping[str, Any], what: str, folder: Path) -> None:
        """:class:`RunError` where the run ``what`` in ``folder``, or one before it, learnt from pictures that this run holds back.

        ``told``: its provenance. Of every source that both have, by the pictures and not by the name, both have to hold back the
        same. Earlier runs whose provenance does not say what they held back are not asked.
        """
        ours = {self.pools[name]: held for name, held in self.held.items()}
        for each in lineage(told):
            for name, digest in each["pools"].items():
                if digest in ours and "held" in each and each["held"].get(name) != ours[digest]:
                    raise RunError(
                        f"{what} learnt from pictures that this run would validate on: {folder}",
                        "hold back the same ones, by its training.validation and training.split",
                    )

    def check_same_origin(self, other: Mapping[str, Any]) -> None:
        """:class:`RunError` where the run that is to be resumed had other data, other initial weights or other teachers."""
        ours, theirs = self.as_dict(), {"teachers": []} | dict(other)
        for key in ("pools", "initial_weights", "seed", "teachers"):
            if theirs.get(key) != ours[key]:
                raise RunError(
                    f"the run cannot be resumed, its {key.replace('_', ' ')} differ from then", "start a new run in another folder"
                )


def provenance(
    recipe: Recipe,
    pools: Sequence[Pool],
    held: Mapping[str, str],
    network: nn.Module,
    circumstances: Circumstances,
    started_from: Mapping[str, Any] | None = None,
    teachers: Sequence[Mapping[str, Any]] = (),
    weights_from: Mapping[str, Any] | None = None,
) -> Provenance:
    """The provenance of a run that is about to start."""
    own = [each for each in (recipe.network.name, *recipe.training.callbacks) if ":" in each]
    return Provenance(
        recipe=recipe.name,
        seed=recipe.seed,
        data={pool.name: dict(pool.data) for pool in pools},
        pools={pool.name: pool.digest for pool in pools},
        held=held,
        without=list(circumstances.without),
        initial_weights=_weights_digest(network),
        started_from=started_from,
        weights_from=weights_from,
        teachers=list(teachers),
        code=code_digest(),
        own_code=_own_code(own),
        closed=circumstances.closed,
        versions={"inkread": __version__, "python": platform.python_version()} | {name: version(name) for name in PACKAGES},
    )


def lineage(provenance: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The provenance, and those of all runs that it goes back to: by their weights, or as teachers."""
    yield provenance
    for each in (provenance.get("started_from"), *provenance.get("teachers", ())):
        if each:
            yield from lineage(each["provenance"])


def learnt_from(provenances: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Source -> SHA-256 of its files, joined by +, of all that influenced runs of these provenances, by others too.

    Weights that others trained are a source named `weights FILE`.
    """
    found: dict[str, dict[str, None]] = {}
    for told in chain.from_iterable(map(lineage, provenances)):
        for source, of in told["data"].items():
            found.setdefault(source, {}).update(dict.fromkeys(of.values()))
        if weights := told.get("weights_from"):
            found.setdefault(WEIGHTS + weights["file"], {})[weights["sha256"]] = None
    return {source: "+".join(of) for source, of in found.items()}


def _own_code(names: Sequence[str]) -> dict[str, str]:
    """SHA-256 of the files of classes of one's own, ``module:Class``, and of the modules beside them that have been imported."""
    files = {each: file_of(each.partition(":")[0]) for each in names}
    folders = {file.parent for file in files.values() if file}
    beside = {name: file for name in list(sys.modules) if (file := file_of(name)) and file.parent in folders and file not in files.values()}
    return {name: file_digest(file) if file else "" for name, file in sorted((files | beside).items())}


def file_of(module: str) -> Path | None:
    """The file of a module that has been imported; None where it has none."""
    file = getattr(sys.modules.get(module), "__file__", None)
    return Path(file) if file else None


def _weights_digest(network: nn.Module) -> str:
    digest = sha256()
    for name, value in network.state_dict().items():
        digest.update(name.encode() + value.detach().cpu().numpy().tobytes())
    return digest.hexdigest()


def code_digest(*parts: str) -> str:
    """SHA-256 of the package's Python files, or of those in these rooms and files only."""
    digest = sha256()
    root = Path(__file__).parent.parent
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not parts or name in parts or name.split("/")[0] in parts:
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
