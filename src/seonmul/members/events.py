"""News of members."""

#: A spend code was made and must reach the member's phone: code_id.
SPEND_CODE_ASKED = "members.spend_code_asked"
#: A code was made and must reach the phone or mailbox that is to be proved: proof_id.
PROOF_ASKED = "members.proof_asked"
#: Somebody asks to join a company that is known already: request_id.
JOIN_ASKED = "members.join_asked"
#: A way to log in was changed (password, second factor, recovery): member_id.
LOGIN_CHANGED = "members.login_changed"
#: The payment password was locked after wrong tries: member_id.
PAYMENT_PASSWORD_LOCKED = "members.payment_password_locked"  # noqa: S105 - the name of an event
#: An application to become corporate was approved or refused: conversion_id.
CONVERSION_DECIDED = "members.conversion_decided"
#: Somebody was invited into a company: invitation_id.
MEMBER_INVITED = "members.member_invited"
#: Somebody came into a company, invited or on request: member_id.
MEMBER_JOINED = "members.member_joined"
#: Somebody's place in a company has ended, by an owner or by leaving: member_id, buyer_id.
MEMBER_PARTED = "members.member_parted"
#: All spending of a buyer was stopped: buyer_id.
SPENDING_FROZEN = "members.spending_frozen"
#: Staff have stopped all spending of a buyer: buyer_id.
SPENDING_HELD = "members.spending_held"
#: Staff have opened a buyer's spending again: buyer_id.
SPENDING_RELEASED = "members.spending_released"
#: Staff have taken away a member's second factors and sessions: member_id.
FACTORS_RESET = "members.factors_reset"
#: A person proved who they are: verification_id.
IDENTITY_VERIFIED = "members.identity_verified"
#: A member has another phone number: verification_id, the one with the number before.
NUMBER_CHANGED = "members.number_changed"
#: A change of the person in charge waits for staff, was made, or was refused: handover_id.
HANDOVER_MOVED = "members.handover_moved"
#: How a member authorises payments was changed: member_id.
SPENDING_CHANGED = "members.spending_changed"
#: A member has logged in on a device that is new: access_id.
NEW_DEVICE = "members.new_device"
#: Many wrong passwords were tried against one account: member_id, once a burst.
ACCOUNT_ATTACKED = "members.account_attacked"
#: A member has left: member_id. The notice goes out before anything is erased.
ACCOUNT_CLOSED = "members.account_closed"
