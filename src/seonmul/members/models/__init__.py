"""Tables of buyers and members, one file a topic."""

from seonmul.members.models.buyers import Buyer, BuyerKind
from seonmul.members.models.company import Membership, Role
from seonmul.members.models.people import Member, Members, SpendMethod
from seonmul.members.models.spending import GrantMethod, SpendCode, SpendGrant

__all__ = [
    "Buyer",
    "BuyerKind",
    "GrantMethod",
    "Member",
    "Members",
    "Membership",
    "Role",
    "SpendCode",
    "SpendGrant",
    "SpendMethod",
]
