"""The sandbox's own routes and pages."""

from __future__ import annotations

from tests.sandbox.outside import Outside, text_to, until


def test_messages_newest_first_filtered_and_limited(outside: Outside) -> None:
    outside.sent(*(text_to(f"0102000{n:04d}") for n in range(1, 4)))
    outside.sent(text_to("01020000001", text="긴 문자 " * 20, subject="제목"))
    outside.create()
    seen = outside.inside("GET", "messages")
    assert [m["to"][-1] for m in seen] == ["1", "3", "2", "1"]
    assert seen[0].keys() == {
        "id", "groupId", "to", "from", "type", "subject", "text", "imageUrl", "customFields",
        "acceptedAt", "result"
    }  # fmt: skip
    assert (seen[0]["subject"], seen[1]["subject"], seen[1]["imageUrl"]) == ("제목", None, None)
    assert [m["type"] for m in outside.inside("GET", "messages?to=010-2000-0001")] == ["LMS", "SMS"]
    assert len(outside.inside("GET", "messages?type=sms&limit=2")) == 2
    assert outside.inside("GET", "messages?to=01099999999") == []
    until(lambda: {m["result"] for m in outside.inside("GET", "messages")} == {"4000"})
    assert outside.ask("GET", "/_/messages?limit=0").status == 400


def test_more_messages_than_one_portion(outside: Outside) -> None:
    group = outside.create()
    for start in (0, 2500):
        numbers = [f"010{55555000 + n}" for n in range(start, start + 2500)]
        assert outside.add(group, text_to("x", text="x") | {"to": numbers}).json["errorCount"] == 0
    outside.send(group)
    seen = outside.inside("GET", "messages?limit=200000")
    assert [m["to"] for m in seen] == [f"010{55555000 + n}" for n in reversed(range(5000))]
    assert len(outside.inside("GET", "messages?limit=2100")) == 2100


def test_requests_are_noted_without_secrets(outside: Outside) -> None:
    group = outside.create()
    outside.send(group)
    last, first = outside.inside("GET", "requests?limit=2")
    assert (last["method"], last["status"]) == ("POST", 400)
    assert last["path"] == f"/solapi/messages/v4/groups/{group}/send"
    assert (first["path"], first["status"]) == ("/solapi/messages/v4/groups", 200)
    assert first["authorization"].endswith("signature=***")
    assert outside.inside("GET", "stats")["requests"] == 2


def test_reset_empties_everything(outside: Outside) -> None:
    outside.sent(text_to("01020000001"))
    outside.fault("slow", route="ask", times=9)
    outside.inside("POST", "reset")
    assert set(outside.inside("GET", "stats").values()) == {0}
    assert outside.inside("GET", "messages") == outside.inside("GET", "faults") == []


def test_index_and_phone_pages(outside: Outside) -> None:
    assert "샌드박스" in outside.ask("GET", "/").text
    assert "아직 발송된 문자가 없습니다" in outside.ask("GET", "/phone").text
    hostile = "<script>alert(1)</script> https://s.example/g/abc?a=1&b=2. 끝"
    outside.sent(text_to("01020000001", text=hostile, subject="선물 & 쿠폰"), text_to("01020003043"))
    assert 'href="/phone?to=01020003043"' in outside.ask("GET", "/phone").text
    page = outside.ask("GET", "/phone?to=010-2000-0001").text
    assert "010-2000-0001" in page and "1577-0000" in page and "선물 &amp; 쿠폰" in page
    assert "<script" not in page
    assert '<a href="https://s.example/g/abc?a=1&amp;b=2" ' in page
    assert 'http-equiv="refresh"' in page
    until(lambda: "단말기 Power off (3043)" in outside.ask("GET", "/phone?to=01020003043").text)
    assert "아직 받은 문자가 없습니다" in outside.ask("GET", "/phone?to=01011112222").text
    assert outside.ask("GET", "/_/look.css").text.strip().startswith(":root")
