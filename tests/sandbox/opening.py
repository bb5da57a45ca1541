"""A product's page in a real browser, from which a vendor's window is opened under our own strict policy."""

from __future__ import annotations

import html
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from csp.middleware import CSPMiddleware
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from seonmul.kit.windows import opens_window

PAGE = """<!doctype html><html lang="ko"><title>shop</title><script src="{script}"></script>
<button data-verb="{verb}" data-request="{request}">인증</button><output></output><script src="/page.js"></script></html>"""
SCRIPT = """
const button = document.querySelector("button"), output = document.querySelector("output");
button.onclick = async () => {
  output.textContent = "";
  output.textContent = JSON.stringify(await PortOne[button.dataset.verb](JSON.parse(button.dataset.request)));
};
"""


class OpeningPage:
    """A product's page that opens a window, with exactly the headers that our pages have."""

    def __init__(self, verb: str) -> None:
        self.verb = verb
        self.window: dict[str, Any] = {}
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                answer = page.answer(self.path)
                self.send_response(200)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(answer.content)

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("localhost", 0), Handler)
        threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        ).start()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.server.server_port}"

    def answer(self, path: str) -> HttpResponse:
        @opens_window
        def view(request: HttpRequest) -> HttpResponse:
            if path == "/page.js":
                return HttpResponse(SCRIPT, content_type="text/javascript")
            wish = html.escape(json.dumps(self.window["request"]))
            return HttpResponse(PAGE.format(script=self.window["script"], request=wish, verb=self.verb))

        made: HttpResponse = SecurityMiddleware(CSPMiddleware(view))(RequestFactory().get("/"))
        return made

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def page_of(browser: Browser, said: list[str], width: int) -> Tab:
    context = browser.new_context(locale="ko-KR", viewport={"width": width, "height": 800})

    def listen(page: Tab) -> None:
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))

    context.on("page", listen)
    page = context.new_page()
    # a browser asks for an icon that neither side has
    page.context.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return page
