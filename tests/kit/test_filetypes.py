"""M2, M6: what a file is, is told by its content."""

from __future__ import annotations

import pytest

from seonmul.kit import filetypes
from seonmul.kit.filetypes import PaperRefusal
from tests import given


@pytest.mark.parametrize("kind", ["pdf", "jpeg", "png"])
def test_what_is_taken_is_known_by_its_first_bytes(kind: str) -> None:
    assert filetypes.kind_of(given.PAPERS[kind]) == kind
    assert filetypes.CONTENT_TYPES[kind]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\x00 this program", b"PK\x03\x04 a sheet", b"<html><script>", b"GIF89a", b"<svg xmlns",
        b" %PDF-1.7", b"%pdf-1.7", b"\x89PNG\n\x1a\n", b"\xff\xd8", b"\x7fELF", b"certificate.pdf",
    ],
)  # fmt: skip
def test_everything_else_is_nothing(content: bytes) -> None:
    assert filetypes.kind_of(content) == ""


def test_every_kind_has_a_type_for_the_browser_that_runs_nothing() -> None:
    assert set(filetypes.CONTENT_TYPES) == set(given.PAPERS)
    for browsers in filetypes.CONTENT_TYPES.values():
        assert "html" not in browsers and "svg" not in browsers


@pytest.mark.parametrize(
    "size, kind, why",
    [
        (0, "", PaperRefusal.MISSING),
        (10 * 1024 * 1024 + 1, "pdf", PaperRefusal.TOO_LARGE),
        (10 * 1024 * 1024, "", PaperRefusal.WRONG_TYPE),
        (10 * 1024 * 1024, "pdf", None),
    ],
)
def test_why_a_paper_is_not_taken(size: int, kind: str, why: PaperRefusal | None) -> None:
    """M2, M6: one rule for every certificate."""
    no = filetypes.why_not_paper(size, kind)
    assert (no.why if no else None) is why
