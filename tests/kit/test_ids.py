import uuid
from collections import Counter

from seonmul.kit import ids


def test_row_keys_are_plain_version_7_uuids_in_the_order_of_making():
    first, second = ids.new_id(), ids.new_id()
    assert type(first) is uuid.UUID and first.version == 7
    many = [first, second, *ids.new_ids(1_000)]
    assert many == sorted(many) and len(set(many)) == 1_002


def test_a_text_is_a_row_key_only_as_we_write_it():
    made = str(ids.new_id())
    assert ids.is_id(made)
    for odd in ("", "s25", made.upper(), "{" + made + "}", made.replace("-", ""), made + "0"):
        assert not ids.is_id(odd), odd


def test_the_alphabet_has_no_look_alikes_and_no_words():
    assert len(set(ids.ALPHABET)) == len(ids.ALPHABET) == 28
    assert not set(ids.ALPHABET) & set("01ilo" + "aeiou")
    assert ids.ALPHABET == ids.ALPHABET.lower()


def test_public_ids_have_their_length_and_alphabet():
    many = [ids.public_id(), *ids.public_ids(5_000)]
    assert {len(one) for one in many} == {12}
    assert set("".join(many)) == set(ids.ALPHABET)
    assert len(set(many)) == len(many)
    assert len(ids.public_id(8)) == 8 and ids.public_ids(2, length=5)[1].isalnum()


def test_link_tokens_carry_at_least_80_bits():
    assert len(ids.ALPHABET) ** len(ids.link_token()) >= 2**80
    many = ids.link_tokens(5_000)
    assert {len(one) for one in many} == {ids.LINK_TOKEN_LENGTH} and len(set(many)) == 5_000


def test_references_have_the_form_that_kcp_takes():
    """Capital letters and digits, at most 40; never twice."""
    many = [ids.reference() for _ in range(2_000)]
    assert set("".join(many)) == set(ids.ALPHABET.upper()) and len(set(many)) == 2_000
    assert {len(one) for one in many} == {ids.REFERENCE_LENGTH} and ids.REFERENCE_LENGTH <= 40


def test_no_sign_is_likelier_than_another():
    counts = Counter("".join(ids.public_ids(50_000)))
    expected = 600_000 / 28
    # Chi-square with 27 degrees of freedom: 80 is one chance in a million, bytes modulo 28 would give 600.
    assert sum((counts[sign] - expected) ** 2 / expected for sign in ids.ALPHABET) < 80


def test_none_are_made_when_none_are_asked():
    assert ids.public_ids(0) == ids.link_tokens(0) == ids.new_ids(0) == []
