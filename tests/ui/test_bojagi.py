"""The cloth: the same for a seed on every machine, and fit for a page that allows no style attribute."""

from __future__ import annotations

from hashlib import sha256
from xml.etree import ElementTree

import pytest

from seonmul.ui import bojagi

SEEDS = [f"order-{n}" for n in range(40)]


def patches(seed: str) -> list[bojagi.Patch]:
    return bojagi._cloth(seed, 360, 200, 360 * 200 / 22, 20)


def test_a_seed_gives_the_same_cloth_on_every_machine() -> None:
    drawn = bojagi.bojagi_svg("order-20261120-0417", width=360, height=200)
    bojagi.bojagi_svg.cache_clear()
    assert bojagi.bojagi_svg("order-20261120-0417", width=360, height=200) == drawn
    assert sha256(drawn.encode()).hexdigest()[:16] == "bb7e06d12736b5f4"


def test_every_seed_has_its_own_cloth() -> None:
    assert len({bojagi.bojagi_svg(seed, width=360, height=200) for seed in SEEDS}) == len(SEEDS)


@pytest.mark.parametrize(("width", "height", "knot"), [(360, 200, False), (1240, 8, False), (256, 256, True)])
def test_a_cloth_is_well_formed_and_has_neither_style_nor_script(width: int, height: int, knot: bool) -> None:
    root = ElementTree.fromstring(bojagi.bojagi_svg("한빛", width=width, height=height, knot=knot))  # noqa: S314
    for element in root.iter():
        assert "style" not in element.attrib
        assert not any(name.startswith("on") for name in element.attrib)
        assert element.tag.rpartition("}")[2] in {"svg", "rect", "path", "g"}
    assert root.attrib["aria-hidden"] == "true"


def test_patches_cover_the_cloth_without_overlap_and_neighbours_differ() -> None:
    for seed in SEEDS:
        cut = patches(seed)
        assert sum(p.w * p.h for p in cut) == 360 * 200
        dyed = bojagi._dye(seed, cut, 8)
        clashes = [(a, b) for a in cut for b in cut if a != b and bojagi._touch(a, b) and dyed[a] == dyed[b]]
        assert clashes == []


def test_no_cloth_looks_like_a_grid() -> None:
    for seed in SEEDS:
        corners: dict[tuple[int, int], int] = {}
        for p in patches(seed):
            for corner in ((p.x, p.y), (p.x + p.w, p.y), (p.x, p.y + p.h), (p.x + p.w, p.y + p.h)):
                corners[corner] = corners.get(corner, 0) + 1
        assert sum(count == 4 for count in corners.values()) <= 1, seed


def test_a_hostile_palette_stays_text() -> None:
    drawn = bojagi.bojagi_svg("x", width=100, height=100, palette=('"><script>',) * 8)
    assert "<script>" not in drawn


@pytest.mark.parametrize("size", [(0, 10), (10, 0)])
def test_an_impossible_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="positive size"):
        bojagi.bojagi_svg("x", width=size[0], height=size[1])
