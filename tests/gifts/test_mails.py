"""Gifts by mail: the letter people see, and the way from a paid order to a mailbox. S1, V5"""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from seonmul.gifts import actions as gifts
from seonmul.gifts import mails
from seonmul.gifts.models import Gift
from seonmul.orders.models import Order
from tests import given

pytestmark = pytest.mark.django_db


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_letter_is_whole_html_whatever_is_written_in_it():
    """S1: what a member types stays text."""
    html = mails.letter_html(
        "#{이름} 님\n<script>안녕</script>", title="<b>", gift="카페 <라떼>", until="2026년 12월 1일"
    )
    tags = _Tags()
    tags.feed(html)
    assert tags.open == [] and tags.links == ["#{링크}", "#{링크}"]
    assert "<script>" not in html and "<라떼>" not in html and "#{이름} 님<br>" in html


def by_mail(who: given.Company) -> Order:
    """A paid order by mail."""
    draft = given.mail_draft(who, ["kim@gaon.example"], text="#{이름} 님, 감사합니다.", title="감사 선물")
    return given.paid(who, draft)


def test_an_order_by_mail_arrives_with_a_link_that_opens_the_gift(carrier, client):
    """S1, V5"""
    who = given.company()
    order = by_mail(who)
    gifts.start(order.id, at=given.MONDAY)
    given.worked()
    gift = Gift.objects.get(order=order)
    assert gift.result == "delivered"
    (mail,) = carrier.mails("kim@gaon.example")
    assert mail["subject"] == "감사 선물" and who.buyer.name in mail["from"]
    assert "김서연 님, 감사합니다." in mail["html"] and "김서연 님, 감사합니다." in mail["text"]
    tags = _Tags()
    tags.feed(mail["html"])
    link = tags.links[0]
    assert link in mail["text"]
    assert client.get(link[link.index("/g/") :]).status_code == 200
