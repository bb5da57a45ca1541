"""Every event has a listener, and everything that is announced is a declared event."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

from seonmul.kit import jobs
from tests.house.source import SRC, dotted, modules, nothing_wrong, plant, text_of


def declared(root: Path = SRC) -> dict[str, str]:
    """The events of every events.py: ("members.PAID", its text)."""
    return {
        f"{module.app}.{dotted(line.targets[0])}": text_of(line.value) or ""
        for module in modules(root)
        if module.room == "events"
        for line in module.tree.body
        if isinstance(line, ast.Assign)
    }


def announced(root: Path = SRC) -> dict[str, str]:
    """The events that actions announce, as "members.PAID", and where; a bare text is given as it is."""
    found = {}
    for module in modules(root):
        for node in module.walk():
            if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "announce" and node.args:
                where, _, name = dotted(node.args[0]).rpartition(".")
                known = f"{module.app}.{name}" if where == "events" else ast.unparse(node.args[0])
                found[known] = module.at(node)
    return found


def faults(
    events: Mapping[str, str], told: Mapping[str, str], heard: Mapping[str, Sequence[str]]
) -> list[str]:
    """Events that nobody hears or announces, that are unknown, or whose text does not begin with their app."""
    return [
        *(f"nobody hears {event}" for event, text in events.items() if not heard.get(text)),
        *(f"nobody announces {event}" for event in events if event not in told),
        *(f"{where}: {event} is not declared in events.py" for event, where in told.items() if event not in events),
        *(f"{event} is called {text}" for event, text in events.items() if text != event.lower()),
        *(f"{text} is heard but not declared" for text in heard if text not in events.values()),
    ]  # fmt: skip


def test_every_event_is_declared_announced_and_heard() -> None:
    events = declared()
    assert "orders.PAID" in events
    nothing_wrong(faults(events, announced(), jobs.listeners()))


def test_it_is_seen_when_nobody_hears(tmp_path: Path) -> None:
    plant(tmp_path, "loans/events.py", '"""News."""\nPAID = "loans.paid"\nLATE = "loans.late"\nODD = "odd"\n')
    plant(
        tmp_path,
        "loans/actions.py",
        "jobs.announce(events.PAID, loan_id=1)\njobs.announce('loans.late')\njobs.announce(events.GONE)\n",
    )
    heard = {"loans.paid": ["books.on.loans.paid"], "odd": ["a"], "loans.late": [], "loans.old": ["b"]}
    assert faults(declared(tmp_path), announced(tmp_path), heard) == [
        "nobody hears loans.LATE",
        "nobody announces loans.LATE",
        "nobody announces loans.ODD",
        "loans/actions.py:2: 'loans.late' is not declared in events.py",
        "loans/actions.py:3: loans.GONE is not declared in events.py",
        "loans.ODD is called odd",
        "loans.old is heard but not declared",
    ]
