"""The recipient's page at a counter: light, live, telling, and closed to guessing. V5"""

from __future__ import annotations

import gzip
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from seonmul.catalog.models import ProductKind
from seonmul.figures import actions as figures
from seonmul.gifts import actions
from seonmul.gifts.models import Problem, ProblemKind, WrongLink
from seonmul.kit import clock
from seonmul.vouchers.models import Voucher, VoucherState
from tests import given
from tests.giftpage.test_giftpage import ENDS, address, moved, sent, text_of, words

pytestmark = pytest.mark.django_db

MOST_BYTES = 150_000


def parts(html: str) -> list[str]:
    """What a browser fetches for the page, fonts aside."""
    found = re.findall(r'(?:href|src)="/static/([^"#]+)[#"]', html)
    return sorted(set(found))


@pytest.mark.parametrize("state", ["live", *ENDS])
def test_the_page_weighs_less_than_150_kilobytes_without_its_font(client: Client, state: Any) -> None:
    """V5: the page itself as it is sent, sheets and script as they go over the line."""
    gift = sent(title="2026년 추석 감사 선물", text="고맙습니다. " * 100)
    if state != "live":
        moved(gift, state)
    html = client.get(address(gift)).content
    named = parts(html.decode())
    assert {"giftpage/gift.js", "vendor/icons.svg"} <= set(named)
    assert not any(one.endswith(".css") for one in named), (
        "its sheets are in the page: no way is gone for them"
    )
    weights = {one: len(gzip.compress(Path(str(finders.find(one))).read_bytes())) for one in named}
    assert len(html) + sum(weights.values()) < MOST_BYTES, weights
    assert not re.search(rb'(?:src|href)="(?:https?:)?//', html), "nothing comes from a third party"
    assert b"htmx.min.js" not in html


def test_its_sheets_are_in_the_page_under_a_word_of_this_answer_alone(client: Client) -> None:
    """V5, X2: a style that somebody else brings in has not the word; pages without sheets of their own allow none."""
    answers = [client.get(address(sent())) for _ in range(2)]
    words = [re.findall(r'<style nonce="([^"]+)">', answer.content.decode()) for answer in answers]
    assert [len(one) for one in words] == [1, 1] and words[0] != words[1]
    for answer, (word,) in zip(answers, words, strict=True):
        policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
        assert policy["style-src"] == f"'self' 'nonce-{word}'" and policy["script-src"] == "'self'"
    assert "nonce" not in client.get("/login/")["Content-Security-Policy"]


def test_it_goes_over_the_line_small(client: Client) -> None:
    answer = client.get(address(sent()), headers={"Accept-Encoding": "gzip"})
    whole = gzip.decompress(answer.content)
    assert answer["Content-Encoding"] == "gzip" and b'class="gift-code"' in whole
    assert len(answer.content) < 14_000, "within the first packets of a new connection"


def test_an_open_page_notices_that_its_voucher_was_used(client: Client) -> None:
    """V5: whole or in part; the mark says how it stands and nothing else."""
    gift = sent(given.product(price_won=10_000, kind=ProductKind.AMOUNT))
    mark = re.search(r'data-mark="([^"]+)"', client.get(address(gift)).content.decode())
    assert mark and f'data-now="{address(gift, "/now")}"' in client.get(address(gift)).content.decode()

    def now() -> str:
        return client.get(address(gift, "/now")).content.decode()

    assert now() == mark[1] == "issued.10000.0"
    moved(gift, VoucherState.PARTLY_USED, rest_won=6_300)
    assert now() == "partly_used.6300.0"
    moved(gift, VoucherState.USED, VoucherState.PARTLY_USED, rest_won=0)
    assert now() == "used.0.0"
    Voucher.objects.filter(id=gift.voucher_id).update(
        state="issued", wakes_at=clock.now() + timedelta(hours=1)
    )
    assert now().endswith(".1"), "asleep"
    answer = client.get(address(gift, "/now"))
    assert "no-store" in answer["Cache-Control"] and "noindex" in answer["X-Robots-Tag"]
    gift.refresh_from_db()
    first = gift.opened_at
    client.get(address(gift, "/now"))
    gift.refresh_from_db()
    assert gift.opened_at == first


def test_a_recipient_says_what_is_wrong_and_the_sender_reads_it(client: Client) -> None:
    """V5: each thing once; nothing is known of the recipient but that."""
    who = given.company()
    gift = sent(who=who)
    page = client.get(address(gift)).content.decode()
    assert 'name="kind" value="refused"' in page and "보낸 분께 알리기" in page
    for kind in ("refused", "refused", "nonsense", ""):
        answer = client.post(address(gift, "/problem"), {"kind": kind})
        assert answer.status_code == 302 and answer["Location"] == address(gift, "?told#help")
    assert list(Problem.objects.values_list("gift_id", "kind")) == [(gift.id, "refused")]
    told = client.get(address(gift, "?told"))
    assert "보낸 분께 알렸어요" in words(told.content.decode()) and not told.cookies
    client.force_login(who.owner)
    seen = words(client.get(f"/gifts/{gift.public_id}/").content.decode())
    assert "받는 분이 알린 문제" in seen and "매장에서 쓸 수 없다고 해요" in seen


@pytest.mark.parametrize("state", ENDS)
def test_what_can_be_wrong_fits_how_the_voucher_stands(client: Client, state: VoucherState) -> None:
    gift = sent()
    moved(gift, state)
    page = client.get(address(gift)).content.decode()
    kinds = set(re.findall(r'name="kind" value="(\w+)"', page))
    assert kinds and kinds <= set(ProblemKind.values)
    assert ("used" in kinds) == (state == VoucherState.USED)


def test_the_page_says_whom_to_call(client: Client, settings: Any) -> None:
    """H1: telephone and hours stand on every help page."""
    settings.OPERATOR = settings.OPERATOR | {"phone": "02-1234-3000"}
    gift = sent()
    assert "선물 고객센터 02-1234-3000" in text_of(client, gift)
    moved(gift, VoucherState.USED)
    assert "02-1234-3000" in text_of(client, gift)


def few(most: int) -> None:
    figures.change("wrong_links_from_place", most, by="test", at=clock.now() - timedelta(days=1))


def test_guessing_is_stopped_by_address_and_forgotten_again(client: Client) -> None:
    """V5: unguessable, and throttled: by the address, for some minutes."""
    few(3)
    gift = sent()
    for n in range(3):
        assert client.get(f"/g/guess{n}").status_code == 404
    for rest in ("", "/now", "/image.jpg", "/refund"):
        answer = client.get(f"/g/guess{rest}")
        assert answer.status_code == 429 and "받은 선물은 그대로 있습니다" in words(answer.content.decode())
    for rest in ("/problem", "/refund", "/extend"):
        assert client.post(f"/g/guess{rest}", {"kind": "refused"}).status_code == 429
    assert client.get(address(gift)).status_code == 200, "many share an address, and nobody guesses a link"
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert other.get("/g/guess").status_code == 404, "another address is another's"
    WrongLink.objects.update(tried_at=clock.now() - timedelta(minutes=11))
    assert client.get("/g/guess").status_code == 404
    actions.forget_wrong_links(at=clock.now() + timedelta(days=2))
    assert WrongLink.objects.count() == 0


def test_no_address_is_kept_as_it_is(client: Client) -> None:
    """X2"""
    client.get("/g/guess")
    assert b"127.0.0.1" not in bytes(WrongLink.objects.get().place_index)
