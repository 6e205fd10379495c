"""Pictures of characters with what is known of each: the value that training, evaluation and studies work on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import BYCLASS, Alphabet
from ..errors import DataError
from .lazy import Chosen, Joined

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from ..preparation import Preparation
    from .lazy import Pictures
    from .opening import Opened


@dataclass(frozen=True, eq=False)
class GlyphSet:
    """N upright pictures of single characters and their labels.

    ``pictures``: uint8 (N,28,28), white ink on black, once prepared; before that also any other array (N,H,W), or a
    lazy sequence of N uint8 pictures (H,W) of any size. ``targets``: bool (N,K); the classes a picture may be: one
    true where the character is known, several where it is known up to them (``Cc``), none where it is not told.
    ``alphabet``: the K answers. ``source``: where it comes from, for people. ``writer``: str (N,), or None where not
    known. ``names``: one a picture (a file's, a member's), or None. :class:`DataError` where lengths disagree.
    """

    pictures: Pictures
    targets: NDArray[np.bool_]
    alphabet: Alphabet = BYCLASS
    source: str = ""
    writer: NDArray[np.str_] | None = None
    names: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.targets.dtype != np.bool_ or self.targets.shape != (len(self.pictures), len(self.alphabet)):
            wanted = (len(self.pictures), len(self.alphabet))
            raise DataError(f"targets must be bool of shape {wanted}: {self.targets.dtype} {self.targets.shape}")
        for what, values in (("writer", self.writer), ("names", self.names)):
            if values is not None and len(values) != len(self.pictures):
                raise DataError(f"{what} must have one entry a picture ({len(self.pictures)}): {len(values)}")

    def __len__(self) -> int:
        return len(self.pictures)

    def take(self, indices: ArrayLike) -> GlyphSet:
        """The pictures at these indices (or where a boolean mask is true), in this order; a lazy sequence stays lazy."""
        given = np.asarray(indices)
        at = np.flatnonzero(given) if given.dtype == np.bool_ else given.astype(np.int64)
        return replace(
            self,
            pictures=chosen(self.pictures, at),
            targets=self.targets[at],
            writer=None if self.writer is None else self.writer[at],
            names=None if self.names is None else tuple(self.names[index] for index in at),
        )

    def prepared(self, preparation: Preparation) -> GlyphSet:
        """The same set with every picture prepared: uint8 (N,side,side), in a pool of threads.

        :class:`PictureError` naming the first picture that cannot be decoded.
        """
        from .preparing import prepare_all

        return replace(self, pictures=prepare_all(self.pictures, preparation))

    def single_labels(self) -> NDArray[np.int64]:
        """The class index of each picture, int64 (N,); -1 where more than one character is possible or none is told."""
        return np.where(self.targets.sum(axis=1) == 1, self.targets.argmax(axis=1), -1).astype(np.int64)

    def counts(self) -> dict[str, int]:
        """How many pictures of each character are known for certain, in the alphabet's order."""
        numbers = np.bincount(self.single_labels() + 1, minlength=len(self.alphabet) + 1)[1:]
        return {character: int(number) for character, number in zip(self.alphabet, numbers, strict=True)}


def joined(sets: Sequence[GlyphSet]) -> GlyphSet:
    """Several sets of one alphabet as one, in their order; arrays of one size stay an array, anything else is lazy.

    Writers and names are kept where any set has them (empty strings elsewhere). :class:`DataError` where alphabets
    differ or there is no set.
    """
    if not sets:
        raise DataError("there is no set to join")
    if len(sets) == 1:
        return sets[0]
    alphabets = {each.alphabet for each in sets}
    if len(alphabets) > 1:
        raise DataError(f"sets of different alphabets cannot be joined: {', '.join(str(each) for each in alphabets)}")
    names, writer = texts_joined(sets)
    return GlyphSet(
        pictures=rows_joined([each.pictures for each in sets]),
        targets=np.concatenate([each.targets for each in sets]),
        alphabet=sets[0].alphabet,
        source="+".join(each.source for each in sets),
        writer=writer,
        names=names,
    )


def targets_of(labels: Sequence[str], alphabet: Alphabet) -> NDArray[np.bool_]:
    """Targets bool (N,K): every character of a label; none at all where the alphabet does not know one of them."""
    targets = np.zeros((len(labels), len(alphabet)), np.bool_)
    for row, label in enumerate(labels):
        found = [at for each in label if (at := alphabet.find(each)) is not None]
        if len(found) == len(label):
            targets[row, found] = True
    return targets


def texts_joined(parts: Sequence[GlyphSet] | Sequence[Opened]) -> tuple[tuple[str, ...] | None, NDArray[np.str_] | None]:
    """Names and writers of several sets as those of one, where any set has them (empty strings elsewhere)."""
    names = [("",) * len(each) if each.names is None else each.names for each in parts]
    writer = [np.full(len(each), "") if each.writer is None else each.writer for each in parts]
    return (
        tuple(name for each in names for name in each) if any(each.names is not None for each in parts) else None,
        np.concatenate(writer) if any(each.writer is not None for each in parts) else None,
    )


def chosen(pictures: Pictures, indices: NDArray[np.int64]) -> Pictures:
    """The pictures at these indices: all of an array are the array itself, some of it a copy, of a lazy row a lazy row."""
    if len(indices) == len(pictures) and bool((indices == np.arange(len(pictures))).all()):
        return pictures
    return pictures[indices] if isinstance(pictures, np.ndarray) else Chosen(pictures, indices)


def rows_joined(pictures: Sequence[Pictures]) -> Pictures:
    """Several rows as one: arrays in memory of one size stay an array, memory maps and anything else are joined lazily."""
    arrays = [each for each in pictures if isinstance(each, np.ndarray) and not isinstance(each, np.memmap)]
    if len(arrays) == len(pictures) and len({each.shape[1:] for each in arrays}) == 1:
        return np.concatenate(arrays)
    return Joined(pictures)
