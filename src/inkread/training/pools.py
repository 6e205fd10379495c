"""The sources of a recipe -> pools of prepared renderings, made once and kept in a cache folder."""

from __future__ import annotations

import json
import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..alphabet import alphabet
from ..datasets import GlyphSet, PenPictures, load, path_digest, places
from ..picture import begin_beside
from ..recipes import Recipe, SourceUse
from .files import write_json
from .pool import Pool
from .provenance import code_digest
from .render import Original, Renderings, render_all

CHUNK = 256
"""Originals a piece of work; small enough that progress moves, large enough that handing it over costs nothing."""

Progress = Callable[[str, int, int], None]


def pools(recipe: Recipe, data: Path, cache_folder: Path, workers: int = 2, progress: Progress | None = None) -> list[Pool]:
    """The pools of a recipe's sources, in their order.

    ``data``: the folder that the recipe's paths are relative to. ``cache_folder``: where finished renderings are kept as
    .npy, each beside a .json that says what it was made from; they are made again when a file, the recipe's seed or the
    code that prepares changes. ``workers``: processes. ``progress`` is told source, pictures done, pictures in all.
    """
    return [pool(recipe, use, data, cache_folder, workers, progress) for use in recipe.sources]


def pool(recipe: Recipe, use: SourceUse, data: Path, cache_folder: Path, workers: int = 2, progress: Progress | None = None) -> Pool:
    """The pool of one source; see :func:`pools`. Pictures without a label are left out."""
    where = places(use.data, data)
    sets = [load(str(each), alphabet=alphabet(recipe.alphabet), preparation=None) for each in where]
    targets = np.concatenate([each.targets for each in sets])
    targets = targets[targets.any(axis=1)]
    told = {Path(str(each)).name: path_digest(each.path) for each in where}
    how = Renderings(use.renderings, use.paper, recipe.preparation, recipe.seed)
    made = Made(use.name, told, sha256(np.packbits(targets).tobytes()).hexdigest(), how, _code())
    array = cache_folder / f"{use.name}-{made.key}.npy"
    if not array.is_file():
        cache_folder.mkdir(parents=True, exist_ok=True)
        _render(sets, len(targets), array, how, workers, lambda done: progress and progress(use.name, done, len(targets)))
        write_json(array.with_suffix(".json"), asdict(made))
    return Pool(use.name, np.load(array, mmap_mode="r"), targets, use.repeat, use.validation, told)


@dataclass(frozen=True)
class Made:
    """Everything that renderings depend on: digests of the files and labels, how they are rendered, and the code."""

    source: str
    data: Mapping[str, str]
    targets: str
    how: Renderings
    code: str

    @property
    def key(self) -> str:
        """A name for the renderings, of 16 hexadecimal digits."""
        return sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()[:16]


def _render(sets: Sequence[GlyphSet], count: int, file: Path, how: Renderings, workers: int, done: Callable[[int], object]) -> None:
    """Writes the renderings of all labelled glyphs, uint8 (R,N,28,28), in pieces as they come."""
    side = how.preparation.side
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        out = np.lib.format.open_memmap(beside, "w+", np.uint8, (how.count, count, side, side))
        for first, piece in _worked(_pieces(sets), how, workers):
            out[:, first : first + piece.shape[1]] = piece
            done(first + piece.shape[1])
        out.flush()
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _worked(pieces: Iterator[tuple[int, list[Original]]], how: Renderings, workers: int) -> Iterator[tuple[int, NDArray[np.uint8]]]:
    """The pieces' renderings in order, made by ``workers`` processes with a few pieces ahead (none for 1)."""
    if workers < 2:
        yield from ((first, render_all(originals, first, how)) for first, originals in pieces)
        return
    # started afresh, not forked: this process may hold the threads of PyTorch
    with ProcessPoolExecutor(workers, get_context("spawn"), begin_beside) as crew:
        ahead: deque[tuple[int, Future[NDArray[np.uint8]]]] = deque()
        for first, originals in pieces:
            ahead.append((first, crew.submit(render_all, originals, first, how)))
            if len(ahead) > 2 * workers:
                first, piece = ahead.popleft()
                yield first, piece.result()
        for first, piece in ahead:
            yield first, piece.result()


def _pieces(sets: Sequence[GlyphSet]) -> Iterator[tuple[int, list[Original]]]:
    """The labelled originals in order, some at a time, each with the number of its first."""
    number, piece = 0, list[Original]()
    for glyphs in sets:
        originals = glyphs.pictures.strokes if isinstance(glyphs.pictures, PenPictures) else glyphs.pictures
        for at in np.flatnonzero(glyphs.targets.any(axis=1)).tolist():
            piece.append(originals[at])
            if len(piece) == CHUNK:
                yield number, piece
                number, piece = number + len(piece), []
    if piece:
        yield number, piece


@cache
def _code() -> str:
    """The digest of all code that decides what a rendering looks like."""
    return code_digest("picture", "formats", "datasets", "preparation.py", "training/render.py")
