"""`python -m kg` in, the command `kg` out: for where the command itself is not on the PATH."""

from __future__ import annotations

from kg.cli import main

main()
