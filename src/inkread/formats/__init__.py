"""Bytes to arrays or still-encoded pictures, labels as characters, upright; and nothing else."""
