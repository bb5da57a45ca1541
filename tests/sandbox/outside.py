"""The sandbox as a process of its own, and a product's webhook, for tests that want the real thing."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

API_KEY, API_SECRET = "DEMOAPIKEY000000", "DEMO-API-SECRET-0000"
SENDER = "15770000"
SRC = Path(__file__).resolve().parents[2] / "src"


@dataclass
class Answer:
    """What came back."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def signature_of(date: str, salt: str, secret: str = API_SECRET) -> str:
    return hmac.new(secret.encode(), (date + salt).encode(), hashlib.sha256).hexdigest()


def signed(spelling: str = "node") -> str:
    """Write the Authorization header as the Node or the Python SDK spells it."""
    salt = secrets.token_hex(16)
    date = datetime.now(UTC).isoformat()
    if spelling == "node":
        date = date.replace("+00:00", "Z")
        return f"HMAC-SHA256 apiKey={API_KEY}, date={date}, salt={salt}, signature={signature_of(date, salt)}"
    return f"HMAC-SHA256 ApiKey={API_KEY}, Date={date}, salt={salt}, signature={signature_of(date, salt)}"


@dataclass
class Outside:
    """A running sandbox."""

    data: Path
    env: dict[str, str] = field(default_factory=dict)
    port: int = 0
    smtp_port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> Outside:
        env = {k: v for k, v in os.environ.items() if not k.startswith(("SANDBOX_", "SEONMUL_"))}
        env |= {"PYTHONPATH": str(SRC), "SANDBOX_DELAY_SECONDS": "0.2"}
        env |= {"SANDBOX_SOLAPI_WEBHOOK_RETRY_SECONDS": "0.05"} | self.env
        ports = ["--port", str(self.port), "--smtp-port", str(self.smtp_port)]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "seonmul.sandbox", *ports, "--data", str(self.data)],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("sandbox: http://"), f"did not start: {line!r}"
        self.port = int(line.rsplit(":", 1)[1])
        self.smtp_port = int(self.process.stdout.readline().rsplit(":", 1)[1])
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """kill -9."""
        assert self.process is not None
        self.process.kill()
        self._reap()

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self._reap()

    def _reap(self) -> None:
        assert self.process is not None and self.process.stdout is not None
        self.process.wait(timeout=60)
        self.process.stdout.close()

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: dict[str, str] | None = None,
        timeout: float = 10,
    ) -> Answer:
        """Make one request; a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            sent = None if body is None else json.dumps(body).encode()
            connection.request(method, path, sent, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode())
        finally:
            connection.close()

    def solapi(self, method: str, path: str, body: object = None, timeout: float = 10) -> Answer:
        """Make one signed request to SOLAPI."""
        headers = {"Authorization": signed(), "Content-Type": "application/json"}
        return self.ask(method, "/solapi" + path, body, headers, timeout)

    def inside(self, method: str, path: str, body: object = None) -> Any:
        """Ask the sandbox's own routes."""
        return self.ask(method, "/_/" + path, body).json

    def fault(self, kind: str, **more: object) -> None:
        answer = self.ask("POST", "/_/faults", {"provider": "solapi", "kind": kind} | more)
        assert answer.status == 201, answer.text

    def mails(self, to: str = "") -> list[dict[str, Any]]:
        """Tell the mails that were taken, newest first."""
        found: list[dict[str, Any]] = self.inside("GET", f"messages?type=MAIL&limit=1000&to={quote(to)}")
        return found

    def create(self, **more: object) -> str:
        answer = self.solapi("POST", "/messages/v4/groups", {"allowDuplicates": True} | more)
        assert answer.status == 200, answer.text
        return str(answer.json["groupId"])

    def add(self, group: str, *messages: dict[str, object]) -> Answer:
        return self.solapi("PUT", f"/messages/v4/groups/{group}/messages", {"messages": list(messages)})

    def send(self, group: str, timeout: float = 10) -> Answer:
        return self.solapi("POST", f"/messages/v4/groups/{group}/send", timeout=timeout)

    def sent(self, *messages: dict[str, object]) -> str:
        """Create, add, send: answers the group's id."""
        group = self.create()
        assert self.add(group, *messages).status == 200
        assert self.send(group).status == 200
        return group

    def group(self, group: str) -> Any:
        return self.solapi("GET", f"/messages/v4/groups/{group}").json

    def codes(self, group: str) -> dict[str, str]:
        """Tell the statusCode of each recipient of a group."""
        page = self.solapi("GET", f"/messages/v4/groups/{group}/messages?limit=1000").json
        return {m["to"]: m["statusCode"] for m in page["messageList"].values()}


def text_to(to: str, text: str = "쿠폰이 도착했습니다", **more: object) -> dict[str, object]:
    """Write a plain message."""
    return {"to": to, "from": SENDER, "text": text} | more


def until(holds: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something holds; patience costs only what fails."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "did not come true in time"
        time.sleep(0.02)


class Webhook:
    """What the product's webhook would get. Answers with ``statuses`` in turn, then always 200."""

    def __init__(self) -> None:
        self.posts: list[list[dict[str, Any]]] = []
        self.statuses: list[int] = []
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                webhook.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self.send_response(webhook.statuses.pop(0) if webhook.statuses else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hooks/solapi"

    @property
    def reports(self) -> list[dict[str, Any]]:
        return [report for post in self.posts for report in post]

    def clear(self) -> None:
        self.posts.clear()
        self.statuses.clear()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


PORTONE_SECRET = "DEMO-PORTONE-SECRET-0000"
IDENTITY_FIELDS = {
    "storeId": "store-demo",
    "channelKey": "channel-key-demo-identity",
    "customData": "",
    "redirectUrl": "https://shop.example/back?step=2",
    "origin": "",
}


def in_window(outside: Outside, reference: str, choice: str, **more: str) -> Answer:
    """Open PortOne's window as a browser does, and (unless "") choose a person's key, "fail" or "close"."""
    fields = IDENTITY_FIELDS | {"identityVerificationId": reference} | more
    opened = outside.ask("GET", "/portone/identity?" + urlencode(fields))
    return choose(outside, reference, choice, **more) if choice else opened


def choose(outside: Outside, reference: str, choice: str, **more: str) -> Answer:
    """Send the window's form; `text` is the address it leads on to, if any."""
    fields = IDENTITY_FIELDS | {"identityVerificationId": reference} | more | {"choice": choice}
    connection = http.client.HTTPConnection("127.0.0.1", outside.port, timeout=10)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/portone/identity", urlencode(fields), headers)
        response = connection.getresponse()
        text = response.read().decode()
        return Answer(response.status, response.getheader("Location") or text)
    finally:
        connection.close()
