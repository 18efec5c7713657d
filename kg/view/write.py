"""A page in, a file out, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.errors import ExportError


def write_page(out: Path, html: str) -> Path:
    """Write beside the target and rename, so that a reader never sees half a page.

    Raises ExportError where the file cannot be written; then nothing is left behind.
    """
    temporary = None
    try:
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="\n", dir=out.parent, prefix=f".{out.name}.", delete=False) as file:
            temporary = Path(file.name)
            file.write(html)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(out)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise ExportError(f"cannot write {out}: {error.strerror or error}") from error
    return out


def _umask() -> int:
    """Read the mask for new files, which a temporary file ignores."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
