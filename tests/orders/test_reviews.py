"""O12: a superior looks at an order by a link, and says yes to what was seen."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail

from seonmul.audit.models import Act
from seonmul.figures.rules import Figures
from seonmul.kit import crypto
from seonmul.kit.refusals import Refused
from seonmul.members.ports import Parting
from seonmul.orders import actions, queries, rules
from seonmul.orders.handing import Hander
from seonmul.orders.lists import RawRow
from seonmul.orders.models import Draft, ReviewLink
from seonmul.orders.rules import ReviewFacts, ReviewRefusal
from tests import given
from tests.given import MONDAY, Company
from tests.threads import at_once

pytestmark = pytest.mark.django_db
LATER = MONDAY + timedelta(days=7)


def made(firm: Company, draft: Draft) -> tuple[str, ReviewLink]:
    link = actions.make_review_link(draft.id, by=firm.owner, at=MONDAY)
    return link, ReviewLink.objects.get(link_index=crypto.ring().index(ReviewLink.LINK, link))


def what(draft: Draft) -> str:
    found = queries.review_of(draft.id)
    assert found is not None
    return found.what


def refusal_of(does: Any) -> Any:
    with pytest.raises(Refused) as refused:
        does()
    return refused.value.no.why


@pytest.mark.parametrize(
    ("facts", "opens"),
    [
        (ReviewFacts(LATER, False, True), True),
        (ReviewFacts(MONDAY, False, True), False),
        (ReviewFacts(LATER, True, True), False),
        (ReviewFacts(LATER, False, False), False),
        (None, False),
    ],
)
def test_a_link_opens_until_its_day_and_unless_it_was_taken_back(
    facts: ReviewFacts | None, opens: bool
) -> None:
    """O12: an unknown link gets the words of one that is over."""
    no = rules.why_not_open_link(facts, at=MONDAY)
    assert (no is None) == opens and (no is None or (no.code == "review_gone" and no.say()))


def test_what_is_shown_is_masked_and_the_link_is_kept_nowhere() -> None:
    """O12"""
    firm = given.company()
    draft = given.draft(firm, given.numbers(25))
    link, row = made(firm, draft)
    found = queries.review_of(draft.id)
    assert found and (found.people, found.amount_won, found.state) == (25, 112_500, None)
    assert len(found.rows) == 20 and found.rows[0] == ("김*연", "010-****-0001", 1)
    assert found.asked_by == "김*표" and link not in repr(ReviewLink.objects.values().get(id=row.id))
    assert row.expires_at == LATER and queries.review_link(link) == row and queries.review_link("x") is None


def test_nobody_to_look_at_and_too_many_links_are_refused() -> None:
    """O12"""
    firm = given.company()
    assert refusal_of(partial(made, firm, given.draft(firm, []))) is ReviewRefusal.NOBODY
    draft = given.draft(firm, given.numbers(1))
    links = [made(firm, draft)[1] for _ in range(Figures().review_links_most)]
    assert refusal_of(partial(made, firm, draft)) is ReviewRefusal.TOO_MANY
    actions.withdraw_review_link(links[0].id, by=firm.owner, at=MONDAY)
    made(firm, draft)


def test_a_yes_is_to_what_was_seen_and_stays_for_the_order() -> None:
    """O12: it consents to nothing; the order goes the way that it went before."""
    firm = given.company()
    draft = given.draft(firm, given.numbers(2))
    link, row = made(firm, draft)
    seen = what(draft)
    actions.add_rows(draft.id, [RawRow(1, "01099990001", "박새봄")], at=MONDAY)
    no = refusal_of(partial(actions.confirm_review, link, seen=seen, at=MONDAY))
    assert no is ReviewRefusal.CHANGED and no.code == "review_changed"
    for _ in range(2):
        actions.confirm_review(link, seen=what(draft), at=MONDAY)
    row.refresh_from_db()
    assert row.confirmed_at == MONDAY and Act.objects.filter(verb="review_confirmed").count() == 1
    draft.refresh_from_db()
    order = given.paid(firm, draft)
    after = queries.review_of(draft.id)
    assert order.state == "paid" and after and after.what == row.confirmed_what, (
        "the order is what was confirmed"
    )
    with pytest.raises(Refused):
        actions.confirm_review(link, seen=after.what, at=LATER)


def test_who_made_it_is_told_by_text_and_by_mail() -> None:
    """O12"""
    firm = given.company()
    draft = given.draft(firm, given.numbers(1))
    link, _ = made(firm, draft)
    actions.confirm_review(link, seen=what(draft), at=MONDAY)
    given.worked(only="notices")
    assert [one.to for one in mail.outbox] == [[firm.owner.mail]] and draft.public_id in mail.outbox[0].body


def test_whoever_goes_takes_no_link_along() -> None:
    """M7, O12"""
    firm = given.company()
    draft = given.draft(firm, given.numbers(1))
    link, row = made(firm, draft)
    Hander().part(Parting(firm.owner.id, firm.buyer.id, firm.approver.id), at=MONDAY)
    assert queries.review_facts(queries.review_link(link)) == ReviewFacts(row.expires_at, True, True)


def test_a_draft_that_is_gone_is_shown_no_more() -> None:
    """O12"""
    firm = given.company()
    draft = given.draft(firm, given.numbers(1))
    link, _ = made(firm, draft)
    actions.discard(draft.id, at=MONDAY)
    facts = queries.review_facts(queries.review_link(link))
    assert facts is not None and not facts.is_there


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_yes() -> None:
    """O12"""
    firm = given.company()
    draft = given.draft(firm, given.numbers(1))
    link, _ = made(firm, draft)
    seen = what(draft)
    assert at_once([partial(actions.confirm_review, link, seen=seen, at=MONDAY)] * 4) == [None] * 4
    assert Act.objects.filter(verb="review_confirmed").count() == 1
