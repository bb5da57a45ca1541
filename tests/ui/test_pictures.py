"""Every drawing of a good can be read, keeps to the page's policy and wears its brand's colours."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from seonmul.ui import pictures

ALLOWED = {"svg", "g", "path", "rect", "circle", "ellipse"}


@pytest.mark.parametrize("kind", pictures.KINDS)
@pytest.mark.parametrize("ground", [True, False])
def test_a_picture_is_well_formed_and_clean(kind: str, ground: bool) -> None:
    drawn = pictures.picture_svg(kind, "dalmuri", ground=ground)
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in ALLOWED
        assert "style" not in element.attrib
        assert element.get("fill") not in {"main", "deep", "accent", "ground"}
        assert element.get("stroke") not in {"main", "deep", "accent", "ground"}
    assert root.attrib["viewBox"] == "0 0 120 120"


def test_there_are_pictures_for_a_whole_catalogue() -> None:
    assert len(pictures.KINDS) >= 24
    assert {"iced-coffee", "toast", "envelope", "bag", "fuel"} <= set(pictures.KINDS)


def test_goods_of_one_brand_wear_the_same_colours_and_brands_differ() -> None:
    assert pictures.palette_of("dalmuri") == pictures.palette_of("dalmuri")
    assert len({pictures.palette_of(f"brand-{n}") for n in range(60)}) == len(pictures.PALETTES)


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        pictures.picture_svg("../../etc/passwd", "x")
