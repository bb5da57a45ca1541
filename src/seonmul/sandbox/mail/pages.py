"""The inbox for people."""

from __future__ import annotations

import html
import re
import sqlite3
from urllib.parse import quote

from aiohttp import web

from seonmul.sandbox.clock import iso
from seonmul.sandbox.mail.box import Box, body, parsed
from seonmul.sandbox.phone import page, time_of

_MOST = 100
_INSIDE = re.compile(r'src="cid:')
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data: cid: 'self'; sandbox allow-popups"


class Pages:
    """Latest mails, the mails of one address, one mail."""

    def __init__(self, box: Box) -> None:
        self._box = box

    def add_routes(self, app: web.Application) -> None:
        """Put the pages."""
        app.router.add_get("/mail", self._list)
        app.router.add_get("/mail/{number:[0-9]+}", self._mail)
        app.router.add_get("/mail/{number:[0-9]+}/html", self._html)
        app.router.add_get("/mail/{number:[0-9]+}/parts/{name}", self._part)

    async def _list(self, request: web.Request) -> web.Response:
        to = request.query.get("to", "").strip()
        rows = self._box.found(to, _MOST)
        items = "".join(_item(row, to) for row in rows)
        listed = f"<ul>{items}</ul>" if items else "<p>아직 받은 메일이 없습니다.</p>"
        other = ' · <a href="/mail">모든 메일</a>' if to else ""
        return page(
            f"{to or '모든'} 받은 메일",
            f"<h1>{html.escape(to) or '메일함'}</h1><p>최근 메일 {len(rows)}통 · 5초마다 새로 고칩니다{other}</p>"
            '<form action="/mail"><input name="to" type="email" aria-label="이메일 주소"'
            f' placeholder="kim@example.com" value="{html.escape(to)}"><button>열기</button></form>{listed}',
            refresh=True,
        )

    async def _mail(self, request: web.Request) -> web.Response:
        row = self._row(request)
        mail = parsed(row["raw"])
        shown = ("From", "To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "Auto-Submitted")
        heads = "".join(
            f"<dt>{name}</dt><dd>{html.escape(str(mail[name]))}</dd>" for name in shown if mail[name]
        )
        back = f"/mail?to={quote(row['recipient'])}"
        seen = f'<iframe src="/mail/{row["id"]}/html" title="메일 본문" sandbox="allow-popups"></iframe>'
        return page(
            row["subject"],
            f'<p><a href="{back}">{html.escape(row["recipient"])} 메일함</a></p>'
            f'<h1>{html.escape(row["subject"])}</h1><article class="mail"><dl>{heads}</dl>'
            + (seen if body(mail, "html") else "")
            + f"<h2>글 부분</h2><pre>{html.escape(body(mail, 'plain'))}</pre></article>",
        )

    async def _html(self, request: web.Request) -> web.Response:
        row = self._row(request)
        # what came along in the mail is shown from there
        text = _INSIDE.sub(f'src="/mail/{row["id"]}/parts/', body(parsed(row["raw"]), "html"))
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        return web.Response(text=text, content_type="text/html", headers=headers)

    async def _part(self, request: web.Request) -> web.Response:
        wanted = f"<{request.match_info['name']}>"
        for part in parsed(self._row(request)["raw"]).walk():
            if part["Content-ID"] == wanted and part.get_content_maintype() == "image":
                content = part.get_payload(decode=True)
                return web.Response(body=content, content_type=part.get_content_type())
        raise web.HTTPNotFound

    def _row(self, request: web.Request) -> sqlite3.Row:
        row = self._box.mail(int(request.match_info["number"][:18]))
        if row is None:
            raise web.HTTPNotFound
        return row


def _item(row: sqlite3.Row, to: str) -> str:
    state = (
        f' · <b class="is-lost">되돌아감 {html.escape(row["bounce_code"])}</b>' if row["bounced_at"] else ""
    )
    whose = "" if to else f"{html.escape(row['recipient'])} · "
    return (
        f'<li><a href="/mail/{row["id"]}"><b>{html.escape(row["subject"])}</b>'
        f"<span>{whose}{time_of(iso(row['taken_at']) or '')}{state}</span></a></li>"
    )
