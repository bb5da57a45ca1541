"""How the platform says no: one enum member with its stable code and its Korean sentence.

A rule answers `No(SomeRefusal.MEMBER, {"most": 5})`; the page, the API and the action give it their own voice.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


def _(sentence: str) -> str:
    """Mark a sentence for translation without translating it: rules stay free of Django."""
    return sentence


class Refusal(enum.Enum):
    """Base of every app's refusals. Value: (stable code for the API, Korean sentence with {numbers})."""

    @property
    def code(self) -> str:
        code: str = self.value[0]
        return code

    @property
    def sentence(self) -> str:
        sentence: str = self.value[1]
        return sentence


@dataclass(frozen=True)
class No:
    """A refusal with the numbers its sentence needs. `about`: which one of several things it is about."""

    why: Refusal
    numbers: Mapping[str, object] = field(default_factory=dict)
    about: str = ""

    @property
    def code(self) -> str:
        return self.why.code

    def say(self, translate: Callable[[str], str] = _) -> str:
        """Return the sentence with its numbers, translated by `translate` (gettext at the audience)."""
        said = translate(self.why.sentence).format(**self.numbers)
        return f"{self.about}: {said}" if self.about else said


class Refused(Exception):
    """Raised by an action that declines; nothing was changed."""

    def __init__(self, no: No) -> None:
        super().__init__(no.code)
        self.no = no


def refuse(no: No | None) -> None:
    """Raise `Refused` when a rule said no."""
    if no is not None:
        raise Refused(no)
