"""How the platform says no."""

from __future__ import annotations

import pytest

from seonmul.kit.refusals import No, Refusal, Refused, refuse


class LoanRefusal(Refusal):
    TOO_MANY = "loan_too_many", "{most:,}번까지 빌릴 수 있습니다."


def test_a_refusal_has_a_code_and_a_sentence_with_numbers() -> None:
    no = No(LoanRefusal.TOO_MANY, {"most": 1_000})
    assert (no.code, LoanRefusal.TOO_MANY.code) == ("loan_too_many", "loan_too_many")
    assert no.say() == "1,000번까지 빌릴 수 있습니다."
    assert no == No(LoanRefusal.TOO_MANY, {"most": 1_000}) != No(LoanRefusal.TOO_MANY, {"most": 999})


def test_it_is_translated_before_its_numbers_are_put_in() -> None:
    english = {"{most:,}번까지 빌릴 수 있습니다.": "You can borrow {most:,} times."}
    assert No(LoanRefusal.TOO_MANY, {"most": 1_000}).say(english.__getitem__) == "You can borrow 1,000 times."


def test_an_action_raises_what_a_rule_answered() -> None:
    refuse(None)
    with pytest.raises(Refused) as refused:
        refuse(No(LoanRefusal.TOO_MANY, {"most": 3}))
    assert refused.value.no.why is LoanRefusal.TOO_MANY
    assert str(refused.value) == "loan_too_many", "a log shows the code, never the numbers"
