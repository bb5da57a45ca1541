"""An external issuer under /giftishow that speaks as Giftishow Biz does, as far as that is known (docs/providers/giftishow.md).

It keeps coupons, goods and a balance; what no source tells of the vendor is decided here and marked OURS.
Nouns: coupon (one issue, by the buyer's TR_ID), goods, balance.
"""
