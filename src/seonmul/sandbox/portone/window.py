"""The window in which a person says who they are: a page without any script but the one that reports back."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from aiohttp import web

from seonmul.sandbox.portone.people import PEOPLE, Person

FIELDS = ("storeId", "channelKey", "identityVerificationId", "customData", "redirectUrl", "origin")
_HOST = re.compile(r"[A-Za-z0-9.\-]+(:[0-9]+)?|\[[0-9a-fA-F:.]+\](:[0-9]+)?")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'{}; "
    "base-uri 'none'; frame-ancestors 'none'"
)


@dataclass(frozen=True)
class Wish:
    """What the browser script was asked for. ``redirect_url`` or ``origin`` says where the answer goes."""

    fields: dict[str, str]

    @property
    def name(self) -> str:
        return self.fields["identityVerificationId"]

    @property
    def redirect_url(self) -> str:
        return self.fields["redirectUrl"]

    @property
    def origin(self) -> str:
        return self.fields["origin"]

    def is_answerable(self) -> bool:
        """Tell whether there is a place for the answer: an address to go to, or a page that waits."""
        return origin_of(self.redirect_url or self.origin) != ""


def origin_of(address: str) -> str:
    """Tell the origin of an http(s) address, "" for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    is_plain = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if is_plain else ""


def ask(wish: Wish) -> web.Response:
    """Show everybody there is, failure, and the way out."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in wish.fields.items()
    )
    people = "".join(f"<li>{_choice(person)}</li>" for person in PEOPLE.values())
    purpose = wish.fields["customData"]
    about = f"<p>요청 목적: {html.escape(purpose)}</p>" if purpose else ""
    return _page(
        "본인인증",
        "<h1>본인인증 (샌드박스)</h1><p>인증할 사람을 골라 주세요. 모두 꾸며 낸 사람입니다.</p>"
        f'{about}<form class="choices" method="post" action="/portone/identity">{hidden}<ul>{people}</ul>'
        '<div class="ends"><button class="quiet" name="choice" value="fail">실패</button>'
        '<button class="quiet" name="choice" value="close">창 닫기</button></div></form>',
        wish,
    )


def tell(wish: Wish, result: dict[str, str]) -> web.Response:
    """Bring the answer back: by going on to the address, or to the page that opened this window."""
    if wish.redirect_url:
        parts = urlsplit(wish.redirect_url)
        query = "&".join(filter(None, (parts.query, urlencode(result))))
        raise web.HTTPSeeOther(urlunsplit(parts._replace(query=query)))
    told = (
        f'<p id="answer" data-origin="{html.escape(wish.origin)}"'
        f' data-result="{html.escape(json.dumps(result, ensure_ascii=False))}">'
        "처리했습니다. 이 창은 저절로 닫힙니다.</p>"
    )
    return _page("본인인증", f"<h1>본인인증 (샌드박스)</h1>{told}", wish, script="/portone/window.js")


def refuse(why: str) -> web.Response:
    """Show why the window cannot be used."""
    return _page("본인인증", f"<h1>본인인증 (샌드박스)</h1><p>{html.escape(why)}</p>", None, status=400)


def _choice(person: Person) -> str:
    phone = f"{person.phone[:3]}-{person.phone[3:7]}-{person.phone[7:]}"
    return (
        f'<button name="choice" value="{person.key}"><strong>{html.escape(person.name)}</strong>'
        f"<span>{person.born_on.replace('-', '.')} · {phone}</span></button>"
    )


def _page(title: str, body: str, wish: Wish | None, *, script: str = "", status: int = 200) -> web.Response:
    # a browser holds the page that a form leads on to against the form's own policy
    beyond = f" {origin_of(wish.redirect_url)}" if wish and wish.redirect_url else ""
    loaded = f'<script src="{script}" defer></script>' if script else ""
    page = (
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
    return web.Response(text=page, status=status, content_type="text/html", headers=headers)
