"""Faults by HTTP: each happens as often as ordered, where ordered, and does or does not do the work."""

from __future__ import annotations

import http.client
import time

import pytest

from tests.sandbox.outside import Outside, text_to, until


def _ready(outside: Outside) -> str:
    group = outside.create()
    outside.add(group, text_to("01020000001"))
    return group


def test_slow(outside: Outside) -> None:
    group = _ready(outside)
    outside.fault("slow", route="send", seconds=0.4)
    started = time.monotonic()
    assert outside.send(group).status == 200
    assert time.monotonic() - started >= 0.4


def test_time_out_after_accepting(outside: Outside) -> None:
    group = _ready(outside)
    outside.fault("timeout_after_accept", route="send")
    with pytest.raises(TimeoutError):
        outside.send(group, timeout=1)
    assert outside.group(group)["status"] in ("SENDING", "COMPLETE")
    assert outside.inside("GET", "stats")["sent"] == 1
    until(lambda: any(v["fault"] == "timeout_after_accept" for v in outside.inside("GET", "requests")))


def test_time_out_after_accepting_ends_by_itself(outside: Outside) -> None:
    group = outside.create()
    outside.fault("timeout_after_accept", route="add", seconds=0.2)
    with pytest.raises(http.client.HTTPException):
        outside.add(group, text_to("01020000001"))
    assert outside.group(group)["count"]["total"] == 1


@pytest.mark.parametrize(
    ("kind", "status", "in_text"),
    [("error_500", 500, "errorCode"), ("html_error", 502, "<html>"), ("refuse", 400, "ValidationError")],
)
def test_errors_do_no_work(outside: Outside, kind: str, status: int, in_text: str) -> None:
    group = _ready(outside)
    outside.fault(kind, route="send", times=2)
    for _ in range(2):
        answer = outside.send(group)
        assert answer.status == status
        assert in_text in answer.text
    assert outside.group(group)["status"] == "PENDING"
    assert outside.send(group).status == 200


def test_refuse_in_other_words(outside: Outside) -> None:
    outside.fault("refuse", route="create", status=402, errorCode="NotEnoughBalance")
    answer = outside.solapi("POST", "/messages/v4/groups", {})
    assert (answer.status, answer.json["errorCode"]) == (402, "NotEnoughBalance")


def test_dropped_connection_does_no_work(outside: Outside) -> None:
    group = _ready(outside)
    outside.fault("drop_connection", route="any")
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        outside.send(group)
    assert outside.group(group)["status"] == "PENDING"


@pytest.mark.parametrize("route", ["create", "add", "send", "ask"])
def test_route_means_only_that_route(outside: Outside, route: str) -> None:
    outside.fault("error_500", route=route)
    happened = []

    def visit(name: str, method: str, path: str, body: object = None) -> None:
        answer = outside.solapi(method, "/messages/v4/groups" + path, body)
        if answer.status == 500:
            happened.append(name)

    group = outside.create() if route != "create" else "x"
    visit("create", "POST", "", {})
    visit("add", "PUT", f"/{group}/messages", {"messages": [text_to("01020000001")]})
    visit("ask", "GET", f"/{group}")
    visit("send", "POST", f"/{group}/send")
    assert happened == [route]


def test_listed_cleared_and_wrong_orders(outside: Outside) -> None:
    outside.fault("slow", route="ask", times=3, seconds=0)
    outside.group(outside.create())
    (left,) = outside.inside("GET", "faults")
    assert (left["kind"], left["times"], left["route"]) == ("slow", 2, "ask")
    assert outside.inside("DELETE", "faults") == []
    assert outside.inside("GET", "faults") == []
    for wrong in ({"kind": "earthquake"}, {"kind": "slow", "route": "x"}, {"kind": "slow", "times": "x"}, []):
        answer = outside.ask("POST", "/_/faults", wrong)
        assert answer.status == 400
        assert answer.json["error"]
    assert outside.ask("POST", "/_/faults", {"provider": "nobody", "kind": "slow"}).status == 400
