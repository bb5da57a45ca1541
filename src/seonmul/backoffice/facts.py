"""What an act of the audit log says beside its verb, in words: who did it where nobody did, and its facts."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext

from seonmul.backoffice import words
from seonmul.documents import handover
from seonmul.kit.refusals import _

#: Who acts without being a member.
ACTORS = {
    "system": _("시스템"),
    "platform": _("시스템"),
    "provider": _("결제사"),
    "issuer": _("발행사"),
    "recipient": _("받는 분"),
    "link": _("확인 링크"),
}
#: The facts that acts are recorded with. A name that ends in `_won` is an amount.
FACTS = {
    "accounts": _("아이디"), "added": _("담음"), "amount_won": _("금액"), "asked_won": _("요청한 금액"),
    "below_won": _("알림 기준"), "by_hand_won": _("직접 송금"), "card": _("카드"), "card_won": _("카드"),
    "carrier": _("발송사"), "changed": _("바꿈"), "check": _("사업자 확인"), "code": _("코드"), "copies": _("건수"),
    "count": _("수"), "ends_buyer": _("회원 종료"), "factors": _("인증 수단"), "faulty": _("담지 못함"),
    "fields": _("바꾼 것"), "from_on": _("적용하는 날"), "goods_code": _("발행사 상품 코드"), "handed": _("넘긴 것"),
    "is_ad": _("광고"), "is_done": _("마침"), "is_lawful": _("적법 수집 확인"), "is_voidable": _("코드 폐기 가능"),
    "issuer": _("카드사"), "language": _("언어"), "kind": _("종류"), "left_out": _("뺀 행"), "list": _("리스트"),
    "low_below": _("재고 알림 기준"), "method": _("방법"), "monthly_budget_won": _("한 달 예산"),
    "monthly_limit_won": _("한 달 한도"), "numbers": _("번호"), "order": _("주문"),
    "order_limit_won": _("주문 한 건 한도"), "people": _("받는 분"), "per_second": _("1초에 보내는 수"),
    "per_second_before": _("전에는 1초에"), "percent": _("할인(%)"), "preset": _("조건"), "product": _("상품"),
    "reason": _("이유"), "reward_back_won": _("거둔 리워드"), "reward_won": _("리워드"), "role": _("역할"),
    "rows": _("행"), "said": _("적은 말"), "scheme": _("검사 숫자"), "sees_numbers": _("전체 번호 보기"),
    "state": _("상태"), "step": _("단계"), "table": _("표"), "tries": _("시도"), "until": _("기한"), "way": _("방법"),
    "weight": _("비중"), "weight_before": _("전에는 비중"), "won": _("금액"),
}  # fmt: skip
#: What may change of a product: from what to what.
CHANGES = {
    "name": _("이름"), "notes": _("이용 안내(글자)"), "copies_most": _("수량"), "is_sold_out": _("품절"),
    "is_gift_certificate": _("상품권류"), "channels": _("보내는 방법"), "supplier": _("공급처"),
    "on_sale_from": _("판매 첫날"), "on_sale_to": _("판매 마지막 날"), "substitute": _("대체 상품"),
    "general.is_shown": _("일반 보이기"), "general.price_won": _("일반회원가"),
    "general.validity_days": _("일반 유효기간"), "general.cancel_days": _("일반 취소할 수 있는 날"),
    "corporate.cancel_days": _("기업 취소할 수 있는 날"), "corporate.is_shown": _("기업 보이기"),
    "corporate.price_won": _("기업회원가"), "corporate.validity_days": _("기업 유효기간"),
}  # fmt: skip


def of_actor(by: str) -> str:
    """Who did an act, where no member did: the house itself, the other side, a shop, a program at the console."""
    return gettext(ACTORS[by]) if by in ACTORS else by


def of_act(facts: dict[str, Any]) -> str:
    """The facts of an act on one line: what changed from what to what, and codes in words."""
    codes = words.codes()
    changes = [
        f"{gettext(CHANGES.get(name, name))} {_value(name, before, codes)} → {_value(name, after, codes)}"
        for name, (before, after) in facts.get("changes", {}).items()
    ]
    plain = {name: value for name, value in facts.items() if name != "changes" and value not in ("", None)}
    if {"before", "after"} <= plain.keys():
        before, after = (_value(name, plain.pop(name), codes) for name in ("before", "after"))
        changes.append(f"{before} → {after}")
    names = sorted(plain, key=lambda name: (not name.endswith("won"), name))  # amounts first
    return ", ".join([*changes, *(_fact(name, plain[name], codes) for name in names)])


def _fact(name: str, value: Any, codes: dict[str, str]) -> str:
    if isinstance(value, str) and value in codes:
        return codes[value]  # a code that has words says by itself what it is about
    return f"{gettext(FACTS.get(name, name))} {_value(name, value, codes)}"


def _value(name: str, value: Any, codes: dict[str, str]) -> str:
    if isinstance(value, bool):
        return gettext("예") if value else gettext("아니요")
    if isinstance(value, int):
        return gettext("{won:,}원").format(won=value) if name.endswith("won") else f"{value:,}"
    if isinstance(value, dict):
        return ", ".join(
            f"{gettext(handover.WORDS.get(str(one), str(one)))} {n:,}" for one, n in value.items()
        )
    if isinstance(value, list):
        return ", ".join(codes.get(one, str(one)) for one in value) or "–"
    return codes.get(str(value), str(value)) if value not in ("", None) else "–"
