"""The text that goes out: the member's words, and the link that we put in. O3, O5, V5"""

from __future__ import annotations

from seonmul.dispatch import rules as dispatch
from seonmul.dispatch.rules import Ad

#: What stands in the place of a gift's link in a trial: a page that shows what a recipient sees, without any code. O5
SAMPLE_LINK = "sample"

#: Places of a message; the link is put in by us. O3
NAME_PLACE, LINK_PLACE = "이름", "링크"
#: What a message says where no name was given.
NO_NAME = "고객"
NO_NAME_BYTES = 4


def letter_text(text: str, *, channel: str, gift: str, until: str, ad: Ad | None = None) -> str:
    """The whole text of a message: the member's words, then the link and what it opens; marks around advertising. V5, O3

    `gift`: brand and product; `until`: the last day, as people read it.
    """
    if channel == "sms":
        return dispatch.ad_text(f"{text.rstrip()}\n#{{{LINK_PLACE}}}", ad)
    below = f"▶ 선물 열기\n#{{{LINK_PLACE}}}\n\n{gift}\n{until}까지 쓸 수 있어요."
    return dispatch.ad_text(f"{text.rstrip()}\n\n{below}", ad)
