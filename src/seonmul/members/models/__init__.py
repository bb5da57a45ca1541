"""Tables of buyers and members, one file a topic."""

from seonmul.members.models.buyers import Buyer, BuyerKind
from seonmul.members.models.closing import Erasure, ErasureKind, Kept, KeptWhat
from seonmul.members.models.company import Department, Invitation, Membership, Role
from seonmul.members.models.conversion import Conversion, ConversionKind, ConversionState
from seonmul.members.models.entering import BY_CARD, Access, AccessKind, Alarm, AlarmTold, Device, WrongLogin
from seonmul.members.models.handing_over import Handover, HandoverState, HandoverWay
from seonmul.members.models.people import Member, Members, SpendMethod
from seonmul.members.models.proving import Proof, ProofKind
from seonmul.members.models.signing_up import (
    BusinessCheck,
    CheckOutcome,
    CheckState,
    Consent,
    ConsentKind,
    JoinRequest,
    JoinState,
    SignUp,
)
from seonmul.members.models.spending import GrantMethod, SpendCode, SpendGrant
from seonmul.members.models.staff import Staff, StaffRole
from seonmul.members.models.verification import Verification, VerificationState

__all__ = [
    "BY_CARD",
    "Access",
    "AccessKind",
    "Alarm",
    "AlarmTold",
    "BusinessCheck",
    "Buyer",
    "BuyerKind",
    "CheckOutcome",
    "CheckState",
    "Consent",
    "ConsentKind",
    "Conversion",
    "ConversionKind",
    "ConversionState",
    "Department",
    "Device",
    "Erasure",
    "ErasureKind",
    "GrantMethod",
    "Handover",
    "HandoverState",
    "HandoverWay",
    "Invitation",
    "JoinRequest",
    "JoinState",
    "Kept",
    "KeptWhat",
    "Member",
    "Members",
    "Membership",
    "Proof",
    "ProofKind",
    "Role",
    "SignUp",
    "SpendCode",
    "SpendGrant",
    "SpendMethod",
    "Staff",
    "StaffRole",
    "Verification",
    "VerificationState",
    "WrongLogin",
]
