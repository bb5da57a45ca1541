"""SOLAPI's status codes in our words. One table; what is not in it is UNKNOWN, kept verbatim, and told. S4"""

from seonmul.dispatch.ports import Result

_CODES = {
    Result.ACCEPTED: "2000 3000",
    Result.DELIVERED: "4000",
    Result.INVALID_NUMBER: "3010 3032",
    Result.POWER_OFF: "3043",
    Result.NO_COVERAGE: "3042 3056 3057",
    Result.TIMEOUT: "3040",
    Result.DEVICE: "3041 3044 3050 3051",
    Result.REFUSED: "3047 1060 1061 2060 2061",
    Result.SPAM: "3054 3055 2254",
    Result.SENDER: "1062 2062 3013 3059 1064 2064",
    Result.SUSPENDED: "3045",
    Result.CONTENT: "1010 1011 1013 1014 1025 1026 1027 1028 1029 1031 1032 1033 1034 "
    "1041 1042 1043 1044 1045 1046 1047 1048 1049 1050 1051 1052 1053",
    Result.VENDOR: "1020 1021 1022 1023 1024 1030 1058 2011 2024 2063 2230 3011 3012 3024 3053 3058",
    Result.UNKNOWN: "3014 3031 3046 3048 3052 3060 3101 3102 3103 3104 3105 3106 3107 3108",
}
RESULTS = {code: result for result, codes in _CODES.items() for code in codes.split()}


def result_of(code: str) -> Result:
    """Our result for a status code."""
    return RESULTS.get(code, Result.UNKNOWN)


def is_strange(code: str) -> bool:
    """Say whether a code is in no table of ours."""
    return code not in RESULTS
