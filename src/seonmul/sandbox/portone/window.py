"""The window in which a person says who they are: a page without any script but the one that reports back."""

from __future__ import annotations

import html
from dataclasses import dataclass

from aiohttp import web

from seonmul.sandbox.portone import pages
from seonmul.sandbox.portone.people import PEOPLE, Person

FIELDS = ("storeId", "channelKey", "identityVerificationId", "customData", "redirectUrl", "origin")
_TITLE = "본인인증"


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
        return pages.origin_of(self.redirect_url or self.origin) != ""


def ask(wish: Wish) -> web.Response:
    """Show everybody there is, failure, and the way out."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{html.escape(value)}">'
        for name, value in wish.fields.items()
    )
    people = "".join(f"<li>{_choice(person)}</li>" for person in PEOPLE.values())
    purpose = wish.fields["customData"]
    about = f"<p>요청 목적: {html.escape(purpose)}</p>" if purpose else ""
    return pages.page(
        _TITLE,
        "<h1>본인인증 (샌드박스)</h1><p>인증할 사람을 골라 주세요. 모두 꾸며 낸 사람입니다.</p>"
        f'{about}<form class="choices" method="post" action="/portone/identity">{hidden}<ul>{people}</ul>'
        '<div class="ends"><button class="quiet" name="choice" value="fail">실패</button>'
        '<button class="quiet" name="choice" value="close">창 닫기</button></div></form>',
        redirect_url=wish.redirect_url,
    )


def tell(wish: Wish, result: dict[str, str]) -> web.Response:
    """Bring the answer back to whoever asked."""
    return pages.tell(_TITLE, result, wish.redirect_url, wish.origin)


def refuse(why: str) -> web.Response:
    """Show why the window cannot be used."""
    return pages.refuse(_TITLE, why)


def _choice(person: Person) -> str:
    phone = f"{person.phone[:3]}-{person.phone[3:7]}-{person.phone[7:]}"
    return (
        f'<button name="choice" value="{person.key}"><strong>{html.escape(person.name)}</strong>'
        f"<span>{person.born_on.replace('-', '.')} · {phone}</span></button>"
    )
