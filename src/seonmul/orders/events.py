"""News of orders."""

#: An order was paid and may be sent: order_id.
PAID = "orders.paid"
#: A scheduled order could not go out any more and was cancelled: order_id.
STOPPED = "orders.stopped"
