import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit import masks


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("01012341234", "010-****-1234"),
        ("010-1234-1234", "010-****-1234"),
        ("0111231234", "011-****-1234"),
        ("0212341234", "02-****-1234"),
        ("021231234", "02-****-1234"),
        ("0311231234", "031-****-1234"),
        ("050512341234", "0505-****-1234"),
        ("15771234", "****-1234"),
        ("1234", "****"),
        ("", ""),
        ("0" * 20, "*" * 20),
    ],
)
def test_phone(number, shown):
    assert masks.mask_phone(number) == shown


@given(st.from_regex(r"01[016-9][0-9]{7,8}", fullmatch=True))
def test_the_middle_of_a_mobile_number_never_shows(number):
    assert masks.mask_phone(number) == f"{number[:3]}-****-{number[-4:]}"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김철수", "김*수"),
        ("김용", "김*"),
        ("남궁민수", "남**수"),
        ("A", "*"),
        (" 홍길동 ", "홍*동"),
        ("", ""),
    ],
)
def test_name(name, shown):
    assert masks.mask_name(name) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("abcdef@example.com", "ab***@example.com"),
        ("abc@example.com", "ab***@example.com"),
        ("ab@example.com", "a***@example.com"),
        ("a@example.com", "a***@example.com"),
        ("no address", "***"),
        ("", "***"),
    ],
)
def test_mail(address, shown):
    assert masks.mask_mail(address) == shown
