"""Print docs/rulebook.md from the code: rules, refusals, figures, states, result words.

python tools/rulebook.py           write it
python tools/rulebook.py --check   fail when what is committed differs from what the code says
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import enum
import importlib
import inspect
import os
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SRC = ROOT / "src"
BOOK = ROOT / "docs" / "rulebook.md"

#: A rule's identifier in product language: M4, O1, S5 ...
_RULE_ID = re.compile(r"\b[MCOPVSDHBAX]\d{1,2}\b")
_FIXED = re.compile(r"^([A-Z][A-Z_]+) = (.+?)(?:\s+#\s(.*))?$")
_ROOMS = {"rules.py", "lists.py", "models.py"}
_DECIDES = re.compile(r"\((Refusal|enum\.Enum)\):|# fixed")
#: Audiences only pass on what they are told, and the sandbox is the outside.
_PAGES = ("storefront/", "giftpage/", "backoffice/", "api/", "webhooks/", "sandbox/")
_CODE = re.compile(r"[a-z][a-z0-9_]*")

_TOP = """\
# Rulebook

What the product decides, printed from the code by `python tools/rulebook.py`; do not edit. A test compares it with
the code. Rules are asked by pages, commands and actions alike, and answer with a refusal or with nothing.
"""


def modules() -> list[ModuleType]:
    """The modules that decide something, storey by storey from the ground. The sandbox is not part of the product."""
    sys.path.insert(0, str(SRC))
    os.environ.setdefault("SEONMUL_DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "seonmul.config.settings")
    import django

    django.setup()
    files = [file for app in _apps() for file in sorted((SRC / "seonmul" / app).rglob("*.py"))]
    wanted = [
        file
        for file in files
        if file.name in _ROOMS
        or file.parent.name == "models"
        or (file.parent.name == "rules" and file.name != "__init__.py")
        or _DECIDES.search(file.read_text("utf-8"))
    ]
    names = [".".join(file.relative_to(SRC).with_suffix("").parts) for file in wanted]
    return [importlib.import_module(name.removesuffix(".__init__")) for name in names]


def _apps() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    storeys = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return [app.strip() for storey in reversed(storeys) for app in storey.split("|")]


def _own(module: ModuleType, wanted: Callable[[Any], bool]) -> list[tuple[str, Any]]:
    """What a module defines itself, in the order of its source."""
    return [
        (name, value)
        for name, value in vars(module).items()
        if not name.startswith("_") and wanted(value) and value.__module__ == module.__name__
    ]


def _says(about: Any) -> tuple[str, str]:
    """The first paragraph of a docstring without its rule ids, and those ids."""
    paragraph = " ".join((inspect.getdoc(about) or "").split("\n\n")[0].split())
    ids = _RULE_ID.findall(inspect.getdoc(about) or "")
    return re.sub(r"(\s\b[MCOPVSDHBAX]\d{1,2}\b[,.]?)+$", "", paragraph), ", ".join(dict.fromkeys(ids))


def _table(head: str, rows: Iterable[Iterable[object]]) -> Iterator[str]:
    titles = head.split(" | ")
    yield f"| {head} |"
    yield "|" + " --- |" * len(titles)
    for row in rows:
        yield "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def _path(module: str) -> str:
    return module.removeprefix("seonmul.").replace(".", "/") + ".py"


def rules(house: list[ModuleType]) -> Iterator[str]:
    """Every public function of the rules, and of the rules for reading lists."""
    yield "## Rules\n"
    for module in house:
        if not (module.__name__.endswith((".rules", "orders.lists")) or ".rules." in module.__name__):
            continue
        functions = _own(module, inspect.isfunction)
        if functions:
            yield f"### {_path(module.__name__)}\n"
            rows = []
            for name, function in functions:
                text, ids = _says(function)
                takes = ", ".join(inspect.signature(function).parameters)
                rows.append((f"`{name}({takes})`", text, ids))
            yield from _table("rule | says | rules", rows)


def _is_sentences(value: Any) -> bool:
    """An enum whose every value is (stable code, Korean sentence)."""
    if not (isinstance(value, type) and issubclass(value, enum.Enum)):
        return False
    values = [one.value for one in value]
    return bool(values) and all(
        isinstance(one, tuple) and len(one) == 2 and bool(_CODE.fullmatch(str(one[0]))) for one in values
    )


def _speakers() -> dict[tuple[str, str], list[str]]:
    """Where each member of a refusal is named: (class, member) -> "orders/rules.py why_not_place"."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted((SRC / "seonmul").rglob("*.py")):
        where = file.relative_to(SRC / "seonmul").as_posix()
        if where.startswith(_PAGES):
            continue
        for part in ast.parse(file.read_text("utf-8")).body:
            name = f" {part.name}" if isinstance(part, ast.FunctionDef | ast.ClassDef) else ""
            for node in ast.walk(part):
                if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                    owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                    places = found.setdefault((owner, node.attr), [])
                    if f"{where}{name}" not in places:
                        places.append(f"{where}{name}")
    return found


def refusals(house: list[ModuleType]) -> Iterator[str]:
    """Every refusal with its stable code and its sentence, and who gives it."""
    from seonmul.kit.refusals import Refusal

    speakers = _speakers()
    for title, about, is_refusal in (
        ("Refusals", "The code is stable: it is what an API answers.", True),
        ("Notes", "Said without refusing anything.", False),
    ):
        yield f"## {title}\n\n{about} `{{...}}` is filled with numbers.\n"
        for module in house:
            for name, kind in _own(module, _is_sentences):
                if issubclass(kind, Refusal) is not is_refusal:
                    continue
                yield f"### {name} ({_path(module.__name__)})\n"
                rows = [
                    (f"`{one.value[0]}`", one.value[1], "; ".join(speakers.get((name, one.name), [])))
                    for one in kind
                ]
                yield from _table("code | sentence | given by", rows)


def figures(house: list[ModuleType]) -> Iterator[str]:
    """What operators may change, and what is fixed beside its rule."""
    from seonmul.figures.rules import Figures

    yield "## Figures\n\nOperators may change these within their bounds (`figures/actions.py change`).\n"
    yield from _table(
        "name | default | least | most | meaning",
        (
            (
                f"`{f.name}`",
                f"{f.default:,}",
                f"{f.metadata['least']:,}",
                f"{f.metadata['most']:,}",
                f.metadata["about"],
            )
            for f in dataclasses.fields(Figures)
        ),
    )
    yield "Fixed, beside their rule:\n"
    yield from _table("name | value | where | says", _fixed(house))


def _fixed(house: list[ModuleType]) -> Iterator[tuple[str, str, str, str]]:
    for module in house:
        lines = inspect.getsource(module).splitlines()
        for before, line in zip(["", *lines], lines, strict=False):
            found = _FIXED.match(line)
            above = before.removeprefix("#: ") if before.startswith("#: ") else ""
            note = (found[3] or above) if found else ""
            if found and re.search(r"\bfixed\b", note, re.IGNORECASE):
                yield f"`{found[1]}`", f"`{found[2]}`", _path(module.__name__), note


def states(house: list[ModuleType]) -> Iterator[str]:
    """Every table of moves, as the database enforces it."""
    from django.apps import apps

    yield "## States\n\nA row moves along these and no other way: a trigger refuses the rest, from raw SQL too.\n"
    for module in house:
        for name, moves in vars(module).items():
            if not name.endswith("_MOVES"):
                continue
            kind = type(next(iter(moves)))
            (model,) = [
                one
                for one in apps.get_models()
                if not one._meta.proxy
                and any(field.name == "state" and field.choices == kind.choices for field in one._meta.fields)
            ]
            yield f"### {model.__name__} ({_path(module.__name__)} `{name}`)\n"
            rows = [
                (
                    f"`{one.value}`",
                    one.label,
                    ", ".join(f"`{to.value}`" for to in kind if to in moves.get(one, ())) or "end",
                )
                for one in kind
            ]
            yield from _table("state | on screen | moves to", rows)


def words() -> Iterator[str]:
    """What a carrier's answer is called."""
    from seonmul.dispatch.ports import PENDING
    from seonmul.dispatch.rules import WORDS

    yield "## Results of sending\n\nEvery carrier's codes are mapped to these (S4).\n"
    yield from _table(
        "result | word | cause | next step | outcome",
        (
            (f"`{r.value}`", w.label, w.cause, w.next_step, "not yet" if r in PENDING else "yes")
            for r, w in WORDS.items()
        ),
    )


def book() -> str:
    """The whole rulebook as Markdown."""
    house = modules()
    parts = [*rules(house), *refusals(house), *figures(house), *states(house), *words()]
    return _TOP + "\n" + "\n".join(parts).rstrip() + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    text = book()
    if parser.parse_args().check:
        if not BOOK.exists() or BOOK.read_text("utf-8") != text:
            print(
                "docs/rulebook.md is not what the code says: run `python tools/rulebook.py`.", file=sys.stderr
            )
            return 1
        return 0
    BOOK.write_text(text, "utf-8")
    print(f"docs/rulebook.md: {len(text.splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
