"""What reading a picture is made of, each part by itself: open, decode, prepare, infer and answer, and which one bounds it.

Rates are per second of processor time, so that they hold on a busy machine too; in one thread, on an idle core, that is
the same as a second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import process_time

import cv2
import numpy as np
from figures import say

from inkread import Reader
from inkread.bundle import Bundle
from inkread.picture import decode, prepare
from inkread.reading import Session

MOST = 1_000
PER_SECOND = "pictures/processor second"


@dataclass(frozen=True)
class Part:
    """``rates``: one a repeat, in ``unit`` (pictures per second of processor time, or percent of a picture's time)."""

    name: str
    rates: Sequence[float]
    unit: str
    pictures: int
    engine: str = ""


def parts(paths: Sequence[Path], bundle: Bundle, repeats: int) -> Iterator[Part]:
    """The rate of each part, of the network alone, of everything, and what share of a picture's time each part takes."""
    paths = paths[:MOST]
    cv2.setNumThreads(1)
    files = [path.read_bytes() for path in paths]
    pictures = [decode(each) for each in files]
    prepared = [prepare(each, bundle.manifest.preparation) for each in pictures]
    seen = np.stack([each.picture for each in prepared])
    work: dict[str, Callable[[], object]] = {
        "open": lambda: [path.read_bytes() for path in paths],
        "decode": lambda: [decode(each) for each in files],
        "prepare": lambda: [prepare(each, bundle.manifest.preparation) for each in pictures],
    }
    engines = [name for name in ("onnxruntime", "openvino") if find_spec(name)]
    for name in engines:
        work[f"network alone, {name}"] = partial(Session(bundle, name).run, seen)
        work[f"infer and answer, {name}"] = partial(Reader(bundle, engine=name).readings, prepared)
    taken: dict[str, list[float]] = {name: [] for name in work}
    for _ in range(repeats):
        for name, once in work.items():
            taken[name].append(_seconds(once) / len(paths))
    yield from _told(taken, len(paths), engines)


def _told(taken: dict[str, list[float]], pictures: int, engines: Sequence[str]) -> Iterator[Part]:
    for name, seconds in taken.items():
        engine = next((each for each in engines if name.endswith(each)), "")
        yield Part(name, [1.0 / each for each in seconds], PER_SECOND, pictures, engine)
    for engine in engines:
        stations = {name: taken[name] for name in ("open", "decode", "prepare")} | {
            "infer and answer": taken[f"infer and answer, {engine}"]
        }
        whole = [sum(each) for each in zip(*stations.values(), strict=True)]
        yield Part(f"everything, {engine}", [1.0 / each for each in whole], PER_SECOND, pictures, engine)
        for name, seconds in stations.items():
            shares = [100.0 * part / all_of_it for part, all_of_it in zip(seconds, whole, strict=True)]
            yield Part(f"share of {name}, {engine}", shares, "%", pictures, engine)
        bound = max((median(seconds), name) for name, seconds in stations.items())[1]
        say(f"with {engine} most of a picture's time goes to: {bound}")


def _seconds(work: Callable[[], object]) -> float:
    began = process_time()
    work()
    return process_time() - began
