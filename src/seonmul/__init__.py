"""Seonmul: companies buy mobile vouchers and send them in bulk. The house is drawn in ARCHITECTURE.md."""
