"""``python -m inkread.training``: trains the reader that is shipped and puts it into the package (`make bundle`).

Every step that has been done is not done again: renderings come from the cache, a finished run is taken as it is, a
killed one is resumed at its last finished epoch.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..errors import InkreadError
from ..recipes import Recipe, assigned, load
from .card import card
from .circumstances import Circumstances
from .fit import run_in
from .pack import pack
from .pool import Pool
from .pools import pools
from .run import Answers, Run

SHIPPED = Path(__file__).parent.parent / "bundle" / "shipped"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; its exit code is 0, or 2 where it could not be done."""
    given = _arguments().parse_args(arguments)
    try:
        if given.only == "pack":
            _pack(given)
            return 0
        recipe = _recipe(given)
        prepared = pools(recipe, given.data, given.runs / "pools", given.threads, _progress)
        if given.only == "pools":
            return 0
        if given.without:
            _fit(recipe.without(*given.without), prepared, given, given.fine_tune)
            return 0
        _train(recipe, prepared, given)
        if given.only == "all":
            _pack(given)
    except InkreadError as error:
        sys.stderr.write(f"error: {error.message}\n" + (f"\nhint: {error.hint}\n" if error.hint else ""))
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m inkread.training", description="Train the embedded reader and ship it.")
    parser.add_argument("only", nargs="?", choices=("all", "pools", "fit", "pack"), default="all", help="do this step only (default: all)")
    parser.add_argument("--recipe", default="embedded", help="name or TOML file of the recipe")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change a value of the recipe: training.epochs=3")
    parser.add_argument("--name", help="name of the run and of its bundle (default: the recipe's)")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder that the recipe's paths are relative to")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of runs and of the cache of renderings")
    parser.add_argument("--without", action="append", default=[], metavar="SOURCE", help="train without this source, then read it")
    parser.add_argument("--fine-tune", type=Path, metavar="RUN", help="start from the weights of this finished run")
    parser.add_argument("--threads", type=int, default=2, help="threads of the training, processes of the rendering")
    parser.add_argument("--out", type=Path, help="the bundle's file (default: inside the package)")
    return parser


def _recipe(given: argparse.Namespace) -> Recipe:
    recipe = assigned(load(given.recipe), given.set)
    return recipe.changed({"name": given.name}) if given.name else recipe


def _train(recipe: Recipe, prepared: Sequence[Pool], given: argparse.Namespace) -> None:
    """The training without the strangers, where the recipe has any, and the one with all sources."""
    start: Path | None = given.fine_tune
    if recipe.leave_out.sources:
        first = _fit(recipe.first(), prepared, given, start)
        start = first.folder if recipe.finish.epochs else start
    _fit(recipe.last(), prepared, given, start)


def _fit(recipe: Recipe, prepared: Sequence[Pool], given: argparse.Namespace, start: Path | None) -> Run:
    """The run of this recipe: finished, resumed or new; the sources that it leaves out are read by it at the end."""
    used = [each.name for each in recipe.sources]
    without = tuple(pool.name for pool in prepared if pool.name not in used)
    folder = given.runs / "-".join([recipe.name, *(["without", *without] if without else [])])
    circumstances = Circumstances(given.threads, start=start, without=without, progress=sys.stderr.isatty())
    run = run_in(folder, recipe, [pool for pool in prepared if pool.name in used], circumstances)
    if without and not (folder / "left-out.npz").is_file():
        asked = [(pool.name, pool.renderings[0], pool.targets) for pool in prepared if pool.name in without]
        Answers.of(run.network(), asked).save(folder / "left-out.npz")
    return run


def _pack(given: argparse.Namespace) -> None:
    name = given.name or load(given.recipe).name
    run = Run(given.runs / name)
    strangers = [Run(folder) for folder in sorted(given.runs.glob(f"{name}-without-*")) if (folder / "left-out.npz").is_file()]
    out = given.out or SHIPPED / f"{name}.onnx"
    bundle = pack(run, strangers, out)
    out.with_suffix(".md").write_text(card(bundle.manifest), encoding="utf-8")
    sys.stdout.write(f"{out}\n")


def _progress(source: str, done: int, of: int) -> None:
    if done % 5120 < 256 or done == of:
        sys.stderr.write(f"{source}: {done:,} of {of:,} pictures prepared\n")


if __name__ == "__main__":
    sys.exit(main())
