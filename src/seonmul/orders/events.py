"""News of orders."""

#: An order was paid and may be sent: order_id.
PAID = "orders.paid"
