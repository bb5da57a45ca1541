"""Barcodes are read back by a scanner's own library (V1): from modules, from SVG, from the saved picture."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from seonmul.kit import barcodes, voucher_pictures
from seonmul.ui.bojagi import bojagi_svg
from seonmul.ui.pictures import picture_svg
from seonmul.vouchers.rules import grouped

CODE = "9274018355620419"
PAIRS = st.lists(st.sampled_from([f"{n:02d}" for n in range(100)]), min_size=1, max_size=15).map("".join)


def read(picture: Image.Image) -> dict[str, str]:
    """What a scanner finds: format to text."""
    return {found.format.name: found.text for found in zxingcpp.read_barcodes(picture)}


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - drawn by us


def pixels(svg: str) -> Image.Image:
    """The drawing as a browser paints it: each run of the path as whole pixels."""
    root = parsed(svg)
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    columns, rows = (int(n) for n in root.attrib["viewBox"].split()[2:])
    assert width % columns == 0, "a module is a whole number of pixels"
    grid = np.full((rows, columns), 255, dtype=np.uint8)
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", root[1].attrib["d"]):
        grid[int(y), int(x) : int(x) + int(length)] = 0
    return Image.fromarray(grid).resize((width, height), Image.Resampling.NEAREST)


@settings(max_examples=120, deadline=None)
@given(PAIRS)
def test_bars_of_any_even_number_of_digits_are_read_back(digits: str) -> None:
    assert read(pixels(barcodes.code128_svg(digits))) == {"Code128": digits}


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789", min_size=16, max_size=16))
def test_the_square_of_any_code_is_read_back(code: str) -> None:
    assert read(pixels(barcodes.qr_svg(code))) == {"QRCode": code}


@settings(max_examples=200, deadline=None)
@given(st.text("0123456789", min_size=16, max_size=16))
def test_the_fast_square_is_the_very_square_of_its_mask(code: str) -> None:
    """V1: module by module what the package draws with that mask."""
    drawn = barcodes.qr_modules_of_digits(code)
    assert (drawn == barcodes._masked(code)).all()
    grid = np.pad(np.where(drawn, 0, 255).astype(np.uint8), 4, constant_values=255)
    assert read(Image.fromarray(grid.repeat(4, axis=0).repeat(4, axis=1))) == {"QRCode": code}


def test_a_code_of_sixteen_digits_has_123_modules_and_both_quiet_zones() -> None:
    assert len(barcodes.code128_modules(CODE)) == 123
    root = parsed(barcodes.code128_svg(CODE, module=2))
    assert (root.attrib["width"], root.attrib["viewBox"]) == ("286", "0 0 143 1")
    runs = re.findall(r"M(\d+) 0h(\d+)", root[1].attrib["d"])
    assert int(runs[0][0]) == 10
    assert 143 - sum(map(int, runs[-1])) == 10


@pytest.mark.parametrize("code", ["", "１２", "쿠폰", "12\n34"])
def test_what_no_set_has_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        barcodes.code128_modules(code)


@settings(max_examples=60, deadline=None)
@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=6, max_size=20))
def test_the_codes_of_suppliers_are_read_back_as_bars_and_as_a_square(code: str) -> None:
    """V1, C3: letters and odd numbers of digits too."""
    assert read(pixels(barcodes.code128_svg(code))) == {"Code128": code}
    assert read(pixels(barcodes.qr_svg(code))) == {"QRCode": code}


@pytest.mark.parametrize("svg", [barcodes.code128_svg(CODE, label='a"<b'), barcodes.qr_svg(CODE)])
def test_a_drawing_is_black_on_white_and_needs_no_style(svg: str) -> None:
    root = parsed(svg)
    assert [path.attrib["fill"] for path in root] == ["#fff", "#000"]
    assert "style" not in svg and "currentColor" not in svg
    assert root.attrib.get("aria-label", 'a"<b') == 'a"<b'


def face(**changed: str) -> voucher_pictures.Face:
    words = {
        "heading": "주식회사 한빛테크가 보낸 선물",
        "brand": "달무리커피",
        "name": "아이스 아메리카노",
        "until": "2027.02.24(수)까지",
        "note": "바코드를 다른 사람에게 보여 주지 마세요.",
    }
    drawings = {
        "drawing": picture_svg("iced-coffee", "달무리커피"),
        "cloth": bojagi_svg("order", width=640, height=64),
    }
    return voucher_pictures.Face(**(words | changed), **drawings)


def saved(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


CODES = st.text("0123456789", min_size=16, max_size=16)


@settings(max_examples=40, deadline=None)
@given(CODES, st.dates())
def test_the_picture_is_read_back_and_a_carrier_takes_it(code: str, day: date) -> None:
    """S1: one baseline JPEG, at most 200 KB and 1,000 pixels; each that is made is read by somebody else's reader."""
    content = voucher_pictures.jpeg(face(until=f"{day}까지"), code, grouped(code))
    picture = saved(content)
    assert read(picture) == {"Code128": code, "QRCode": code}
    assert len(content) <= voucher_pictures.MOST_BYTES and max(picture.size) <= 1_000
    assert picture.size == (640, 900)
    assert b"\xff\xc0" in content and b"\xff\xc2" not in content.partition(b"\xff\xda")[0], "baseline"


def squeezed(content: bytes, how: Image.Resampling = Image.Resampling.BILINEAR) -> Image.Image:
    """What a messenger makes of it: 60 % of the size, saved again at quality 40."""
    out = io.BytesIO()
    saved(content).resize((384, 540), how).save(out, "JPEG", quality=40)
    return saved(out.getvalue())


@settings(max_examples=40, deadline=None)
@given(CODES)
def test_the_picture_still_scans_after_a_messenger_shrank_and_compressed_it(code: str) -> None:
    """S1: both the bars and the square."""
    picture = squeezed(voucher_pictures.jpeg(face(), code, grouped(code)))
    assert read(picture) == {"Code128": code, "QRCode": code}


@pytest.mark.parametrize("code", [CODE, "A1B2C3D4E5F6G7H8J9K0"])
def test_what_is_put_together_is_what_would_be_encoded_as_a_whole(code: str) -> None:
    """S1: the template's rows and the voucher's own give the very pixels of one picture that is encoded at once."""
    made, bars = voucher_pictures, barcodes.code128_modules(code)
    module = made._bars_module(bars)
    plan = made._WITH_BARS if module else made._SQUARE_ALONE
    sheet, until_y = made._sheet(replace(face(), until=""))
    whole = sheet.copy()
    font = made._font("Regular", 28)
    ImageDraw.Draw(whole).text(
        (made._TEXT_LEFT, until_y), face().until, font=font, fill=made.INK, anchor="lm"
    )
    blank = made._template(face(), plan).blank
    pixels, strip = np.array(whole), made._painted(blank, plan, bars.repeat(module), code, grouped(code))
    for place, row in enumerate(plan.painted):
        pixels[row * 16 : row * 16 + 16] = strip[place * 16 : place * 16 + 16]
    for row in plan.bars:
        pixels[row * 16 : row * 16 + 16] = strip[:16]
    at_once = made._encoded(Image.fromarray(pixels))
    assert made.jpeg(face(), code, grouped(code)) == at_once


SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: What a pool takes: any number of digits from 6 to 20, letters among them, digits in a row among letters.
POOL_CODES = st.one_of(
    st.text(SIGNS[:10], min_size=6, max_size=20),
    st.text(SIGNS, min_size=6, max_size=20),
    st.from_regex(r"[A-Z]{1,4}[0-9]{5,12}[A-Z]{0,4}", fullmatch=True),
)


@settings(max_examples=60, deadline=None)
@given(POOL_CODES, st.booleans())
def test_codes_of_suppliers_are_read_back_from_the_picture(code: str, has_pin: bool) -> None:
    """V1, C3: the longest code with the longest PIN too; bars wherever they are wide enough, a square always."""
    digits = grouped(code) + ("  PIN 12345678901234567890" if has_pin else "")
    content = voucher_pictures.jpeg(face(), code, digits)
    wide = voucher_pictures._bars_module(barcodes.code128_modules(code))
    shown = {"Code128": code, "QRCode": code} if wide else {"QRCode": code}
    assert read(saved(content)) == shown
    assert len(content) <= voucher_pictures.MOST_BYTES
    small = read(squeezed(content))
    assert small["QRCode"] == code
    if wide == 4:
        assert small["Code128"] == code


@pytest.mark.parametrize("how", [Image.Resampling.BILINEAR, Image.Resampling.LANCZOS, Image.Resampling.BOX])
@pytest.mark.parametrize("signs", [SIGNS[:10], SIGNS, SIGNS[10:]], ids=["digits", "both", "letters"])
def test_codes_of_every_length_still_scan_after_a_messenger_shrank_them(
    signs: str, how: Image.Resampling
) -> None:
    """S1, C3: whatever the length and however the messenger scales."""
    for length in range(6, 21):
        code = "".join(signs[(7 * length + 11 * place + place**2) % len(signs)] for place in range(length))
        found = read(squeezed(voucher_pictures.jpeg(face(), code, grouped(code)), how))
        assert found["QRCode"] == code and found.get("Code128", code) == code


@pytest.mark.parametrize(
    ("code", "modules", "pixels_wide"),
    [
        ("1" * 7, 90, 4), ("1" * 17, 145, 3), ("1" * 18, 134, 4), ("1" * 19, 156, 3), ("1" * 20, 145, 3),
        ("A" * 9, 134, 4), ("A" * 10, 145, 3), ("A" * 13, 178, 3), ("A" * 14, 189, 0), ("A" * 20, 255, 0),
        ("AB" + "1" * 12 + "C", 156, 3),
    ],
)  # fmt: skip
def test_how_wide_bars_are_and_from_where_on_there_are_none(
    code: str, modules: int, pixels_wide: int
) -> None:
    """S1: 4 pixels a module stand being shrunk; below 3 there is a larger square instead. Pairs of digits are short."""
    bars = barcodes.code128_modules(code)
    assert (len(bars), voucher_pictures._bars_module(bars)) == (modules, pixels_wide)
    assert len(bars) == 13 + 11 * (len(barcodes._shortest(code)) + 1)


def test_a_name_that_is_too_long_is_cut_and_leaves_the_bars_alone() -> None:
    long = face(name="아주 긴 이름의 선물 " * 10, brand="브랜드" * 30, heading="회사" * 60, note="말" * 200)
    picture = saved(voucher_pictures.jpeg(long, CODE, grouped(CODE)))
    assert read(picture)["Code128"] == CODE
    right_edge = np.asarray(picture.convert("L"))[68:390, 612:]
    assert right_edge.min() >= 250, "words stay inside"


def test_two_codes_on_the_same_face_do_not_mix() -> None:
    """S1: and the same voucher gives the same bytes, so that no picture need be kept."""
    first = voucher_pictures.jpeg(face(), CODE, grouped(CODE))
    second = voucher_pictures.jpeg(face(), "0000000000000000", grouped("0000000000000000"))
    assert read(saved(second))["Code128"] == "0000000000000000"
    assert voucher_pictures.jpeg(face(), CODE, grouped(CODE)) == first


def test_faces_drawn_at_the_same_moment_do_not_mix() -> None:
    """S1: workers draw in threads."""
    codes = [f"{number:016d}" for number in range(0, 64_000_000_000, 1_000_000_000)]
    with ThreadPoolExecutor(4) as pool:
        made = list(
            pool.map(lambda code: voucher_pictures.jpeg(face(until=code[-2:]), code, grouped(code)), codes)
        )
    assert [read(saved(one))["Code128"] for one in made] == codes
