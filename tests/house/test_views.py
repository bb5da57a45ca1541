"""No unscoped query in a view: what a page shows was asked of `queries`, what it does is one action."""

from __future__ import annotations

import ast
from pathlib import Path

from django.apps import apps

from tests.house.source import SRC, Module, dotted, modules, nothing_wrong, plant

#: Apps that face people or machines outside.
FACES = {"storefront", "giftpage", "till", "backoffice", "api", "webhooks"}
_MANAGERS = {"objects", "_default_manager", "_base_manager", "raw", "extra", "cursor", "select_for_update"}
_SHORTCUTS = {
    "get_object_or_404", "get_list_or_404", "connection", "connections", "Q", "F", "RawSQL",
    "transaction.atomic",
}  # fmt: skip


def unscoped(found: list[Module], tables: set[str]) -> list[str]:
    """Where a face asks the database itself. `tables`: the names of model classes.

    Tables may be named in annotations and in `cast`, never to ask or to write.
    """
    faults = []
    for module in found:
        if module.app not in FACES:
            continue
        harmless = {
            id(name) for node in module.walk() for part in _annotations(node) for name in ast.walk(part)
        }
        for node in module.walk():
            if id(node) not in harmless and (what := _asks(node, tables)):
                faults.append(f"{module.at(node)} uses {what}")
    return faults


def _annotations(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        return [node.returns]
    if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
        return [node.annotation]
    if isinstance(node, ast.Call) and dotted(node.func) in {"cast", "isinstance"}:
        return list(node.args)
    return []


def _asks(node: ast.AST, tables: set[str]) -> str:
    if isinstance(node, ast.Attribute) and node.attr in _MANAGERS:
        return f".{node.attr}"
    if isinstance(node, ast.Attribute) and dotted(node) in _SHORTCUTS:
        return dotted(node)
    if isinstance(node, ast.Name) and (node.id in _SHORTCUTS or node.id in tables):
        return node.id
    return ""


def _tables() -> set[str]:
    return {one.__name__ for one in apps.get_models() if one.__module__.startswith("seonmul.")}


def test_no_face_asks_the_database_itself() -> None:
    found = modules(SRC)
    assert {"storefront", "giftpage", "webhooks"} <= {m.app for m in found if "views" in m.path}
    nothing_wrong(unscoped(found, _tables()))


BAD = """
from django.db import connection
from django.shortcuts import get_object_or_404
from seonmul.orders.models import Order

def one(request, public_id) -> Order:
    a = get_object_or_404(Order, public_id=public_id)
    b: Order = Order.objects.get(id=request.GET["id"])
    c = request.user.orders._default_manager.all()
    with connection.cursor() as cursor:
        pass
    return cast(Order, seen(request))
"""


def test_unscoped_queries_are_caught(tmp_path: Path) -> None:
    plant(tmp_path, "storefront/views/orders.py", BAD)
    plant(tmp_path, "orders/queries.py", "rows = Order.objects.all()")
    assert sorted(unscoped(modules(tmp_path), {"Order"})) == [
        "storefront/views/orders.py:10 uses .cursor",
        "storefront/views/orders.py:10 uses connection",
        "storefront/views/orders.py:7 uses Order",
        "storefront/views/orders.py:7 uses get_object_or_404",
        "storefront/views/orders.py:8 uses .objects",
        "storefront/views/orders.py:8 uses Order",
        "storefront/views/orders.py:9 uses ._default_manager",
    ]
