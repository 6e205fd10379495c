"""A study from Python, in this process: for notebooks and programs of one's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .answer import Answer, answer
from .begin import begin
from .estimate import measured
from .folder import Asked
from .ledger import JOURNAL
from .run import Runner, State
from .trial import Bench
from .where import Here, Where
from .written import write_report


def ask(
    study: str | Path,
    data: str = "",
    *,
    named: Mapping[str, str] | None = None,
    budget: str = "small",
    seeds: int = 0,
    recipe: str = "",
    changes: Sequence[str] = (),
    weights: str = "",
    bodies: Mapping[str, str] | None = None,
    out: str | Path = "studies",
    name: str = "",
    threads: int = 0,
    device: str = "cpu",
    where: Where | None = None,
    told: Callable[[State], object] = lambda state: None,
) -> Answer:
    """What a study says: its trainings done, those that are there taken as they are, its report written into ``out``/``name``.

    ``study``: a name or a TOML file. ``data``, ``named``, ``budget``, ``seeds``, ``recipe``, ``changes``, ``weights``, ``bodies``: as
    the options of `inkread study run`. ``where``: who computes; this process where nobody is named. ``told`` is told how far it is.
    Errors: what is wrong with study, data or folder, as :class:`InkreadError`; trials that fail are rows.
    """
    asked = Asked(
        str(study), budget, seeds, data, dict(named or {}), recipe, tuple(changes), threads, device, "", weights, dict(bodies or {})
    )
    plan, folder = begin(asked, Path(out), name)
    bench = Bench(folder.path, threads, device)
    Runner(plan, folder, where or Here(), bench, str(folder.path / JOURNAL), measured(plan, threads, device, folder.rows()), told).run()
    found = answer(plan, folder)
    write_report(found, folder)
    return found
