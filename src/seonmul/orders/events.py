"""News of orders."""

#: An order was paid and may be sent: order_id.
PAID = "orders.paid"
#: A scheduled order could not go out any more and was cancelled: order_id.
STOPPED = "orders.stopped"
#: A paid order waits for a consent: approval_id.
APPROVAL_ASKED = "orders.approval_asked"
#: A consent was given or refused, or nobody decided in time: approval_id.
APPROVAL_DECIDED = "orders.approval_decided"
#: A superior has confirmed an order by a link: link_id.
REVIEW_CONFIRMED = "orders.review_confirmed"
