"""What dispatch does: sender numbers, and sending."""

from seonmul.dispatch.actions._advertising import drop_opt_out, note_opt_outs, set_ad
from seonmul.dispatch.actions._carriers import probe, set_carrier
from seonmul.dispatch.actions._crowding import wake
from seonmul.dispatch.actions._reaching import forget_reach, note_reach
from seonmul.dispatch.actions._results import ask, forget_reports, keep_report, read_report
from seonmul.dispatch.actions._senders import (
    add_mobile_by_code,
    add_number_by_code,
    add_proved_number,
    apply_for_sender,
    ask_mobile_code,
    decide_sender,
    end_own_senders,
    expire_senders,
    forget_own_numbers,
    register_sender,
    warn_of_ending_senders,
)
from seonmul.dispatch.actions._sending import send, sweep
from seonmul.dispatch.actions._strange_codes import see_strange_code
from seonmul.dispatch.actions._writing import Outgoing, queue, write_letter

__all__ = [
    "Outgoing",
    "add_mobile_by_code",
    "add_number_by_code",
    "add_proved_number",
    "apply_for_sender",
    "ask",
    "ask_mobile_code",
    "decide_sender",
    "drop_opt_out",
    "end_own_senders",
    "expire_senders",
    "forget_own_numbers",
    "forget_reach",
    "forget_reports",
    "keep_report",
    "note_opt_outs",
    "note_reach",
    "probe",
    "queue",
    "read_report",
    "register_sender",
    "see_strange_code",
    "send",
    "set_ad",
    "set_carrier",
    "sweep",
    "wake",
    "warn_of_ending_senders",
    "write_letter",
]
