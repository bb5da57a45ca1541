"""What a gift looks like in a mail: the member's words, what it is, and one way to open it. S1, V5

A mail program knows no sheet of ours: everything stands in tables and at the element itself. The places `#{...}` are
filled by dispatch for each recipient.
"""

from __future__ import annotations

import html

from seonmul.dispatch.ports import PICTURE
from seonmul.orders.rules import LINK_PLACE

_FONT = "font-family:Pretendard,'Apple SD Gothic Neo','Malgun Gothic',sans-serif"
_PAGE = """\
<!doctype html>
<html lang="ko">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light"><title>{title}</title></head>
<body style="margin:0;padding:0;background:#f6f5f1;word-break:keep-all;overflow-wrap:anywhere;{font}">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f5f1">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"
 style="max-width:520px;background:#ffffff;border:1px solid #e3e1da;border-radius:10px">
<tr><td style="padding:28px 24px 0;color:#1c2024;font-size:16px;line-height:1.6;{font}">{words}</td></tr>
{picture}<tr><td style="padding:24px 24px 0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"
 style="background:#e7f2ed;border-radius:7px"><tr><td style="padding:16px;{font}">
<p style="margin:0;color:#1c2024;font-size:18px;line-height:1.4;font-weight:bold">{gift}</p>
<p style="margin:4px 0 0;color:#51585f;font-size:15px;line-height:1.5">{until}까지 쓸 수 있어요.</p>
</td></tr></table></td></tr>
<tr><td align="center" style="padding:24px">
<a href="{link}" style="display:inline-block;padding:14px 32px;background:#0b6e4f;border-radius:7px;color:#ffffff;
font-size:16px;font-weight:bold;text-decoration:none;{font}">선물 열기</a></td></tr>
<tr><td style="padding:16px 24px 24px;border-top:1px solid #e3e1da;color:#646b72;font-size:13px;line-height:1.6;{font}">
버튼이 열리지 않으면 이 주소를 브라우저에 붙여 넣어 주세요.<br>
<a href="{link}" style="color:#0b6e4f">{link}</a></td></tr>
</table></td></tr></table>
</body></html>
"""


#: The voucher itself, sent along in the mail: it shows without a call to anybody.
_PICTURE = f"""\
<tr><td align="center" style="padding:24px 24px 0"><img src="{PICTURE}" width="320" alt="{{alt}}"
 style="display:block;width:100%;max-width:320px;height:auto;border:1px solid #e3e1da;border-radius:7px"></td></tr>
"""


def letter_html(text: str, *, title: str, gift: str, until: str) -> str:
    """The HTML part of a gift's mail: the words, the picture of the voucher, what it is, and the way to open it."""
    return _PAGE.format(
        font=_FONT,
        title=html.escape(title),
        words=html.escape(text.strip()).replace("\n", "<br>\n"),
        gift=html.escape(gift),
        until=html.escape(until),
        link=f"#{{{LINK_PLACE}}}",
        picture=_PICTURE.format(alt=html.escape(gift)),
    )
