"""The texts that people agree to: whole, dated, with who runs the site, in both languages, kept as agreed. M1, X2"""

from __future__ import annotations

import re

import pytest
from django.template.loader import get_template
from django.test import Client
from django.urls import reverse

from seonmul.figures import actions as figures
from seonmul.kit import clock
from seonmul.members import queries, rules
from seonmul.members.models import Consent, ConsentKind
from seonmul.storefront.views.terms import TEXTS
from tests import given

pytestmark = pytest.mark.django_db
NAMES = sorted(TEXTS)


def page(name: str, language: str = "ko", **asked: str) -> str:
    answer = Client(headers={"accept-language": language}).get(reverse(f"storefront:{name}"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_everybody_reads_each_text_whole_and_dated(name: str, language: str) -> None:
    """M1: without an account, with the date from which it holds and the firm that runs the site."""
    said = page(name, language)
    assert "주식회사 선물 시연" in said and rules.CONSENT_VERSION in said and "2026.11.26" in said
    body = re.sub(r"<[^>]+>", " ", said.split("<article", 1)[1].split("</article>")[0])
    assert len(" ".join(body.split())) > (250 if name == "marketing" else 450)
    korean = len(re.findall(r"[가-힣]", body))
    assert (korean > 200) is (language == "ko")
    assert "{{" not in body and "{%" not in body


def test_every_version_has_every_text_in_both_languages() -> None:
    """Whoever agreed to a version can read it for ever."""
    for version in rules.CONSENT_VERSIONS:
        for name in NAMES:
            for language in ("ko", "en"):
                assert get_template(f"storefront/terms/{version}/{name}.{language}.html")
    answer = Client().get(reverse("storefront:terms"), {"version": "2020-01-01"})
    assert answer.status_code == 404
    assert Client().get(reverse("storefront:terms"), {"version": "../../base"}).status_code == 404


def test_the_figures_of_the_texts_are_those_that_hold() -> None:
    """P2, X2: what operators change is told as it is."""
    figures.change("personal_data_days", 90, by="operator", at=clock.now())
    figures.change("cash_most_won", 5_000_000, by="operator", at=clock.now())
    assert "끝난 뒤 90일" in page("privacy") and "5,000,000원" in page("terms")


def test_the_policy_names_who_processes_data(settings) -> None:
    """X2, D12"""
    assert "SOLAPI" in page("privacy") and "PortOne" in page("privacy")
    settings.PROCESSORS = {"texts": "", "hosting": "가상서버 주식회사"}
    said = page("privacy")
    assert "가상서버 주식회사" in said and "SOLAPI" not in said


def test_every_page_of_the_site_leads_to_them() -> None:
    for address in ("/", "/login/", "/sign-up/", "/recover/"):
        said = Client().get(address).content.decode()
        for name in ("terms", "privacy"):
            assert f'href="{reverse(f"storefront:{name}")}"' in said.split("<footer", 1)[1], address
    said = Client().get("/sign-up/").content.decode()
    for name in ("terms", "personal_data", "marketing"):
        assert f'href="{reverse(f"storefront:{name}")}" target="_blank"' in said, "what was typed stays open"


def test_a_member_reads_what_was_agreed_to_as_it_was_then() -> None:
    """M1: the version stands beside the consent, and leads to that text."""
    who = given.person()
    for kind in (ConsentKind.TERMS, ConsentKind.AGE_14, ConsentKind.MARKETING):
        Consent.objects.create(
            member=who, kind=kind, version=rules.CONSENT_VERSION, given_at=clock.now(),
            withdrawn_at=clock.now() if kind == ConsentKind.MARKETING else None,
        )  # fmt: skip
    client = Client()
    client.force_login(who)
    said = client.get(reverse("storefront:profile")).content.decode()
    assert [one.kind for one in queries.consents_of(who)] == ["terms", "age_14"]
    assert f'{reverse("storefront:terms")}?version={rules.CONSENT_VERSION}"' in said
    assert "만 14세 이상" in said and reverse("storefront:marketing") not in said.split("<footer")[0]


def test_the_language_is_switched_at_the_foot_of_a_page() -> None:
    """X4: the browser keeps it; the page is the same one."""
    client = Client()
    assert ">English</button>" in client.get("/").content.decode()
    answer = client.post(
        reverse("storefront:language"), {"language": "en"}, headers={"referer": "http://testserver/"}
    )
    assert answer.status_code == 302 and answer["Location"] == "http://testserver/"
    english = client.get("/").content.decode()
    assert '<html lang="en">' in english and ">한국어</button>" in english
    assert '<html lang="ko">' in Client().get("/").content.decode(), "in this browser alone"
