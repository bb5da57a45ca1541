"""Recipients' web: one voucher behind an unguessable link, no login. V5"""
