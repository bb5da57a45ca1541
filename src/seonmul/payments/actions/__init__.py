"""Bringing money in and giving it back. One private file a topic. P2, P3, P5"""

from seonmul.payments.actions._asking import ask, sweep
from seonmul.payments.actions._cards import end_card, note_return, open_card, register, window
from seonmul.payments.actions._charging import ask_charge, close_charge, issue
from seonmul.payments.actions._issuers import add_issuer_rule
from seonmul.payments.actions._parked import credit_parked, return_parked
from seonmul.payments.actions._refunding import give_back, note_by_hand, try_again, try_refund
from seonmul.payments.actions._reports import forget_reports, keep_report, read_report
from seonmul.payments.actions._reward_ends import (
    expire_reward,
    expire_rewards,
    warn_of_reward,
    warn_of_rewards,
)
from seonmul.payments.actions._watching import note_spent, set_low_balance

__all__ = [
    "add_issuer_rule",
    "ask",
    "ask_charge",
    "close_charge",
    "credit_parked",
    "end_card",
    "expire_reward",
    "expire_rewards",
    "forget_reports",
    "give_back",
    "issue",
    "keep_report",
    "note_by_hand",
    "note_return",
    "note_spent",
    "open_card",
    "read_report",
    "register",
    "return_parked",
    "set_low_balance",
    "sweep",
    "try_again",
    "try_refund",
    "warn_of_reward",
    "warn_of_rewards",
    "window",
]
