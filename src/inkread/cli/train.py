"""``inkread train``: a recipe and labelled pictures in, a run folder out."""

from __future__ import annotations

import sys
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any

import click

from ..errors import InkreadError, RunError, UsageError
from ..interrupt import ending_at_once
from .commands import DONE, SOMETHING_TO_TELL, count, plain
from .extras import needing
from .lines import written
from .options import AlphabetName
from .output import say
from .progress import Progress

if TYPE_CHECKING:
    from ..evaluation import Accuracy
    from ..recipes import Recipe
    from ..training import Circumstances, Pool, Run, Scored

SMOKE = 0.01
"""The share of the pictures that `--smoke` trains on."""
SMOKED = "smoke"
"""An empty file in the folder of a smoke test: the next one may take its place."""


@click.command(
    epilog="A run folder holds recipe.toml, provenance.json, history.csv, events/ (TensorBoard: `tensorboard --logdir runs`), the weights "
    "of every epoch, weights.safetensors (the best one), validation.npz and metrics.json. A killed run goes on with --resume and ends as "
    "the unbroken one. `inkread recipes` lists recipes and their keys. JSON: `runs`, each with run, recipe, data, best_epoch, epochs, "
    "parameters, stopped, scores (source -> loss, accuracy, flat_accuracy, macro_accuracy; count, low and high of the accuracy) and test; "
    "`accuracy` (mean, low, high, deviation, count) of the validation over several seeds."
)
@click.argument("recipe", metavar="RECIPE")
@click.option("--data", metavar="SOURCE", help="What to train on: a file, folder or published set, several joined by +.")
@click.option("--set", "changes", multiple=True, metavar="KEY=VALUE", help="Change a value of the recipe: --set epochs=3. May be repeated.")
@click.option("--alphabet", type=AlphabetName(), metavar="NAME|CHARACTERS", help="The answers.  [default: the recipe's, else the labels']")
@click.option("--name", metavar="NAME", help="Name of the run.  [default: the recipe's and the data's]")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), show_default=True, help="Folder of the runs.")
@click.option("--seeds", type=click.IntRange(1), default=1, metavar="N", help="Train N times from the recipe's seed on.")
@click.option("--resume", is_flag=True, help="Go on with a killed run from its last finished epoch; what is finished stays.")
@click.option("--smoke", is_flag=True, help="One epoch on 1 % of the pictures, to see whether everything works.")
@click.option("--start", type=click.Path(path_type=Path), metavar="RUN", help="Start from the weights of this finished run.")
@click.option("--weights", metavar="FILE|library", help="Start `pretrained` from weights that others trained.")
@click.option("--teacher", metavar="RUN[+RUN...]", help="Learn from what these finished runs say together, besides the labels.")
@click.option("--closed", is_flag=True, help="Refuse everything but the data given: no weights from elsewhere.")
@click.option(
    "--test",
    "tested",
    is_flag=False,
    flag_value="",
    metavar="[SOURCE]",
    help="Score the data's test part, or SOURCE's, once at the end.",
)
@click.option("--threads", type=click.IntRange(0), default=0, metavar="N", help="Threads of the processor.  [default: PyTorch's choice]")
@click.option("--device", type=click.Choice(("auto", "cpu", "cuda", "mps")), default="auto", show_default=True, help="Where to train.")
@click.option("--devices", type=click.IntRange(1), default=1, metavar="N", help="So many devices or processes together.")
@click.option("--deterministic", is_flag=True, help="The same bits on a GPU too, at some cost of speed.")
@click.option("--json", "as_json", is_flag=True, help="What came out as one JSON object.")
def train(recipe: str, data: str | None, changes: tuple[str, ...], as_json: bool, seeds: int, **options: Any) -> int:
    """Train a network by a recipe on labelled pictures.

    RECIPE is a name or a TOML file. Validates on the validation part that the source brings, else on a seeded,
    stratified share of the training part. Exit code: 0 done, 1 done but the loss stopped being a number on the way, 2
    not done.
    """
    with ending_at_once(), needing("train"):
        from ..training import Circumstances
    wanted = _recipe(recipe, changes, options["alphabet"])
    circumstances = Circumstances(
        threads=options["threads"],
        start=_start(options["start"]),
        progress=True,
        device=options["device"],
        devices=options["devices"],
        deterministic=options["deterministic"],
        closed=options["closed"],
        teachers=_teachers(options["teacher"]),
        weights=options["weights"] or "",
    )
    if circumstances.leads():
        _tell_weights(wanted, circumstances)
    wanted, pools = _pools(wanted, data, smoke=options["smoke"], shown=circumstances.leads())
    name = _named(options["name"]) or "-".join([wanted.name, *(each.name for each in wanted.sources)])
    planned = _planned(wanted, options["out"] / (f"{name}-smoke" if options["smoke"] else name), seeds)
    if not circumstances.leads():
        return _follow(planned, pools, circumstances, resume=options["resume"])
    runs = []
    for seeded, folder in planned:
        if options["smoke"]:
            _clear(folder)
        run = _run(seeded, pools, folder, circumstances, resume=options["resume"])
        tested = None if options["tested"] is None else _score_test(run, options["tested"])
        runs.append((run, tested))
        if not as_json:
            say("\n".join(_lines(run, tested)))
    facts = _facts(runs)
    if as_json:
        say(written(facts, indent=2))
    elif seeds > 1:
        over = facts["accuracy"]
        interval = f"{over['low']:.2%} to {over['high']:.2%}"
        say(f"{seeds} seeds: validation accuracy {over['mean']:.2%} on average, 95 % interval of the mean {interval}")
    return SOMETHING_TO_TELL if any(run.metrics["stopped"] for run, _ in runs) else DONE


def _named(name: str | None) -> str | None:
    """A name of a run; :class:`UsageError` for what would be a place, or several runs."""
    if name is not None and (name in ("", ".", "..") or any(each in name for each in "/\\+")):
        raise UsageError(f"this is no name of a run: {name!r}", "a name has no /, \\ or +; --out names the folder of the runs")
    return name


def _clear(folder: Path) -> None:
    """Room for a look at whether everything works, which leaves nothing that is worth keeping."""
    if (folder / SMOKED).is_file():
        rmtree(folder)
    elif folder.exists():
        raise RunError(f"the folder holds something that is no smoke test: {folder}", "name another with --name")
    folder.mkdir(parents=True)
    (folder / SMOKED).touch()


def _recipe(which: str, changes: tuple[str, ...], characters: str | None) -> Recipe:
    """The recipe with what the command line changes; its network is built once, so that what cannot be is told before data are read."""
    from .. import networks
    from ..recipes import assigned, load

    recipe = load(which)
    known = networks.settings_of(recipe.network.name)
    recipe = assigned(recipe, [*changes, *([f"alphabet={characters}"] if characters else [])], known)
    if ":" not in recipe.network.name:  # one's own may know how many classes there are
        networks.build(recipe.network.name, 2, **recipe.network.settings)
    return recipe


def _pools(recipe: Recipe, data: str | None, *, smoke: bool, shown: bool) -> tuple[Recipe, list[Pool]]:
    from ..training import given, small

    with Progress(wanted=shown, doing="preparing") as progress:
        recipe, pools = given(recipe, data or "", progress.reached)
    absent = _absent(recipe, pools)
    if absent and shown:
        click.echo(f"note: no picture to train on shows {plain(absent)}; what was never seen is not answered", err=True)
    if shown and (empty := _empty(recipe)):
        click.echo(f"note: folders without a picture: {', '.join(map(plain, empty))}; what was never seen is not answered", err=True)
    if not smoke:
        return recipe, pools
    pools = small(pools, SMOKE, recipe.training.split)
    batch = min(recipe.training.batch, max(sum(map(len, pools)) // 4, 1))
    return recipe.changed({"training.epochs": 1, "training.batch": batch}), pools


def _empty(recipe: Recipe) -> list[str]:
    """Folders of the sources that hold nothing: classes that somebody meant to fill."""
    from ..datasets import places
    from ..formats import empty_folders

    paths = [each.path for of in recipe.sources for each in places(of.data)]
    return [str(path / each) for path in dict.fromkeys(paths) if path.is_dir() for each in empty_folders(path)]


def _start(which: Path | None) -> Path | None:
    """The folder of the run to start from, told by its path or by its name in runs/."""
    from ..runs import find

    return find(which).folder if which else None


def _tell_weights(recipe: Recipe, circumstances: Circumstances) -> None:
    """Says on stderr which weights from outside the network begins with, so that what does not fit is told before data are read."""
    from .. import networks
    from ..training import bring

    used = recipe.network
    if circumstances.weights:
        told = bring(circumstances.weights, networks.build(used.name, 2, **used.settings))
        click.echo(
            f"weights: {plain(told['file'])}, SHA-256 {told['sha256']}, {count(told['tensors'], 'tensor')}; {told['layout']}", err=True
        )
    elif used.name == "pretrained" and circumstances.start is None:
        click.echo("note: its weights begin at random; those learnt from photographs come by --weights FILE or --weights library", err=True)


def _absent(recipe: Recipe, pools: list[Pool]) -> str:
    """The answers that no picture shows."""
    from ..alphabet import alphabet

    return "".join(each for at, each in enumerate(alphabet(recipe.alphabet)) if not any(pool.targets[:, at].any() for pool in pools))


def _teachers(which: str | None) -> tuple[Path, ...]:
    """The folders of the runs to learn from."""
    from .together import run_folders

    return tuple(run_folders(which)) if which else ()


def _run(recipe: Recipe, pools: list[Pool], folder: Path, circumstances: Circumstances, *, resume: bool) -> Run:
    """The run in this folder: new, or with ``resume`` the one that is there, gone on with where it has not finished."""
    from ..training import fit, run_in

    return run_in(folder, recipe, pools, circumstances) if resume else fit(recipe, pools, folder, circumstances)


def _planned(recipe: Recipe, folder: Path, seeds: int) -> list[tuple[Recipe, Path]]:
    """The recipe of each seed, and the folder of its run."""
    each = [recipe.changed({"seed": recipe.seed + number}) for number in range(seeds)]
    return [(of, folder.with_name(f"{folder.name}-seed{of.seed}") if seeds > 1 else folder) for of in each]


def _follow(planned: list[tuple[Recipe, Path]], pools: list[Pool], circumstances: Circumstances, *, resume: bool) -> int:
    """What a process does that was started to train with another: that one writes and tells, and its exit code is the command's."""
    from ..training import joined

    for recipe, folder in planned:
        try:
            _run(recipe, pools, folder, circumstances, resume=resume)
        except InkreadError:
            if not joined():
                raise
            break
    return DONE


def _score_test(run: Run, on: str) -> Scored:
    """Scores a test part once with the chosen weights, on the same charts, and writes down that it was read; never twice."""
    from .tested import OWN, scored

    rows, _ = scored(run, on or OWN, f"train {run.folder.name}: once, at the end", [run.metrics["best_epoch"]])
    return rows[0]


def _facts(runs: list[tuple[Run, Scored | None]]) -> dict[str, Any]:
    from ..evaluation import over_seeds

    each = [_told(*both) for both in runs]
    return {"runs": each} | ({"accuracy": over_seeds([_accuracy(run) for run, _ in runs]).as_dict()} if len(runs) > 1 else {})


def _told(run: Run, tested: Scored | None) -> dict[str, Any]:
    kept = ("best_epoch", "epochs", "parameters", "stopped")
    scores = {}
    for name, of in run.metrics["scores"].items():
        over = _interval(run, name)
        scores[name] = of | {"count": over.count, "low": over.low, "high": over.high}
    data = {each.name: each.data for each in run.recipe.sources}
    facts = {"run": str(run.folder), "recipe": run.recipe.name, "data": data, **{key: run.metrics[key] for key in kept}, "scores": scores}
    return facts | {"test": tested.flat() if tested else None}


def _accuracy(run: Run) -> float:
    """The validation accuracy, each source counting the same."""
    scores = run.metrics["scores"].values()
    return float(sum(each["accuracy"] for each in scores) / len(scores))


def _interval(run: Run, source: str) -> Accuracy:
    """The validation accuracy on a source with its 95 % interval."""
    from ..evaluation import Accuracy

    count = int((run.validation().sources == source).sum())
    return Accuracy.of(round(count * run.metrics["scores"][source]["accuracy"]), count)


def _lines(run: Run, tested: Scored | None) -> list[str]:
    from math import log

    from ..alphabet import alphabet

    metrics, planned = run.metrics, run.recipe.training.epochs
    ended = f", which ended after {metrics['epochs']}" if metrics["epochs"] < planned else ""
    kept = f"epoch {metrics['best_epoch']} of {planned} kept{ended}"
    lines = [
        f"{plain(str(run.folder))}: {count(metrics['parameters'], 'parameter')}, {kept}",
        *(f"    validation {name}: accuracy {_interval(run, name)}, loss {of['loss']:.4f}" for name, of in metrics["scores"].items()),
    ]
    guessing = log(len(alphabet(run.recipe.alphabet)))
    if any(of["loss"] > guessing for of in metrics["scores"].values()):
        sys.stderr.write(
            f"note: by its loss it answers worse than guessing would, which is {guessing:.2f}; a lower training.rate may help\n"
        )
    if tested:
        told = f"accuracy {tested.scores['accuracy']:.2%}, loss {tested.scores['loss']:.4f}"
        lines.append(f"    test {plain(tested.source)}: {told} (read once, at the end)")
    if metrics["stopped"]:
        sys.stderr.write(f"{metrics['stopped']}; the run ends with what was good before\n")
    return lines
