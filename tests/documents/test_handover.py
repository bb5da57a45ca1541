"""인수인계서: one page, Korean, text that can be selected, nobody's whole number. M5"""

from __future__ import annotations

import re
import threading

import pytest

from seonmul.documents import handover, pdf
from seonmul.members.models import Handover
from tests import given
from tests.documents.reading import text_of
from tests.members.handing import asked, proved

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Handover:
    firm = given.company()
    given.draft(firm, given.numbers(2))
    return proved(asked(firm.owner))


def test_it_is_one_page_with_its_fonts_inside(row: Handover) -> None:
    content = handover.paper(row)
    assert content.startswith(b"%PDF-") and content == handover.paper(row), "the same bytes each time"
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    assert b"Pretendard" in content


def test_it_says_who_handed_what_to_whom(row: Handover) -> None:
    text = text_of(handover.paper(row))
    for words in (
        "김대표",
        "박새롬",
        "이전 담당자의 본인인증",
        "작성 중인 주문",
        row.public_id,
        "010-****-0001",
    ):
        assert words in text, words
    assert "01055550001" not in text.replace("-", "")


def test_what_people_typed_is_no_markup() -> None:
    data = {
        "number": "A1", "day": [2026, 11, 23], "made_at": "지금", "company": '#panic("x") *굵게* [칸] $식$',
        "business_number": "", "login": "a", "way": "b", "old": ["가", "", ""], "new": ["나", "", ""],
        "handed": [["항목", "1건", "#sys.inputs"]] * 30,
    }  # fmt: skip
    text = text_of(pdf.made("handover", data))
    assert '#panic("x") *굵게* [칸] $식$' in text and "#sys.inputs" in text


def test_threads_set_pages_at_the_same_time(row: Handover) -> None:
    data, made = handover._data(row), []
    threads = [threading.Thread(target=lambda: made.append(pdf.made("handover", data))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 1 and len(made) == 4
