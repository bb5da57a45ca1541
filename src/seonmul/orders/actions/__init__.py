"""What is done with drafts and orders, one private file a topic. O1, O2, O6

Each verb is one transaction; parsing a sheet happens before it begins.
"""

from seonmul.orders.actions._approving import (
    decide_for_company,
    decide_order,
    end_overdue_approvals,
    lapse,
)
from seonmul.orders.actions._basket import put, split_certificates, take_out
from seonmul.orders.actions._checking import (
    drop_warned,
    forget_looks,
    look,
    look_if_stale,
    note_outcomes,
)
from seonmul.orders.actions._checkouts import cancel_card, note_card_ended
from seonmul.orders.actions._copying import Copied, copy_order
from seonmul.orders.actions._drafts import begin, close_account, discard, save
from seonmul.orders.actions._kinds import switch
from seonmul.orders.actions._limits import raise_limit
from seonmul.orders.actions._lists import (
    Imported,
    add_one,
    add_rows,
    drop_rows,
    import_sheet,
    import_text,
    mend_row,
    one_each,
)
from seonmul.orders.actions._looking import export_numbers, recompute_tiers, see_numbers
from seonmul.orders.actions._paying import complete_card, pay, sweep_cards
from seonmul.orders.actions._placing import finish, place
from seonmul.orders.actions._refunding import (
    earn_reward,
    lock_money,
    plan_refund,
    refund_copies,
    release_copies,
)
from seonmul.orders.actions._reviewing import (
    confirm_review,
    make_review_link,
    note_review_opened,
    withdraw_review_link,
)
from seonmul.orders.actions._staff import compare_staff, end_staff, mend_by_staff
from seonmul.orders.actions._trying import send_trial
from seonmul.orders.actions._waiting import begin_sending, cancel_waiting, note_halted, reschedule

__all__ = [
    "Copied",
    "Imported",
    "add_one",
    "add_rows",
    "begin",
    "begin_sending",
    "cancel_card",
    "cancel_waiting",
    "close_account",
    "compare_staff",
    "complete_card",
    "confirm_review",
    "copy_order",
    "decide_for_company",
    "decide_order",
    "discard",
    "drop_rows",
    "drop_warned",
    "earn_reward",
    "end_overdue_approvals",
    "end_staff",
    "export_numbers",
    "finish",
    "forget_looks",
    "import_sheet",
    "import_text",
    "lapse",
    "lock_money",
    "look",
    "look_if_stale",
    "make_review_link",
    "mend_by_staff",
    "mend_row",
    "note_card_ended",
    "note_halted",
    "note_outcomes",
    "note_review_opened",
    "one_each",
    "pay",
    "place",
    "plan_refund",
    "put",
    "raise_limit",
    "recompute_tiers",
    "refund_copies",
    "release_copies",
    "reschedule",
    "save",
    "see_numbers",
    "send_trial",
    "split_certificates",
    "sweep_cards",
    "switch",
    "take_out",
    "withdraw_review_link",
]
