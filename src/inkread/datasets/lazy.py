"""Rows of pictures that are made only when they are asked for."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, overload

import numpy as np

from ..errors import InkreadError, PictureError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..formats import Strokes

    Picture: TypeAlias = NDArray[np.uint8]
    Pictures: TypeAlias = NDArray[np.uint8] | Sequence[NDArray[np.uint8]]


class Lazy(Sequence["NDArray[np.uint8]"]):
    """A row of uint8 pictures (H,W) of any size; a slice of it is lazy too. Safe to share between threads."""

    @abstractmethod
    def picture(self, index: int) -> Picture:
        """The picture at ``index``, which lies in 0..N-1."""

    @overload
    def __getitem__(self, index: int) -> Picture: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Picture]: ...
    def __getitem__(self, index: int | slice) -> Picture | Sequence[Picture]:
        if isinstance(index, slice):
            return Chosen(self, np.arange(len(self))[index])
        return self.picture(range(len(self))[index])


class Chosen(Lazy):
    """Some pictures of a row, in a given order."""

    def __init__(self, pictures: Sequence[Picture], indices: NDArray[np.int64]) -> None:
        self.pictures = pictures
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def picture(self, index: int) -> Picture:
        return self.pictures[int(self.indices[index])]


class Joined(Lazy):
    """Several rows of pictures, one after another."""

    def __init__(self, parts: Sequence[Pictures]) -> None:
        self.parts = parts
        self.ends = np.cumsum([len(each) for each in parts])

    def __len__(self) -> int:
        return int(self.ends[-1])

    def picture(self, index: int) -> Picture:
        part = int(np.searchsorted(self.ends, index, side="right"))
        return np.asarray(self.parts[part][index - (int(self.ends[part - 1]) if part else 0)])


class Decoded(Lazy):
    """Encoded pictures, decoded; ``turn``: each is stored transposed. :class:`PictureError` names the one that fails."""

    def __init__(self, encoded: Sequence[bytes], names: Sequence[str] | None, *, turn: bool = False) -> None:
        self.encoded = encoded
        self.names = names
        self.turn = turn

    def __len__(self) -> int:
        return len(self.encoded)

    def picture(self, index: int) -> Picture:
        from ..picture import decode

        try:
            picture = decode(self.encoded[index])
        except PictureError as error:
            where = self.names[index] if self.names else f"picture {index}"
            raise type(error)(f"{error.message}: {where}", error.hint) from error
        return picture.T if self.turn else picture


class PenPictures(Lazy):
    """Strokes drawn by a pen of its own for each character, chosen by ``seed`` and the character's place."""

    def __init__(self, strokes: Strokes, seed: int = 0) -> None:
        self.strokes = strokes
        self.seed = seed

    def __len__(self) -> int:
        return len(self.strokes)

    def picture(self, index: int) -> Picture:
        from ..picture import Pen, render

        pen = Pen.random(np.random.default_rng((self.seed, index)))
        try:
            return render(self.strokes[index], pen)
        except InkreadError as error:
            raise PictureError(f"{error.message}: character {index}", error.hint) from error
