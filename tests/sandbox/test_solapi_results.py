"""What becomes of messages after sending: by the recipient's last four digits, after the delay."""

from __future__ import annotations

from seonmul.sandbox.solapi.codes import fate_of
from tests.sandbox.outside import Outside, text_to, until

BAD = ("3043", "3054", "3032", "3042", "3047", "3040", "2254")


def test_last_digits_choose_the_result(outside: Outside) -> None:
    group = outside.sent(*(text_to(f"0102000{digits}") for digits in (*BAD, "0001", "1062")))
    waiting = outside.codes(group)
    assert waiting.pop("01020001062") == "1062"
    assert set(waiting.values()) == {"3000"}
    until(lambda: outside.group(group)["status"] == "COMPLETE")
    codes = outside.codes(group)
    assert codes == {f"0102000{d}": d for d in (*BAD, "1062")} | {"01020000001": "4000"}
    count = outside.group(group)["count"]
    assert (count["sentTotal"], count["sentSuccess"], count["sentFailed"], count["sentPending"]) == (
        8,
        1,
        7,
        0,
    )
    stats = outside.inside("GET", "stats")
    assert (stats["delivered"], stats["failed"], stats["pending"]) == (1, 7, 0)


def test_nothing_is_ever_heard_of_9999(outside: Outside) -> None:
    group = outside.sent(text_to("01020009999"), text_to("01020000001"))
    until(lambda: outside.codes(group)["01020000001"] == "4000")
    assert outside.codes(group)["01020009999"] == "3000"
    assert outside.group(group)["status"] == "SENDING"
    assert outside.inside("GET", "stats")["pending"] == 1


def test_a_phone_with_a_full_store_takes_texts_alone(outside: Outside) -> None:
    assert fate_of("01020009998", "MMS") == "3044"
    group = outside.sent(text_to("01020009998"))
    until(lambda: outside.codes(group)["01020009998"] == "4000")


def test_a_result_as_the_vendor_writes_it(outside: Outside) -> None:
    group = outside.sent(text_to("01020000001"), text_to("01020003043"), text_to("01020001060"))

    def messages() -> dict[str, dict[str, object]]:
        page = outside.solapi("GET", f"/messages/v4/groups/{group}/messages").json
        return {m["to"]: m for m in page["messageList"].values()}

    early = messages()["01020000001"]
    assert (early["status"], early["networkCode"], early["dateReported"]) == ("SENDING", None, None)
    assert early["dateProcessed"]
    until(lambda: outside.group(group)["status"] == "COMPLETE")
    late = messages()
    arrived, off, refused = (late[f"0102000{digits}"] for digits in ("0001", "3043", "1060"))
    assert (arrived["status"], off["status"], refused["status"]) == ("COMPLETE", "FAILED", "FAILED")
    assert arrived["networkCode"] in ("45005", "45006", "45008") and arrived["networkName"]
    assert arrived["dateReported"] and arrived["dateReceived"]
    assert refused["dateProcessed"] is None and refused["networkCode"] is None
    assert isinstance(off["statusCode"], str)
    assert off["log"][-1]["message"] == "단말기 Power off"
