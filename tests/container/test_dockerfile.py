"""The Dockerfile keeps its promises as far as they can be seen without an engine; `docker/prove.py` carries it out."""

from __future__ import annotations

import json
import runpy
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def instructions() -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = runpy.run_path(str(ROOT / "docker" / "prove.py"))["instructions"](TEXT)
    return found


def test_the_command_is_the_one_that_users_type_and_nothing_stands_before_it() -> None:
    words = dict(instructions())
    assert "ENTRYPOINT" not in words
    assert json.loads(words["CMD"]) == ["python3", "/app/inference.py", "--input", "/mnt/test_data/"]


def test_it_runs_as_a_plain_user() -> None:
    words = [word for word, _ in instructions()]
    user = dict(instructions())["USER"]
    assert user not in ("root", "0")
    assert not {"RUN", "COPY"} & set(words[words.index("USER") :])


def test_it_installs_the_base_alone_from_locked_versions() -> None:
    (install,) = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert "--constraint requirements/lock.txt" in install
    assert install.endswith(" .")


def test_what_it_copies_is_here_and_not_ignored() -> None:
    ignored = [
        line.removeprefix("**/") for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")
    ]
    sources = [each for word, rest in instructions() if word == "COPY" and not rest.startswith("--from") for each in rest.split()[:-1]]
    assert sources
    for source in sources:
        assert (ROOT / source).exists(), source
        assert not [pattern for pattern in ignored for part in Path(source).parts if fnmatch(part, pattern)], source


def test_the_line_for_own_pictures_is_marked_and_copies_to_where_they_are_read() -> None:
    _, after = TEXT.split("OWN PICTURES")
    assert after.splitlines()[1] == "COPY samples/vin samples/letters /mnt/test_data/"


def test_the_samples_do_not_overwrite_each_other() -> None:
    names = [path.name for folder in ("vin", "letters") for path in (ROOT / "samples" / folder).iterdir()]
    assert len(names) == len(set(names))
    assert {Path(name).suffix for name in names} == {".png"}


@pytest.mark.parametrize("page", ["Dockerfile", "docs/how-to/container.md"])
def test_the_lines_to_type_are_told(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    assert "docker build -t NAME ." in text
    assert "docker run -it --rm NAME python3 /app/inference.py --input /mnt/test_data/" in text
