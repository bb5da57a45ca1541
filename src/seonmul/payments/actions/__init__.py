"""Bringing money in and giving it back. One private file a topic. P2, P3, P5"""

from seonmul.payments.actions._asking import ask, note, sweep
from seonmul.payments.actions._cards import (
    end_card,
    lock_card_limits,
    note_return,
    open_card,
    register,
    window,
)
from seonmul.payments.actions._charging import ask_charge, close_charge, issue
from seonmul.payments.actions._issuers import add_issuer_rule
from seonmul.payments.actions._parked import credit_parked, return_parked
from seonmul.payments.actions._payouts import (
    approve_payout,
    ask_holder,
    ask_payout,
    check_holder,
    check_payout,
    confirm_by_hand,
    finish_payout,
    refuse_payout,
    withdraw_payout,
)
from seonmul.payments.actions._reconciling import (
    accept_difference,
    ask_about_difference,
    look_again,
    reconcile,
    reconcile_again,
    reconcile_days,
)
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
    "accept_difference",
    "add_issuer_rule",
    "approve_payout",
    "ask",
    "ask_about_difference",
    "ask_charge",
    "ask_holder",
    "ask_payout",
    "check_holder",
    "check_payout",
    "close_charge",
    "confirm_by_hand",
    "credit_parked",
    "end_card",
    "expire_reward",
    "expire_rewards",
    "finish_payout",
    "forget_reports",
    "give_back",
    "issue",
    "keep_report",
    "lock_card_limits",
    "look_again",
    "note",
    "note_by_hand",
    "note_return",
    "note_spent",
    "open_card",
    "read_report",
    "reconcile",
    "reconcile_again",
    "reconcile_days",
    "refuse_payout",
    "register",
    "return_parked",
    "set_low_balance",
    "sweep",
    "try_again",
    "try_refund",
    "warn_of_reward",
    "warn_of_rewards",
    "window",
    "withdraw_payout",
]
