"""Many files at once: decoded, prepared and read in parallel, answered in order, in memory that does not grow with them."""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from ..errors import InkreadError
from ..picture import Crew, Made, Prepared, made_of, one_thread
from .reader import Reader
from .reading import Reading
from .sources import Source

MAX_CHUNK = 256
_FIRST_CHUNK = 4
_MEASURED = 64
_WORTH_A_CREW = 2.0
"""Sources after which it is known how long one takes; seconds of work from which processes are started (0.3 s of two cores)."""

_HELD = 8_000_000
"""Bytes of files that are held at most, beside the last one, before something is made of them."""

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


def read_batches(
    sources: Sequence[Source], reader: Reader, threads: int = 1, side: int = 0, *, processes: bool = False
) -> Generator[Batch, None, None]:
    """The answers of ``sources`` in their order, a batch at a time; the first ones are small so that they come at once.

    Each of the ``threads`` takes a chunk through all stations, since decoding, preparing and the network leave the
    interpreter free; at most three times as many chunks as threads are under way. ``side``: longest side in pixels of the
    small pictures to keep, 0 for none. A file that cannot be read is an answer with an error, never an exception.
    Closing the iterator stops the threads after the picture at hand; until then OpenCV computes with one thread a call.
    ``processes``: where several threads will take seconds, as many processes prepare for them; they import the program's
    main module anew, which must allow for that.
    """
    work = _Work(reader, side, threads)
    waiting: deque[Future[Batch]] = deque()
    size, start, finished = _FIRST_CHUNK, 0, 0
    with one_thread(), work:
        while start < len(sources) or waiting:
            while start < len(sources) and len(waiting) < (3 if work.crew else 2) * threads:
                end = start + min(size, max(1, -(-(len(sources) - start) // threads)))
                waiting.append(work.begun(sources[start:end]))
                start = end
            batch = waiting.popleft().result()
            size = max(1, size // 2) if batch.seconds > _SLOW else min(MAX_CHUNK, size * 2) if batch.seconds < _QUICK else size
            yield batch
            done = len(batch.answers) + len(batch.skipped)
            finished += done
            if processes and threads > 1 and finished >= _MEASURED:
                work.hire((len(sources) - start) * batch.seconds / max(1, done) / threads)


class _Work:
    """What every chunk goes through, in threads that end with the block: at once, but for the picture at hand."""

    def __init__(self, reader: Reader, side: int, threads: int) -> None:
        self.reader = reader
        self.side = side
        self.threads = threads
        self.crew: Crew | None = None
        self._asked = False
        self._stop = Event()
        self._pools = [ThreadPoolExecutor(threads, thread_name_prefix="inkread")]

    def __enter__(self) -> _Work:
        return self

    def __exit__(self, *_why: object) -> None:
        self._stop.set()
        if self.crew:
            self.crew.dismiss()
        for pool in self._pools:
            pool.shutdown(cancel_futures=True)
        if self.crew:
            self.crew.close()

    def begun(self, sources: Sequence[Source]) -> Future[Batch]:
        """The answers of neighbouring sources, when they are there."""
        return self._pools[-1].submit(self.chunk, sources)

    def hire(self, seconds: float) -> None:
        """Get processes that prepare, where the work that is left takes ``seconds`` enough to be worth starting them."""
        if self._asked or seconds < _WORTH_A_CREW:
            return
        self._asked = True
        with suppress(OSError):  # where no process can be started the threads do it alone
            self.crew = Crew(self.threads, self.reader.preparation)
            # while some threads wait for the crew, others run the network
            self._pools.append(ThreadPoolExecutor(2 * self.threads, thread_name_prefix="inkread"))

    def chunk(self, sources: Sequence[Source]) -> Batch:
        """The answers of neighbouring sources."""
        began = perf_counter()
        answers: list[Answer] = []
        skipped: list[Source] = []
        places: list[int] = []
        files: list[bytes] = []
        held = 0
        made: list[Made] = []
        for source in sources:
            if self._stop.is_set():
                break
            try:
                data = source.read()
            except InkreadError as error:
                answers.append(Answer(source.path, None, error))
                continue
            if data is None:
                skipped.append(source)
                continue
            places.append(len(answers))
            answers.append(Answer(source.path, None))
            files.append(data)
            held += len(data)
            if held > _HELD:
                made += self._made(files)
                files, held = [], 0
        made += self._made(files)
        self._answer(answers, places, made)
        return Batch(answers, skipped, perf_counter() - began)

    def _made(self, files: Sequence[bytes]) -> list[Made]:
        made = self.crew.made(files, self.side) if self.crew and self.crew.ready else None
        if made is not None:
            return made
        stopped = InkreadError("interrupted")
        return [stopped if self._stop.is_set() else made_of(data, self.reader.preparation, self.side) for data in files]

    def _answer(self, answers: list[Answer], places: Sequence[int], made: Sequence[Made]) -> None:
        read: list[tuple[int, NDArray[np.uint8] | None]] = []
        prepared: list[Prepared] = []
        for at, each in zip(places, made, strict=True):
            if isinstance(each, InkreadError):
                answers[at] = Answer(answers[at].path, None, each)
            else:
                prepared.append(each[0])
                read.append((at, each[1]))
        for (at, small), reading in zip(read, self.reader.readings(prepared), strict=True):
            answers[at] = Answer(answers[at].path, reading, None, small)
