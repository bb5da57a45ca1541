"""What members do, one private file a topic."""

from seonmul.members.actions._checking import check_business
from seonmul.members.actions._closing import (
    close,
    sweep_closed,
)
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
from seonmul.members.actions._entering import (
    forget_accesses,
    forget_devices,
    note_login,
    note_spend,
    note_wrong_login,
    see_alarm,
)
from seonmul.members.actions._erasing import (
    erase,
    erase_kept,
    forget_invitations,
)
from seonmul.members.actions._handing_over import (
    Successor,
    ask_handover,
    decide_handover,
    prove_handover,
    withdraw_handover,
)
from seonmul.members.actions._joining import answer_join_request
from seonmul.members.actions._making import make_buyer, make_member
from seonmul.members.actions._parting import end_place, leave_company
from seonmul.members.actions._profile import Profile, change_profile, take_mail
from seonmul.members.actions._proving import ask_proof, try_proof, use_proof
from seonmul.members.actions._recovering import note_login_changed, recover
from seonmul.members.actions._signing_up import (
    Business,
    Wish,
    begin_sign_up,
    change_sign_up_address,
    finish_sign_up,
    forget_sign_ups,
    prove_sign_up,
    sweep_sign_ups,
)
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
from seonmul.members.actions._standing import hold_spending, release_spending, reset_factors
from seonmul.members.actions._tiers import set_tiers
from seonmul.members.actions._verifying import (
    begin_verification,
    note_return,
    read_identity,
    sweep_verifications,
)

__all__ = [
    "Business",
    "Profile",
    "Successor",
    "Wish",
    "accept_invitation",
    "answer_join_request",
    "apply_for_conversion",
    "ask_handover",
    "ask_proof",
    "ask_spend_code",
    "begin_sign_up",
    "begin_verification",
    "change_payment_password",
    "change_profile",
    "change_sign_up_address",
    "check_business",
    "close",
    "decide_conversion",
    "decide_handover",
    "end_overdue_temporaries",
    "end_place",
    "end_temporary",
    "enter_payment_password",
    "enter_spend_code",
    "erase",
    "erase_kept",
    "finish_sign_up",
    "forget_accesses",
    "forget_devices",
    "forget_invitations",
    "forget_sign_ups",
    "freeze",
    "grant_at_console",
    "hold_spending",
    "invite",
    "leave_company",
    "make_buyer",
    "make_member",
    "make_staff",
    "note_login",
    "note_login_changed",
    "note_return",
    "note_spend",
    "note_wrong_login",
    "prove_handover",
    "prove_sign_up",
    "read_identity",
    "recover",
    "release_spending",
    "reset_factors",
    "see_alarm",
    "set_approval_above",
    "set_department",
    "set_payment_password",
    "set_place",
    "set_role",
    "set_spend_method",
    "set_tiers",
    "sweep_closed",
    "sweep_sign_ups",
    "sweep_verifications",
    "take_mail",
    "thaw",
    "try_proof",
    "use_grant",
    "use_proof",
    "withdraw_conversion",
    "withdraw_handover",
    "withdraw_invitation",
]
