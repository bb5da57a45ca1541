"""What is done with gifts: issued, sent, followed, given back. V1, S3, S5, O9, O10"""

from seonmul.gifts.actions._claiming import (
    approve_claim,
    ask_claim_code,
    check_claim,
    claim,
    claim_as_buyer,
    confirm_claim,
    extend,
    refuse_claim,
    sweep_claims,
)
from seonmul.gifts.actions._doubting import leave_doubt, note_differing, note_voided, refund_doubt
from seonmul.gifts.actions._halting import call_back, halt, recall
from seonmul.gifts.actions._opening import forget_wrong_links, note_opened, open_link, tell_problem
from seonmul.gifts.actions._refunding import (
    Cancellable,
    cancel,
    give_up,
    look_at_cancel,
    sweep_undelivered,
)
from seonmul.gifts.actions._reminding import remind, sweep_reminders
from seonmul.gifts.actions._replacing import change_number, note_kept
from seonmul.gifts.actions._resending import Resent, resend, resend_failed, resend_rest
from seonmul.gifts.actions._sending import (
    issue_chunk,
    note_results,
    start,
    sweep,
    sweep_results,
    tend,
)
from seonmul.gifts.actions._supplied import note_supplied
from seonmul.gifts.actions._tallying import fold_tallies, sweep_tallies
from seonmul.gifts.actions._weighing import weigh_check

__all__ = [
    "Cancellable",
    "Resent",
    "approve_claim",
    "ask_claim_code",
    "call_back",
    "cancel",
    "change_number",
    "check_claim",
    "claim",
    "claim_as_buyer",
    "confirm_claim",
    "extend",
    "fold_tallies",
    "forget_wrong_links",
    "give_up",
    "halt",
    "issue_chunk",
    "leave_doubt",
    "look_at_cancel",
    "note_differing",
    "note_kept",
    "note_opened",
    "note_results",
    "note_supplied",
    "note_voided",
    "open_link",
    "recall",
    "refund_doubt",
    "refuse_claim",
    "remind",
    "resend",
    "resend_failed",
    "resend_rest",
    "start",
    "sweep",
    "sweep_claims",
    "sweep_reminders",
    "sweep_results",
    "sweep_tallies",
    "sweep_undelivered",
    "tell_problem",
    "tend",
    "weigh_check",
]
