"""PortOne's words for payments in ours. What is not in a table is in doubt: nobody is credited or refused by it."""

from __future__ import annotations

from seonmul.payments.ports import Bank, Method, Told, Trouble

STATES = {
    "READY": Told.OPEN,
    "PAY_PENDING": Told.OPEN,
    "VIRTUAL_ACCOUNT_ISSUED": Told.WAITING,
    "PAID": Told.PAID,
    "PARTIAL_CANCELLED": Told.PAID,
    "CANCELLED": Told.CANCELLED,
    "FAILED": Told.FAILED,
}
METHODS = {
    "PaymentMethodCard": Method.CARD,
    "PaymentMethodEasyPay": Method.EASY_PAY,
    "PaymentMethodVirtualAccount": Method.ACCOUNT,
    "PaymentMethodTransfer": Method.OTHER,
    "PaymentMethodMobile": Method.OTHER,
    "PaymentMethodGiftCertificate": Method.OTHER,
    "PaymentMethodConvenienceStore": Method.OTHER,
    "PaymentMethodCrypto": Method.OTHER,
}
CANCELLATIONS = {"SUCCEEDED": "done", "REQUESTED": "waiting", "FAILED": "failed"}

#: The names of the server's API; those of the browser's script differ and are not needed.
BANKS = {
    Bank.KOOKMIN: "KOOKMIN",
    Bank.SHINHAN: "SHINHAN",
    Bank.WOORI: "WOORI",
    Bank.HANA: "HANA",
    Bank.NONGHYUP: "NONGHYUP",
    Bank.IBK: "IBK",
    Bank.STANDARD_CHARTERED: "STANDARD_CHARTERED",
    Bank.DAEGU: "DAEGU",
    Bank.BUSAN: "BUSAN",
    Bank.KWANGJU: "KWANGJU",
    Bank.KYONGNAM: "KYONGNAM",
    Bank.SUHYUP: "SUHYUP",
    Bank.POST: "POST",
    Bank.KDB: "KDB",
    Bank.CITI: "CITI",
    Bank.JEJU: "JEJU",
    Bank.JEONBUK: "JEONBUK",
    Bank.KFCC: "KFCC",
    Bank.SHINHYUP: "SHINHYUP",
    Bank.K_BANK: "K_BANK",
    Bank.KAKAO: "KAKAO",
    Bank.TOSS: "TOSS",
}
BANKS_BY_NAME = {name: bank for bank, name in BANKS.items()}

#: Our code of an issuer is the one of the server's API; here is the browser's name for it.
ISSUERS = {
    code: code
    for code in (
        "BC_CARD CITI_CARD EPOST GWANGJU_CARD HANA_CARD HYUNDAI_CARD JEJU_CARD JEONBUK_CARD KAKAO_BANK KFCC "
        "KOOKMIN_CARD KOREA_DEVELOPMENT_BANK K_BANK LOTTE_CARD MIRAE_ASSET_SECURITIES NH_CARD SAMSUNG_CARD "
        "SAVINGS_BANK_KOREA SHINHAN_CARD SHINHYUP SUHYUP_CARD TOSS_BANK WOORI_CARD"
    ).split()
}

NOBODY_BEGAN = "PAYMENT_NOT_FOUND"
NO_DEPOSIT_AWAITED = "PAYMENT_NOT_WAITING_FOR_DEPOSIT"

#: An account was given under this reference before, or was even paid into.
ISSUED_BEFORE = frozenset({"ALREADY_PAID", "ALREADY_PAID_OR_WAITING"})
REFUSES_TO_ISSUE = frozenset(
    {
        "CHANNEL_NOT_FOUND",
        "DISCOUNT_AMOUNT_EXCEEDS_TOTAL_AMOUNT",
        "MAX_TRANSACTION_COUNT_REACHED",
        "PAYMENT_SCHEDULE_ALREADY_EXISTS",
        "PROMOTION_PAY_METHOD_DOES_NOT_MATCH",
        "SUM_OF_PARTS_EXCEEDS_TOTAL_AMOUNT",
    }
)
REFUSES_TO_REGISTER = frozenset({"ALREADY_PAID"})
REFUSES_TO_CANCEL = frozenset(
    {
        "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN",
        "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT",
        "CANCEL_TAX_AMOUNT_EXCEEDS_CANCELLABLE_TAX_AMOUNT",
        "CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT",
        "MAX_CANCEL_COUNT_REACHED",
        "NEGATIVE_PROMOTION_ADJUSTED_CANCEL_AMOUNT",
        "PAYMENT_ALREADY_CANCELLED",
        "PAYMENT_NOT_FOUND",
        "PAYMENT_NOT_PAID",
        "PROMOTION_DISCOUNT_RETAIN_OPTION_SHOULD_NOT_BE_CHANGED",
        "SUM_OF_PARTS_EXCEEDS_CANCEL_AMOUNT",
    }
)
#: What it says as well when the very same cancellation got through before, longer ago than a key is kept.
PERHAPS_CANCELLED_BEFORE = frozenset(
    {
        "CANCELLABLE_AMOUNT_CONSISTENCY_BROKEN",
        "CANCEL_AMOUNT_EXCEEDS_CANCELLABLE_AMOUNT",
        "CANCEL_TAX_FREE_AMOUNT_EXCEEDS_CANCELLABLE_TAX_FREE_AMOUNT",
        "PAYMENT_ALREADY_CANCELLED",
    }
)
REFUSES_A_HOLDER = frozenset(
    {"PLATFORM_EXTERNAL_API_FAILED", "PLATFORM_NOT_ENABLED", "PLATFORM_NOT_SUPPORTED_BANK"}
)

#: Reports about a payment; those of billing keys and what is not known speak of none of ours.
REPORTS = frozenset(
    {
        "Transaction.Ready",
        "Transaction.Paid",
        "Transaction.VirtualAccountIssued",
        "Transaction.PartialCancelled",
        "Transaction.Cancelled",
        "Transaction.Failed",
        "Transaction.PayPending",
        "Transaction.CancelPending",
        "Transaction.DisputeCreated",
        "Transaction.DisputeResolved",
        "Transaction.Confirm",
    }
)

_TROUBLES = {
    "AmountNotEqualToPredefined": Trouble.CHANGED,
    "PGProviderError": Trouble.PROVIDER,
    # no code of the vendor's is known for a window that was closed: one of its examples, and the sandbox's
    "PAY_PROCESS_CANCELED": Trouble.CLOSED,
    "WINDOW_CLOSED": Trouble.CLOSED,
}
_RESTRICTED = ("한도초과", "결제불가카드", "환금성", "업종제한")
_CLOSED = ("사용자취소", "사용자가취소", "사용자가결제를취소", "창을닫")


def trouble_of(code: str, text: str) -> Trouble:
    """What a failure means. The words go before the code: one code stands for all that a card company says."""
    words = "".join(text.split())
    if code == "AmountNotEqualToPredefined":
        return Trouble.CHANGED
    if any(one in words for one in _RESTRICTED):
        return Trouble.RESTRICTED
    if any(one in words for one in _CLOSED):
        return Trouble.CLOSED
    return _TROUBLES.get(code, Trouble.OTHER)
