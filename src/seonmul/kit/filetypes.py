"""What a file is, told by its content and never by its name; and whether it is taken as a paper."""

from __future__ import annotations

from seonmul.kit.refusals import No, Refusal, _

_MARKS = {"pdf": b"%PDF-", "jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n"}
CONTENT_TYPES = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
PAPER_MOST_MEGABYTES = 10  # fixed, M2


class PaperRefusal(Refusal):
    """Why a file is not taken as a proof: a certificate, a proof of service subscription, and so on."""

    MISSING = "paper_missing", _("서류 파일을 올려 주세요. 신청하지 않았습니다.")
    TOO_LARGE = "paper_too_large", _("파일이 {most_megabytes}MB를 넘습니다. 줄여서 다시 올려 주세요.")
    WRONG_TYPE = "paper_wrong_type", _("PDF, JPEG, PNG 파일만 올릴 수 있습니다. 신청하지 않았습니다.")


def kind_of(content: bytes) -> str:
    """Return "pdf", "jpeg" or "png", or "" for anything else."""
    return next((kind for kind, mark in _MARKS.items() if content.startswith(mark)), "")


def why_not_paper(size: int, kind: str) -> No | None:
    """Say why a file is not taken as a paper. `size`: bytes; `kind`: by content, "" for what is not taken. M2, M6"""
    if not size:
        return No(PaperRefusal.MISSING)
    if size > PAPER_MOST_MEGABYTES * 1024 * 1024:
        return No(PaperRefusal.TOO_LARGE, {"most_megabytes": PAPER_MOST_MEGABYTES})
    return None if kind else No(PaperRefusal.WRONG_TYPE)
