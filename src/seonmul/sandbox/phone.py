"""What a person sees: an index page, and a phone with the messages it got."""

from __future__ import annotations

import html
import json
import re
from datetime import datetime
from typing import Any

from aiohttp import web

from seonmul.sandbox.clock import SEOUL
from seonmul.sandbox.inside import Inside
from seonmul.sandbox.solapi.codes import ARRIVED, MEANINGS, WAITING

#: What the second carrier calls arrived; "" while it has no result.
NHN_ARRIVED = "1000"
_MOST_ON_PHONE = 100
_MOST_LOOKED_AT = 1000
_MOST_NUMBERS = 40
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")
_KINDS = {"SMS": "단문", "LMS": "장문", "MMS": "사진", "ATA": "알림톡"}
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"

_SHEET = """
:root{--ink:#1c2024;--ink-2:#51585f;--ink-3:#646b72;--paper:#fff;--ground:#f6f5f1;--line:#e3e1da;--jade:#0b6e4f;
--jade-tint:#e7f2ed;--persimmon-text:#a8480f;--persimmon-tint:#fbeee5;--error:#b3261e;--error-tint:#fbeae8}
@media (prefers-color-scheme:dark){:root{--ink:#eceae4;--ink-2:#b9b6ae;--ink-3:#9a978f;--paper:#1d201f;
--ground:#141615;--line:#33372f;--jade:#4fb892;--jade-tint:#16302a;--persimmon-text:#eda173;
--persimmon-tint:#38251a;--error:#f0867e;--error-tint:#3a1d1b}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.55 "Pretendard Variable",Pretendard,
"Apple SD Gothic Neo","Malgun Gothic",sans-serif;word-break:keep-all;overflow-wrap:anywhere;
font-variant-numeric:tabular-nums}
main{max-width:640px;margin:0 auto;padding:24px 16px 48px}
h1{font-size:1.375rem;line-height:1.3;margin:0 0 4px}
p{margin:0 0 16px;color:var(--ink-2)}
a{color:var(--jade)}
form{display:flex;gap:8px;margin:0 0 24px}
input,button{font:inherit;min-height:44px;border-radius:7px;border:1px solid var(--line);padding:8px 12px}
input{flex:1;min-width:0;background:var(--paper);color:var(--ink)}
button{background:var(--jade);border-color:var(--jade);color:var(--paper)}
:focus-visible{outline:2px solid var(--jade);outline-offset:2px}
.phone{max-width:400px;margin:0 auto;background:var(--paper);border:1px solid var(--line);border-radius:28px;
padding:20px 16px}
.phone-head{border-bottom:1px solid var(--line);padding-bottom:12px;margin-bottom:16px}
.phone-head p{margin:0;font-size:.8125rem}
.text{margin:0 0 20px}
.text-head{display:flex;flex-wrap:wrap;gap:0 8px;font-size:.8125rem;color:var(--ink-3);margin-bottom:4px}
.text-body{background:var(--jade-tint);border-radius:4px 16px 16px 16px;padding:12px 14px;
white-space:pre-wrap}
.text-body strong{display:block;margin-bottom:4px}
.text-body img{display:block;max-width:100%;border-radius:7px;margin-bottom:8px}
.text.is-waiting .text-body{background:var(--persimmon-tint)}
.text.is-lost .text-body{background:var(--error-tint);color:var(--ink-2)}
.is-waiting .text-state{color:var(--persimmon-text)}
.is-lost .text-state{color:var(--error)}
ul{list-style:none;margin:0 0 24px;padding:0;background:var(--paper);border:1px solid var(--line);
border-radius:10px}
li+li{border-top:1px solid var(--line)}
.mail{background:var(--paper);border:1px solid var(--line);border-radius:10px;padding:16px}
.mail dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:0 0 16px;font-size:.875rem}
.mail dt{color:var(--ink-3)}
.mail dd{margin:0}
.mail iframe{display:block;width:100%;height:640px;border:1px solid var(--line);border-radius:7px;background:#fff}
.mail pre{margin:0;white-space:pre-wrap;font:inherit}
.mail h2{font-size:1rem;margin:20px 0 8px}
.is-lost{color:var(--error)}
li a{display:flex;justify-content:space-between;align-items:baseline;gap:12px;padding:11px 14px;
text-decoration:none}
li span{color:var(--ink-3);font-size:.8125rem}
"""


class Pages:
    """The pages for people."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside

    def add_routes(self, app: web.Application) -> None:
        """Put the pages and their sheet."""
        app.router.add_get("/", self._index)
        app.router.add_get("/phone", self._phone)
        app.router.add_get("/_/look.css", self._sheet)

    async def _index(self, request: web.Request) -> web.Response:
        links = (
            ("/phone", "휴대폰", "받은 문자를 번호별로 봅니다"),
            ("/mail", "메일함", "받은 메일을 주소별로 봅니다"),
            ("/portone/bank", "은행", "가상계좌에 입금합니다"),
            ("/_/messages", "문자 목록", "JSON"),
            ("/_/stats", "집계", "JSON"),
            ("/_/requests", "최근 요청", "JSON, 서명은 가림"),
            ("/_/faults", "걸어 둔 장애", "JSON"),
        )
        items = "".join(f'<li><a href="{a}">{name}<span>{what}</span></a></li>' for a, name, what in links)
        return page(
            "선물 샌드박스",
            "<h1>선물 샌드박스</h1><p>바깥 세상을 흉내 내는 서버입니다. 실제로 발송되는 문자는 없습니다.</p>"
            f"<ul>{items}</ul>",
        )

    async def _phone(self, request: web.Request) -> web.Response:
        to = re.sub(r"[^0-9]", "", request.query.get("to", ""))
        base_url = str(request.url.origin())
        if not to:
            return page("휴대폰 고르기", self._numbers(base_url))
        texts = [json.loads(text) for text in self._inside.texts(base_url, to, "", _MOST_ON_PHONE)]
        shown = "".join(_text(text) for text in texts) or "<p>아직 받은 문자가 없습니다.</p>"
        body = (
            f'<div class="phone"><div class="phone-head"><h1>{html.escape(_spaced(to))}</h1>'
            f'<p>최근 문자 {len(texts)}건 · 5초마다 새로 고칩니다 · <a href="/phone">다른 번호</a></p></div>'
            f"{shown}</div>"
        )
        return page(f"{_spaced(to)} 받은 문자", body, refresh=True)

    def _numbers(self, base_url: str) -> str:
        latest: dict[str, str] = {}
        for text in self._inside.texts(base_url, "", "", _MOST_LOOKED_AT):
            seen = json.loads(text)
            latest.setdefault(seen["to"], seen["acceptedAt"])
            if len(latest) == _MOST_NUMBERS:
                break
        items = "".join(
            f'<li><a href="/phone?to={to}">{_spaced(to)}<span>{time_of(at)}</span></a></li>'
            for to, at in latest.items()
            if to.isdigit()  # others are refused at acceptance
        )
        listed = f"<ul>{items}</ul>" if items else "<p>아직 발송된 문자가 없습니다.</p>"
        return (
            "<h1>휴대폰 고르기</h1><p>번호를 입력하거나 최근에 문자를 받은 번호를 골라 주세요.</p>"
            '<form action="/phone"><input name="to" inputmode="tel" aria-label="휴대폰 번호"'
            ' placeholder="010-1234-5678"><button>열기</button></form>' + listed
        )

    async def _sheet(self, request: web.Request) -> web.Response:
        return web.Response(text=_SHEET, content_type="text/css")


def page(title: str, body: str, refresh: bool = False) -> web.Response:
    """One page in the look of the sandbox."""
    again = '<meta http-equiv="refresh" content="5">' if refresh else ""
    page = (
        '<!doctype html><html lang="ko"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">{again}'
        f'<title>{html.escape(title)}</title><link rel="stylesheet" href="/_/look.css"></head>'
        f"<body><main>{body}</main></body></html>"
    )
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return web.Response(text=page, content_type="text/html", headers=headers)


def _text(text: dict[str, Any]) -> str:
    """Show one message; one that did not arrive is shown as such, with the carrier's reason."""
    code = text["result"]
    known = {ARRIVED: ("도착", ""), NHN_ARRIVED: ("도착", "")}
    state, look = (known | {WAITING: ("가는 중", " is-waiting"), "": ("가는 중", " is-waiting")}).get(
        code, (f"도착하지 않음 · {MEANINGS.get(code, '')} ({code})", " is-lost")
    )
    subject = f"<strong>{html.escape(text['subject'])}</strong>" if text["subject"] else ""
    picture = f'<img src="{html.escape(text["imageUrl"])}" alt="첨부 사진">' if text["imageUrl"] else ""
    return (
        f'<article class="text{look}"><div class="text-head">'
        f"<span>{html.escape(_spaced(text['from']))}</span>"
        f"<span>{_KINDS.get(text['type'], html.escape(text['type']))}</span>"
        f"<span>{time_of(text['acceptedAt'])}</span>"
        f'<span class="text-state">{html.escape(state)}</span></div>'
        f'<div class="text-body">{picture}{subject}{_linked(text["text"])}</div></article>'
    )


def _linked(text: str) -> str:
    """Write text as HTML with its addresses made into links."""
    written, end = "", 0
    for found in _LINK.finditer(text):
        address = html.escape(found.group())
        written += html.escape(text[end : found.start()])
        written += f'<a href="{address}" target="_blank" rel="noopener noreferrer">{address}</a>'
        end = found.end()
    return written + html.escape(text[end:])


def _spaced(number: str) -> str:
    """Write a number with hyphens where its form is known."""
    if len(number) == 8:
        return f"{number[:4]}-{number[4:]}"
    head = 2 if number.startswith("02") else 3
    if 9 <= len(number) <= 11:
        return f"{number[:head]}-{number[head:-4]}-{number[-4:]}"
    return number


def time_of(at: str) -> str:
    """An instant for people, in Seoul."""
    return datetime.fromisoformat(at).astimezone(SEOUL).strftime("%m.%d %H:%M:%S")
