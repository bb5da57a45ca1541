"""Each import contract of pyproject.toml catches its violation: planted into a copy of the real source."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.source import ROOT, SRC
from tests.house.test_storeys import CONTRACTS

#: One violation a line: the contract's first words, the file, and what is written into it.
PLANTED = [
    ("Storeys", "catalog/queries.py", "from seonmul.orders import queries as orders"),
    ("Storeys", "vouchers/queries/__init__.py", "def later():\n    from seonmul.dispatch import queries"),
    ("Storeys", "giftpage/views.py", "from seonmul.storefront import urls"),
    ("Storeys", "kit/ids.py", "import seonmul.figures.rules"),
    ("Storeys", "loans/__init__.py", "# a new app that stands on no storey"),
    ("Rooms", "orders/queries/_orders.py", "from seonmul.orders import actions"),
    ("Rooms", "ledger/models.py", "from seonmul.ledger import rules"),
    ("Rooms", "gifts/actions/__init__.py", "from seonmul.gifts import tasks"),
    ("Rules are pure", "orders/rules/__init__.py", "from django.db import connection"),
    ("Rules are pure", "vouchers/rules/_redeeming.py", "import time"),
    ("Rules are pure", "ledger/rules.py", "from seonmul.ledger.models import Account"),
    ("Rules are pure", "gifts/rules/__init__.py", "from seonmul.orders import queries"),
    ("Rules are pure", "members/rules/_staff.py", "from django.conf import settings"),
    ("The domain does not know HTTP", "dispatch/queries/__init__.py", "import httpx2"),
    ("The domain does not know HTTP", "gifts/tasks.py", "from solapi import SolapiMessageService"),
    ("The look knows no business", "ui/pictures.py", "from seonmul.gifts import queries"),
    ("Providers are plugged in", "cli/send.py", "from seonmul.providers.solapi import carrier"),
    ("Providers are plugged in", "config/wsgi.py", "import seonmul.providers"),
    ("The sandbox is the outside", "sandbox/store.py", "from seonmul.members import models"),
    ("Nobody leans on the sandbox", "cli/prove.py", "from seonmul.sandbox import store"),
    ("No circles", "ledger/queries.py", "from seonmul.figures import rules\nfrom seonmul.audit import queries"),
    ("An adapter sees ports", "providers/solapi/carrier.py", "from seonmul.dispatch import models"),
]  # fmt: skip
#: A circle takes two ends.
_OTHER_END = {"No circles": ("audit/queries.py", "from seonmul.ledger import queries as ledger")}


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source's Python files and the contracts, in a folder of their own."""
    folder = tmp_path_factory.mktemp("contracts")
    shutil.copytree(SRC, folder / "seonmul", ignore=_everything_but_python)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def _everything_but_python(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name in {"migrations", "__pycache__", "static"}
        or not (name.endswith(".py") or Path(folder, name).is_dir())
    }


def verdicts(folder: Path) -> dict[str, bool]:
    """Run import-linter over a copy; whether each contract was kept, by its name."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--config", "pyproject.toml", "--no-cache", "--no-logo"],
        cwd=folder, capture_output=True, text=True, check=False, env=os.environ | {"COLUMNS": "200"},
    )  # fmt: skip
    lines = [line.strip() for line in done.stdout.splitlines()]
    found = {
        contract["name"]: f"{contract['name']} KEPT" in lines
        for contract in CONTRACTS
        if {f"{contract['name']} KEPT", f"{contract['name']} BROKEN"} & set(lines)
    }
    assert len(found) == len(CONTRACTS), done.stdout + done.stderr
    return found


def test_every_contract_has_a_planted_violation() -> None:
    for contract in CONTRACTS:
        assert any(contract["name"].startswith(words) for words, _, _ in PLANTED), contract["name"]


def test_the_source_as_it_is_keeps_them_all(copy: Path) -> None:
    broken = [name for name, kept in verdicts(copy).items() if not kept]
    assert broken == []


@pytest.mark.parametrize(("words", "file", "line"), PLANTED, ids=[f"{w}: {f}" for w, f, _ in PLANTED])
def test_a_violation_is_caught(copy: Path, words: str, file: str, line: str) -> None:
    changes = [(file, line), *([_OTHER_END[words]] if words in _OTHER_END else [])]
    before = {copy / "seonmul" / name: _read(copy / "seonmul" / name) for name, _ in changes}
    try:
        for name, text in changes:
            path = copy / "seonmul" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{before[path] or ''}\n{text}\n")
        broken = [name for name, kept in verdicts(copy).items() if not kept]
    finally:
        for path, text in before.items():
            path.write_text(text) if text is not None else shutil.rmtree(path.parent)
    assert any(name.startswith(words) for name in broken), broken


def _read(path: Path) -> str | None:
    return path.read_text() if path.exists() else None
