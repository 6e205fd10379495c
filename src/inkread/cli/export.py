"""``inkread export``: a finished run becomes the one file that reading needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import UsageError
from ..interrupt import ending_at_once
from .commands import DONE, count, plain
from .extras import needing
from .lines import written
from .output import say

if TYPE_CHECKING:
    from ..bundle import Bundle
    from ..training import Ensemble, Run


@click.command(
    epilog="The bundle carries its characters, its preparation, its temperature and where it comes from; a card for people (FILE.md) "
    "stands beside it. It answers as PyTorch does on held-back pictures, or nothing is written. JSON: `file`, `card`, `bytes`, "
    "`characters`, `parameters`, `members` (of several runs: name, recipe, network, seed, weight, parameters, weights), "
    "`views` (of each picture, averaged), `temperature`, `parity` (largest difference to PyTorch), "
    "`read` (source -> flat, flat_case_folded, own_prior, each with right, count, value, low, high; calibration_error_flat, "
    "calibration_error_own_prior, most_confused, left_out), "
    "`eight_bits` (pictures, agreement, largest, accuracy_before, accuracy), `pictures_per_second`."
)
@click.argument("run", metavar="RUN[+RUN...]")
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.onnx")
@click.option("--bits", type=click.Choice(("8", "32")), help="Width of its numbers: 8 is a quarter of the size.  [default: the recipe's]")
@click.option("--greedy", is_flag=True, help="Of runs joined by +: count each as often as serves the pictures that they held back.")
@click.option("--tta", is_flag=True, help="Let it read every picture in nine slightly different views and average; nine times as slow.")
@click.option("--force", is_flag=True, help="Write over the file and its card where they are there already.")
@click.option("--json", "as_json", is_flag=True, help="What was written as one JSON object.")
def export(run: str, file: Path, bits: str | None, greedy: bool, tta: bool, force: bool, as_json: bool) -> int:
    """Write the network of a run as the one file that reading needs.

    `inkread read --bundle FILE.onnx` reads with it. Probabilities are calibrated on the pictures that the run held
    back. Several runs joined by + become one file that answers with the mean of their probabilities.
    """
    if file.suffix != ".onnx":
        raise UsageError(f"a bundle's name ends in .onnx: {file}")
    beside = file.with_suffix(".md")
    for each in (file, beside):
        if each.exists() and not force:
            raise UsageError(f"the file is there already: {each}", "--force writes over it")
    with ending_at_once(), needing("train"):
        from ..training import Viewed, card, pack

    model = _model(run, greedy=greedy)
    bundle = pack(Viewed(model) if tta else model, [], file, int(bits or 0))
    beside.write_text(card(bundle.manifest), encoding="utf-8")
    facts = _facts(bundle, file, beside)
    if as_json:
        say(written(facts, indent=2))
    else:
        say("\n".join(_lines(facts)))
    return DONE


def _model(which: str, *, greedy: bool) -> Run | Ensemble:
    """The run, or the runs that are to answer together."""
    from ..training import Ensemble, Run
    from .together import check_greedy, run_folders

    parts = run_folders(which)
    check_greedy(parts, greedy)
    for each in parts:
        if each.is_file():
            raise UsageError(f"this is no run's folder: {each}", "a bundle is exported already; runs are what `inkread train` leaves")
    runs = [Run(each) for each in parts]
    if len(runs) == 1:
        return runs[0]
    return Ensemble.greedy(runs) if greedy else Ensemble(tuple(runs))


def _facts(bundle: Bundle, file: Path, beside: Path) -> dict[str, Any]:
    manifest = bundle.manifest
    return {
        "file": str(file),
        "card": str(beside),
        "bytes": file.stat().st_size,
        "characters": manifest.characters,
        "parameters": manifest.figures["parameters"],
        "members": manifest.figures.get("members"),
        "views": manifest.figures.get("views", 1),
        "temperature": manifest.temperature,
        "parity": manifest.figures["parity"],
        "read": manifest.figures["read"],
        "eight_bits": manifest.figures.get("eight_bits"),
        "pictures_per_second": _speed(file),
    }


def _speed(file: Path) -> float:
    """Prepared pictures that the bundle answers in a second on one thread, the best of three tries on noise."""
    from time import perf_counter

    import numpy as np

    from ..reading import Reader

    reader = Reader(file, threads=1)
    pictures = np.random.default_rng(0).integers(0, 256, (512, 28, 28), np.uint8)
    times = []
    for _ in range(3):
        began = perf_counter()
        reader.probabilities(pictures)
        times.append(perf_counter() - began)
    return float(len(pictures) / min(times))


def _lines(facts: dict[str, Any]) -> list[str]:
    size = f"{facts['bytes'] / 1e6:.2f} MB, {count(facts['parameters'], 'parameter')}"
    speed = f"{facts['pictures_per_second']:,.0f} pictures/s on one thread"
    lines = [
        f"{plain(facts['file'])}: {count(len(facts['characters']), 'character')}, {size}",
        f"    answers as PyTorch does (largest difference {facts['parity']:.1e}); {speed}",
    ]
    if facts["members"]:
        each = (f"{plain(of['name'])} ({of['weight']})" for of in facts["members"])
        lines.append(f"    the mean of {count(len(facts['members']), 'run')}, which count: {', '.join(each)}")
    if facts["views"] > 1:
        lines.append(f"    the mean over {facts['views']} views of every picture")
    for name, of in facts["read"].items():
        right, error = of["own_prior"], of["calibration_error_own_prior"]
        told = f"{right['value']:.2%} ({right['low']:.2%} to {right['high']:.2%}), calibration error {error:.2%} at temperature"
        lines.append(f"    held back of {plain(name)}: {told} {facts['temperature']:.2f}")
    if small := facts["eight_bits"]:
        told = f"{small['accuracy']:.2%} right where 32 bits have {small['accuracy_before']:.2%}, {small['agreement']:.2%} answered alike"
        lines.append(f"    in whole numbers, on {count(small['pictures'], 'held-back picture')} under a flat prior: {told}")
    return [*lines, f"    card: {plain(facts['card'])}"]
