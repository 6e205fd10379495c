"""The public face: its names, what importing it costs, and that reading never pulls in what it does not need."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

import inkread

ALLOWED = {"inkread"}
"""Roots that `import inkread` may bring in beside the standard library."""


def _imported_by(statement: str) -> set[str]:
    script = f"import sys, json; before = set(sys.modules)\n{statement}\nprint(json.dumps(sorted(set(sys.modules) - before)))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_face_is_what_it_says() -> None:
    assert inkread.__all__ == ["Alphabet", "InkreadError", "Reader", "Reading", "__version__", "read"]
    assert set(inkread.__all__) <= set(dir(inkread))
    assert all(getattr(inkread, name) is not None for name in inkread.__all__)
    assert inkread.__version__.count(".") == 2


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'raed'"):
        inkread.raed  # noqa: B018


def test_importing_inkread_imports_the_standard_library_only() -> None:
    assert _imported_by("import inkread") - sys.stdlib_module_names == ALLOWED


def test_a_reader_imports_only_the_base_install() -> None:
    base = {"numpy", "cv2", "PIL", "onnxruntime"}
    script = "import inkread; inkread.Reader; inkread.Reading; inkread.read; import inkread.bundle; inkread.bundle.load"
    assert _imported_by(script) - sys.stdlib_module_names - ALLOWED <= base


def test_alphabets_and_errors_cost_no_third_party() -> None:
    assert _imported_by("import inkread; inkread.Alphabet; inkread.InkreadError") - sys.stdlib_module_names == ALLOWED
