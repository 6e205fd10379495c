"""The folder of a study: what was asked, its runs, and their rows."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ..errors import RunError
from .job import BEST_FILE, Job
from .row import Row
from .trial import ROW

ASKED = "asked.json"
STUDY = "study.toml"
JOB = "job.json"
TABLE = "rows.csv"
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

    def differs(self, other: Asked) -> list[str]:
        """What of it decides results and is another there."""
        names = ("study", "budget", "seeds", "data", "named", "recipe", "changes")
        return [each for each in names if getattr(self, each) != getattr(other, each)]


class StudyFolder:
    """``path`` and what is in it: study.toml, asked.json, runs/, rows.csv, best.toml, and the report when there is one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: dict[str, Row] = {}
        self._jobs: dict[str, Job] = {}
        self._read()

    @property
    def name(self) -> str:
        """What the study is called here."""
        return self.path.name

    def begin(self, text: str, asked: Asked) -> None:
        """Writes down what is asked; :class:`RunError` where the folder holds something else."""
        known = self.asked() if (self.path / ASKED).is_file() else None
        if known is not None:
            changed = known.differs(asked) + (["its text"] if self.text() != text else [])
            if changed:
                raise RunError(
                    f"the study in this folder was begun otherwise ({', '.join(changed)}): {self.path}",
                    "--fork NAME goes on under a new name and keeps every run that is still the same",
                )
        elif self.path.is_dir() and any(self.path.iterdir()):
            raise RunError(f"the folder holds something that is no study: {self.path}", "name another with --name")
        self.path.mkdir(parents=True, exist_ok=True)
        _write(self.path / STUDY, text)
        _write(self.path / ASKED, json.dumps(asdict(asked), indent=2, ensure_ascii=False) + "\n")

    def take_over(self, other: StudyFolder) -> None:
        """Copies the runs of another study; those that this one has no use for lie there unused until it has ended."""
        for each in sorted((other.path / "runs").glob("*")):
            if not (self.path / "runs" / each.name).exists():
                shutil.copytree(each, self.path / "runs" / each.name)
        self._read()

    def asked(self) -> Asked:
        """What the study was begun with; :class:`RunError` where this is no study's folder."""
        try:
            told = json.loads((self.path / ASKED).read_text(encoding="utf-8"))
            known = {each.name for each in fields(Asked)}
            return Asked(**{**{key: told[key] for key in known}, "changes": tuple(told["changes"])})
        except (OSError, ValueError, KeyError, TypeError):
            raise RunError(f"this is no folder of a study: {self.path}", "`inkread study run NAME` begins one") from None

    def text(self) -> str:
        """The TOML of the study."""
        return (self.path / STUDY).read_text(encoding="utf-8")

    def rows(self) -> list[Row]:
        """Every row there is, in the order of their jobs' names."""
        return [self._rows[name] for name in sorted(self._rows)]

    def by_name(self) -> dict[str, Row]:
        """Job name -> row."""
        return dict(self._rows)

    def job(self, name: str) -> Job:
        """The job that a run was begun for."""
        return self._jobs[name]

    def keep(self, job: Job) -> None:
        """Writes down a job before it begins."""
        self._jobs[job.name] = job
        place = self.path / "runs" / job.name
        place.mkdir(parents=True, exist_ok=True)
        _write(place / JOB, json.dumps(asdict(job), indent=2, ensure_ascii=False) + "\n")

    def add(self, job: Job, row: Row) -> None:
        """Takes a row in; that of a failed job is written here, for nobody else has."""
        self._rows[job.name] = row
        if row.error:
            _write(self.path / "runs" / job.name / ROW, json.dumps({"digest": job.digest, "row": row.as_dict()}, indent=2) + "\n")
        self._table()

    def forget_failed(self) -> None:
        """Failed jobs are tried again: what kept them may be gone."""
        for name in [name for name, row in self._rows.items() if row.error]:
            (self.path / "runs" / name / ROW).unlink(missing_ok=True)
            del self._rows[name]

    def only(self, names: Iterable[str]) -> None:
        """Leaves rows out that are none of the study's any more, as after a fork."""
        wanted = set(names)
        self._rows = {name: row for name, row in self._rows.items() if name in wanted}

    def epochs(self, job: Job) -> int:
        """How many epochs of a run have ended."""
        try:
            return len((self.path / "runs" / job.name / "history.jsonl").read_text(encoding="utf-8").splitlines())
        except OSError:
            return 0

    def keep_best(self, recipe: str) -> None:
        """Writes down the recipe of the best setting, for studies that start from it."""
        _write(self.path / BEST_FILE, recipe)

    def _read(self) -> None:
        for place in sorted((self.path / "runs").glob("*/")):
            try:
                told = json.loads((place / JOB).read_text(encoding="utf-8"))
                job = Job(**{**told, "reports_to": tuple(told["reports_to"]) if told["reports_to"] else None})
                self._jobs[job.name] = job
                held = json.loads((place / ROW).read_text(encoding="utf-8"))
            except (OSError, ValueError, TypeError, KeyError):
                continue  # begun and not ended, or not ours
            if held["digest"] == job.digest:
                self._rows[job.name] = Row.from_dict(held["row"])

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


def _write(file: Path, text: str) -> None:
    """A file whole or not at all; what keeps it from being written is a sentence."""
    new = file.with_name(f".{file.name}")
    try:
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    except OSError as error:
        raise RunError(
            f"the study cannot be written ({error.strerror}): {file}", "make room; finished runs are kept, go on with the same command"
        ) from error
