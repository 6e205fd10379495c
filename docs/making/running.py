"""Commands of the docs run inside this process: no new interpreter for each, so that a test can run them all."""

from __future__ import annotations

import doctest
import os
import runpy
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import BytesIO, TextIOWrapper
from pathlib import Path
from unittest.mock import patch

from . import ROOT

LINKED = ("samples", "examples", "docker")
"""Folders that an example finds where it runs; whatever it writes stays in a folder that is removed."""


@dataclass
class Place:
    """Where the examples of one page run, one after the other: later ones find what earlier ones wrote or named."""

    names: dict[str, object] = field(default_factory=dict)
    code: int = 0

    def console(self, line: str) -> str:
        """What a line typed into a shell prints: standard output, then standard error.

        Known are `inkread ...`, `python SCRIPT ...` and `echo $?`, with `< FILE`, `> FILE`, `| head -N` and `| tail -N`.
        """
        command, *filters = line.split(" | ")
        words = shlex.split(command)
        source, target = _taken(words, "<"), _taken(words, ">")
        if words == ["echo", "$?"]:
            return f"{self.code}\n"
        out, err = self._run(words, Path(source).read_bytes() if source else b"")
        for each in filters:
            out = _filtered(out, each)
        if target:
            Path(target).write_text(out, encoding="utf-8")
        return ("" if target else out) + err

    def python(self, example: doctest.Example) -> str:
        """What an example typed into Python prints."""
        with _captured() as (out, _):
            exec(compile(example.source, "<docs>", "single"), self.names)
        return _text(out)

    def _run(self, words: list[str], stdin: bytes) -> tuple[str, str]:
        with _captured() as (out, err), patch("sys.stdin", TextIOWrapper(BytesIO(stdin), "utf-8")):
            try:
                _program(words)()
                self.code = 0
            except SystemExit as end:
                self.code = end.code if isinstance(end.code, int) else int(bool(end.code))
        return _text(out), _text(err)


@contextmanager
def place() -> Iterator[Place]:
    """A fresh place with the repository's samples and examples, left and removed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        for name in LINKED:
            (Path(folder) / name).symlink_to(ROOT / name, target_is_directory=True)
        with chdir(folder), patch.dict(os.environ, {"INKREAD_CACHE": str(Path(folder) / ".cache")}):
            yield Place()


def _program(words: list[str]) -> Callable[[], object]:
    name, *arguments = words
    if name == "inkread":
        from inkread.cli import main

        return lambda: main(arguments, prog_name="inkread")
    if name == "python":
        return lambda: _script(arguments)
    raise ValueError(f"an example can run `inkread` and `python`, not: {name}")


def _script(arguments: list[str]) -> None:
    with patch.object(sys, "argv", arguments):
        runpy.run_path(arguments[0], run_name="__main__")


def _taken(words: list[str], sign: str) -> str:
    """The file behind a redirection, which is taken out of the words; empty where there is none."""
    if sign not in words:
        return ""
    at = words.index(sign)
    file = words[at + 1]
    del words[at : at + 2]
    return file


def _filtered(text: str, command: str) -> str:
    name, count = command.split(" -")
    lines = text.splitlines(keepends=True)
    if name not in ("head", "tail"):
        raise ValueError(f"an example can pipe into `head` and `tail`, not: {name}")
    return "".join(lines[: int(count)] if name == "head" else lines[-int(count) :])


@contextmanager
def _captured() -> Iterator[tuple[TextIOWrapper, TextIOWrapper]]:
    out, err = (TextIOWrapper(BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with redirect_stdout(out), redirect_stderr(err):
        yield out, err


def _text(stream: TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()
