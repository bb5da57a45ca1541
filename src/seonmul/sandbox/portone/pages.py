"""The frame of every page that PortOne's twin shows, and the way an answer takes back to the page that asked."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9a-fA-F:.]+\](:[0-9]+)?")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'{}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


def origin_of(address: str) -> str:
    """Tell the origin of an http(s) address, "" for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_plain = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if is_plain else ""


def tell(title: str, result: Mapping[str, str], redirect_url: str, origin: str) -> web.Response:
    """Bring the answer back: by going on to the address, or to the page that opened this window."""
    if redirect_url:
        parts = urlsplit(redirect_url)
        query = "&".join(filter(None, (parts.query, urlencode(result))))
        raise web.HTTPSeeOther(urlunsplit(parts._replace(query=query)))
    told = (
        f'<p id="answer" data-origin="{html.escape(origin)}"'
        f' data-result="{html.escape(json.dumps(result, ensure_ascii=False))}">'
        "처리했습니다. 이 창은 저절로 닫힙니다.</p>"
    )
    return page(title, f"<h1>{title} (샌드박스)</h1>{told}", script="/portone/window.js")


def refuse(title: str, why: str, status: int = 400) -> web.Response:
    """Show why a page cannot be used."""
    return page(title, f"<h1>{title} (샌드박스)</h1><p>{html.escape(why)}</p>", status=status)


def page(
    title: str, body: str, *, redirect_url: str = "", script: str = "", status: int = 200
) -> web.Response:
    """Frame a page. ``redirect_url``: where one of its forms leads on to."""
    # a browser holds the page that a form leads on to against the form's own policy
    beyond = f" {origin_of(redirect_url)}" if redirect_url else ""
    loaded = f'<script src="{script}" defer></script>' if script else ""
    written = (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · 선물 샌드박스</title>"
        f'<link rel="stylesheet" href="/_/look.css"><link rel="stylesheet" href="/portone/window.css">{loaded}'
        f"</head><body><main>{body}</main></body></html>"
    )
    headers = {
        "Content-Security-Policy": _POLICY.format(beyond),
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return web.Response(text=written, status=status, content_type="text/html", headers=headers)
