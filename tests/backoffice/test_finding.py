"""Looking for somebody: what was typed stands in no address, open in no table, and goes on from page to page. B, X2"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from seonmul.members import actions as members
from seonmul.members.models import Member
from tests import given
from tests.backoffice.conftest import found
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
LISTS = [reverse(f"backoffice:{name}") for name in ("members", "companies", "queue", "refunds")]
WORDS = ["정하나", "010-7777-8888", "01077778888", "120-81-47521", "hana@gaon.example"]


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("words", WORDS)
def test_no_typed_name_or_number_stands_in_an_address(
    address: str, words: str, console: Callable[[str], Client]
) -> None:
    """X2: neither where the search leads, nor in any link, form or poll of the page it shows."""
    client = console("super")
    answer = client.post(address, {"q": words})
    assert re.fullmatch(rf"{address}[?]find=[a-z0-9]+", answer["Location"])
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert page.context["words"] == words and f'value="{words}"' in text, "the box still says it"
    for there in re.findall(r'(?:href|action|src|hx-get|hx-post)="([^"]*)"', text):
        assert words not in unquote(there) and quote(words) not in there, there
    kept = Session.objects.get(session_key=client.session.session_key).get_decoded()
    assert words not in str(kept), "sealed, where sessions are kept"


def test_no_search_for_people_or_firms_is_sent_as_an_address() -> None:
    """X2: a form that is got may look for products alone."""
    pages = Path(apps.get_app_config("backoffice").path).rglob("*.html")
    got = {
        page.name for page in pages
        for form in re.findall(r'<form[^>]*method="get".*?</form>', page.read_text(), re.S)
        if 'name="q"' in form
    }  # fmt: skip
    assert got == {"products.html"}


def test_the_words_go_on_to_the_next_page_the_other_list_and_the_first(
    console: Callable[[str], Client],
) -> None:
    for n in range(52):
        members.make_member(f"gaon{n}", "long-enough-1", "정가온", phone=f"0107000{n:04}", mail="", at=MONDAY)
    client = console("support")
    page = found(client, LISTS[0], "정가온")
    more, first = page.context["more"], page.context["first"]
    assert len(page.context["people"]) == 50 and "find=" in more
    behind = client.get(LISTS[0] + more.replace("&amp;", "&"))
    assert len(behind.context["people"]) == 2 and behind.context["words"] == "정가온"
    assert client.get(LISTS[1] + first).context["words"] == "정가온", "the tab beside it"


def test_words_hold_in_two_windows_and_for_nobody_else(console: Callable[[str], Client]) -> None:
    given.company()
    client, other = console("super"), console("super")
    one, two = (client.post(LISTS[0], {"q": words})["Location"] for words in ("하나", "둘"))
    assert [client.get(at).context["words"] for at in (one, two, one)] == ["하나", "둘", "하나"]
    assert other.get(one).context["words"] == "" and other.get(one).context["first"] == "?"
    assert client.get(LISTS[0], {"q": "하나"}).context["words"] == "", "an address with words finds nothing"
    for n in range(25):
        client.post(LISTS[0], {"q": f"사람{n}"})
    assert client.get(one).context["words"] == "", "the newest twenty are kept"
    assert len(client.session["backoffice.find"]) == 20
    assert client.post(LISTS[0], {"q": "  "})["Location"] == LISTS[0]
    assert client.post(LISTS[3], {"q": "", "only": "late"})["Location"] == f"{LISTS[3]}?only=late"


def test_the_look_up_has_no_search(console: Callable[[str], Client]) -> None:
    """X2: nothing can be typed there, and an address with words narrows nothing and is carried nowhere."""
    hana = members.make_member("hana77", "long-enough-1", "정하나", phone="01077778888", mail="", at=MONDAY)
    client, address = console("super"), reverse("admin:members_member_changelist")
    for asked in ({}, {"q": "정하나"}):
        text = client.get(address, asked).content.decode()
        assert "<input" not in text.split("<main", 1)[-1] and "정하나" not in unquote(text)
        assert str(hana.id) in text and text.count("hana77") and Member.objects.count() > 1
