"""The English interface is complete, fits its Korean, and is compiled."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from seonmul.gifts.rules import ResendRefusal
from seonmul.kit.refusals import No
from seonmul.orders.models import OrderState
from seonmul.ui.templatetags.ui_filters import day, when, won
from tests.given import MONDAY
from tools import messages


def test_every_sentence_has_english() -> None:
    assert messages.missing() == [], "run `python tools/messages.py` and fill in what it lists"


def test_english_keeps_what_is_filled_in() -> None:
    assert messages.misfits() == []


def test_the_compiled_catalogue_is_the_written_one() -> None:
    assert messages.stale() == [], "run `python tools/messages.py`"


def test_a_refusal_speaks_the_reader_s_language() -> None:
    no = No(ResendRefusal.RESENT_ENOUGH, {"most": 5})
    with translation.override("ko"):
        assert no.say(translation.gettext).startswith("재발송은 5번까지")
    with translation.override("en"):
        assert no.say(translation.gettext).startswith("A voucher can be resent 5 times.")


def test_states_money_and_days_follow_the_language() -> None:
    with translation.override("ko"):
        assert (str(OrderState.PAID.label), won(1_234_567), day(MONDAY)) == (
            "결제완료",
            "1,234,567원",
            "2026.11.23(월)",
        )
    with translation.override("en"):
        assert (str(OrderState.PAID.label), won(1_234_567), day(MONDAY)) == (
            "Paid",
            "1,234,567 won",
            "23 Nov 2026",
        )
        assert when(MONDAY) == "23 Nov 2026 10:00"


def test_sentences_are_found_where_people_write_them() -> None:
    code = (
        'x = _("가" "나")\nngettext("다 {n}", "다 {n}", n)\npgettext("문맥", "라")\n_, y = z\nf(_)\n_(name)'
    )
    assert set(messages._of_python(code)) == {"가나", "다 {n}", "라"}
    page = (
        """<p title="{% trans '마' %}">{% blocktrans with n=a.b|won %}바 {{ n }}%{% endblocktrans %}</p>{{ x|default:_("사") }}"""
        """{% blocktrans count n=n %}아 {{ n }}{% plural %}아 {{ n }}{% endblocktrans %} 그냥 (글)"""
    )
    assert set(messages._of_template(page)) == {"마", "바 %(n)s%%", "사", "아 %(n)s"}


def test_a_catalogue_is_read_as_it_is_written() -> None:
    text = (
        'msgid ""\nmsgstr "x"\n\n#, fuzzy\nmsgid "가"\nmsgstr "a"\n\nmsgid ""\n"나\\n"\n"다"\nmsgstr "b"\n\n'
    )
    text += 'msgid "라"\nmsgid_plural "라"\nmsgstr[0] "one"\nmsgstr[1] ""\n'
    assert messages.english(text) == {"나\n다": ("b",), "라": ("one", "")}


def test_the_checks_find_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = tmp_path / "django.po"
    sentence = next(iter(messages.wanted()))
    written.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        f'msgid "{sentence}"\nmsgstr "Hello"\n\nmsgid "{{most:,}}원"\nmsgstr "{{most}} won"\n'
    )
    written.with_suffix(".mo").write_bytes(messages.PO.with_suffix(".mo").read_bytes())
    monkeypatch.setattr(messages, "PO", written)
    assert len(messages.missing()) == len(messages.wanted()) - 1
    assert messages.misfits() == ["{most:,}원 -> {most} won"]
    assert messages.stale() == [sentence, "{most:,}원"]
