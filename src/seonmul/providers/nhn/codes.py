"""NHN Cloud's codes in our words: of a request (negative) and of a carrier. What is in none is UNKNOWN, verbatim, and told. S4"""

from seonmul.dispatch.ports import Result

OK = "0"
#: A request that is refused for the sake of its one message; any other negative code is trouble of ours or theirs.
_OF_THE_MESSAGE = {
    Result.INVALID_NUMBER: "-2018 -2019",
    Result.REFUSED: "-6001",
    # this buyer's advertising and its 080 number are no trouble of the account's
    Result.SENDER: "-2312 -2313 -6000 -6004",
    Result.CONTENT: "-2003 -2005 -2014 -2015 -2023 -6003 -8000",
}
#: Others of a request; met as one message's own code, they say this of it.
_OF_THE_REQUEST = {
    Result.CONTENT: "-2000 -2001 -2004 -2016 -2022",
    Result.VENDOR: "-1000 -1001 -1002 -1004 -1008 -2021 -2052 -9995 -9996 -9997 -9998 -9999",
}
_OF_THE_CARRIER = {
    Result.DELIVERED: "1000",
    Result.INVALID_NUMBER: "1002 3001 3003",
    Result.POWER_OFF: "2003",
    Result.NO_COVERAGE: "2001 2002 2005",
    Result.TIMEOUT: "1019 2000",
    Result.DEVICE: "2004 2007 3005 3008 3010",
    Result.REFUSED: "3006 3013",
    Result.SPAM: "3012",
    Result.SENDER: "1003 3017 3018 3019",
    Result.SUSPENDED: "3004",
    Result.CONTENT: "3016",
    Result.VENDOR: "1001 3011 3015",
    Result.UNKNOWN: "2006 3000 3002 3009 3014 E900 E911 E913 E915 E919 E999",
}
REFUSALS = {code: result for result, codes in _OF_THE_MESSAGE.items() for code in codes.split()}
RESULTS = {
    code: result
    for table in (_OF_THE_CARRIER, _OF_THE_REQUEST)
    for result, codes in table.items()
    for code in codes.split()
}


def result_of(code: str) -> Result:
    """Our result for a carrier's code, or for a refused message's."""
    return RESULTS.get(code) or REFUSALS.get(code, Result.UNKNOWN)


def is_strange(code: str) -> bool:
    """Say whether a code is in no table of ours."""
    return code not in RESULTS and code not in REFUSALS
