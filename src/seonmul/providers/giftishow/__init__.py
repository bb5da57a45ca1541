"""Giftishow Biz: codes of an external issuer, one by one. What is known of it, and what is not: docs/providers/giftishow.md."""
