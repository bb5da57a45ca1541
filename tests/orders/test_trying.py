"""O5: a trial to oneself: free, marked, never a voucher, and only so many in a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seonmul.audit.models import Act
from seonmul.dispatch.models import Attempt, Letter, Message
from seonmul.dispatch.rules import LetterFacts, LetterRefusal
from seonmul.figures.rules import Figures
from seonmul.gifts.models import Gift
from seonmul.kit import crypto
from seonmul.kit.refusals import Refused
from seonmul.ledger import queries as ledger
from seonmul.members import queries as members
from seonmul.orders import actions, queries, rules
from seonmul.orders.rules import TrialFacts, TrialRefusal
from seonmul.vouchers.models import Voucher
from tests import given
from tests.given import MONDAY

LETTER = LetterFacts("sms", True, True, "", "#{이름} 님\n#{링크}", {"이름": 6, "링크": 40})
GOOD = TrialFacts(may_buy=True, has_address=True, by_mail=False, today=0, letter=LETTER)


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"may_buy": False}, TrialRefusal.NOT_A_BUYER),
        ({"has_address": False}, TrialRefusal.NO_PHONE),
        ({"has_address": False, "by_mail": True}, TrialRefusal.NO_MAIL),
        ({"today": 10}, TrialRefusal.ENOUGH),
        ({"letter": replace(LETTER, is_sender_approved=False)}, LetterRefusal.SENDER_NOT_APPROVED),
        ({"letter": replace(LETTER, text="😀")}, LetterRefusal.CANNOT_CARRY),
    ],
)
def test_why_not(changed, refusal):
    """O5, M6"""
    no = rules.why_not_try(replace(GOOD, **changed), figures=Figures())
    assert no is not None and no.why is refusal and no.say()
    assert rules.why_not_try(GOOD, figures=Figures()) is None


def test_a_short_message_goes_long_when_its_mark_needs_the_room():
    """O3: 90 bytes are the end of an SMS."""
    assert rules.trial_channel(LETTER) == "sms"
    assert rules.trial_channel(replace(LETTER, text="가" * 42)) == "lms"
    assert rules.trial_title("봄", "lms") == "[시험] 봄" and rules.trial_title("가" * 20, "lms") == "가" * 20
    assert rules.trial_title("가" * 20, "mail").startswith("[시험] ") and rules.trial_title("봄", "sms") == ""
    assert rules.trial_channel(replace(LETTER, channel="mail", text="😀" * 900)) == "mail"


@pytest.mark.django_db
def test_it_goes_to_oneself_and_costs_nothing(carrier):
    """O5: the draft's words with a mark, a link to the sample, no voucher, no money; ten a day, then tomorrow."""
    firm = given.company()
    draft = given.draft(firm, given.numbers(1), text="#{이름} 님, 고맙습니다.")
    before = ledger.balances(firm.buyer.id)
    actions.send_trial(draft.id, by=firm.owner, at=MONDAY)
    ring, message, letter = crypto.ring(), Message.objects.get(), Letter.objects.get()
    assert ring.open(Message.TO, message.to_sealed) == members.phone_of(firm.owner)
    assert ring.open(Letter.TEXT, letter.text_sealed).startswith("[시험] #{이름} 님, 고맙습니다.")
    assert ring.open(Letter.TITLE, letter.title_sealed).startswith("[시험] ")
    given.worked(only="dispatch.send")
    (sent,) = carrier.ask("GET", f"/_/messages?to={members.phone_of(firm.owner)}").json
    assert sent["text"].startswith("[시험] 고객 님") and "/g/sample" in sent["text"]
    assert ledger.balances(firm.buyer.id) == before
    assert not Gift.objects.exists() and not Voucher.objects.exists()
    assert Act.objects.filter(verb="trial_sent", company=firm.buyer.id).exists()
    for _ in range(9):
        actions.send_trial(draft.id, by=firm.owner, at=MONDAY)
    with pytest.raises(Refused) as refused:
        actions.send_trial(draft.id, by=firm.owner, at=MONDAY)
    assert refused.value.no.why is TrialRefusal.ENOUGH
    assert Attempt.objects.count() == 10
    actions.send_trial(draft.id, by=firm.owner, at=MONDAY + timedelta(days=1))
    assert queries.trials_today(firm.owner, MONDAY + timedelta(days=1)) == 1
    with pytest.raises(Refused):
        actions.send_trial(draft.id, by=firm.approver, at=MONDAY)
