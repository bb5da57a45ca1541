"""The audit log at the console: who, what, when, whose; page by page. B"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from seonmul.audit import actions, queries
from seonmul.audit.queries import Search
from seonmul.backoffice import facts, words
from tests import given
from tests.backoffice.conftest import asked, at_console, staff_member
from tests.given import MONDAY

pytestmark = pytest.mark.django_db
AUDIT = reverse("backoffice:audit")


def act(
    verb: str = "sender_approved",
    by: object = "system",
    subject: str = "s",
    days: float = 0,
    company: str = "",
) -> None:
    actions.record(verb, by=str(by), subject=subject, company=company, at=MONDAY + timedelta(days=days))


def verbs(**search: object) -> list[str]:
    return [row.verb for row in queries.acts(Search(**search)).rows]  # type: ignore[arg-type]


def test_acts_are_narrowed_by_person_verb_company_subject_and_day() -> None:
    act("one", by="kim", days=-1)
    act("two", by="lee", company="c")
    act("three", by="kim", subject="t", days=1)
    assert verbs() == ["three", "two", "one"]
    assert verbs(by="kim") == ["three", "one"]
    assert verbs(verb="two") == verbs(company="c") == ["two"]
    assert verbs(subject="t") == ["three"]
    today = date(2026, 11, 23)
    assert verbs(first_on=today) == ["three", "two"]
    assert verbs(last_on=today) == ["two", "one"]
    assert verbs(first_on=today, last_on=today) == ["two"]


def test_days_are_those_of_seoul() -> None:
    act("midnight", days=-10 / 24)  # 00:00 in Seoul
    act("before", days=-10 / 24 - 1 / 86_400)
    assert verbs(first_on=date(2026, 11, 23)) == ["midnight"]
    assert verbs(last_on=date(2026, 11, 22)) == ["before"]


def test_the_page_says_it_in_words_and_keeps_its_filters(console: Callable[[str], Client]) -> None:
    somebody = staff_member("approver")
    act("conversion_approved", by=somebody.id)
    act("sender_approved", by=given.company().owner.id)
    act("figure_changed", by="os:root", subject="resend_most")
    client = console("finance")
    page = client.get(AUDIT).content.decode()
    assert "기업회원전환 승인" in page and somebody.name in page and "김*표" in page and "os:root" in page
    narrowed = client.get(AUDIT, {"by": somebody.id, "verb": "conversion_approved"}).content.decode()
    listed = narrowed.split("<tbody>")[1]
    assert "기업회원전환 승인" in listed and "발신번호 승인" not in listed
    odd = client.get(AUDIT, {"by": "x", "first_on": "yesterday", "after": "!"})
    assert odd.status_code == 200 and "설정 변경" in odd.content.decode()
    assert "조건에 맞는 기록이 없어요" in client.get(AUDIT, {"last_on": "2001-01-01"}).content.decode()


def test_the_log_comes_page_by_page(console: Callable[[str], Client]) -> None:
    for n in range(60):
        act(f"v{n:02d}", days=n, company=str(given.MONDAY.year))
    client = console("super")
    first = client.get(AUDIT, {"verb": ""})
    more = first.context["more"]
    second = client.get(AUDIT + more)
    seen = [row.verb for page in (first, second) for row, _, _ in page.context["rows"]]
    assert seen == [f"v{n:02d}" for n in reversed(range(60))]
    assert second.context["more"] == "" and second.context["is_later"]


def test_three_acts_ask_no_more_than_one() -> None:
    somebody = staff_member("super")
    client = at_console(somebody)
    act(by=somebody.id)
    one = asked(client, AUDIT)
    act(by=staff_member("support").id)
    act(by=given.company().owner.id)
    assert asked(client, AUDIT) == one


def test_the_page_says_facts_and_whoever_is_no_member_in_words(console: Callable[[str], Client]) -> None:
    """B: no name of a field and no bare number where a person reads."""
    actions.record(
        "order_placed", by="recipient", subject="s", at=MONDAY, amount_won=4500, people=1, is_ad=False, said="",
    )  # fmt: skip
    actions.record(
        "person_changed", by="provider", subject="s", at=MONDAY, handed={"draft": 2}, way="identity"
    )
    actions.record("figure_changed", by="system", subject="s", at=MONDAY, before=5, after=7)
    page = console("finance").get(AUDIT).content.decode()
    for said in (
        "금액 4,500원, 광고 아니요, 받는 분 1",
        "넘긴 것 작성 중인 주문 2",
        "5 → 7",
        "결제사",
        "시스템",
    ):
        assert said in page, said
    for raw in ("amount_won", "is_ad", "handed", "recipient", "provider"):
        assert raw not in page.split("<tbody>")[1], raw


def _recorded() -> list[ast.Call]:
    trees = (ast.parse(path.read_text()) for path in Path(words.__file__).parents[1].rglob("*.py"))
    return [
        node
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and re.fullmatch(r"(audit|audit_log)\.record", ast.unparse(node.func))
    ]


def test_every_fact_and_every_actor_that_is_recorded_has_its_words() -> None:
    named = [word for call in _recorded() for word in call.keywords]
    facts_ = {word.arg for word in named if word.arg} - {"by", "subject", "company", "at", "changes"}
    assert len(facts_) > 40 and sorted(facts_ - {"before", "after"} - set(facts.FACTS)) == []
    actors = {word.value.value for word in named if word.arg == "by" and isinstance(word.value, ast.Constant)}
    assert {"system", "recipient"} <= actors and sorted(actors - set(facts.ACTORS)) == []


def test_every_act_that_is_recorded_has_its_words() -> None:
    source = Path(words.__file__).parents[1]
    code = "\n".join(path.read_text() for path in source.rglob("*.py"))
    recorded = set(re.findall(r"(?:audit|audit_log)\.record\(\s*\"(\w+)\"", code))
    assert len(recorded) > 10
    assert sorted(recorded - set(words.VERBS)) == []
