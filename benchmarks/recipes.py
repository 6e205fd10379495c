"""What the recipes reach on real handwriting: trained by `inkread train`, the test part read once by `inkread evaluate`.

Finished runs in --runs are taken as they are, killed ones go on. A row whose runs have not changed since it was written is
not measured again, so that no test part is read twice for one result. `validation` chose the epochs, the test part nothing.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from dataclasses import dataclass, fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from figures import RESULTS, ROOT, machine, run, say, show, write
from sources import DATA

from inkread.bundle import load as load_bundle
from inkread.errors import RunError
from inkread.evaluation import over_seeds
from inkread.recipes import load as load_recipe

MNIST, MNIST_TEST = "mnist", "mnist/t10k-images-idx3-ubyte.gz"
TRAIN, EXTRA = "emnist/emnist-byclass-train.npz", "emnist/emnist-extra.npz"
TEST, ANSWERS = "emnist/emnist-byclass-test.npz", "emnist/contest-hidden-labels.csv"


@dataclass(frozen=True)
class Wanted:
    """A recipe on some data (several files joined), tested on a part that it never saw, over ``seeds`` seeds.

    ``name``: of the run. ``changes``: to the recipe, as after `--set`. ``target``: accuracy in percent, of the mean over the
    seeds. ``published``: what others tell of it.
    """

    figure: str
    name: str
    recipe: str
    data: tuple[str, ...]
    test: str
    labels: str = ""
    alphabet: str = ""
    seeds: int = 1
    target: float | None = None
    published: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ensemble:
    """The mean of runs that other figures train, ``members`` by their names, on ``test``."""

    figure: str
    members: tuple[str, ...]
    test: str
    labels: str = ""
    alphabet: str = ""
    target: float | None = None


FIGURES: tuple[Wanted | Ensemble, ...] = (
    Wanted("MNIST, chollet-mlp", "chollet-mlp-mnist", "chollet-mlp", (MNIST,), MNIST_TEST, "", "", 3, 97.8, "97.8-98.0 (quoted)"),
    Wanted("MNIST, keras-convnet", "keras-convnet-mnist", "keras-convnet", (MNIST,), MNIST_TEST, "", "", 3, 99.0, "98.97-99.25 (read)"),
    Wanted("MNIST, mnist-99", "mnist-99-mnist", "mnist-99", (MNIST,), MNIST_TEST, "", "", 3, 99.0),
    Wanted("MNIST, ink-m", "ink-m-mnist", "ink-m", (MNIST,), MNIST_TEST, "", "", 5, 99.6),
    Ensemble("MNIST, ensemble of 5 ink-m", tuple(f"ink-m-mnist-seed{seed}" for seed in range(1, 6)), MNIST_TEST, target=99.7),
    Wanted(
        "ByClass parts, conv64",
        "conv64-emnist-byclass-train",
        "conv64",
        (TRAIN,),
        TEST,
        ANSWERS,
        published="85.20 on validation (other split)",
    ),
    Wanted("ByClass parts, ink-s", "ink-s-emnist-byclass-train", "ink-s", (TRAIN,), TEST, ANSWERS, seeds=3),
    Wanted("ByClass parts, ink-m", "ink-m-emnist-byclass-train", "ink-m", (TRAIN,), TEST, ANSWERS),
    Ensemble(
        "ByClass parts, ensemble of ink-m and 3 ink-s",
        ("ink-m-emnist-byclass-train", *(f"ink-s-emnist-byclass-train-seed{seed}" for seed in (1, 2, 3))),
        TEST,
        ANSWERS,
    ),
    Wanted("ByClass parts and extra, ink-m", "ink-m-extra", "ink-m", (TRAIN, EXTRA), TEST, ANSWERS, seeds=3, target=88.0),
    Ensemble(
        "ByClass parts and extra, ensemble of 3 ink-m", tuple(f"ink-m-extra-seed{seed}" for seed in (1, 2, 3)), TEST, ANSWERS, target=88.5
    ),
    Wanted("Letters, chollet-mlp", "chollet-mlp-letters", "chollet-mlp", (TRAIN, EXTRA), TEST, ANSWERS, "letters"),
    Wanted(
        "Letters, keras-convnet",
        "keras-convnet-letters",
        "keras-convnet",
        (TRAIN, EXTRA),
        TEST,
        ANSWERS,
        "letters",
        changes=("preparation.ink=24",),  # EMNIST's frame; the recipe's is MNIST's
    ),
    Wanted("Letters, ink-m", "ink-m-letters", "ink-m", (TRAIN, EXTRA), TEST, ANSWERS, "letters", target=95.5),
)


@dataclass(frozen=True)
class Row:
    """A figure as it stands in the file; shares in percent.

    ``low`` and ``high``: the 95 % interval, over seeds (Student) or, of one run or ensemble, over pictures (Wilson).
    ``validation`` and ``epochs``: none for an ensemble. ``minutes``: of one run, or of all that an ensemble is made of.
    """

    figure: str
    recipe: str
    data: str
    alphabet: str
    seeds: int
    parameters: int
    epochs: int | None
    minutes: float
    validation: float | None
    pictures: int
    accuracy: float
    low: float
    high: float
    each: str
    macro_accuracy: float
    ece: float
    target: float | None
    published: str
    runs: str


def trained(wanted: Wanted, given: argparse.Namespace) -> list[dict[str, Any]]:
    """What `inkread train` tells of the runs of this figure, trained now where they are not there."""
    words = ["train", wanted.recipe, "--data", "+".join(str(given.data / each) for each in wanted.data), "--name", wanted.name]
    words += ["--out", str(given.runs), "--resume", "--threads", str(given.threads), "--device", given.device]
    words += ["--seeds", str(wanted.seeds)] if wanted.seeds > 1 else []
    words += ["--alphabet", wanted.alphabet] if wanted.alphabet else []
    words += [word for each in wanted.changes for word in ("--set", each)]
    told: list[dict[str, Any]] = inkread(*words)["runs"]
    return told


def scored(model: str, wanted: Wanted | Ensemble, given: argparse.Namespace) -> dict[str, Any]:
    """What `inkread evaluate` tells of a model on the figure's test part, which is read for it."""
    words = ["--data", str(given.data / wanted.test), *(["--labels", str(given.data / wanted.labels)] if wanted.labels else [])]
    return inkread("evaluate", model, *words, *(["--alphabet", wanted.alphabet] if wanted.alphabet else []))


def measured(wanted: Wanted, runs: list[dict[str, Any]], given: argparse.Namespace) -> Row:
    """The figure: every run of it reads the test part once."""
    found = [scored(each["run"], wanted, given) for each in runs]
    shares = [each["accuracy"] for each in found]
    over = over_seeds(shares) if len(shares) > 1 else None
    low, high = (over.low, over.high) if over else found[0]["interval"]
    validation = [of["accuracy"] for each in runs for of in each["scores"].values()]
    return Row(
        recipe=wanted.recipe,
        data="+".join(wanted.data),
        parameters=runs[0]["parameters"],
        epochs=runs[0]["epochs"],
        minutes=round(sum(map(minutes, runs)) / len(runs), 1),
        validation=percent(sum(validation) / len(validation)),
        low=percent(low),
        high=percent(high),
        each=" ".join(f"{percent(each):.2f}" for each in shares) if over else "",
        published=wanted.published,
        **common(wanted, runs, found),
    )


def joined(wanted: Ensemble, runs: list[dict[str, Any]], given: argparse.Namespace) -> Row:
    """The figure of the runs together: one reading of the test part."""
    found = scored("+".join(each["run"] for each in runs), wanted, given)
    recipes = [load_recipe(str(Path(each["run"]) / "recipe.toml")) for each in runs]
    low, high = found["interval"]
    return Row(
        recipe="+".join(each.name for each in recipes),
        data="+".join(dict.fromkeys(Path(source.data).name for each in recipes for source in each.sources)),
        parameters=found["model"]["parameters"],
        epochs=None,
        minutes=round(sum(map(minutes, runs)), 1),
        validation=None,
        low=percent(low),
        high=percent(high),
        each="",
        published="",
        **common(wanted, runs, [found]),
    )


def common(wanted: Wanted | Ensemble, runs: list[dict[str, Any]], found: list[dict[str, Any]]) -> dict[str, Any]:
    """What a row tells alike of runs and of an ensemble, by column; ``found``: each evaluation, of which shares are the mean."""
    means = {key: percent(sum(each[key] for each in found) / len(found)) for key in ("accuracy", "macro_accuracy", "ece")}
    told = {key: getattr(wanted, key) for key in ("figure", "alphabet", "target")}
    return told | means | {"seeds": len(runs), "pictures": found[0]["n"], "runs": weights(runs)}


def inkread(*words: str) -> dict[str, Any]:
    """What the command tells as JSON; what it says on the way goes to stderr. :class:`RunError` where it could not be done."""
    done = subprocess.run([sys.executable, "-m", "inkread", *words, "--json"], stdout=subprocess.PIPE, check=False)
    if done.returncode not in (0, 1):
        raise RunError(f"inkread {words[0]} ended with exit code {done.returncode}: {' '.join(words)}")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def minutes(told: dict[str, Any]) -> float:
    """How long the epochs of a run took."""
    lines = (Path(told["run"]) / "history.jsonl").read_text(encoding="utf-8").splitlines()
    return float(sum(json.loads(line)["seconds"] for line in lines)) / 60


def weights(runs: list[dict[str, Any]]) -> str:
    """How the SHA-256 of the weights of each run begins."""
    return " ".join(sha256((Path(each["run"]) / "weights.safetensors").read_bytes()).hexdigest()[:12] for each in runs)


def percent(share: float) -> float:
    """A share in percent, to two places."""
    return round(100 * share, 2)


def kept(folder: Path) -> dict[str, Row]:
    """The rows that were written before, by figure."""
    file = folder / f"recipes-real-{machine()}.csv"
    if not file.is_file():
        return {}
    with open(file, encoding="utf-8", newline="") as lines:
        rows = [{each.name: _value(str(each.type), row[each.name]) for each in fields(Row)} for row in csv.DictReader(lines)]
    return {row["figure"]: Row(**row) for row in rows}


def _value(kind: str, text: str) -> Any:
    if kind == "str":
        return text
    return None if not text else int(text) if kind.startswith("int") else float(text)


def main() -> None:
    """Trains, reads the test parts once, prints and writes after every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("figure", nargs="*", help="only figures that contain one of these words")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the data (default: ../shared/data)")
    parser.add_argument("--runs", type=Path, default=ROOT / "runs", help="folder of the runs (default: runs)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder to write to (default: results)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="auto")
    given = parser.parse_args()
    given.data = Path(os.path.relpath(given.data))
    rows = kept(given.results)
    for wanted in (each for each in FIGURES if not given.figure or any(word in each.figure for word in given.figure)):
        runs = [{"run": str(given.runs / each)} for each in wanted.members] if isinstance(wanted, Ensemble) else trained(wanted, given)
        before = rows.get(wanted.figure)
        if before is None or before.runs != weights(runs):
            rows[wanted.figure] = joined(wanted, runs, given) if isinstance(wanted, Ensemble) else measured(wanted, runs, given)
            ordered = [rows[each.figure] for each in FIGURES if each.figure in rows]
            write([(row, load_bundle()) for row in ordered], "recipes", "real", given.results)
        say(f"{wanted.figure}: {rows[wanted.figure].accuracy:.2f} %")
    ordered = [rows[each.figure] for each in FIGURES if each.figure in rows]
    show(ordered, ("figure", "seeds", "parameters", "minutes", "validation", "accuracy", "low", "high", "target", "ece"))


if __name__ == "__main__":
    run(main)
