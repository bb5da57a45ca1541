import phonenumbers
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seonmul.kit import phones
from seonmul.kit.phones import PhoneFault, Repair, SenderKind

FULL_WIDTH = {ord("0") + n: ord("０") + n for n in range(10)} | {ord("-"): "－"}
SEPARATORS = st.sampled_from(["", "-", " ", ".", " - ", "‑", "–"])


def e164(text):
    """What the oracle says: the international form when it takes the text for a Korean mobile number."""
    try:
        number = phonenumbers.parse(text, "KR")
    except phonenumbers.NumberParseException:
        return None
    is_mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    valid = phonenumbers.is_valid_number_for_region(number, "KR") and is_mobile
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if valid else None


@pytest.mark.parametrize(
    ("cell", "repair"),
    [
        ("01012345678", None),
        ("010-1234-5678", Repair.SEPARATORS),
        ("010.1234.5678", Repair.SEPARATORS),
        ("(010) 1234-5678", Repair.SEPARATORS),
        ("010 1234 5678", Repair.SEPARATORS),
        (" 010\u00a01234 5678\n", Repair.SEPARATORS),
        ("010ㅡ1234ㅡ5678", Repair.SEPARATORS),
        ('="01012345678"', Repair.SEPARATORS),
        ("'01012345678", Repair.SEPARATORS),
        ("\u200e01012345678", Repair.SEPARATORS),
        ("1012345678", Repair.LEADING_ZERO),
        ("1012345678.0", Repair.LEADING_ZERO),
        ("10-1234-5678", Repair.LEADING_ZERO),
        (1012345678, Repair.LEADING_ZERO),
        (1012345678.0, Repair.LEADING_ZERO),
        ("+82 10-1234-5678", Repair.COUNTRY_CODE),
        ("+82 (0)10-1234-5678", Repair.COUNTRY_CODE),
        ("821012345678", Repair.COUNTRY_CODE),
        (821012345678.0, Repair.COUNTRY_CODE),
        ("0082 10 1234 5678", Repair.COUNTRY_CODE),
        ("０１０－１２３４－５６７８", Repair.FULL_WIDTH),
    ],
)
def test_read_and_repaired(cell, repair):
    assert phones.normalise_mobile(cell) == "01012345678"
    assert phones.repair_of(cell, "01012345678") is repair


def test_old_networks_have_seven_or_eight_digits():
    assert phones.normalise_mobile("011-234-5678") == "0112345678"
    assert phones.normalise_mobile("019-2345-6789") == "01923456789"
    assert phones.normalise_mobile(118881234.0) == "0118881234"


def test_a_recipient_may_have_a_number_that_no_sender_may():
    assert phones.normalise_mobile("010-1234-5678") and phones.sender_kind("010-1234-5678") is None


@pytest.mark.parametrize(
    ("cell", "fault", "more"),
    [
        ("", PhoneFault.EMPTY, {}),
        (None, PhoneFault.EMPTY, {}),
        (" - ", PhoneFault.EMPTY, {}),
        (True, PhoneFault.EMPTY, {}),
        ("010-1234-567", PhoneFault.TOO_SHORT, {"digits_missing": 1}),
        ("101234567", PhoneFault.TOO_SHORT, {"digits_missing": 1}),
        ("011-123-456", PhoneFault.TOO_SHORT, {"digits_missing": 1}),
        ("+82 10 1234 567", PhoneFault.TOO_SHORT, {"digits_missing": 1}),
        ("12345678", PhoneFault.TOO_SHORT, {"digits_missing": 3}),
        ("010-1234-56789", PhoneFault.TOO_LONG, {"digits_over": 1}),
        ("O1O-1234-5678", PhoneFault.LETTER_FOR_DIGIT, {"suggestion": "01012345678"}),
        ("0l0-1234-567B", PhoneFault.NOT_A_NUMBER, {}),
        ("ㅇ1ㅇ12345678", PhoneFault.LETTER_FOR_DIGIT, {"suggestion": "01012345678"}),
        ("02-123-4567", PhoneFault.LANDLINE, {}),
        ("031-234-5678", PhoneFault.LANDLINE, {}),
        ("+82-2-123-4567", PhoneFault.LANDLINE, {}),
        ("1588-1234", PhoneFault.REPRESENTATIVE, {}),
        ("0505-123-4567", PhoneFault.SAFE_NUMBER, {}),
        ("070-7123-4567", PhoneFault.NOT_MOBILE, {}),
        ("012-345-6789", PhoneFault.NOT_MOBILE, {}),
        ("99999999999", PhoneFault.NOT_MOBILE, {}),
        ("+1 415 555 2671", PhoneFault.FOREIGN, {}),
        ("0044 20 1234 5678", PhoneFault.FOREIGN, {}),
        ("1.01235E+09", PhoneFault.SCIENTIFIC, {}),
        ("1.012345678E+09", PhoneFault.SCIENTIFIC, {"suggestion": "01012345678"}),
        (1.0123456789012346e18, PhoneFault.LOST_DIGITS, {}),
        ("01012345678 01023456789", PhoneFault.TWO_NUMBERS, {}),
        ("010-1111-2222/010-3333-4444", PhoneFault.TWO_NUMBERS, {}),
        ("홍길동 010-1111-2222, 010-3333-4444", PhoneFault.TWO_NUMBERS, {}),
        ("hong@example.com", PhoneFault.MAIL_ADDRESS, {}),
        ("홍길동", PhoneFault.NOT_A_NUMBER, {}),
        ("010-1234-5678 홍길동", PhoneFault.NOT_A_NUMBER, {"suggestion": "01012345678"}),
        (1012345678.5, PhoneFault.NOT_A_NUMBER, {}),
        (101234567.5, PhoneFault.NOT_A_NUMBER, {}),
        (-1012345678.0, PhoneFault.NOT_A_NUMBER, {}),
        (float("nan"), PhoneFault.NOT_A_NUMBER, {}),
        ("가" * 40_000, PhoneFault.NOT_A_NUMBER, {}),
        ("1" * 40_000, PhoneFault.TOO_LONG, {"digits_over": 39_990}),
    ],
)
def test_why_not(cell, fault, more):
    assert phones.normalise_mobile(cell) is None
    trouble = phones.why_not_mobile(cell)
    assert trouble == phones.Trouble(fault, **more)
    assert trouble.code.startswith("phone_")
    sentence = trouble.no().say()
    assert sentence.endswith(("주세요.", "니다.")) and "{" not in sentence
    assert trouble.suggestion is None or trouble.suggestion not in sentence


@settings(deadline=None)  # the oracle loads its tables at its first call
@given(st.from_regex(r"[0-9]{8}", fullmatch=True), SEPARATORS, SEPARATORS, st.data())
def test_010_in_every_spelling_is_what_the_oracle_reads(digits, first, second, data):
    head = data.draw(st.sampled_from(["010", "+82 10", "+8210", "8210", "(010)", "10"]))
    spelt = f"{head}{first}{digits[:4]}{second}{digits[4:]}"
    # 101234.5678 is rather a number with decimals, and is asked about.
    assume(spelt.startswith(("0", "+", "(")) or sorted([first, second]) != ["", "."])
    if data.draw(st.booleans()):
        spelt = spelt.translate(FULL_WIDTH)
    assert phones.normalise_mobile(spelt) == "010" + digits
    # The oracle knows which blocks of numbers are handed out; we do not follow that, since it changes.
    if head != "10" and e164("010" + digits):
        assert e164(spelt) == "+8210" + digits


@settings(deadline=None)
@given(st.text(alphabet="0123456789+-() .", max_size=20))
def test_what_is_read_is_never_another_number_than_the_oracle_reads(text):
    digits = phones.normalise_mobile(text)
    bare = "".join(c for c in text if c.isdigit())
    if digits and not bare.startswith("0082"):  # the oracle does not know this way of dialling
        assert e164(text) in (None, "+82" + digits[1:])
        assert bare.endswith(digits[1:])


@given(st.one_of(st.text(max_size=80), st.floats(), st.integers(), st.none()))
def test_every_cell_is_either_read_or_explained(cell):
    digits = phones.normalise_mobile(cell)
    if digits is None:
        assert phones.why_not_mobile(cell).no().say()
    else:
        assert digits.isascii() and digits.isdigit() and len(digits) in (10, 11)
        assert phones.normalise_mobile(digits) == digits


@pytest.mark.parametrize(
    ("raw", "kind"),
    [
        ("1588-0000", SenderKind.REPRESENTATIVE),
        ("15770000", SenderKind.REPRESENTATIVE),
        ("1661-8197", SenderKind.REPRESENTATIVE),
        ("010-9876-5432", SenderKind.MOBILE),
        ("+82 10-9876-5432", SenderKind.MOBILE),
        ("019-234-5678", SenderKind.MOBILE_OLD),
        ("02-345-6789", SenderKind.SEOUL),
        ("0232140000", SenderKind.SEOUL),
        ("031-234-5678", SenderKind.AREA),
        ("044-200-1234", SenderKind.AREA),
        ("070-7123-4567", SenderKind.INTERNET_070),
        ("080-234-5678", SenderKind.FREE_080),
        ("0303-3444-0707", SenderKind.COMMON_030),
        ("02-1588-0000", None),
        ("15880000-1", None),
        ("010-1234-5678", None),
        ("070-1234-5678", None),
        ("111-1111", None),
        ("0505-123-4567", None),
        ("112", None),
        ("1335", None),
        ("", None),
    ],
)
def test_sender_kind(raw, kind):
    assert phones.sender_kind(raw) is kind


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("01012345678", "010-1234-5678"),
        ("0112345678", "011-234-5678"),
        ("021234567", "02-123-4567"),
        ("0212345678", "02-1234-5678"),
        ("0312345678", "031-234-5678"),
        ("03112345678", "031-1234-5678"),
        ("15881234", "1588-1234"),
        ("07012345678", "070-1234-5678"),
        ("0802345678", "080-234-5678"),
        ("030334440707", "0303-3444-0707"),
        ("03031234567", "0303-123-4567"),
        ("050512345678", "0505-1234-5678"),
        ("112", "112"),
        ("", ""),
    ],
)
def test_format(digits, shown):
    assert phones.format_phone(digits) == shown
