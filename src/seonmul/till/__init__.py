"""Till: a page for shops without software of their own. A shop's key opens it, not a login. V3"""
