"""Tools without business: anything here would serve another product as well.

money clock ids phones masks euckr texts sheets   pure
crypto env refusals                               pure
wire jobs states pages files bulk postgres        touch the database, the network or the disk

Knows no other app. Nouns: refusal, page, sheet, key ring, job.
"""
