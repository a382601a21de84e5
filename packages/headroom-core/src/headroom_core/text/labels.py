"""The letters that stand for what rows share, in the order in which they are given out."""

from __future__ import annotations

from itertools import product
from string import ascii_uppercase

LABELS = (*ascii_uppercase, *map("".join, product(ascii_uppercase, repeat=2)))
"""A to Z, then AA to ZZ."""
