"""`python benchmarks`: the figures of speed and size (`make benchmark`); the others need real handwriting (`make trial`)."""

from __future__ import annotations

from figures import run
from speed import main

run(main)
