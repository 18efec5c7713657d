"""The name of a bundled folder in, its path out, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path

from kg.errors import OntologyError

_PACKAGE = Path(__file__).resolve().parent


def asset_dir(name: str) -> Path:
    """Find a folder of data files.

    `rules`, `lexicon` and `samples` live inside the package; `ontology` and `queries` stand beside it in a checkout and are
    carried inside it by the wheel (pyproject.toml maps them there).

    Raises OntologyError where the folder is missing, which means a broken installation.
    """
    for place in (_PACKAGE / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise OntologyError(f"the data folder {name!r} is missing beside {_PACKAGE}: reinstall conjugate-kg")
