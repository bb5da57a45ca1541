"""Korean particles that depend on the last sound of the word before them."""

from __future__ import annotations

_FIRST, _LAST, _ENDINGS = ord("가"), ord("힣"), 28
_DIGITS_WITH_ENDING = "013678"  # 영 일 삼 육 칠 팔


def subject(word: str) -> str:
    """The particle of the one who acts: 이 after a closed sound, 가 after an open one, 이(가) when unknown."""
    last = word.rstrip(" )]”’\"'.")[-1:]
    if last and _FIRST <= ord(last) <= _LAST:
        return "이" if (ord(last) - _FIRST) % _ENDINGS else "가"
    if last.isascii() and last.isdigit():
        return "이" if last in _DIGITS_WITH_ENDING else "가"
    return "이(가)"
