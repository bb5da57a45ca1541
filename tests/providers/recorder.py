"""A vendor that writes down literally what it was sent and answers what it was told to, over real HTTP."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Sent:
    """One request. `headers` in lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Recorder:
    """Answers in turn; at the end of its answers `{}`."""

    def __init__(self) -> None:
        self.sent: list[Sent] = []
        self.answers: list[tuple[int, Any] | None] = []
        self._is_closed = threading.Event()
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                text = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                parts = urlsplit(self.path)
                headers = {name.lower(): value for name, value in self.headers.items()}
                recorder.sent.append(
                    Sent(self.command, parts.path, dict(parse_qsl(parts.query)), headers, text)
                )
                told = recorder.answers.pop(0) if recorder.answers else (200, {})
                if told is None:
                    recorder._is_closed.wait(60)
                    return
                status, body = told
                answer = body.encode() if isinstance(body, str) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = _answer

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def will_answer(self, body: Any, status: int = 200) -> None:
        """Put one more answer in the line; a text is sent as it is."""
        self.answers.append((status, body))

    def will_not_answer(self) -> None:
        """Take the next request, and say nothing for as long as it is open."""
        self.answers.append(None)

    def close(self) -> None:
        self._is_closed.set()
        self.server.shutdown()
        self.server.server_close()
