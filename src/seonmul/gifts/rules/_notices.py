"""What a company tells its people after a dispatch. O11"""

from __future__ import annotations

from seonmul.kit.refusals import _

#: The same after a dispatch by mail.
MAIL_NOTICES = {
    "text": (
        _("단체 문자"),
        _(
            "[안내] {gift} 쿠폰을 이메일로 보내 드렸습니다. 보낸 사람은 {sender}이고 {until}까지 쓸 수 있습니다. 메일이 보이지 않으면 스팸 메일함을 먼저 확인해 주세요."
        ),
    ),
    "mail": (
        _("메일"),
        _(
            "안녕하세요.\n\n{gift} 모바일쿠폰을 이메일로 보내 드렸습니다.\n\n- 보낸 사람: {sender}\n- 유효기간: {until}까지\n- 쓰는 방법: 메일의 ‘선물 열기’를 눌러 바코드를 매장에 보여 주세요.\n\n메일이 보이지 않으면 스팸 메일함을 확인하고, 그래도 없으면 담당자에게 알려 주세요. 같은 쿠폰을 무료로 다시 보내 드립니다."
        ),
    ),
    "board": (
        _("게시판"),
        _(
            "{gift} 모바일쿠폰 발송 안내\n\n1. 이메일로 보냈습니다. 보낸 사람은 {sender}입니다.\n2. {until}까지 쓸 수 있습니다. 기한이 지나면 쓸 수 없으니 미리 써 주세요.\n3. 받지 못했으면 스팸 메일함을 확인한 뒤 담당자에게 알려 주세요."
        ),
    ),
}

#: What a company tells its people after a dispatch, so that nobody takes the message for a fraud: where it goes, and the
#: text with its places `gift`, `sender`, `until`. O11
NOTICES = {
    "text": (
        _("단체 문자"),
        _(
            "[안내] {gift} 쿠폰을 문자로 보내 드렸습니다. 발신번호는 {sender}이고 {until}까지 쓸 수 있습니다. 문자가 보이지 않으면 스팸 보관함을 먼저 확인해 주세요."
        ),
    ),
    "mail": (
        _("메일"),
        _(
            "안녕하세요.\n\n{gift} 모바일쿠폰을 휴대폰 문자로 보내 드렸습니다.\n\n- 발신번호: {sender}\n- 유효기간: {until}까지\n- 쓰는 방법: 문자의 링크를 눌러 바코드를 매장에 보여 주세요.\n\n문자가 보이지 않으면 스팸 보관함을 확인하고, 그래도 없으면 담당자에게 알려 주세요. 같은 쿠폰을 무료로 다시 보내 드립니다."
        ),
    ),
    "board": (
        _("게시판"),
        _(
            "{gift} 모바일쿠폰 발송 안내\n\n1. 휴대폰 문자로 보냈습니다. 발신번호는 {sender}입니다.\n2. {until}까지 쓸 수 있습니다. 기한이 지나면 쓸 수 없으니 미리 써 주세요.\n3. 받지 못했으면 스팸 보관함을 확인한 뒤 담당자에게 알려 주세요."
        ),
    ),
}
