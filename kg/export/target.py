"""A writing function and where it writes in, a whole file or folder, or nothing, out."""

from __future__ import annotations

import gzip
import os
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from kg.errors import ExportError

T = TypeVar("T")


def write_to(out: Path | str | BinaryIO | None, write: Callable[[BinaryIO], T]) -> T:
    """Call `write` with a stream and bring what it wrote to a file, an open binary stream, or standard output (None, "-").

    A file is written beside its target and renamed, compressed where its name ends in .gz; a stream receives nothing before all is written.
    Raises ExportError where the target cannot be written; a reader that closes a pipe early is no fault of the export, and its
    BrokenPipeError passes.
    """
    if out is None or out == "-":
        return _to_stream(sys.stdout.buffer, write)
    return _to_file(Path(out), write) if isinstance(out, str | os.PathLike) else _to_stream(out, write)


def write_folder(out: Path, write: Callable[[Path], T]) -> T:
    """Call `write` with an empty folder and bring what it wrote to a new folder, or to a ZIP archive where the name ends in .zip.

    Raises ExportError where a folder of that name holds something already, and where the target cannot be written.
    """
    if out.suffix == ".zip":

        def archive(stream: BinaryIO) -> T:
            with tempfile.TemporaryDirectory() as folder:
                result = write(Path(folder))
                _zip(Path(folder), stream)
            return result

        return _to_file(out, archive)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ExportError(f"{out} is there already: name a folder that is not, or is empty, or a .zip")
    part = out.with_name(f".{out.name}.{os.getpid()}.part")
    with _told(out):
        try:
            part.mkdir()
            result = write(part)
            if out.exists():
                out.rmdir()
            part.replace(out)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return result


def _to_file(target: Path, write: Callable[[BinaryIO], T]) -> T:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    with _told(target):
        if target.is_dir():
            raise ExportError(f"{target} is a folder: name a file")
        try:
            with part.open("wb") as stream:
                result = _compressed(stream, write) if target.suffix == ".gz" else write(stream)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return result


def _compressed(stream: BinaryIO, write: Callable[[BinaryIO], T]) -> T:
    """Compress what is written; without name and time, so that the same graph gives the same bytes."""
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as squeezed:
        return write(squeezed)  # type: ignore[arg-type] # a GzipFile writes as any binary stream


def _zip(folder: Path, out: BinaryIO) -> None:
    """Pack a folder's files, by name and without the time of day."""
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folder.iterdir()):
            entry = zipfile.ZipInfo(path.name)  # whose date is the first that ZIP knows
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            with path.open("rb") as source, archive.open(entry, "w", force_zip64=True) as packed:
                shutil.copyfileobj(source, packed)


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


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Turn a fault of the disk into one that names the target."""
    try:
        yield
    except ExportError:
        raise
    except OSError as error:
        raise ExportError(f"cannot write {target}: {error.strerror or error}") from error
