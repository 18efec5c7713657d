"""Paths, folders and globs in, the files to read out; an archive is opened as it is come to, one file of it at a time."""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from kg.errors import ReadError
from kg.model import Contents, Issue
from kg.read import STDIN, is_packed, members, read, read_bytes

# What a folder is searched for (.nc is EDGAR's form with a tagged header); a file that is named is always read, whatever it is called.
SUFFIXES = frozenset({".htm", ".html", ".xhtml", ".md", ".markdown", ".nc", ".pdf", ".txt", ".bz2", ".gz", ".tar", ".tgz", ".xz", ".zip"})


class File(NamedTuple):
    """A file to read: by itself, or with its bytes one of an archive or of standard input; problem says why there are none."""

    path: Path
    member: str = ""  # "feed.tar.gz!0001.nc"
    data: bytes = b""
    problem: str = ""

    def __str__(self) -> str:
        """Name the file as the user knows it."""
        return self._named(str(self.path))

    @property
    def place(self) -> str:
        """Where the file is, whichever way it was named: what the run record knows it by."""
        return self._named(str(self.path.resolve()))

    def read(self) -> tuple[Contents, str]:
        """Read the file; give what it holds and the digest of its bytes. Raises ReadError."""
        if self.problem:
            raise ReadError(f"{self}: {self.problem}")
        if self.member:
            return read_bytes(self.data, self.member), hashlib.sha256(self.data).hexdigest()
        return read(self.path), hashlib.sha256(self.path.read_bytes()).hexdigest()

    def digest(self) -> str:
        """Digest the file's bytes as `read` does; "" for a file that cannot be read, which is for `read` to say."""
        if self.member:
            return hashlib.sha256(self.data).hexdigest()
        try:
            return hashlib.sha256(self.path.read_bytes()).hexdigest()
        except OSError:
            return ""

    def _named(self, path: str) -> str:
        if not self.member:
            return path
        return self.member if self.path == STDIN else path + self.member.removeprefix(self.path.name)


def files_of(paths: Iterable[Path]) -> Iterator[File]:
    """List the files to read, in order, with those of an archive in its place."""
    for path in paths:
        if path == STDIN or is_packed(path):
            for member in members(path):
                yield File(path, *member)
        else:
            yield File(path)


def expand(paths: Iterable[str | Path], leave_out: Path | None = None) -> tuple[list[Path], list[Issue]]:
    """List the files that the paths mean, sorted and each once, with an Issue for each file of a folder that is of no known kind.

    leave_out is a folder to stay out of: the store itself, which keeps texts. Raises ReadError for a path that is not there and where
    nothing is left to read.
    """
    named = [Path(path).expanduser() for path in paths]
    found: dict[Path, Path] = {}  # each under its real place, so that it is read once however it is reached
    issues: list[Issue] = []
    for path in (match for each in named for match in _matches(each)):
        inside, left = _folder(path, leave_out) if path.is_dir() else ([path], [])
        found.update({file.resolve(): file for file in inside if file.resolve() not in found})
        issues += left
    if not found:
        where = ", ".join(map(str, named)) or "no path given"
        raise ReadError(f"{where}: no file to read; kg looks for {', '.join(sorted(SUFFIXES))} in a folder")
    return sorted(found.values()), issues


def _matches(path: Path) -> list[Path]:
    """Give the path itself or, where there is none such, what it means as a glob that the shell did not expand."""
    if path == STDIN or path.exists():
        return [path]
    matches = sorted(glob.glob(str(path), recursive=True)) if glob.has_magic(str(path)) else []
    if not matches:
        raise ReadError(f"{path}: no such file or folder; nothing was read")
    return [Path(match) for match in matches]


def _folder(folder: Path, leave_out: Path | None) -> tuple[list[Path], list[Issue]]:
    """Search a folder, without hidden files and without the folder to stay out of."""
    files: list[Path] = []
    issues: list[Issue] = []
    shut = leave_out.resolve() if leave_out is not None else None
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if shut is not None and path.resolve().is_relative_to(shut):
            continue
        if path.suffix.lower() in SUFFIXES:
            files.append(path)
        else:
            issues.append(Issue("read", str(path), f"left out: {path.suffix or 'a name without suffix'} is no kind that kg reads"))
    return files, issues
