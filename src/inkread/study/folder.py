"""The folder of a study: what was asked, its runs, and their rows."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from ..datasets import locked
from ..errors import RunError, reason
from ..recipes import Recipe, parse, write
from .job import BEST_FILE, Job
from .row import Row

ASKED = "asked.json"
STUDY = "study.toml"
BASE = "base.toml"
JOB = "job.json"
ROW = "row.json"
TABLE = "rows.csv"
BEGUN = {"runs", ".lock", f".{STUDY}", STUDY, f".{BASE}", BASE, f".{ASKED}"}
"""What stands in the folder of a study that was broken off before anything was asked."""
LISTS = ("folds", "train", "validation")


@dataclass(frozen=True)
class Asked:
    """What a study was begun with, besides its own text: enough to go on with it."""

    study: str
    budget: str
    seeds: int
    data: str
    named: Mapping[str, str]
    recipe: str
    changes: tuple[str, ...]
    threads: int
    device: str
    storage: str
    weights: str = ""
    bodies: Mapping[str, str] = field(default_factory=dict)

    def differs(self, other: Asked) -> list[str]:
        """What of it decides results and is another there."""
        names = ("study", "budget", "seeds", "data", "named", "recipe", "changes", "weights", "bodies")
        return [each for each in names if getattr(self, each) != getattr(other, each)]


class StudyFolder:
    """``path`` and what is in it: study.toml, base.toml (the recipe that it starts from), asked.json, runs/, rows.csv, best.toml,
    and the report when there is one. What cannot be written is a :class:`RunError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: dict[str, Row] = {}
        self._jobs: dict[str, Job] = {}
        self.read()

    @property
    def name(self) -> str:
        """What the study is called here."""
        return self.path.name

    def begin(self, text: str, asked: Asked, base: Recipe | None) -> None:
        """Writes down what is asked; :class:`RunError` where the folder holds something else."""
        if (self.path / ASKED).is_file():
            changed = self.asked().differs(asked)
            changed += ["its text"] if self.text() != text else []
            changed += ["the recipe that it starts from"] if "recipe" not in changed and self.base() != base else []
            if changed:
                raise RunError(
                    f"the study in this folder was begun otherwise ({', '.join(changed)}): {self.path}",
                    "--fork NAME goes on under a new name and keeps every run that is still the same",
                )
        elif self.path.exists() and not (self.path.is_dir() and {each.name for each in self.path.iterdir()} <= BEGUN):
            raise RunError(f"the folder holds something that is no study: {self.path}", "name another with --name")
        _write(self.path / STUDY, text)
        if base is not None:
            _write(self.path / BASE, write(base))
        _write(self.path / ASKED, json.dumps(asdict(asked), indent=2, ensure_ascii=False) + "\n")

    def take_over(self, other: StudyFolder, names: Collection[str]) -> bool:
        """Copies the finished runs of these jobs from another study; whether there was any that this one lacked."""
        wanted = [name for name, row in other.by_name().items() if name in names and name not in self._rows and not row.error]
        for name in wanted:
            place, beside = self.path / "runs" / name, self.path / "runs" / f".{name}"
            with _writing(place):
                shutil.rmtree(beside, ignore_errors=True)
                shutil.rmtree(place, ignore_errors=True)
                shutil.copytree(other.path / "runs" / name, beside)
                beside.replace(place)
        self.read()
        return bool(wanted)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other program is at this study meanwhile: :class:`RunError` where one is."""

        def refuse() -> None:
            raise RunError(f"another program is at this study: {self.path}", "wait for its end, or name another with --name")

        with ExitStack() as held:
            with _writing(self.path):
                self.path.mkdir(parents=True, exist_ok=True)
                held.enter_context(locked(self.path, refuse))
            yield

    def asked(self) -> Asked:
        """What the study was begun with; :class:`RunError` where this is no study's folder."""
        try:
            told = json.loads((self.path / ASKED).read_text(encoding="utf-8"))
            known = {each.name for each in fields(Asked)}
            return Asked(**{**{key: told[key] for key in known & told.keys()}, "changes": tuple(told["changes"])})
        except (OSError, ValueError, KeyError, TypeError):
            raise RunError(f"this is no folder of a study: {self.path}", "`inkread study run NAME` begins one") from None

    def text(self) -> str:
        """The TOML of the study; :class:`RunError` where it is gone."""
        return _read(self.path / STUDY)

    def base(self) -> Recipe | None:
        """The recipe that it starts from; None where its levels bring their own."""
        file = self.path / BASE
        return parse(_read(file), str(file)) if file.is_file() else None

    def rows(self) -> list[Row]:
        """Every row there is, in the order of their jobs' names."""
        return [self._rows[name] for name in sorted(self._rows)]

    def by_name(self) -> dict[str, Row]:
        """Job name -> row."""
        return dict(self._rows)

    def jobs(self) -> dict[str, Job]:
        """Job name -> job, of all that were ever begun here."""
        return dict(self._jobs)

    def job(self, name: str) -> Job:
        """The job that a run was begun for."""
        return self._jobs[name]

    def keep(self, job: Job) -> None:
        """Writes down a job before it begins."""
        self._jobs[job.name] = job
        _write(self.path / "runs" / job.name / JOB, json.dumps(asdict(job), indent=2, ensure_ascii=False) + "\n")

    def add(self, job: Job, row: Row) -> None:
        """Takes a row in and writes it down."""
        told = {"digest": job.digest, "row": row.as_dict()}
        _write(self.path / "runs" / job.name / ROW, json.dumps(told, indent=2, ensure_ascii=False) + "\n")
        self._rows[job.name] = row
        self._table()

    def forget_failed(self) -> None:
        """Failed jobs are tried again: what kept them may be gone."""
        for name in [name for name, row in self._rows.items() if row.error]:
            with _writing(self.path):
                (self.path / "runs" / name / ROW).unlink(missing_ok=True)
            del self._rows[name]

    def only(self, names: Collection[str]) -> None:
        """Leaves rows out that are none of the study's any more; their runs stay where they are."""
        self._rows = {name: row for name, row in self._rows.items() if name in names}

    def end(self, best: str) -> None:
        """The study has ended with this as its best setting, none where that is empty: its recipe is written down for studies
        that start from it, and the weights of each epoch, the most of what a study takes on disk, stay in its runs alone.
        Every run keeps those of its kept epoch.
        """
        self._table()
        runs = [self._jobs[name] for name, row in self._rows.items() if row.setting == best and row.finished]
        if not runs:
            return
        if recipe := min(runs, key=lambda each: each.seed).recipe:  # a cross-validation has none
            self.keep_best(recipe)
        for name, row in self._rows.items():
            if not row.error and row.setting != best:  # one that was killed goes on from them another time
                shutil.rmtree(self.path / "runs" / name / "epochs", ignore_errors=True)

    def epochs(self, job: Job) -> int:
        """How many epochs of a run have ended."""
        try:
            return len((self.path / "runs" / job.name / "history.jsonl").read_text(encoding="utf-8").splitlines())
        except OSError:
            return 0

    def keep_best(self, recipe: str) -> None:
        """Writes down the recipe of the best setting, for studies that start from it."""
        _write(self.path / BEST_FILE, recipe)

    def read(self) -> None:
        """Reads jobs and rows anew; what is damaged counts as not there, and is done again."""
        for place in sorted((self.path / "runs").glob("[!.]*/")):
            try:
                told = json.loads((place / JOB).read_text(encoding="utf-8"))
                job = Job(**{**told, "reports_to": tuple(told["reports_to"]) if told["reports_to"] else None})
                if job.name != place.name:
                    continue
                self._jobs[job.name] = job
                held = json.loads((place / ROW).read_text(encoding="utf-8"))
                if held["digest"] == job.digest:
                    self._rows[job.name] = Row.from_dict(held["row"])
            except (OSError, ValueError, TypeError, KeyError, AttributeError):
                continue  # begun and not ended, or not ours

    def _table(self) -> None:
        """rows.csv: a row a trial, a column a factor."""
        rows = self.rows()
        factors = list(dict.fromkeys(name for row in rows for name in row.levels))
        plain = [each.name for each in fields(Row) if each.name not in ("levels", *LISTS)]
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow([*factors, *plain])
        for row in rows:
            told: dict[str, Any] = row.as_dict()
            table.writerow([*(row.levels.get(each, "") for each in factors), *("" if told[each] is None else told[each] for each in plain)])
        _write(self.path / TABLE, text.getvalue())


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise RunError(
            f"the folder of the study lacks a file: {file}", "`inkread study run` begins one anew under another --name"
        ) from None


def write_bytes(file: Path, content: bytes) -> None:
    """A file whole or not at all, its folder made where it is missing; :class:`RunError` where it cannot be written."""
    new = file.with_name(f".{file.name}")
    with _writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        new.write_bytes(content)
        new.replace(file)


def _write(file: Path, text: str) -> None:
    write_bytes(file, text.encode("utf-8", "surrogateescape"))


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    """What keeps a study from being written is a sentence: :class:`RunError`."""
    try:
        yield
    except OSError as error:
        raise RunError(
            f"the study cannot be written ({reason(error)}): {place}", "make room; finished runs are kept, go on with the same command"
        ) from error
