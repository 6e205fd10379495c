"""The labelled pictures of a source, and the three ways to predictions that were not learnt from their labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import DataError, UsageError
from ...interrupt import ending_at_once

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...alphabet import Alphabet
    from ...datasets import GlyphSet, Opened
    from ...preparation import Preparation

Say = Callable[[str], object]


@dataclass(frozen=True, eq=False)
class Material:
    """What an audit looks at: the pictures of ``parts`` whose label ``alphabet`` knows, part after part.

    ``place``: int64 (N,2), the part of each and its index there. ``targets``: bool (N,K). ``left_out``: how many pictures
    have no label, or one that the alphabet does not know.
    """

    parts: Sequence[Opened]
    alphabet: Alphabet
    place: NDArray[np.int64]
    targets: NDArray[np.bool_]
    left_out: int

    def __len__(self) -> int:
        return len(self.place)

    @cached_property
    def digests(self) -> NDArray[np.uint64]:
        """A hash of each picture."""
        import numpy as np

        return np.concatenate([part.digests[self._of(number)] for number, part in enumerate(self.parts)])

    def digest(self, at: int) -> int:
        """The hash of one picture."""
        import numpy as np

        number, index = self.place[at].tolist()
        return int(self.parts[number].take(np.array([index])).digests[0])

    def prepared(self, preparation: Preparation | None = None) -> NDArray[np.uint8]:
        """Every picture prepared, uint8 (N,28,28)."""
        import numpy as np

        from ...preparation import Preparation

        sets = [self._glyphs(number).prepared(preparation or Preparation()) for number in range(len(self.parts))]
        return np.concatenate([np.asarray(each.pictures) for each in sets if len(each)])

    def name(self, at: int) -> str:
        """The name of a picture in its source, "" where it has none."""
        number, index = self.place[at].tolist()
        names = self.parts[number].names
        return names[index] if names else ""

    @property
    def names(self) -> list[str] | None:
        """A name a picture, where all parts have names."""
        return [self.name(at) for at in range(len(self))] if all(each.names for each in self.parts) else None

    @property
    def writers(self) -> NDArray[np.str_] | None:
        """Who wrote each picture, str (N,), "" where it is not known; None where no part tells."""
        import numpy as np

        if all(each.writer is None for each in self.parts):
            return None
        told = [np.full(len(each), "") if each.writer is None else each.writer for each in self.parts]
        return np.concatenate([writer[self._of(number)] for number, writer in enumerate(told)])

    def _of(self, number: int) -> NDArray[np.int64]:
        mine: NDArray[np.int64] = self.place[self.place[:, 0] == number, 1]
        return mine

    def _glyphs(self, number: int) -> GlyphSet:
        from ...datasets import GlyphSet

        chosen = self.place[:, 0] == number
        return GlyphSet(self.parts[number].take(self._of(number)).pictures, self.targets[chosen], self.alphabet)


@dataclass(frozen=True, eq=False)
class Predicted:
    """``probabilities`` float64 (N,K) of a material, and the road to them: ``how`` for JSON, ``says`` for people."""

    probabilities: NDArray[np.float64]
    how: Mapping[str, object]
    says: str


def material_of(parts: Sequence[Opened], characters: str | None) -> Material:
    """The labelled pictures of these parts. ``characters``: an alphabet; None for the characters that stand in the labels.

    :class:`DataError` where nothing is labelled, or everything alike.
    """
    import numpy as np

    from ...alphabet import alphabet
    from ...datasets import targets_of

    source = "+".join(part.source for part in parts)
    if not any(part.kinds for part in parts):
        raise DataError(f"no picture has a label: {source}")
    known = alphabet(characters) if characters else _occurring(_whole(parts), parts)
    places, targets = [], []
    for number, part in enumerate(parts):
        rows = np.vstack([targets_of(part.kinds, known), np.zeros((1, len(known)), np.bool_)])[part.codes]
        labelled = np.flatnonzero(rows.any(axis=1))
        places.append(np.stack([np.full(len(labelled), number), labelled], axis=1))
        targets.append(rows[labelled])
    held = np.concatenate(targets)
    if held.any(axis=0).sum() < 2:
        raise DataError(f"labels of one character cannot be audited, or of none that the alphabet knows: {source}")
    return Material(parts, known, np.concatenate(places), held, sum(map(len, parts)) - len(held))


def _whole(parts: Sequence[Opened]) -> Alphabet:
    """The alphabet that the labels are of."""
    from ...alphabet import fitting

    return fitting(kind for part in parts for kind in part.kinds)


def _occurring(whole: Alphabet, parts: Sequence[Opened]) -> Alphabet:
    """The same without the answers that no label has: a picture cannot be suspected to be one of them."""
    from ...alphabet import Alphabet

    told = {whole.find(each) for part in parts for kind in part.kinds for each in kind}
    kept = [at for at in range(len(whole)) if at in told]
    if len(kept) == len(whole):
        return whole
    return Alphabet("".join(whole[at] for at in kept), tuple(whole.stands_for[at] for at in kept))


def given(material: Material, path: Path) -> Predicted:
    """The predictions in a file; :class:`DataError` where it holds answers without probabilities, or of other characters."""
    from ...alphabet import Alphabet, conversion
    from ...formats import read_predictions

    predictions = read_predictions(path).for_pictures(len(material), material.names)
    if predictions.probabilities is None:
        raise DataError(f"an audit needs a probability of every character, the file holds answers only: {path}")
    how, says = {"by": "predictions", "file": str(path)}, f"predictions of {path}"
    if predictions.remark:
        says = f"{says} ({predictions.remark})"
    if predictions.characters:
        told = conversion(Alphabet("".join(predictions.characters), predictions.stands_for or ()), material.alphabet)
        return Predicted(told.restrict(predictions.probabilities)[0], how, says)
    columns = predictions.probabilities.shape[1]
    if columns != len(material.alphabet) and columns == len(whole := _whole(material.parts)):
        return Predicted(conversion(whole, material.alphabet).restrict(predictions.probabilities)[0], how, says)
    if columns != len(material.alphabet):
        hint = "name the alphabet of the columns with --alphabet, or head the columns with their characters"
        raise DataError(f"{columns} columns for the {len(material.alphabet)} characters of the labels: {path}", hint)
    return Predicted(predictions.probabilities, how, says)


def read_by(material: Material, bundle: str, source: str, warn: Say) -> Predicted:
    """What a reader says; ``warn`` is told where the source's own files trained it."""
    with ending_at_once():
        from ...reading import Reader
        from ..options import available_cores

        reader = Reader(bundle, alphabet=material.alphabet, threads=available_cores())
    name = reader.bundle.manifest.name
    seen = _trained_by(source, reader.bundle.manifest.data.values())
    if seen:
        warn(f"warning: {seen} trained the reader {name}: it has learnt wrong labels too, and will find few of them")
    found = reader.probabilities(material.prepared(reader.preparation))
    return Predicted(found, {"by": "bundle", "bundle": name, "trained_on_it": bool(seen)}, f"the reader {name}")


def out_of_fold(material: Material, recipe: str, folds: int, seed: int, say: Say) -> Predicted:
    """What networks say that were trained on the other folds; ``say`` is told what takes long. Finished folds are kept.

    :class:`MissingExtra` without PyTorch; :class:`UsageError` for too few pictures.
    """
    import numpy as np

    from ...datasets import cache_folder
    from ...recipes import load, write
    from ..extras import needing

    with ending_at_once(), needing("train"):
        from ...training import Circumstances, Pool
        from ...training import out_of_fold as predicted

    chosen = replace(load(recipe), alphabet=material.alphabet.name or material.alphabet.characters)
    key = sha256(material.digests.tobytes() + np.packbits(material.targets).tobytes() + f"{write(chosen)}{folds} {seed}".encode())
    writers = material.writers
    key.update(b"equal pictures together" if writers is None else "\0".join(writers.tolist()).encode())
    folder = cache_folder() / "suspects" / key.hexdigest()[:16]
    pool = Pool("audited", material.prepared(chosen.preparation)[None], material.targets)
    found = predicted(
        chosen,
        pool,
        folder,
        folds,
        seed,
        # a network as small as this gains little from a second thread, and on a busy machine loses ten times its time to it
        Circumstances(threads=1),
        lambda fold: say(f"training fold {fold + 1} of {folds}, on {len(material) * (folds - 1) // folds:,} pictures"),
        writers=writers,
    )
    how = {"by": "out of fold", "recipe": chosen.name, "folds": folds, "seed": seed, "runs": str(folder)}
    return Predicted(
        np.asarray(found, np.float64), how, f"{folds} networks of the recipe {chosen.name}, each asked about pictures it never saw"
    )


def labelled_parts(source: str, part: str | None, *, training: bool, say: Say) -> list[Opened]:
    """The parts of a source to audit; labels of a test part never train, so that ``training`` leaves it out, and says so."""
    from ...datasets import open_parts
    from ..progress import Progress

    with Progress(doing="opening") as progress:
        opened = open_parts(source, part, progress.reached)
    parts = [each for each in opened if each.kinds]
    tests = [each for each in parts if "test" in each.part.split("+")]
    if not training or not tests:
        return parts or opened
    rest = [each for each in parts if each not in tests]
    hint = "give --predictions or --bundle"
    if not rest:
        raise UsageError(f"labels of a test part never train: {tests[0].source}", f"audit it otherwise: {hint}")
    say(f"left out: {', '.join(each.source for each in tests)}: labels of a test part never train ({hint})")
    return rest


def _trained_by(source: str, data: Iterable[str]) -> str:
    """The first file or folder of the source that trained the reader, by its manifest's digests; "" where none did."""
    from ...datasets import places
    from ..truth import trained_on

    found = trained_on((str(place.path) for place in places(source) if (place.part or "train").endswith("train")), data)
    return Path(found[0]).name if found else ""
