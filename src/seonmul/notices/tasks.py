"""Doors for the worker: what notices hears."""

from uuid import UUID

from seonmul.dispatch import events as dispatch
from seonmul.gifts import events as gifts
from seonmul.kit import clock, jobs
from seonmul.members import events as members
from seonmul.notices import actions
from seonmul.orders import events as orders
from seonmul.payments import events as payments
from seonmul.people import events as people
from seonmul.support import events as support
from seonmul.vouchers import events as vouchers


@jobs.on(members.SPEND_CODE_ASKED)
def send_spend_code(code_id: str) -> None:
    actions.send_spend_code(UUID(code_id), at=clock.now())


@jobs.on(members.PROOF_ASKED)
def send_proof(proof_id: str) -> None:
    actions.send_proof(UUID(proof_id), at=clock.now())


@jobs.on(members.JOIN_ASKED)
def tell_join_asked(request_id: str) -> None:
    actions.tell_join_asked(UUID(request_id), at=clock.now())


@jobs.on(members.MEMBER_JOINED)
def tell_joined(member_id: str) -> None:
    actions.tell_joined(UUID(member_id), at=clock.now())


@jobs.on(members.LOGIN_CHANGED)
def tell_login_changed(member_id: str) -> None:
    actions.tell_login_changed(UUID(member_id), at=clock.now())


@jobs.on(members.PAYMENT_PASSWORD_LOCKED)
def tell_password_locked(member_id: str) -> None:
    actions.tell_password_locked(UUID(member_id), at=clock.now())


@jobs.on(members.CONVERSION_DECIDED)
def tell_conversion(conversion_id: str) -> None:
    actions.tell_conversion(UUID(conversion_id), at=clock.now())


@jobs.task("notices.mail_conversion")
def mail_conversion(conversion_id: str) -> None:
    actions.mail_conversion(UUID(conversion_id))


@jobs.on(members.SPENDING_FROZEN)
def tell_frozen(buyer_id: str) -> None:
    actions.tell_frozen(UUID(buyer_id), at=clock.now())


@jobs.on(members.MEMBER_PARTED)
def tell_parted(member_id: str, buyer_id: str) -> None:
    actions.tell_parted(UUID(member_id), UUID(buyer_id), at=clock.now())


@jobs.task("notices.mail_parted")
def mail_parted(member_id: str, buyer_id: str) -> None:
    actions.mail_parted(UUID(member_id), UUID(buyer_id))


@jobs.on(members.SPENDING_HELD)
def tell_held(buyer_id: str) -> None:
    actions.tell_owners_of_standing("held", UUID(buyer_id), at=clock.now())


@jobs.on(members.SPENDING_RELEASED)
def tell_released(buyer_id: str) -> None:
    actions.tell_owners_of_standing("released", UUID(buyer_id), at=clock.now())


@jobs.on(members.FACTORS_RESET)
def tell_factors_reset(member_id: str) -> None:
    actions.tell_of_standing("factors_reset", UUID(member_id), at=clock.now())


@jobs.task("notices.mail_held")
def mail_held(member_id: str) -> None:
    actions.mail_of_standing("held", UUID(member_id))


@jobs.task("notices.mail_released")
def mail_released(member_id: str) -> None:
    actions.mail_of_standing("released", UUID(member_id))


@jobs.task("notices.mail_factors_reset")
def mail_factors_reset(member_id: str) -> None:
    actions.mail_of_standing("factors_reset", UUID(member_id))


@jobs.on(members.MEMBER_INVITED)
def mail_invitation(invitation_id: str) -> None:
    actions.mail_invitation(UUID(invitation_id))


@jobs.on(dispatch.SENDER_DECIDED)
def tell_sender(sender_id: str) -> None:
    actions.tell_sender(UUID(sender_id), at=clock.now())


@jobs.on(dispatch.SENDER_ENDS)
def tell_sender_ends(sender_id: str) -> None:
    actions.tell_sender_ends(UUID(sender_id), at=clock.now())


@jobs.on(members.SPENDING_CHANGED)
def tell_spending_changed(member_id: str) -> None:
    actions.tell_spending_changed(UUID(member_id), at=clock.now())


@jobs.on(members.NUMBER_CHANGED)
def tell_number_changed(verification_id: str) -> None:
    actions.tell_number_changed(UUID(verification_id), at=clock.now())


@jobs.on(members.HANDOVER_MOVED)
def tell_handover(handover_id: str) -> None:
    actions.tell_handover(UUID(handover_id), at=clock.now())


@jobs.task("notices.mail_handover")
def mail_handover(handover_id: str) -> None:
    actions.mail_handover(UUID(handover_id))


@jobs.on(members.NEW_DEVICE)
def mail_new_device(access_id: str) -> None:
    actions.mail_new_device(UUID(access_id), at=clock.now())


@jobs.on(members.ACCOUNT_ATTACKED)
def mail_attacked(member_id: str) -> None:
    actions.mail_attacked(UUID(member_id))


@jobs.on(members.ACCOUNT_CLOSED)
def tell_closed(member_id: str) -> None:
    actions.tell_closed(UUID(member_id), at=clock.now())


@jobs.on(payments.ACCOUNT_ISSUED)
def tell_issued(payment_id: str) -> None:
    actions.tell_of_money("issued", payment_id=payment_id)


@jobs.task("notices.mail_issued")
def mail_issued(member_id: str, payment_id: str) -> None:
    actions.mail_of_money("issued", UUID(member_id), payment_id=payment_id)


@jobs.on(payments.CHARGED)
def tell_charged(payment_id: str) -> None:
    actions.tell_of_money("charged", payment_id=payment_id)


@jobs.task("notices.mail_charged")
def mail_charged(member_id: str, payment_id: str) -> None:
    actions.mail_of_money("charged", UUID(member_id), payment_id=payment_id)


@jobs.on(payments.ACCOUNT_ENDED)
def tell_ended(payment_id: str) -> None:
    actions.tell_of_money("ended", payment_id=payment_id)


@jobs.task("notices.mail_ended")
def mail_ended(member_id: str, payment_id: str) -> None:
    actions.mail_of_money("ended", UUID(member_id), payment_id=payment_id)


@jobs.on(payments.PARKED)
def tell_parked(payment_id: str) -> None:
    actions.tell_of_money("parked", payment_id=payment_id)


@jobs.task("notices.mail_parked")
def mail_parked(member_id: str, payment_id: str) -> None:
    actions.mail_of_money("parked", UUID(member_id), payment_id=payment_id)


@jobs.on(payments.CASH_LOW)
def tell_low(buyer_id: str) -> None:
    actions.tell_of_money("low", buyer_id=buyer_id)


@jobs.task("notices.mail_low")
def mail_low(member_id: str, buyer_id: str) -> None:
    actions.mail_of_money("low", UUID(member_id), buyer_id=buyer_id)


@jobs.on(payments.REWARD_ENDING)
def tell_reward(buyer_id: str, lot_id: str) -> None:
    actions.tell_of_money("reward", buyer_id=buyer_id, lot_id=lot_id)


@jobs.task("notices.mail_reward")
def mail_reward(member_id: str, buyer_id: str, lot_id: str) -> None:
    actions.mail_of_money("reward", UUID(member_id), buyer_id=buyer_id, lot_id=lot_id)


@jobs.on(payments.REFUNDED)
def tell_refunded(refund_id: str) -> None:
    actions.tell_of_money("refunded", refund_id=refund_id)


@jobs.task("notices.mail_refunded")
def mail_refunded(member_id: str, refund_id: str) -> None:
    actions.mail_of_money("refunded", UUID(member_id), refund_id=refund_id)


@jobs.on(payments.PAYOUT_CHANGED)
def tell_payout(payout_id: str) -> None:
    actions.tell_of_money("payout", payout_id=payout_id)


@jobs.task("notices.mail_payout")
def mail_payout(member_id: str, payout_id: str) -> None:
    actions.mail_of_money("payout", UUID(member_id), payout_id=payout_id)


@jobs.on(orders.STOPPED)
def tell_stopped(order_id: str) -> None:
    actions.tell_of_money("stopped", order_id=order_id)


@jobs.task("notices.mail_stopped")
def mail_stopped(member_id: str, order_id: str) -> None:
    actions.mail_of_money("stopped", UUID(member_id), order_id=order_id)


@jobs.on(orders.APPROVAL_ASKED)
def tell_approval_asked(approval_id: str) -> None:
    actions.tell_approval_asked(UUID(approval_id), at=clock.now())


@jobs.on(orders.APPROVAL_DECIDED)
def tell_approval_decided(approval_id: str) -> None:
    actions.tell_approval_decided(UUID(approval_id), at=clock.now())


@jobs.task("notices.mail_approval_to_approver")
def mail_approval_to_approver(member_id: str, approval_id: str) -> None:
    actions.mail_approval(UUID(member_id), UUID(approval_id), what="to_approver", at=clock.now())


@jobs.task("notices.mail_approval_asked")
def mail_approval_asked(member_id: str, approval_id: str) -> None:
    actions.mail_approval(UUID(member_id), UUID(approval_id), what="asked", at=clock.now())


@jobs.task("notices.mail_approval_decided")
def mail_approval_decided(member_id: str, approval_id: str) -> None:
    actions.mail_approval(UUID(member_id), UUID(approval_id), what="decided", at=clock.now())


@jobs.on(orders.REVIEW_CONFIRMED)
def tell_review_confirmed(link_id: str) -> None:
    actions.tell_review_confirmed(UUID(link_id), at=clock.now())


@jobs.task("notices.mail_review_confirmed")
def mail_review_confirmed(link_id: str) -> None:
    actions.mail_review_confirmed(UUID(link_id))


@jobs.on(vouchers.POOL_LOW)
def tell_pool_low(product_id: str) -> None:
    actions.tell_pool_low(UUID(product_id))


@jobs.task("notices.mail_pool_low")
def mail_pool_low(member_id: str, product_id: str) -> None:
    actions.mail_pool_low(UUID(member_id), UUID(product_id), at=clock.now())


@jobs.on(vouchers.GUESSING)
def tell_guessing(shop_id: str) -> None:
    actions.tell_guessing(UUID(shop_id))


@jobs.task("notices.mail_guessing")
def mail_guessing(member_id: str, shop_id: str) -> None:
    actions.mail_guessing(UUID(member_id), UUID(shop_id))


@jobs.on(gifts.CLAIM_CHANGED)
def tell_claim(claim_id: str) -> None:
    actions.tell_claim(UUID(claim_id), at=clock.now())


@jobs.on(support.INQUIRY_ANSWERED)
def tell_answered(inquiry_id: str) -> None:
    actions.tell_answered(UUID(inquiry_id), at=clock.now())


@jobs.task("notices.mail_answered")
def mail_answered(inquiry_id: str) -> None:
    actions.mail_answered(UUID(inquiry_id))


@jobs.on(vouchers.HINDERED)
def tell_hindered(health_id: str) -> None:
    del health_id  # there is one
    actions.tell_hindered()


@jobs.task("notices.mail_hindered")
def mail_hindered(member_id: str) -> None:
    actions.mail_hindered(UUID(member_id))


@jobs.on(people.ANNIVERSARY_NEAR)
def tell_anniversary(reminder_id: str) -> None:
    actions.tell_anniversary(UUID(reminder_id), at=clock.now())


@jobs.task("notices.mail_anniversary")
def mail_anniversary(reminder_id: str) -> None:
    actions.mail_anniversary(UUID(reminder_id))


@jobs.on(dispatch.STRANGE_CODE)
def tell_strange_code(code_id: str) -> None:
    actions.tell_strange_code(UUID(code_id))


@jobs.task("notices.mail_strange_code")
def mail_strange_code(member_id: str, code_id: str) -> None:
    actions.mail_strange_code(UUID(member_id), UUID(code_id))
