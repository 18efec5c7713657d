"""An archive in, its files out one by one: gzip, bzip2, xz, zip and tar, one in the other, with bounds and without a file written.

Names inside an archive are text and nothing else: "../../etc/passwd" names a member, and opens nothing.
"""

from __future__ import annotations

import bz2
import io
import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, BinaryIO, NamedTuple

from kg.read.decode import MAX_FILE_BYTES

MAX_MEMBERS = 1_000_000  # a year of daily feeds has some 300,000 filings
MAX_DEPTH = 3  # a filing in a .gz in a daily feed's .tar in a .zip
# Text packs some 5:1, the emptiest real filings 60:1, a bomb 1,000:1; the slack is for small archives of one repetitive file.
MAX_RATIO = 200
_SLACK = 10_000_000

_CHUNK = 1 << 16
_TAR_HEAD = 512
_GZIP, _BZIP2, _XZ, _ZIP = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", (b"PK\x03\x04", b"PK\x05\x06")
_PACKED_NAME = re.compile(r"\.(?:gz|bz2|xz)$", re.I)
_PACKED_TAR = re.compile(r"\.(?:tgz|tbz2?|txz)$", re.I)
_UNSEEN = re.compile(r"(?:^|/)(?:\.(?!\.?(?:/|$))[^/]*|__MACOSX)(?:/|$)")  # what systems leave in folders for themselves
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_NAME_CHARS = 300  # of a member's name that are kept
_OFFICE = ("[Content_Types].xml", "mimetype")  # what a zip of an Office document or an e-book holds first


class Member(NamedTuple):
    """A file of an archive, "feed.tar.gz!0001.nc" by name; or with a problem the reason why it, or what comes behind it, is not read."""

    name: str
    data: bytes
    problem: str


class _BoundError(Exception):
    """Says that a bound was met; it ends the archive and becomes its problem."""


# What Python's modules raise on damaged archives, all of it faults of the data.
_DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


def is_archive(head: bytes, name: str) -> bool:
    """Answer whether a file is an archive, by its first 512 bytes or, for a tar of before 1988, by its name."""
    return head.startswith((_GZIP, _BZIP2, _XZ, *_ZIP)) or _is_tar(head, name)


def unpack(stream: BinaryIO, name: str) -> Iterator[Member]:
    """Give the files of an archive as they come; of a damaged one those before the damage, then one problem that says where it is.

    Holds one file in memory at a time. An archive in it is opened too, down to MAX_DEPTH.
    """
    yield from _open(stream, _shown(name), 1, _Account())


class _Account:
    """Counts what went into an archive's unpacking and what came out, and ends it where the one is out of proportion."""

    def __init__(self) -> None:
        self.taken = 0
        self.given = 0
        self.members = 0

    def check(self) -> None:
        if self.given > self.taken * MAX_RATIO + _SLACK:
            raise _BoundError(f"unpacks to more than {MAX_RATIO} times its size, as no filing does: left")

    def count(self) -> None:
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise _BoundError(f"holds more than {MAX_MEMBERS:,} files: the rest is left")


class _Counted(io.RawIOBase):
    """A stream that notes what is read from it."""

    def __init__(self, stream: BinaryIO, account: _Account) -> None:
        self._stream = stream
        self._account = account

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # what the io module hands over is a buffer
        data = self._stream.read(len(view))
        view[: len(data)] = data
        self._account.taken += len(data)
        return len(data)


class _Unpacked(io.RawIOBase):
    """The bytes that a packed stream holds, member behind member as gzip allows; raises EOFError where it is cut off."""

    def __init__(self, stream: BinaryIO, new: Callable[[], Any], account: _Account) -> None:
        self._stream = stream
        self._new = new
        self._engine = new()  # of one of three modules, whose classes share their methods and no type
        self._account = account
        self._rest = b""
        self._begun = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]  # as above
        while True:
            engine = self._engine
            if engine.eof:
                self._rest = engine.unused_data or self._rest or self._stream.read(_CHUNK)
                if not self._rest.strip(b"\0"):
                    return 0  # padding, as tapes have
                self._engine = engine = self._new()
            data = self._given(engine, len(view))
            if data:
                self._account.given += len(data)
                self._account.check()
                view[: len(data)] = data
                return len(data)

    def _given(self, engine: Any, most: int) -> bytes:
        """Unpack up to so many bytes, and keep what the engine has not taken yet."""
        if isinstance(engine, bz2.BZ2Decompressor | lzma.LZMADecompressor):
            if engine.needs_input and not self._rest:
                self._rest = self._more()
            taken, self._rest = self._rest, b""
            return bytes(engine.decompress(taken, most))
        if not self._rest:
            self._rest = self._more()
        data = bytes(engine.decompress(self._rest, most))
        self._rest = engine.unconsumed_tail
        return data

    def _more(self) -> bytes:
        data = self._stream.read(_CHUNK)
        if not data:
            raise EOFError("it is cut off")
        return data


def _open(stream: BinaryIO, name: str, depth: int, account: _Account) -> Iterator[Member]:
    """Unpack an archive of any kind; what goes wrong becomes its last member."""
    counted = io.BufferedReader(_Counted(stream, account), _CHUNK)
    try:
        if depth > MAX_DEPTH:
            raise _BoundError(f"is an archive {MAX_DEPTH} archives deep: left")
        head = counted.peek(_TAR_HEAD)[:_TAR_HEAD]
        if head.startswith(_ZIP):
            yield from _zip(stream, counted, name, depth, account)
        elif head.startswith((_GZIP, _BZIP2, _XZ)):
            yield from _packed(counted, head, name, depth, account)
        else:
            yield from _tar(counted, name, depth, account)
    except _BoundError as bound:
        yield Member(name, b"", str(bound))
    except _DAMAGE as fault:
        yield Member(name, b"", f"is damaged behind {account.members} files ({_reason(fault)})")


def _packed(stream: BinaryIO, head: bytes, name: str, depth: int, account: _Account) -> Iterator[Member]:
    """Unpack a gzip, bzip2 or xz file: a tar in it is an archive, anything else a file by itself."""
    new: Callable[[], Any] = bz2.BZ2Decompressor if head.startswith(_BZIP2) else lzma.LZMADecompressor
    if head.startswith(_GZIP):
        new = partial(zlib.decompressobj, wbits=31)  # 31 asks for gzip's header and sum
    unpacked = io.BufferedReader(_Unpacked(stream, new, account), _CHUNK)
    inner = _PACKED_TAR.sub(".tar", name)
    inner = _PACKED_NAME.sub("", inner) if inner == name else inner
    first = unpacked.peek(_TAR_HEAD)[:_TAR_HEAD]
    if _is_tar(first, inner):
        yield from _tar(unpacked, name, depth, account)
        return
    short = inner.rpartition("!")[2].rpartition("/")[2]
    yield from _member(unpacked, f"{name}!{short}", depth, account)


def _tar(stream: BinaryIO, name: str, depth: int, account: _Account) -> Iterator[Member]:
    with tarfile.open(fileobj=stream, mode="r|", errorlevel=1) as tar:
        while (entry := tar.next()) is not None:
            tar.members = []  # type: ignore[attr-defined]  # the module keeps every header, of which a feed has thousands
            account.count()
            inner = f"{name}!{_shown(entry.name)}"
            if entry.isdir() or _UNSEEN.search(entry.name):
                continue
            if not entry.isreg():
                yield Member(inner, b"", "is a link or a device, not a file: left")
                continue
            data = tar.extractfile(entry)
            if data is not None:
                yield from _member(data, inner, depth, account)  # type: ignore[arg-type]  # a reader like any


def _zip(stream: BinaryIO, counted: BinaryIO, name: str, depth: int, account: _Account) -> Iterator[Member]:
    if stream.seekable():
        stream.seek(0, io.SEEK_END)
        account.taken = max(account.taken, stream.tell())
        whole: BinaryIO = stream
    else:
        data = counted.read(MAX_FILE_BYTES + 1)
        if len(data) > MAX_FILE_BYTES:
            raise _BoundError(f"is a zip of more than {MAX_FILE_BYTES:,} bytes inside another stream: left; unpack the outer one first")
        whole = io.BytesIO(data)
    with zipfile.ZipFile(whole) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
        if any(entry.filename in _OFFICE for entry in entries[:8]):
            raise _BoundError("is an Office document or an e-book: save it as PDF, HTML or text")
        end = 0
        for entry in entries:  # a bomb lets many files share the same packed bytes
            if entry.header_offset < end:
                raise _BoundError("has files that overlap, as only bombs have: left")
            end = entry.header_offset + entry.compress_size
        for entry in archive.infolist():
            account.count()
            inner = f"{name}!{_shown(entry.filename)}"
            if entry.is_dir() or _UNSEEN.search(entry.filename):
                continue
            if (entry.external_attr >> 16) & 0o170000 == 0o120000:
                yield Member(inner, b"", "is a link, not a file: left")
            elif entry.flag_bits & 1:
                yield Member(inner, b"", "is locked with a password")
            else:
                yield from _zipped(archive, entry, inner, depth, account)


def _zipped(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, depth: int, account: _Account) -> Iterator[Member]:
    """Give one file of a zip: a damaged one costs only itself."""
    try:
        with archive.open(entry) as data:
            yield from _member(data, name, depth, account, counts=True)  # type: ignore[arg-type]  # a reader like any
    except _DAMAGE as fault:
        yield Member(name, b"", f"is damaged ({_reason(fault)})")


def _member(stream: BinaryIO, name: str, depth: int, account: _Account, counts: bool = False) -> Iterator[Member]:
    """Read one file within its bound, or open it where it is an archive itself. counts: what is read here is unpacked here."""
    pieces: list[bytes] = []
    length = 0
    while piece := stream.read(_CHUNK):
        length += len(piece)
        if counts:
            account.given += len(piece)
            account.check()
        if length > MAX_FILE_BYTES:
            yield Member(name, b"", f"has more than {MAX_FILE_BYTES:,} bytes, which is the most that kg reads")
            while rest := stream.read(_CHUNK):
                account.given += len(rest) if counts else 0
                account.check()
            return
        pieces.append(piece)
    data = b"".join(pieces)
    if is_archive(data[:_TAR_HEAD], name):
        yield from _open(io.BytesIO(data), name, depth + 1, account)
    else:
        yield Member(name, data, "")


def _is_tar(head: bytes, name: str) -> bool:
    return head[257:262] == b"ustar" or (name.lower().endswith(".tar") and len(head) >= _TAR_HEAD)


def _shown(name: str) -> str:
    """Make a name fit to be told in one line."""
    return _CONTROLS.sub("\ufffd", name)[:_NAME_CHARS]


def _reason(fault: BaseException) -> str:
    return _CONTROLS.sub(" ", str(fault))[:200] or type(fault).__name__
