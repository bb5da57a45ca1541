"""What members do, one private file a topic."""

from seonmul.members.actions._company import (
    accept_invitation,
    freeze,
    invite,
    set_approval_above,
    set_department,
    set_place,
    thaw,
    withdraw_invitation,
)
from seonmul.members.actions._converting import (
    apply_for_conversion,
    decide_conversion,
    end_overdue_temporaries,
    end_temporary,
    withdraw_conversion,
)
from seonmul.members.actions._making import make_buyer, make_member
from seonmul.members.actions._spending import (
    ask_spend_code,
    change_payment_password,
    enter_payment_password,
    enter_spend_code,
    grant_at_console,
    set_payment_password,
    set_spend_method,
    use_grant,
)
from seonmul.members.actions._staff import make_staff, set_role
from seonmul.members.actions._verifying import (
    begin_verification,
    note_return,
    read_identity,
    sweep_verifications,
)

__all__ = [
    "accept_invitation",
    "apply_for_conversion",
    "ask_spend_code",
    "begin_verification",
    "change_payment_password",
    "decide_conversion",
    "end_overdue_temporaries",
    "end_temporary",
    "enter_payment_password",
    "enter_spend_code",
    "freeze",
    "grant_at_console",
    "invite",
    "make_buyer",
    "make_member",
    "make_staff",
    "note_return",
    "read_identity",
    "set_approval_above",
    "set_department",
    "set_payment_password",
    "set_place",
    "set_role",
    "set_spend_method",
    "sweep_verifications",
    "thaw",
    "use_grant",
    "withdraw_conversion",
    "withdraw_invitation",
]
