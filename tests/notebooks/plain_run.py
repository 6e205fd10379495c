"""Runs the code cells of a notebook in order in this process, without Jupyter: `python plain_run.py NOTEBOOK`.

Of what only Jupyter knows, `!command` is run as it would be there, names in braces filled in. Cells tagged `jupyter-only` are left out,
and said to be. What stands last in a cell is shown: one line says as what.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

TAG = "jupyter-only"


def main(notebook: str) -> None:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] != "code":
            continue
        if TAG in cell["metadata"].get("tags", ()):
            say(f"{cell['id']}: left out")
            continue
        names["command"] = lambda line: command(line, names)
        source = re.sub(r"^!(.+)$", lambda match: f"command({match[1]!r})", "".join(cell["source"]), flags=re.MULTILINE)
        say(f"{cell['id']}: {shown(source, names)}")


def shown(source: str, names: dict[str, Any]) -> str:
    """Runs a cell; as what Jupyter would show its last line."""
    body = ast.parse(source)
    last = ast.Expression(body.body.pop().value) if isinstance(body.body[-1], ast.Expr) else None  # type: ignore[attr-defined]
    exec(compile(body, "<cell>", "exec"), names)
    value = eval(compile(last, "<cell>", "eval"), names) if last else None
    for kind in ("html", "png"):
        told = getattr(value, f"_repr_{kind}_", None)
        if told is not None and (content := told()):
            return f"{kind} of {len(content)}"
    return repr(value)


def command(line: str, names: dict[str, Any]) -> None:
    """A command as after `!`; inkread is the one of this Python."""
    filled = re.sub(r"\{(\w+)\}", lambda match: str(names[match[1]]), line)
    words = [each for word in shlex.split(filled) for each in ([sys.executable, "-m", "inkread"] if word == "inkread" else [word])]
    subprocess.run(words, check=True)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
