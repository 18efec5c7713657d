"""The folder of a store in, its base and its texts out; every file is written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox

from kg.errors import StoreError


class Texts:
    """The texts that offsets point into, by the sha256 of their UTF-8; in a folder, or in memory where there is none."""

    def __init__(self, folder: Path | None) -> None:
        """Keep the texts in a folder that exists."""
        self._folder = folder
        self._memory: dict[str, bytes] = {}
        self._is_writer = False

    @property
    def is_left_open(self) -> bool:
        """Answer whether a writer is at work, or ended without closing."""
        return self._folder is not None and self._marker(self._folder).exists()

    def begin(self, is_used: Callable[[str], bool], *, is_writer: bool) -> None:
        """Note that a writer is at work; where another ended without closing, clear the texts that it left and no document uses."""
        self._is_writer = is_writer
        if self._folder is None or not is_writer:
            return
        try:
            if self.is_left_open:
                for part in self._folder.glob(".*.part"):
                    part.unlink(missing_ok=True)
                for digest in sorted(self.kept()):
                    if not is_used(digest):
                        self.drop(digest)
            self._marker(self._folder).touch()
        except OSError as error:
            raise StoreError(f"cannot write to the store in {self._folder.parent}: {error.strerror}") from error

    def end(self) -> None:
        """Note that the writer has closed, with all on disk."""
        if self._folder is not None and self._is_writer:
            self._marker(self._folder).unlink(missing_ok=True)

    @staticmethod
    def _marker(folder: Path) -> Path:
        return folder.parent / ".writing"

    def keep(self, text: str) -> str:
        """Write a text that is not there yet and return its sha256; raises StoreError."""
        content = text.encode("utf-8")
        digest = hashlib.sha256(content).hexdigest()
        if self._folder is None:
            self._memory[digest] = content
            return digest
        file = self._folder / f"{digest}.txt"
        try:
            # A file of the right name can have been damaged since; writing it again is how a build mends that.
            if not file.exists() or file.read_bytes() != content:
                _write(file, content)
        except OSError as error:
            raise StoreError(f"cannot write the text {file}: {error.strerror}") from error
        return digest

    def read(self, digest: str) -> str:
        """Read a text; raises StoreError where it is missing or was changed."""
        try:
            content = self._memory[digest] if self._folder is None else (self._folder / f"{digest}.txt").read_bytes()
        except (KeyError, OSError) as error:
            raise StoreError(f"the text {digest} cannot be read: build its document again") from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise StoreError(f"the text {digest} was changed: build its document again")
        return content.decode("utf-8")

    def kept(self) -> set[str]:
        """List the digests of the texts that are there, by the names of their files."""
        return set(self._memory) if self._folder is None else {file.stem for file in self._folder.glob("*.txt")}

    def drop(self, digest: str) -> None:
        """Delete a text, if it is there."""
        self._memory.pop(digest, None)
        if self._folder is not None:
            (self._folder / f"{digest}.txt").unlink(missing_ok=True)


def read_base(path: Path) -> str | None:
    """Read the base of the store in a folder, None where there is no folder or an empty one.

    Raises StoreError where there is something else.
    """
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path} is a file, not the folder of a store: name another folder")
    marker = path / "store.json"
    if not marker.exists():
        if path.exists() and any(path.iterdir()):
            raise StoreError(f"{path} holds other things and is not a store: name another folder")
        return None
    try:
        return str(json.loads(marker.read_text("utf-8"))["base"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{marker} is damaged: delete the folder and build again") from error


def make_folder(path: Path, base: str) -> None:
    """Make the folder of a new store, with the base that its IRIs have."""
    ox.NamedNode(base)
    (path / "texts").mkdir(parents=True, exist_ok=True)
    _write(path / "store.json", json.dumps({"base": base}).encode())


def _write(file: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays there after a loss of power."""
    part = file.with_name(f".{file.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    if os.name == "posix":  # elsewhere a folder cannot be opened, and renaming is durable without it
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
