"""Bytes in, clean text out: the encoding found, line ends made one, control characters and stray surrogates gone."""

from __future__ import annotations

import codecs
import html
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
    (b"{\\rtf", "a Rich Text document; saved as plain text or HTML kg reads it"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
)
# The longer mark first: UTF-32's begins with UTF-16's.
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF16_SAMPLE = 4000  # bytes at the start that show UTF-16 without a mark: every second one is NUL in Western text

# Text has a stray control character here and there (0x1A at the end, 0x0B for a break, a NUL or two); more than one in ten is no text.
_CONTROL_BYTES = bytes(b for b in range(32) if b not in (9, 10, 11, 12, 13, 26, 27))
_MAX_CONTROL_SHARE = 0.1
_MAX_NULS = 10
_SAMPLE = 20_000  # bytes at the start that show whether a file is text
_CLEANED_BYTES = bytes([*range(9), *range(11, 32), 127])

_DECLARED = re.compile(rb"""(?:charset|encoding)\s{0,9}=\s{0,9}["']?([A-Za-z0-9_.:-]{2,40})""", re.I)
_DECLARED_WITHIN = 4000  # bytes at the start in which a page says its encoding
# These are what people declare without knowing; browsers read all of them as Windows-1252.
_WESTERN = frozenset({"ascii", "iso8859-1", "cp1252", "utf-8"})
# Codecs that make text of bytes; Python's others (zip, hex, rot13, idna) do not, or take more than linear time.
_CHARSETS = re.compile(
    r"iso8859-\d{1,2}|cp125\d|cp437|cp850|cp932|cp949|cp950|koi8-[ru]|mac-\w+|shift_jis\w*|euc_\w+|gb\w+|big5\w*|johab|hz|iso2022\w*|tis-620"
)

# Invisible marks that would stand inside words: zero-width space, word joiner, byte-order mark, directional marks.
_INVISIBLE = "\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff"
# Spaces of other widths, which set type and part words as a space does.
_SPACES = "\u1680\u2000-\u200a\u202f\u205f\u3000"
_ODD = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u2028\u2029{_SPACES}{_INVISIBLE}\ud800-\udfff]")
_SOFT_HYPHEN_AT_END = re.compile("\u00ad[ \t]{0,99}\n[ \t]{0,99}")
_FEED = re.compile(r"\n?\f+\n?")  # a form feed that shares its line with text gets one of its own

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d?);")

# UTF-8 read as Windows-1252 and saved again: "itâ€™s". A lead letter and the one to three that can follow it there.
_TRAILING = "\u0080-\u00bf" + "".join(re.escape(bytes([code]).decode("cp1252", "ignore")) for code in range(0x80, 0xA0))
_MOJIBAKE = re.compile(f"[\u00c2\u00c3\u00ce\u00cf][{_TRAILING}]|\u00e2[{_TRAILING}]{{2}}|\u00f0[{_TRAILING}]{{3}}")  # Latin, Greek, signs
_MOJIBAKE_SIGNS = ("\u00e2\u20ac", "\u00c3", "\u00c2")


def refuse_binary(data: bytes, name: str) -> None:
    """Raise ReadError, saying what the bytes are, where they are no text."""
    if not data:
        raise ReadError(f"{name}: the file is empty")
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise ReadError(f"{name}: is {what}, not text or HTML")
    if any(data.startswith(bom) for bom, _ in _BOMS) or _utf16_without_mark(data):
        return
    if b"\0" in data and data.count(b"\0") > _MAX_NULS:
        raise ReadError(f"{name}: is binary (it has NUL bytes), not text or HTML")
    sample = data[:_SAMPLE]
    if len(sample) - len(sample.translate(None, _CONTROL_BYTES)) > len(sample) * _MAX_CONTROL_SHARE:
        raise ReadError(f"{name}: is binary (it is full of control characters), not text or HTML")


def decode(data: bytes) -> str:
    """Decode bytes: by their byte-order mark, else as UTF-8, else as they declare, else as Windows-1252.

    A UTF-8 text with a few broken bytes (cut off in the middle of a character, or with a pasted 1252 quote) stays UTF-8, and only those
    bytes are read as Windows-1252. What was encoded twice is decoded twice. C1 controls are left to `clean`.
    """
    if data.isascii():
        text = data.decode("ascii")
        return text if "\0" not in text[:2] else _marked(data) or text
    marked = _marked(data)
    if marked is not None:
        return marked
    try:
        return _once(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    declared = _declared(data)
    if declared is not None:
        try:
            return data.decode(declared)
        except (UnicodeDecodeError, LookupError):
            pass
    mixed = data.decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= char <= "\udcff" for char in mixed)
    sound = sum(char > "\x7f" for char in mixed) - broken
    return _once(re.sub("[\udc80-\udcff]", lambda found: chr(ord(found[0]) - 0xDC00), mixed)) if sound >= broken else data.decode("latin-1")


def to_utf8(data: bytes) -> bytes:
    """Encode anew as UTF-8 what is in another encoding."""
    return data if data.isascii() and b"\0" not in data[:2] else decode(data).encode("utf-8", errors="replace")


def clean(text: str) -> str:
    """Make a text fit to be stored: what is done here is done before any offset is taken.

    Line ends become LF; a form feed stands on a line of its own. C1 controls are read as Windows-1252 does, as browsers do: `&#147;` of an
    old filing is a quotation mark. Other controls and the spaces of print become spaces; invisible marks and soft hyphens vanish; lone
    surrogates become U+FFFD. Idempotent.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii():
        raw = text.encode("ascii")
        if len(raw.translate(None, _CLEANED_BYTES)) == len(raw):
            return text
    if "\u00ad" in text:
        text = _SOFT_HYPHEN_AT_END.sub("", text)
    text = _ODD.sub(lambda found: _REPLACED.get(found[0], ""), text)
    return _FEED.sub("\n\f\n", text) if "\f" in text else text


def unescape(text: str) -> str:
    """Resolve the character references that plain text of EDGAR has ("AT&amp;T"); those of marks below a space stay."""
    if "&" not in text or ";" not in text:
        return text
    return _ENTITY.sub(lambda found: char if (char := html.unescape(found[0])).isprintable() or char == "\u00a0" else found[0], text)


def _marked(data: bytes) -> str | None:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, errors="replace")
    encoding = _utf16_without_mark(data)
    return data.decode(encoding, errors="replace") if encoding else None


def _utf16_without_mark(data: bytes) -> str:
    """Say which UTF-16 bytes without a mark are in; "" for neither."""
    sample = data[:_UTF16_SAMPLE]
    half = len(sample) // 2
    if half < 2 or len(data) % 2:
        return ""
    if sample[1::2].count(0) > 0.8 * half and not sample[::2].count(0):
        return "utf-16-le"
    return "utf-16-be" if sample[::2].count(0) > 0.8 * half and not sample[1::2].count(0) else ""


def _declared(data: bytes) -> str | None:
    """Look up the charset that a page declares, where it is one that bytes are in and not what everybody declares."""
    found = _DECLARED.search(data, 0, _DECLARED_WITHIN)
    if found is None:
        return None
    try:
        name = codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None
    return name if name not in _WESTERN and _CHARSETS.fullmatch(name) else None


def _once(text: str) -> str:
    """Undo a second encoding, letter by letter, where the letters are UTF-8 read as Windows-1252."""
    if not any(sign in text for sign in _MOJIBAKE_SIGNS):
        return text
    return _MOJIBAKE.sub(_undone, text)


def _undone(found: re.Match[str]) -> str:
    raw = bytearray()
    for char in found[0]:
        try:
            raw += char.encode("cp1252") if char > "\x9f" else bytes([ord(char)])
        except UnicodeEncodeError:
            return found[0]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return found[0]


def _replacements() -> dict[str, str]:
    table = {chr(code): " " for code in (*range(32), 0x7F) if code not in (9, 10, 12)}
    table |= {chr(code): bytes([code]).decode("cp1252", errors="replace") for code in range(0x80, 0xA0)}
    table |= {chr(code): "\ufffd" for code in range(0xD800, 0xE000)}
    table |= {chr(code): " " for code in (0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)}
    return table | {"\f": "\f", "\u2028": "\n", "\u2029": "\n\n"}


_REPLACED = _replacements()
