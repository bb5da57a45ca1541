"""S4: every documented code of a carrier has one result of ours; others are kept verbatim and are strange."""

from __future__ import annotations

import pytest
from hypothesis import given as assumed
from hypothesis import strategies as st

from seonmul.dispatch.ports import PENDING, Result
from seonmul.dispatch.rules import MAIL_WORDS, WORDS, words_of
from seonmul.providers.nhn import codes as nhn
from seonmul.providers.smtp import codes as smtp
from seonmul.providers.solapi import codes as solapi
from seonmul.sandbox.solapi.codes import MEANINGS

#: The vendor's list of 2022.
SOLAPI = """
    1010 1011 1013 1014 1020 1021 1022 1023 1024 1025 1026 1027 1028 1029 1030 1031 1032 1033 1034 1041 1042 1043 1044
    1045 1046 1047 1048 1049 1050 1051 1052 1053 1058 1060 1061 1062 1064 2000 2011 2024 2060 2061 2062 2063 2064 2230
    2254 3000 3010 3011 3012 3013 3014 3024 3031 3032 3040 3041 3042 3043 3044 3045 3046 3047 3048 3050 3051 3052 3053
    3054 3055 3056 3057 3058 3059 3060 3101 3102 3103 3104 3105 3106 3107 3108 4000""".split()
NHN = """
    1000 1001 1002 1003 1019 2000 2001 2002 2003 2004 2005 2006 2007 3000 3001 3002 3003 3004 3005 3006 3008 3009 3010
    3011 3012 3013 3014 3015 3016 3017 3018 3019 E900 E911 E913 E915 E919 E999 -1000 -1001 -1002 -1004 -1008 -9995 -9996
    -9997 -9998 -9999 -2000 -2001 -2003 -2004 -2005 -2014 -2015 -2016 -2018 -2019 -2021 -2022 -2023 -2052 -8000 -2312
    -2313 -6000 -6001 -6003 -6004""".split()
#: Enhanced status codes that RFC 3463 and its registry name, and bare replies of RFC 5321.
DETAILS = [
    *(
        f"{n}.{m}"
        for n, most in ((1, 10), (2, 4), (3, 5), (4, 7), (5, 6), (6, 10), (7, 30))
        for m in range(most + 1)
    )
]
BARE = "500 501 502 503 504 521 530 550 551 552 553 554 555 556".split()


@pytest.mark.parametrize(
    ("codes", "known"), [(solapi, SOLAPI), (nhn, NHN), (smtp, [f"5.{one}" for one in DETAILS])]
)
def test_every_documented_code_is_mapped(codes, known):
    """S4"""
    assert [code for code in known if codes.is_strange(code)] == []
    assert all(isinstance(codes.result_of(code), Result) for code in known)


def test_every_code_of_the_sandbox_and_every_bare_reply_is_mapped():
    assert [code for code in MEANINGS if solapi.is_strange(code)] == []
    assert [code for code in BARE if smtp.is_strange(code)] == []
    assert smtp.result_of("550 5.7.1") is Result.REFUSED and not smtp.is_strange("550 5.7.1")


@assumed(code=st.from_regex(r"[A-Z]?[0-9]{1,6}", fullmatch=True))
def test_a_code_that_nobody_has_mapped_is_unknown_and_strange(code):
    """S4"""
    for codes in (solapi, nhn, smtp):
        if code not in codes.RESULTS and code not in getattr(codes, "REFUSALS", {}):
            assert codes.is_strange(code) and codes.result_of(code) is Result.UNKNOWN


def test_every_result_has_words_and_a_failure_a_next_step():
    """S4: and never 수신완료."""
    for result in Result:
        for channel in ("lms", "mail"):
            words = words_of(result, channel)
            assert words.label and words.cause and "수신완료" not in words.label + words.cause
            if result not in {*PENDING, Result.DELIVERED, Result.WITHDRAWN}:
                assert words.next_step, (result, channel)
    assert set(WORDS) == set(Result) and set(MAIL_WORDS) <= set(Result)
