"""Count and cut text as Korean carriers do: EUC-KR, one character at a time.

The trap: Python's ``euc-kr`` codec spells 8,822 of the 11,172 Hangul syllables (똠, 햏, ...) as an eight-byte
KS X 1001 composition that no handset shows. Such a character, like an emoji, cannot be carried. O3.
"""

from __future__ import annotations

import codecs
import re
import unicodedata

# Characters common in web copy that carriers cannot carry, and what to write instead (O3).
replaceable: dict[str, str] = {
    "₩": "원",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "−": "-",
    "•": "·",
    "‣": "·",
    "・": "·",
    "\u00a0": " ",  # NBSP, then the other blanks that word processors write
    "\u2002": " ",
    "\u2003": " ",
    "\u2009": " ",
    "\u202f": " ",
    "\u2028": "\n",
    "\u2029": "\n",
    "\u200b": "",  # signs without a width, which nobody sees leave
    "\u200c": "",
    "\u200d": "",
    "\u2060": "",
    "\ufe0f": "",
    "\ufeff": "",
    "‚": ",",
    "„": '"',
    "«": "《",
    "»": "》",
    "✓": "√",
    "✔": "√",
    "❤": "♥",
    "⭐": "★",
    "✨": "★",
    "➡": "→",
    "©": "(c)",
}

# "₩1,000" reads "1,000원", not "원1,000".
_WON_BEFORE_FIGURES = re.compile(r"₩\s?([0-9]+(?:,[0-9]{3})*)")


_encode = codecs.lookup("euc-kr").encode  # a name's way to it takes longer than its letters
_COMPOSED = b"\xa4\xd4"


class CannotCarry(ValueError):
    """Text holds characters that carriers cannot carry; ``characters`` names each once, in order."""

    def __init__(self, characters: tuple[str, ...]) -> None:
        super().__init__("characters outside of EUC-KR: " + " ".join(f"U+{ord(c):04X}" for c in characters))
        self.characters = characters


def byte_length(text: str) -> int:
    """Count the bytes that carriers count for this text. O3.

    ASCII is one byte, everything else that can be carried is two. Raises ``CannotCarry``.
    """
    try:
        encoded, _ = _encode(text, "strict")
    except UnicodeEncodeError:
        raise CannotCarry(cannot_carry(text)) from None
    # A syllable outside of the set is composed in eight bytes that begin with these two; cp949 knows it in two bytes.
    if _COMPOSED in encoded and len(encoded) != len(text.encode("cp949")):
        raise CannotCarry(cannot_carry(text))
    return len(encoded)


def cannot_carry(text: str) -> tuple[str, ...]:
    """Name the characters of this text that carriers cannot carry, each once, in order of appearance."""
    return tuple(c for c in dict.fromkeys(text) if not _bytes_of(c))


def replace(text: str) -> str:
    """Write the text without the characters that have a known stand-in; others stay as they are. O3.

    Decomposed Hangul (as Apple's file system writes it) is composed first; "₩1,000" becomes "1,000원".
    """
    text = _WON_BEFORE_FIGURES.sub(r"\1원", unicodedata.normalize("NFC", text))
    return "".join(replaceable.get(c, c) for c in text)


def cut(text: str, most_bytes: int) -> str:
    """Keep the longest beginning of the text that fits into ``most_bytes``, never half a character.

    Raises ``CannotCarry``, also for characters behind the cut.
    """
    if byte_length(text) <= most_bytes:
        return text
    used = 0
    for index, character in enumerate(text):
        used += 1 if character.isascii() else 2
        if used > most_bytes:
            return text[:index]
    return text


def _bytes_of(character: str) -> int:
    try:
        encoded = character.encode("euc-kr")
    except UnicodeEncodeError:
        return 0
    return len(encoded) if len(encoded) <= 2 else 0
