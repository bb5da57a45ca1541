"""Banks by the names of the vendor's API."""

from __future__ import annotations

#: Where KCP issues virtual accounts.
ISSUING = {
    "IBK": "기업은행",
    "KOOKMIN": "국민은행",
    "SUHYUP": "수협은행",
    "NONGHYUP": "농협은행",
    "WOORI": "우리은행",
    "STANDARD_CHARTERED": "SC제일은행",
    "DAEGU": "iM뱅크",
    "BUSAN": "부산은행",
    "KWANGJU": "광주은행",
    "KYONGNAM": "경남은행",
    "POST": "우체국",
    "HANA": "하나은행",
    "SHINHAN": "신한은행",
}
#: Where money can be paid out to.
ALL = ISSUING | {
    "BANK_OF_KOREA": "한국은행",
    "KDB": "산업은행",
    "KEXIM": "수출입은행",
    "LOCAL_NONGHYUP": "지역농축협",
    "CITI": "씨티은행",
    "JEJU": "제주은행",
    "JEONBUK": "전북은행",
    "KFCC": "새마을금고",
    "SHINHYUP": "신협",
    "SAVINGS_BANK": "저축은행",
    "K_BANK": "케이뱅크",
    "KAKAO": "카카오뱅크",
    "TOSS": "토스뱅크",
}


def number(bank: str, no: int) -> str:
    """Make up an account number: fourteen digits, never the same twice, the bank's in front."""
    return f"{901 + list(ISSUING).index(bank)}{(no * 7_919_113 + 20_461_937) % 10**11:011d}"
