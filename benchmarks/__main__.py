"""`python benchmarks`: the figures of speed and size (`make benchmark`); the others need real handwriting (`make trial`)."""

from __future__ import annotations

from speed import main

main()
