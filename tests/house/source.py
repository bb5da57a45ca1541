"""The source as the house tests see it: every file of a tree, parsed. Nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "seonmul"


@dataclass(frozen=True)
class Module:
    """One file: its path below the package ("orders/rules.py") and its syntax tree."""

    path: str
    tree: ast.Module

    @property
    def app(self) -> str:
        return self.path.split("/")[0]

    @property
    def room(self) -> str:
        """The room it belongs to; a room that has grown is a folder of private files ("members/rules/_staff.py")."""
        folder, _, file = self.path.removesuffix(".py").rpartition("/")
        return folder.rsplit("/", 1)[-1] if file.startswith("_") and folder.count("/") else file

    def walk(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def at(self, node: ast.AST) -> str:
        """Where a fault stands, as an editor opens it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


def modules(root: Path = SRC) -> list[Module]:
    """Every Python file below `root`, migrations left out, in order of path."""
    files = sorted(path for path in root.rglob("*.py") if "migrations" not in path.parts)
    return [Module(str(path.relative_to(root)), ast.parse(path.read_text())) for path in files]


def plant(root: Path, path: str, text: str) -> Path:
    """Write a file of a small bad example below `root`; returns `root`."""
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return root


def dotted(node: ast.AST) -> str:
    """Write a name as it stands in the source: "jobs.announce"; "" for anything but names and dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


def text_of(node: ast.AST | None) -> str | None:
    """The value of a literal text, None for everything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def nothing_wrong(faults: list[str]) -> None:
    """Fail with one line for each fault."""
    assert not faults, "\n".join(["", *faults])
