"""Signing up through the pages, with the sandbox as carrier and tax office. M1"""

from __future__ import annotations

import pytest
from django.core import mail
from django.urls import reverse

from seonmul.figures import actions as figures
from seonmul.kit import clock
from seonmul.members import actions as members
from seonmul.members import queries
from seonmul.members.models import BusinessCheck, Buyer, Consent, JoinRequest, Member, Proof, SignUp
from seonmul.members.rules import CONSENT_VERSION, CheckRefusal, ProofRefusal, SignUpRefusal
from tests import given
from tests.storefront.sign_up import PASSWORD, Person, number

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(carrier) -> Person:
    return Person(carrier)


def text_of(answer) -> str:
    return answer.content.decode()


def test_a_person_signs_up(person):
    """M1: phone and mail are proved, consents are kept with time and version, and the browser is logged in."""
    page = person.sign_up(person.form(agrees_marketing="on"))
    assert "김서연 님, 가입했습니다" in text_of(page)
    member = Member.objects.get(login="seoyeon1")
    assert page.wsgi_request.user == member and member.check_password(PASSWORD)
    assert queries.phone_of(member) == person.phone and member.mail == person.mail
    assert member.phone_proved_at and member.mail_proved_at and member.marketing_consent
    assert set(Consent.objects.filter(member=member).values_list("kind", "version")) == {
        (kind, CONSENT_VERSION) for kind in ("terms", "personal_data", "age_14", "marketing")
    }
    buyer = queries.buyer_of(member)
    assert buyer and buyer.kind == "person" and buyer.name == "김서연" and queries.may_buy(member)
    assert person.client.get(reverse("storefront:orders")).status_code == 200


def test_nobody_is_a_member_before_both_are_proved(person):
    person.begin(person.form())
    assert not Member.objects.filter(login="seoyeon1").exists()
    page = person.prove(mail="000000")
    assert page.status_code == 422 and "4번 더 입력할 수 있습니다" in text_of(page)
    assert "010-****-0001 확인했어요" in text_of(page), "what is proved stays proved"
    assert not Member.objects.filter(login="seoyeon1").exists()
    assert person.prove(phone="").status_code == 302
    assert Member.objects.filter(login="seoyeon1").exists()


def test_every_error_is_told_beside_its_field_and_what_was_typed_stays(person):
    form = person.form(
        login="Kim", phone="02-123-4567", mail="not-mail", password="short", agrees_terms="", name=""
    )
    page = person.begin(form)
    said = text_of(page)
    assert page.status_code == 422
    for sentence in (
        "아이디는 영문 소문자와 숫자 4~20자로", "유선전화 번호입니다", "이메일 주소를 확인해 주세요",
        "동의해야 가입할 수 있습니다", "빠뜨린 칸입니다",
    ):  # fmt: skip
        assert sentence in said, sentence
    assert 'id="id_password_error"' in said
    for typed in ("Kim", "02-123-4567", "not-mail", "short"):
        assert f'value="{typed}"' in said
    assert not SignUp.objects.exists() and not mail.outbox


def test_a_password_may_not_resemble_whoever_has_it(person):
    page = person.begin(person.form(password="seoyeon1-home"))
    assert page.status_code == 422 and 'id="id_password_error"' in text_of(page)


def test_a_login_id_is_taken_by_members_and_by_sign_ups_under_way(person, carrier):
    person.begin(person.form())
    other = Person(carrier, phone="01024680002")
    page = other.begin(other.form(mail="other@home.example"))
    assert SignUpRefusal.LOGIN_TAKEN.sentence in text_of(page)
    person.prove()
    assert SignUpRefusal.LOGIN_TAKEN.sentence in text_of(other.begin(other.form(mail="other@home.example")))


def test_coming_back_from_the_codes_finds_everything_as_typed(person):
    person.begin(person.company(number()))
    page = text_of(person.client.get(reverse("account_signup")))
    for typed in (
        "seoyeon1",
        "김서연",
        "010-2468-0001",
        person.mail,
        number(),
        "주식회사 새봄",
        "2019-03-04",
    ):
        assert f'value="{typed}"' in page
    assert PASSWORD not in page
    sent = len(mail.outbox)
    again = person.begin(person.company(number(), password="", name="김서윤"))
    assert again.status_code == 302 and len(mail.outbox) == sent, "the same codes are still good"
    person.prove()
    given.worked()
    member = Member.objects.get(login="seoyeon1")
    assert member.name == "김서윤" and member.check_password(PASSWORD)


def test_a_mistyped_number_is_mended_on_the_page_of_the_codes(person):
    person.begin(person.form(phone="010-2468-9999"))
    person.client.post(reverse("account_signup_code_again"), {"kind": "phone", "address": "02-123"})
    answer = person.client.post(
        reverse("account_signup_code_again"), {"kind": "phone", "address": "010-2468-0001"}
    )
    given.worked(later=False)
    assert answer.status_code == 302
    assert person.prove().status_code == 302
    assert queries.phone_of(Member.objects.get(login="seoyeon1")) == "01024680001"


def test_an_address_gets_five_codes_in_ten_minutes(person):
    person.begin(person.form())
    again = {"kind": "phone", "address": person.phone}
    answers = [person.client.post(reverse("account_signup_code_again"), again) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 4 + [422]
    assert ProofRefusal.TOO_MANY.sentence.format(minutes=10) in text_of(answers[-1])


def test_one_internet_address_has_so_many_codes_a_day(person, carrier):
    """M1: the refusal is the same at sign-up, at a new code and at recovery; another address goes on."""
    figures.change("proofs_from_one_place_in_a_day", 10, by="operator", at=clock.now())
    for n in range(5):
        other = Person(carrier, login=f"other{n}", phone=f"0102468100{n}")
        assert other.begin(other.form()).status_code == 302
    said = ProofRefusal.TOO_MANY_HERE.sentence
    refused = person.begin(person.form())
    assert refused.status_code == 422 and said in text_of(refused)
    assert 'value="seoyeon1"' in text_of(refused), "what was typed stays"
    again = other.client.post(
        reverse("account_signup_code_again"), {"kind": "phone", "address": "010-2468-2000"}
    )
    assert again.status_code == 422 and said in text_of(again)
    for address in ("nobody@home.example", other.mail):
        answer = person.client.post(reverse("account_reset_password"), {"address": address})
        assert answer.status_code == 422 and said in text_of(answer)
    person.client.defaults["REMOTE_ADDR"] = "203.0.113.7"
    assert person.begin(person.form()).status_code == 302


def test_sign_up_does_not_tell_who_has_an_account(person, carrier):
    """M1: the same pages for a known and an unknown mail address; only its mailbox learns it."""
    person.sign_up()
    second = Person(carrier, login="another1", phone="01024680003")
    second.mail = person.mail
    known = second.begin(second.form())
    third = Person(carrier, login="another2", phone="01024680004")
    unknown = third.begin(third.form())
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    pages = [
        text_of(who.client.get(reverse("account_signup_codes")))
        .replace(who.mail, "@")
        .replace(who.phone[-4:], "#")
        for who in (second, third)
    ]
    plain = [page.split('<form class="stack"')[1].split('name="csrf')[0] for page in pages]
    assert plain[0] == plain[1]
    assert "seoyeon1" in mail.outbox[-2].body and second.mailed() == "", "no code goes to a known address"
    assert second.prove(mail="123456").status_code == 422


# companies


@pytest.mark.parametrize("middle", ["01", "81", "82"])
def test_a_company_that_goes_on_signs_up(person, middle):
    page = person.sign_up(person.company(number(middle)))
    assert "주식회사 새봄의 대표로 가입했습니다" in text_of(page)
    buyer = Buyer.objects.get(business_number=number(middle))
    assert buyer.kind == "company" and buyer.memberships.get().role == "owner"


@pytest.mark.parametrize(
    ("state", "changed", "why"),
    [
        ("902", {}, CheckRefusal.SUSPENDED),
        ("903", {}, CheckRefusal.CLOSED),
        ("904", {}, CheckRefusal.UNREGISTERED),
        ("801", {"representative": "틀린이름"}, CheckRefusal.MISMATCH),
    ],
)
def test_every_other_answer_makes_a_general_account_with_the_reason(person, state, changed, why):
    """M1, M2: nothing is typed twice, since the check keeps it."""
    page = person.sign_up(person.company(number(state=state), **changed))
    assert why.sentence in text_of(page) and "적은 내용은 그대로" in text_of(page)
    member = Member.objects.get(login="seoyeon1")
    buyer = queries.buyer_of(member)
    assert buyer and buyer.kind == "person"
    check = queries.newest_check(member)
    assert check and (check.business_number, check.company_name) == (number(state=state), "주식회사 새봄")


@pytest.mark.parametrize("state", ["905", "906"])
def test_a_tax_office_that_is_slow_or_down_makes_a_general_account(person, state, settings):
    settings.SECONDS_TAX_OFFICE = 0.3
    person.begin(person.company(number(state=state)))
    answer = person.prove()
    assert answer["Location"] == reverse("account_signup_wait")
    finish = reverse("account_signup_finish")
    assert person.client.post(finish, headers={"HX-Request": "true"}).status_code == 204
    BusinessCheck.objects.update(asked_at=clock.now() - given.timedelta(seconds=21))
    done = person.client.post(finish, headers={"HX-Request": "true"})
    assert done["HX-Redirect"] == reverse("account_signup_done")
    assert done.cookies["device"]["httponly"], "M8: the browser that signed up is known"
    assert CheckRefusal.NO_ANSWER.sentence in text_of(person.client.get(done["HX-Redirect"]))


def test_who_waits_is_told_that_the_mailbox_was_taken_meanwhile(person):
    """M1: nothing came of it, and the way on is the form."""
    person.begin(person.company(number(state="906")))
    person.prove()
    actor = given.person()
    Member.objects.filter(id=actor.id).update(mail=person.mail, mail_proved_at=clock.now())
    BusinessCheck.objects.update(asked_at=clock.now() - given.timedelta(seconds=21))
    members.sweep_sign_ups(at=clock.now())
    given.worked()
    answer = person.client.get(reverse("account_signup_wait"), follow=True)
    assert answer.redirect_chain == [(reverse("account_signup"), 302)]
    assert SignUpRefusal.MAIL_TAKEN.sentence in text_of(answer)


def test_a_browser_that_goes_away_is_signed_up_all_the_same(person):
    person.begin(person.company(number(state="906")))
    person.prove()
    BusinessCheck.objects.update(asked_at=clock.now() - given.timedelta(seconds=21))
    members.sweep_sign_ups(at=clock.now())
    given.worked()
    assert Member.objects.filter(login="seoyeon1").exists()


def test_a_second_person_of_a_known_company_asks_to_join(person, carrier):
    """M1, M7"""
    person.sign_up(person.company(number()))
    second = Person(carrier, login="second11", phone="01024680005")
    page = second.sign_up(second.company(number()))
    assert CheckRefusal.KNOWN.sentence in text_of(page)
    request = JoinRequest.objects.get()
    assert request.member.login == "second11" and request.buyer.business_number == number()
    given.worked()
    told = carrier.ask("GET", f"/_/messages?to={person.phone}").json
    assert "김*연 님이 회사 계정을" in told[0]["text"]


def test_a_wrong_check_digit_is_told_before_anything_is_asked(person):
    page = person.begin(person.company("999-01-08010"[:-1] + "9"))
    assert SignUpRefusal.NUMBER_FORM.sentence in text_of(page)
    assert SignUpRefusal.OPENED_LATER.sentence in text_of(
        person.begin(person.company(number(), opened_on="20991231"))
    )
    assert not BusinessCheck.objects.exists()


def test_a_sign_up_is_over_after_an_hour_and_then_forgotten(person):
    person.begin(person.form())
    SignUp.objects.update(began_at=clock.now() - given.timedelta(minutes=61))
    Proof.objects.update(asked_at=clock.now() - given.timedelta(hours=25))
    answer = person.prove()
    assert answer["Location"] == reverse("account_signup")
    assert SignUpRefusal.OVER.sentence in text_of(person.client.get(answer["Location"]))
    members.forget_sign_ups(at=clock.now())
    assert not SignUp.objects.exists() and not Proof.objects.exists()
