"""A writing function and where it writes in, a whole file or nothing out."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, TypeVar

from kg.errors import ExportError

T = TypeVar("T")


def write_to(out: Path | str | BinaryIO | None, write: Callable[[BinaryIO], T]) -> T:
    """Call `write` with a stream and bring what it wrote to a file, an open binary stream, or standard output (None, "-").

    A file is written beside its target and renamed; a stream receives nothing before all is written. Raises ExportError where the target
    cannot be written; a reader that closes a pipe early is no fault of the export, and its BrokenPipeError passes.
    """
    if out is None or out == "-":
        return _to_stream(sys.stdout.buffer, write)
    return _to_file(Path(out), write) if isinstance(out, str | os.PathLike) else _to_stream(out, write)


def _to_file(target: Path, write: Callable[[BinaryIO], T]) -> T:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        if target.is_dir():
            raise ExportError(f"{target} is a folder: name a file")
        try:
            with part.open("wb") as stream:
                result = write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write {target}: {error.strerror or error}") from error
    return result


def _to_stream(stream: BinaryIO, write: Callable[[BinaryIO], T]) -> T:
    try:
        with tempfile.TemporaryFile() as whole:
            result = write(whole)
            whole.seek(0)
            shutil.copyfileobj(whole, stream)
        stream.flush()
    except (ExportError, BrokenPipeError):
        raise
    except OSError as error:
        raise ExportError(f"cannot write to the stream: {error.strerror or error}") from error
    return result
