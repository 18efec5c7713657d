"""Bytes in, clean text out: the encoding found, line ends made one, control characters and stray surrogates gone."""

from __future__ import annotations

import codecs
import re

from kg.errors import ReadError

MAX_FILE_BYTES = 64 * 1024 * 1024  # the largest submissions of an 8-K with graphics are near 50 MB
MAX_TEXT_CHARS = 4_000_000  # a merger agreement of 1,000 pages has 3 million; each character costs some 50 bytes while reading

# What a file is whose first bytes are these: said by name, since "binary" helps nobody.
_MAGIC = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
)
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))

# Text has a stray control character here and there (0x1A at the end, 0x0B for a break); more than one in ten is no text.
_CONTROL_BYTES = bytes(b for b in range(32) if b not in (9, 10, 11, 12, 13, 26, 27))
_MAX_CONTROL_SHARE = 0.1

# Invisible marks that would stand inside words: zero-width space, word joiner, byte-order mark, directional marks.
_INVISIBLE = "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
_ODD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2028\u2029{_INVISIBLE}\ud800-\udfff]")
_SOFT_HYPHEN_AT_END = re.compile("\u00ad[ \t]{0,99}\n[ \t]{0,99}")


def decode(data: bytes, name: str) -> str:
    """Decode the bytes of a file: by its byte-order mark, else as UTF-8, else as Windows-1252.

    A UTF-8 text with a few broken bytes (cut off in the middle of a character, or with a pasted 1252 quote) stays UTF-8, and only those
    bytes are read as Windows-1252. Raises ReadError where the bytes are no text.
    """
    if not data:
        raise ReadError(f"{name}: the file is empty")
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return clean(data[len(bom) :].decode(encoding, errors="replace"))
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"{name}: is {what}, not text or HTML")
    if b"\0" in data:
        raise ReadError(f"{name}: is binary (it has NUL bytes), not text or HTML")
    if len(data) - len(data.translate(None, _CONTROL_BYTES)) > len(data) * _MAX_CONTROL_SHARE:
        raise ReadError(f"{name}: is binary (it is full of control characters), not text or HTML")
    try:
        return clean(data.decode("utf-8"))
    except UnicodeDecodeError:
        mixed = data.decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= char <= "\udcff" for char in mixed)
    sound = sum(char > "\x7f" for char in mixed) - broken
    return clean(_surrogates_as_1252(mixed) if sound >= broken else data.decode("latin-1"))


def clean(text: str) -> str:
    """Make a text fit to be stored: what is done here is done before any offset is taken.

    Line ends become LF. C1 controls are read as Windows-1252 does, as browsers do: `&#147;` of an old filing is a quotation mark.
    Other controls become spaces; invisible marks and soft hyphens vanish; lone surrogates become U+FFFD. Idempotent.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\u00ad" in text:
        text = _SOFT_HYPHEN_AT_END.sub("", text)
    return _ODD.sub(lambda found: _REPLACED.get(found[0], ""), text)


def _surrogates_as_1252(text: str) -> str:
    return re.sub("[\udc80-\udcff]", lambda found: chr(ord(found[0]) - 0xDC00), text)


def _replacements() -> dict[str, str]:
    table = {chr(code): " " for code in (*range(32), 0x7F) if code not in (9, 10)}
    table |= {chr(code): bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0xA0)}
    table |= {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
    return table | {"\f": "\n", "\u2028": "\n", "\u2029": "\n\n"}


_REPLACED = _replacements()
