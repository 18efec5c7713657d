"""Text in, text that XML 1.0 can hold out."""

from __future__ import annotations

import re

# Control characters such as the form feed of a page break, which old filings are full of, may not stand in XML 1.0 even escaped.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def has_illegal(text: str) -> bool:
    """Answer whether XML cannot hold the text as it is."""
    return _ILLEGAL.search(text) is not None


def escape(text: str) -> str:
    """Escape for content and for attributes in double quotes; what XML cannot hold becomes U+FFFD.

    A carriage return is written as a reference, since XML readers turn a bare one into a line feed.
    """
    text = _ILLEGAL.sub("\ufffd", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;").replace("\r", "&#13;")
