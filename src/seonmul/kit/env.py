"""Reading the environment, with one list of every variable, its meaning and its default.

All mistakes are collected and told at once. `NAME_FILE` names a file that holds the value (mounted secrets).
`example()` prints `.env.example`.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvError


class BadEnvironment(SystemExit):
    """The environment cannot be used; the text lists every variable that is wrong."""

    def __init__(self, text: str, environment: Environment) -> None:
        super().__init__(text)
        self.environment = environment


@dataclass(frozen=True)
class Variable:
    name: str
    about: str
    default: str
    secret: bool


class Environment:
    """Typed access to the environment. `demo`: secrets may fall back to generated ones."""

    def __init__(self) -> None:
        self.variables: list[Variable] = []
        self._wrong: list[str] = []
        self._env = Env(expand_vars=False)

    def text(self, name: str, about: str, default: str | None = None) -> str:
        """A text; without a default it must be given."""
        return self._read(name, about, default, secret=False)

    def secret(self, name: str, about: str, demo: str | None) -> str:
        """A secret; `demo` is what the demo uses (None outside the demo: then it must be given)."""
        return self._read(name, about, demo, secret=True)

    def number(self, name: str, about: str, default: int) -> int:
        """A whole number."""
        self._note(name, about, str(default))
        if not _is_given(name):
            return default
        try:
            value: int = self._env.int(name, default)
        except EnvError:
            self._wrong.append(f"{name} must be a whole number")
            return default
        return value

    def flag(self, name: str, about: str, default: bool) -> bool:
        """1/true/yes or 0/false/no."""
        self._note(name, about, "1" if default else "0")
        if not _is_given(name):
            return default
        try:
            value: bool = self._env.bool(name, default)
        except EnvError:
            self._wrong.append(f"{name} must be 1 or 0")
            return default
        return value

    def items(self, name: str, about: str, default: str = "") -> list[str]:
        """A list, separated by commas."""
        return [item.strip() for item in self.text(name, about, default).split(",") if item.strip()]

    def check(self) -> None:
        """Raise with the whole list when anything was wrong."""
        if self._wrong:
            listing = "\n".join(f"  - {line}" for line in self._wrong)
            raise BadEnvironment(f"The environment is not usable:\n{listing}\nSee .env.example.", self)

    def example(self) -> str:
        """The text of `.env.example`."""
        blocks = []
        for one in self.variables:
            value = "" if one.secret else one.default
            blocks.append(f"# {one.about}\n{'' if one.secret else '# '}{one.name}={value}\n")
        return "\n".join(blocks)

    def _read(self, name: str, about: str, default: str | None, *, secret: bool) -> str:
        self._note(name, about, default or "", secret=secret)
        path = os.environ.get(f"{name}_FILE", "")
        if path and not _is_given(name):
            try:
                return Path(path).read_text().strip()
            except OSError:
                self._wrong.append(f"{name}_FILE names a file that cannot be read")
        value: str | None = self._env.str(name) if _is_given(name) else default
        if value is None:
            self._wrong.append(f"{name} is missing: {about}")
            return ""
        return value

    def _note(self, name: str, about: str, default: str, *, secret: bool = False) -> None:
        self.variables.append(Variable(name, about, default, secret))


def _is_given(name: str) -> bool:
    """An empty variable counts as none: that is how the example file leaves them."""
    return bool(os.environ.get(name, "").strip())
