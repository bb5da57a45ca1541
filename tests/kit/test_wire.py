"""Every outside call: three errors that say what to do next, and none inside a transaction. Real sockets."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import transaction

from seonmul.kit import wire
from seonmul.kit.wire import Answer, Declined, InDoubt, InTransaction, Unreached


class Party(ThreadingHTTPServer):
    """An outside party that answers what the test wants and remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.status, self.body, self.wait_seconds, self.hang_up = 200, b"{}", 0.0, False
        super().__init__(("127.0.0.1", 0), _Ear)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/messages"

    def handle_error(self, request: object, client_address: object) -> None:
        """The caller gave up: nothing to say."""

    def answers(self, status: int, body: object = b"") -> None:
        self.status, self.body = status, body if isinstance(body, bytes) else json.dumps(body).encode()


class _Ear(BaseHTTPRequestHandler):
    server: Party
    protocol_version = "HTTP/1.1"

    def handle_one(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append(
            {"method": self.command, "path": self.path, "headers": self.headers, "body": body}
        )
        time.sleep(self.server.wait_seconds)
        if self.server.hang_up:
            self.close_connection = True
            return
        status, answer = (
            self.server.status,
            self.server.body,
        )  # the test may change them once it has its answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = handle_one

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture
def party() -> Iterator[Party]:
    server = Party()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_a_call_carries_its_parts_and_brings_json_back(party: Party) -> None:
    party.answers(201, {"groupId": "G1"})
    answer = wire.call(
        "POST", party.url, json={"to": "김서연"}, headers={"Authorization": "secret"}, params={"limit": 3}
    )
    assert answer == Answer(201, {"groupId": "G1"})
    (asked,) = party.asked
    assert (asked["method"], asked["path"]) == ("POST", "/messages?limit=3")
    assert json.loads(asked["body"]) == {"to": "김서연"}
    assert asked["headers"]["Authorization"] == "secret"
    assert asked["headers"]["Content-Type"] == "application/json"


def test_an_empty_answer_and_a_list_are_answers(party: Party) -> None:
    party.answers(204)
    assert wire.call("PUT", party.url, content=b"raw") == Answer(204, {})
    assert party.asked[0]["body"] == b"raw"
    party.answers(200, [1, 2])
    assert wire.call("GET", party.url).body == [1, 2]


def test_a_closed_port_was_never_reached() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(Unreached):
        wire.call("POST", f"http://127.0.0.1:{port}/", json={})


def test_a_name_that_is_not_there_was_never_reached() -> None:
    with pytest.raises(Unreached):
        wire.call("GET", "http://no-such-host.invalid/")


def test_silence_after_the_request_left_is_doubt(party: Party) -> None:
    party.wait_seconds = 5
    with pytest.raises(InDoubt, match="ReadTimeout"):
        wire.call("POST", party.url, json={"to": "01020000001"}, timeout_seconds=1)
    assert len(party.asked) == 1, "it did arrive"


def test_a_line_that_drops_after_the_request_left_is_doubt(party: Party) -> None:
    party.hang_up = True
    with pytest.raises(InDoubt):
        wire.call("POST", party.url, json={})
    assert len(party.asked) == 1, "it is not tried again by itself"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408, 425])
def test_trouble_on_the_other_side_is_doubt(party: Party, status: int) -> None:
    party.answers(status, {"errorCode": "Oops"})
    with pytest.raises(InDoubt, match=str(status)):
        wire.call("POST", party.url, json={})


@pytest.mark.parametrize("status", [200, 400, 403, 502])
def test_a_page_of_html_is_doubt_whatever_its_status(party: Party, status: int) -> None:
    """A gateway in between: nobody knows what happened behind it."""
    party.answers(status, b"<html>Bad gateway</html>")
    with pytest.raises(InDoubt, match=f"no JSON in a {status}"):
        wire.call("POST", party.url, json={})


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, {"errorCode": "ValidationError", "errorMessage": "01020000001 is bad"}, "ValidationError"),
        (404, {"type": "NOT_FOUND"}, "NOT_FOUND"),
        (409, {"code": 1021}, "1021"),
        (403, {}, "unknown"),
        (429, ["too", "many"], "unknown"),
        (401, b"", "unknown"),
    ],
)
def test_a_no_comes_with_the_vendors_own_word_and_nothing_else(
    party: Party, status: int, body: object, code: str
) -> None:
    party.answers(status, body)
    with pytest.raises(Declined) as declined:
        wire.call("POST", party.url, json={"to": "01020000001"})
    assert (declined.value.code, declined.value.status) == (code, status)
    assert "0102000" not in str(declined.value)


@pytest.mark.parametrize("fault", ["silence", "html", "closed"])
def test_no_error_tells_what_was_sent(party: Party, fault: str) -> None:
    url = party.url
    party.answers(502, b"<html>01020000001")
    if fault == "silence":
        party.wait_seconds = 0.3
    if fault == "closed":
        party.shutdown()
        party.server_close()
    with pytest.raises(wire.WireError) as error:
        wire.call("POST", url, json={"to": "01020000001"}, timeout_seconds=0.1)
    assert "0102000" not in f"{error.value!r} {error.value}"


@pytest.mark.django_db
def test_a_call_in_a_transaction_is_refused_before_anything_leaves(party: Party) -> None:
    """No row waits on a vendor. The transaction of the test itself does not count."""
    assert wire.call("GET", party.url) == Answer(200, {})
    with pytest.raises(InTransaction), transaction.atomic():
        wire.call("GET", party.url)
    with pytest.raises(InTransaction), transaction.atomic(), transaction.atomic():
        wire.refuse_in_transaction()
    assert len(party.asked) == 1
    assert wire.call("GET", party.url) == Answer(200, {})


@pytest.mark.django_db(transaction=True)
def test_a_call_in_a_durable_transaction_is_refused_too(party: Party) -> None:
    with pytest.raises(InTransaction), transaction.atomic(durable=True):
        wire.call("GET", party.url)
    assert party.asked == []
