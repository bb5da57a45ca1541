"""마이페이지: what a member is, how it pays, from which numbers it sends, and the company it works in. M2, M4-M8"""
