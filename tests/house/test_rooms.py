"""The manners of the rooms: door-plates, names of files, pure rules, ids for jobs, time that comes in."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.house.source import SRC, Module, dotted, modules, nothing_wrong, plant

PLATE_MOST_LINES = 12
BANNED = {"services", "utils", "util", "helpers", "helper", "common", "managers", "signals", "misc"}
#: Rooms that know nothing of Django.
PURE = {"rules", "events", "ports"}
#: Who may look at the clock: entry points, the adapters that must sign with the time, and the outside world.
EDGES = {
    "cli",
    "config",
    "storefront",
    "giftpage",
    "till",
    "backoffice",
    "api",
    "webhooks",
    "providers",
    "sandbox",
}
_CLOCKS = {
    "clock.now", "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now",
    "timezone.localdate", "timezone.localtime", "time.time", "time.time_ns",
}  # fmt: skip
#: The only place that asks the machine for the time; everyone else asks this one.
_CLOCK = "kit/clock.py"


def bad_plates(root: Path) -> list[str]:
    """Apps whose __init__.py is missing, longer than 12 lines, or holds anything but a docstring."""
    faults = []
    for folder in sorted(path for path in root.iterdir() if path.is_dir() and any(path.glob("*.py"))):
        plate = folder / "__init__.py"
        text = plate.read_text() if plate.exists() else ""
        body = ast.parse(text).body
        if not (len(body) == 1 and ast.get_docstring(ast.Module(body, []))):
            faults.append(f"{folder.name}: the door-plate is one docstring and nothing else")
        elif len(text.splitlines()) > PLATE_MOST_LINES:
            faults.append(f"{folder.name}: the door-plate has more than {PLATE_MOST_LINES} lines")
    return faults


def bad_names(root: Path) -> list[str]:
    """Files and folders that are named after nothing in particular."""
    return [
        module.path
        for module in modules(root)
        if BANNED & {part.removesuffix(".py").strip("_") for part in module.path.split("/")}
    ]


def impure(root: Path) -> list[str]:
    """Rules, events and ports that import Django, or that look at the clock, the dice or the wire."""
    return [
        f"{module.at(node)} imports {name}"
        for module in modules(root)
        if module.room in PURE
        for node in module.walk()
        for name in _imported(node)
        if name.split(".")[0]
        in {"django", "random", "secrets", "os", "time", "httpx2", "psycopg", "requests"}
        or name.startswith("seonmul.kit.wire")
    ]


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module or ''}.{alias.name}" for alias in node.names]
    return []


def talkative_jobs(root: Path) -> list[str]:
    """Task functions and queueing calls whose arguments are not ids."""
    faults = []
    for module in modules(root):
        for node in module.walk():
            if module.room == "tasks" and isinstance(node, ast.FunctionDef) and node.decorator_list:
                names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
                faults += [f"{module.at(node)} takes {name}" for name in names if not name.endswith("_id")]
            if isinstance(node, ast.Call) and dotted(node.func) in _QUEUEING:
                faults += [f"{module.at(node)} queues {name}" for name in _sent(node) if not _is_id(name)]
    return faults


_QUEUEING = {"jobs.announce", "jobs.enqueue", "jobs.enqueue_once", "jobs.enqueue_many"}


def _sent(call: ast.Call) -> list[str]:
    inner = [key for node in ast.walk(call) if isinstance(node, ast.Dict) for key in node.keys]
    spelled = [key.value if isinstance(key, ast.Constant) else "**" for key in inner]
    return [*(word.arg or "**" for word in call.keywords), *map(str, spelled)]


def _is_id(name: str) -> bool:
    return name.endswith("_id") or name in {"priority", "in_seconds"}


def clock_watchers(root: Path) -> list[str]:
    """Code that asks for the time although time comes in as `at=`. Entry points may, through kit.clock."""
    faults = []
    for module in modules(root):
        if module.path == _CLOCK or module.app == "sandbox":
            continue
        may_ask = module.app in EDGES or module.room == "tasks"
        for node in module.walk():
            asked = _asked_clock(node)
            if asked and not (may_ask and asked == "clock.now") and module.path not in _STORAGES:
                faults.append(f"{module.at(node)} asks {asked}")
    return faults


#: Django calls a Storage without a time.
_STORAGES = {"kit/files.py"}


def _asked_clock(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    name = ".".join(dotted(node.func).split(".")[-2:])
    return name if name in _CLOCKS else ""


def long_functions(found: list[Module], most: int = 60) -> list[str]:
    """Functions of more than 60 lines."""
    return [
        f"{module.at(node)} {node.name} has {size} lines"
        for module in found
        for node in module.walk()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (size := (node.end_lineno or node.lineno) - node.lineno + 1) > most
    ]


def test_every_app_has_a_door_plate() -> None:
    nothing_wrong(bad_plates(SRC))


def test_no_file_is_named_after_nothing() -> None:
    nothing_wrong(bad_names(SRC))


def test_rules_events_and_ports_are_pure() -> None:
    nothing_wrong(impure(SRC))


def test_jobs_carry_ids_only() -> None:
    nothing_wrong(talkative_jobs(SRC))


def test_time_comes_in() -> None:
    nothing_wrong(clock_watchers(SRC))


def test_functions_are_small() -> None:
    nothing_wrong(long_functions(modules()))


def test_bad_door_plates_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "good/__init__.py", '"""We know loans.\n\nNouns: loan.\n"""\n')
    plant(tmp_path, "none/models.py", "")
    plant(tmp_path, "long/__init__.py", '"""We know\n' + "much\n" * 12 + '"""\n')
    plant(tmp_path, "busy/__init__.py", '"""We know loans."""\nfrom seonmul.kit import ids\n')
    plant(tmp_path, "blank/__init__.py", "")
    assert [fault.split(":")[0] for fault in bad_plates(tmp_path)] == ["blank", "busy", "long", "none"]


def test_bad_names_are_caught(tmp_path: Path) -> None:
    for path in ("loans/utils.py", "loans/actions/_helpers.py", "common/dates.py", "loans/rules.py"):
        plant(tmp_path, path, "")
    assert bad_names(tmp_path) == ["common/dates.py", "loans/actions/_helpers.py", "loans/utils.py"]


def test_impure_rules_are_caught(tmp_path: Path) -> None:
    plant(
        tmp_path, "loans/rules.py", "from django.db import models\nfrom seonmul.kit import wire, refusals\n"
    )
    plant(tmp_path, "loans/ports.py", "import secrets\nfrom dataclasses import dataclass\n")
    plant(tmp_path, "loans/events.py", "def f():\n    import django\n")
    plant(tmp_path, "loans/actions.py", "from django.db import transaction\n")
    plant(tmp_path, "parcels/rules/_lost.py", "import random\n")
    plant(tmp_path, "parcels/actions/_lost.py", "import secrets\n")
    assert impure(tmp_path) == [
        "loans/events.py:2 imports django",
        "loans/ports.py:1 imports secrets",
        "loans/rules.py:1 imports django.db.models",
        "loans/rules.py:2 imports seonmul.kit.wire",
        "parcels/rules/_lost.py:1 imports random",
    ]


TALKATIVE = """
@jobs.task("loans.call")
def call(loan_id: str, phone: str) -> None: ...

def plain(anything): ...
"""


def test_talkative_jobs_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "loans/tasks.py", TALKATIVE)
    plant(
        tmp_path,
        "loans/actions.py",
        "jobs.enqueue('loans.call', loan_id=1, priority=3)\n"
        "jobs.announce(events.PAID, mail=x)\n"
        "jobs.enqueue_many('loans.call', [{'loan_id': a, 'code': b} for a, b in c])\n"
        "jobs.enqueue_once('loans.call', key, **facts)\n",
    )
    assert talkative_jobs(tmp_path) == [
        "loans/actions.py:2 queues mail",
        "loans/actions.py:3 queues code",
        "loans/actions.py:4 queues **",
        "loans/tasks.py:3 takes phone",
    ]


def test_clock_watchers_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "loans/actions.py", "a = clock.now()\nb = datetime.datetime.now(UTC)\n")
    plant(tmp_path, "loans/rules.py", "def late(): return date.today()\n")
    plant(tmp_path, "loans/tasks.py", "actions.end(at=clock.now())\n")
    plant(tmp_path, "storefront/views.py", "x = timezone.now()\ny = clock.now()\n")
    plant(tmp_path, "kit/clock.py", "def now(): return datetime.now(UTC)\n")
    assert clock_watchers(tmp_path) == [
        "loans/actions.py:1 asks clock.now",
        "loans/actions.py:2 asks datetime.now",
        "loans/rules.py:1 asks date.today",
        "storefront/views.py:1 asks timezone.now",
    ]


def test_long_functions_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "loans/actions.py", "def long():\n" + "    x = 1\n" * 60)
    assert long_functions(modules(tmp_path)) == ["loans/actions.py:1 long has 61 lines"]
