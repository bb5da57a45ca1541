"""S4: every documented code has one result of ours; an unknown one is kept verbatim and shown as unknown."""

from seonmul.dispatch.ports import Result
from seonmul.providers.solapi.codes import RESULTS, result_of
from seonmul.sandbox.solapi.codes import MEANINGS


def test_every_code_that_the_carrier_knows_is_mapped():
    unmapped = {
        code for code in MEANINGS if code not in RESULTS and not code.startswith(("104", "105", "31"))
    }
    assert unmapped == set()


def test_an_unknown_code_is_unknown():
    assert result_of("3999") is Result.UNKNOWN
    assert result_of("4000") is Result.DELIVERED
