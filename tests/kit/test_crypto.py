"""X2: what is sealed opens only where it was sealed, with a key of the ring, unchanged."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seonmul.kit import crypto
from seonmul.kit.crypto import KeyRing, NotSealedHere

OLD, NEW, INDEX = b"o" * 32, b"n" * 32, b"i" * 32
ring = KeyRing([(1, OLD)], INDEX)
rotated = KeyRing([(2, NEW), (1, OLD)], INDEX)
_CONTEXT = st.text(max_size=40)


@given(_CONTEXT, st.text())
def test_what_is_sealed_opens_again(context: str, text: str) -> None:
    sealed = ring.seal(context, text)
    assert ring.open(context, sealed) == text
    assert ring.open(context, memoryview(sealed)) == text
    assert len(sealed) == 1 + 12 + len(text.encode()) + 16


@given(_CONTEXT, st.lists(st.text(), max_size=20))
def test_many_at_once_are_the_same_as_one_by_one(context: str, texts: list[str]) -> None:
    sealed = rotated.seal_all(context, texts)
    assert [rotated.open(context, one) for one in sealed] == texts
    assert len({one[1:13] for one in sealed}) == len(texts), "a nonce is never used again"
    assert all(one[:1] == b"\x02" for one in sealed)
    assert rotated.index_all(context, texts) == [rotated.index(context, text) for text in texts]
    assert rotated.index_all(context, texts, size=32) == [rotated.index(context, t, size=32) for t in texts]


def test_the_same_text_is_sealed_differently_each_time() -> None:
    assert ring.seal("orders.cells", "01020000001") != ring.seal("orders.cells", "01020000001")
    assert b"01020000001" not in ring.seal("orders.cells", "01020000001")


def test_a_value_copied_into_another_column_does_not_open() -> None:
    sealed = ring.seal("orders.cells", "01020000001")
    with pytest.raises(NotSealedHere) as error:
        ring.open("members.phone", sealed)
    assert "0102000" not in str(error.value)


@given(st.binary(max_size=80))
def test_noise_does_not_open(noise: bytes) -> None:
    with pytest.raises(NotSealedHere):
        ring.open("orders.cells", noise)


def test_every_changed_byte_is_noticed() -> None:
    sealed = ring.seal("orders.cells", "김서연")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(NotSealedHere):
            ring.open("orders.cells", bytes(changed))
    for length in range(len(sealed)):
        with pytest.raises(NotSealedHere):
            ring.open("orders.cells", sealed[:length])


def test_after_a_rotation_old_values_open_and_new_ones_need_the_new_key() -> None:
    before, after = ring.seal("c", "before"), rotated.seal("c", "after")
    assert (rotated.open("c", before), rotated.open("c", after)) == ("before", "after")
    assert rotated.is_stale(before) and not rotated.is_stale(after) and not ring.is_stale(before)
    with pytest.raises(NotSealedHere):
        ring.open("c", after)
    anew = rotated.seal("c", rotated.open("c", before))
    assert KeyRing([(2, NEW)], INDEX).open("c", anew) == "before"


def test_an_index_is_the_same_every_time_and_personal_to_its_context_and_key() -> None:
    number = "01020000001"
    same = ring.index("orders.phone", number)
    assert same == rotated.index("orders.phone", number), "a rotation does not change what finds rows"
    assert len(same) == 16 and len(ring.index("orders.phone", number, size=32)) == 32
    others = {
        ring.index("members.phone", number),
        ring.index("orders.phone", number + "0"),
        ring.index("a context that is much longer than 16 bytes", number),
        ring.index("a context that is much longer than 16 bytez", number),
        KeyRing([(1, OLD)], b"j" * 32).index("orders.phone", number),
    }
    assert len(others | {same}) == 6


def test_a_ring_is_read_from_two_settings() -> None:
    keys = f"2:{base64.b64encode(NEW).decode()}, 1:{base64.b64encode(OLD).decode()}"
    parsed = KeyRing.parse(keys, base64.b64encode(INDEX).decode())
    assert parsed.open("c", ring.seal("c", "x")) == "x"
    assert parsed.seal("c", "x")[0] == 2
    assert parsed.index("c", "x") == ring.index("c", "x")


@pytest.mark.parametrize(
    ("keys", "index"),
    [
        ("", INDEX), ("1:", INDEX), ("1:kein base64", INDEX), ("1:c2hvcnQ=", INDEX),
        ("x:" + base64.b64encode(OLD).decode(), INDEX), ("1:" + base64.b64encode(OLD).decode(), b"short"),
        ("256:" + base64.b64encode(OLD).decode(), INDEX),
        ("1:" + base64.b64encode(OLD).decode() + ",1:" + base64.b64encode(NEW).decode(), INDEX),
    ],
)  # fmt: skip
def test_a_ring_that_cannot_be_used_is_refused_at_once(keys: str, index: bytes) -> None:
    with pytest.raises(ValueError):
        KeyRing.parse(keys, base64.b64encode(index).decode())


def test_a_new_key_fits_a_ring() -> None:
    first, second = crypto.new_key(), crypto.new_key()
    assert first != second
    assert KeyRing.parse(f"7:{first}", second).seal("c", "x")[0] == 7


def test_the_platforms_ring_comes_from_its_settings() -> None:
    assert crypto.ring() is crypto.ring()
    assert crypto.ring().open("c", crypto.ring().seal("c", "선물")) == "선물"
