"""Archives in, their files one by one or a reason each out: formats, nesting, bombs, names, damage, memory."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from kg.errors import ReadError
from kg.read import read
from kg.read.archive import Member, is_archive, unpack
from kg.read.decode import MAX_FILE_BYTES

RELEASE = b"BASEL, March 3, 2011 - Lintara AG today announced that Genentech has paid it $3 million under their licence.\n"


def tar(files: dict[str, bytes], mode: str = "w") -> bytes:
    """Make a tar; a name that ends in "@" is a link."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]  # the mode is one of its own
        for name, data in files.items():
            entry = tarfile.TarInfo(name.removesuffix("@"))
            if name.endswith("@"):
                entry.type, entry.linkname = tarfile.SYMTYPE, data.decode()
            else:
                entry.size = len(data)
            archive.addfile(entry, None if name.endswith("@") else io.BytesIO(data))
    return out.getvalue()


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make a zip."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def members(data: bytes, name: str) -> list[Member]:
    """Unpack bytes."""
    assert is_archive(data[:512], name)
    return list(unpack(io.BytesIO(data), name))


class Stream(io.BytesIO):
    """Bytes that come through a pipe."""

    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize(
    ("data", "name", "expected", "why"),
    [
        (gzip.compress(b"a"), "r.txt.gz", {"r.txt.gz!r.txt": b"a"}, "gzip"),
        (gzip.compress(b"a") + gzip.compress(b"b") + bytes(512), "r.gz", {"r.gz!r": b"ab"}, "gzip of two parts, padded"),
        (bz2.compress(b"a") + bz2.compress(b"b"), "r.txt.bz2", {"r.txt.bz2!r.txt": b"ab"}, "bzip2"),
        (lzma.compress(b"a"), "r.txt.xz", {"r.txt.xz!r.txt": b"a"}, "xz"),
        (tar({"d/a.nc": b"a", "b.nc": b"b"}), "f.tar", {"f.tar!d/a.nc": b"a", "f.tar!b.nc": b"b"}, "tar"),
        (tar({"a.nc": b"a"}, "w:gz"), "f.nc.tar.gz", {"f.nc.tar.gz!a.nc": b"a"}, "a daily feed"),
        (tar({"a.nc": b"a"}, "w:xz"), "f.txz", {"f.txz!a.nc": b"a"}, "tar in xz"),
        (zipped({"a.txt": b"a", "d/b.txt": b"b"}), "z.zip", {"z.zip!a.txt": b"a", "z.zip!d/b.txt": b"b"}, "zip"),
        (zipped({"a.txt": b"a"}, zipfile.ZIP_LZMA), "z.zip", {"z.zip!a.txt": b"a"}, "zip with lzma"),
        (tar({"a.gz": gzip.compress(b"a")}), "f.tar", {"f.tar!a.gz!a": b"a"}, "gzip in tar"),
        (zipped({"f.tar.gz": tar({"a.nc": b"a"}, "w:gz")}), "z.zip", {"z.zip!f.tar.gz!a.nc": b"a"}, "a feed in a zip"),
        (tar({".DS_Store": b"x", "__MACOSX/a": b"x", "._a": b"x", "a": b"a"}), "f.tar", {"f.tar!a": b"a"}, "what systems leave behind"),
        (zipped({"../../up": b"a", "/abs": b"b"}), "z.zip", {"z.zip!../../up": b"a", "z.zip!/abs": b"b"}, "names open nothing"),
        (tar({"a\nb": b"a"}), "f.tar", {"f.tar!a\ufffdb": b"a"}, "a name of two lines"),
    ],
)
def test_files_come_out(data: bytes, name: str, expected: dict[str, bytes], why: str) -> None:
    assert {member.name: member.data for member in members(data, name)} == expected, why
    assert not any(member.problem for member in members(data, name))
    assert [m.data for m in unpack(Stream(data), name)] == [m.data for m in members(data, name)], "through a pipe"


def locked() -> bytes:
    """Set the bit that says a file is locked, in both places that have it."""
    data = bytearray(zipped({"a.txt": b"abc"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def overlapping() -> bytes:
    """Let two entries of the directory share one file, as the bombs without nesting do."""
    data = zipped({"a": b"\0" * 1000, "b": b"\0" * 1000})
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    return data[: second + 42] + bytes(4) + data[second + 46 :]


def deep(levels: int) -> bytes:
    """Pack archives into each other."""
    data = b"x"
    for level in range(levels):
        data = zipped({f"{level}.zip": data})
    return data


BOMB = gzip.compress(bytes(10_000_000))


@pytest.mark.parametrize(
    ("data", "name", "problem", "files", "why"),
    [
        (BOMB * 300, "b.gz", "200 times", 0, "three gigabytes of nothing"),
        (gzip.compress(BOMB * 300), "b.gz.gz", "200 times", 0, "packed twice"),
        (zipped({"b": bytes(MAX_FILE_BYTES + 1)}), "b.zip", "200 times", 0, "a file of nothing in a small zip"),
        (tar({"a": b"a", "b": bytes(MAX_FILE_BYTES + 1), "c": b"c"}), "f.tar", "67,108,864 bytes", 2, "and those beside it"),
        (overlapping(), "z.zip", "overlap", 0, "shared bytes"),
        (deep(5), "z.zip", "archives deep", 0, "too deep"),
        (locked(), "z.zip", "password", 0, "a password"),
        (zipped({"[Content_Types].xml": b"x"}), "w.docx", "Office", 0, "an Office document"),
        (tar({"l@": b"/etc/passwd", "a": b"a"}), "f.tar", "link", 1, "a link is not followed"),
        (gzip.compress(RELEASE * 99)[:-20], "r.gz", "cut off", 0, "half a file is none"),
        (tar({"a": b"a" * 600, "b": b"b" * 9000})[:3000], "f.tar", "damaged behind 2 files", 1, "a tar cut off"),
        (zipped({"a": b"abc", "b": b"b"}, zipfile.ZIP_STORED).replace(b"abc", b"abd", 1), "z.zip", "CRC", 1, "a wrong sum costs one file"),
        (b"PK\x03\x04" + bytes(90), "z.zip", "damaged", 0, "no zip at all"),
        (b"\x1f\x8b" + b"x" * 90, "r.gz", "damaged", 0, "no gzip at all"),
    ],
)
def test_bombs_and_damage_cost_little_and_say_why(data: bytes, name: str, problem: str, files: int, why: str) -> None:
    start = time.process_time()
    found = members(data, name)
    assert time.process_time() - start < 5
    told = [member.problem for member in found if member.problem]
    assert any(problem in each for each in told), (why, told)
    assert len(told) <= 2 and all("\n" not in each for each in told)
    assert len([member for member in found if not member.problem]) == files, why


def test_a_bomb_stays_small_in_memory() -> None:
    tracemalloc.start()
    assert len(members(BOMB * 300, "b.gz")) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_feed_is_read_file_by_file() -> None:
    chance = random.Random(1)
    files = {f"{number}.nc": chance.randbytes(30_000) for number in range(300)}
    feed = tar(files, "w:gz")
    tracemalloc.start()
    names = [member.name for member in unpack(Stream(feed), "feed.tar.gz")]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert names == [f"feed.tar.gz!{name}" for name in files]
    assert peak < 5_000_000, "a file or two at a time, of nine megabytes"


@pytest.mark.parametrize("seed", range(60))
def test_damage_of_any_kind_is_told(seed: int) -> None:
    chance = random.Random(seed)
    makers = [
        lambda: tar({"a.txt": RELEASE * 50, "b.txt": RELEASE}),
        lambda: tar({"a.txt": RELEASE * 50, "b.txt": RELEASE}, "w:gz"),
        lambda: zipped({"a.txt": RELEASE * 50, "b.gz": gzip.compress(RELEASE)}),
        lambda: gzip.compress(RELEASE * 50),
        lambda: lzma.compress(RELEASE * 50),
    ]
    data = bytearray(chance.choice(makers)())
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(data))
        if chance.random() < 0.5:
            data[at] = chance.randrange(256)
        else:
            del data[at : at + chance.randint(1, 200)]
    for member in unpack(io.BytesIO(bytes(data)), "hurt"):
        assert member.name.startswith("hurt")


def test_reading_an_archive_gives_all_its_documents_and_counts_the_rest(tmp_path: Path) -> None:
    form4 = b"<SUBMISSION>\n<ACCESSION-NUMBER>0000000001-11-000001\n<TYPE>4\n<DOCUMENT>\n<TYPE>4\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n"
    path = tmp_path / "20110303.nc.tar.gz"
    path.write_bytes(tar({"a.nc": form4, "b.txt": RELEASE, "c.nc": form4, "d.png": b"\x89PNG", "e.txt.gz": gzip.compress(RELEASE)}, "w:gz"))
    before = sorted(tmp_path.rglob("*"))
    contents = read(path)
    assert [d.source.file_name for d in contents.documents] == ["20110303.nc.tar.gz!b.txt", "20110303.nc.tar.gz!e.txt.gz!e.txt"]
    assert contents.skipped == {"form 4": 2}
    assert [issue.where for issue in contents.issues] == ["20110303.nc.tar.gz!d.png"]
    assert sorted(tmp_path.rglob("*")) == before, "nothing is written"
    path.write_bytes(tar({"a.nc": form4}, "w:gz"))
    with pytest.raises(ReadError, match=r"20110303\.nc\.tar\.gz: .*1 form 4"):
        read(path)
