"""Money from outside: charges, cards, refunds and the issuer policy. Not built yet; it stands beside vouchers and dispatch."""
