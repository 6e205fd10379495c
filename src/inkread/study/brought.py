"""What the user brings for a study besides data: weights of others and finished runs. Looked at before anything begins."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .. import networks
from ..datasets import file_digest
from ..errors import UsageError
from ..recipes import parse
from .plan import Plan

LIBRARY = "library"


def check_brought(plan: Plan) -> None:
    """That every file of weights is there and fits each network that begins with it, and every body is a finished run.

    :class:`UsageError` for weights that the study wants and nobody has named; errors as :func:`inkread.training.bring` and
    :class:`inkread.training.Run`.
    """
    from ..training import Run, bring

    tried = set()
    for each in plan.jobs({}).values():
        if not each.weights:
            continue
        if each.weights != LIBRARY and not plan.ground.weights and not Path(each.weights).is_file():
            raise UsageError(
                f"the study {plan.study.name} begins with weights that others trained, and none were named: {each.weights}",
                "--weights FILE, or --weights library, which fetches the library's own once",
            )
        use = parse(each.recipe).network
        if (each.weights, repr(use)) not in tried:
            bring(each.weights, networks.build(use.name, 2, **use.settings))
            tried.add((each.weights, repr(use)))
    for run in plan.ground.bodies.values():
        Run(Path(run))


def brought(plan: Plan) -> Iterator[tuple[str, str]]:
    """What was brought and its SHA-256: the file of weights, and the weights of each body."""
    files = {"weights": plan.ground.weights} if plan.ground.weights not in ("", LIBRARY) else {}
    files |= {f"body {name}": str(Path(run) / "weights.safetensors") for name, run in plan.ground.bodies.items()}
    for what, file in files.items():
        if Path(file).is_file():
            shown = Path(file).name if what == "weights" else plan.ground.bodies[what.removeprefix("body ")]
            yield f"{what} {shown}", file_digest(Path(file))
