"""Many files at once: decoded, prepared and read in parallel, answered in order, in memory that does not grow with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ..errors import InkreadError
from ..picture import Prepared, decode, prepare, thumbnail
from .reader import Reader
from .reading import Reading
from .sources import Source

MAX_CHUNK = 256
_FIRST_CHUNK = 4
_SLOW, _QUICK = 0.4, 0.15
"""Seconds that a chunk may take before the next ones are made smaller, and below which they are made larger."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one picture: a ``reading``, or the ``error`` that kept it from being read.

    ``thumbnail``: uint8 (h, w), the picture as given but small, where that was asked for and it could be decoded.
    """

    path: str
    reading: Reading | None
    error: InkreadError | None = None
    thumbnail: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Neighbouring answers in path order, and those sources between them that were ``skipped``: no pictures."""

    answers: list[Answer]
    skipped: list[Source]
    seconds: float


def read_files(sources: Sequence[Source], reader: Reader, threads: int = 1) -> Iterator[Answer]:
    """One answer a picture, in the order of ``sources`` (see :func:`inkread.reading.find`); see :func:`read_batches`."""
    for batch in read_batches(sources, reader, threads):
        yield from batch.answers


def read_batches(sources: Sequence[Source], reader: Reader, threads: int = 1, side: int = 0) -> Generator[Batch, None, None]:
    """The answers of ``sources`` in their order, a batch at a time; the first ones are small so that they come at once.

    Each of the ``threads`` takes a chunk through all stations, since decoding, preparing and the network leave the
    interpreter free; at most twice as many chunks as threads are under way. ``side``: longest side in pixels of the
    small pictures to keep, 0 for none. A file that cannot be read is an answer with an error, never an exception.
    Closing the iterator stops the threads after the picture at hand.
    """
    stop = Event()
    pool = ThreadPoolExecutor(threads, thread_name_prefix="inkread")
    waiting: deque[Future[Batch]] = deque()
    size, start = _FIRST_CHUNK, 0
    try:
        while start < len(sources) or waiting:
            while start < len(sources) and len(waiting) < 2 * threads:
                end = start + min(size, max(1, -(-(len(sources) - start) // threads)))
                waiting.append(pool.submit(_read_chunk, sources[start:end], reader, side, stop))
                start = end
            batch = waiting.popleft().result()
            size = max(1, size // 2) if batch.seconds > _SLOW else min(MAX_CHUNK, size * 2) if batch.seconds < _QUICK else size
            yield batch
    finally:
        stop.set()
        pool.shutdown(cancel_futures=True)


def _read_chunk(sources: Sequence[Source], reader: Reader, side: int, stop: Event) -> Batch:
    began = perf_counter()
    preparation = reader.bundle.manifest.preparation
    answers: list[Answer] = []
    skipped: list[Source] = []
    prepared: list[Prepared] = []
    read: list[tuple[int, NDArray[np.uint8] | None]] = []
    for source in sources:
        if stop.is_set():
            break
        try:
            data = source.read()
            if data is None:
                skipped.append(source)
                continue
            picture = decode(data)
            prepared.append(prepare(picture, preparation))
        except InkreadError as error:
            answers.append(Answer(source.path, None, error))
            continue
        read.append((len(answers), thumbnail(picture, side) if side else None))
        answers.append(Answer(source.path, None))
    for (at, small), reading in zip(read, reader.readings(prepared), strict=True):
        answers[at] = Answer(answers[at].path, reading, None, small)
    return Batch(answers, skipped, perf_counter() - began)
