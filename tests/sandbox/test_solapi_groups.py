"""The group flow: create, add, review, send once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.outside import Outside, text_to, until

GROUPS = "/messages/v4/groups"


_STATS = {
    "groups", "accepted", "refused", "sent", "delivered", "failed", "pending", "duplicates", "webhooks_sent",
    "webhook_failures", "webhooks_lost", "webhooks_repeated",
}  # fmt: skip


def test_whole_flow_with_partial_refusals(outside: Outside) -> None:
    group = outside.create(customFields={"batch": "7"})
    added = outside.add(
        group,
        text_to("01020000001", customFields={"message": "a"}),
        text_to("01020000002", text="똠양꿍", customFields={"message": "b"}),
        text_to("01020001060"),
    ).json
    assert added["errorCount"] == 2
    assert [(item["to"], item["statusCode"]) for item in added["resultList"]] == [
        ("01020000001", "2000"),
        ("01020000002", "1029"),
        ("01020001060", "1060"),
    ]
    assert added["resultList"][0].keys() == {
        "to", "from", "type", "country", "messageId", "statusCode", "statusMessage", "accountId"
    }  # fmt: skip
    before = outside.group(group)
    assert (before["status"], before["customFields"], before["dateSent"]) == ("PENDING", {"batch": "7"}, None)
    assert before["count"]["registeredFailed"] == 2
    assert outside.codes(group) == {"01020000001": "2000", "01020000002": "1029", "01020001060": "1060"}
    assert outside.inside("GET", "messages") == []

    assert outside.send(group).json["status"] == "SENDING"
    until(lambda: outside.group(group)["status"] == "COMPLETE")
    after = outside.group(group)["count"]
    assert (after["sentTotal"], after["sentSuccess"], after["sentFailed"]) == (1, 1, 0)
    (seen,) = outside.inside("GET", "messages")
    assert (seen["to"], seen["groupId"], seen["customFields"]) == ("01020000001", group, {"message": "a"})
    until(lambda: outside.inside("GET", "stats")["webhooks_sent"])
    stats = {name: n for name, n in outside.inside("GET", "stats").items() if name in _STATS}
    assert stats == {
        "groups": 1, "accepted": 1, "refused": 2, "sent": 1, "delivered": 1, "failed": 0, "pending": 0,
        "duplicates": 0, "webhooks_sent": 1, "webhook_failures": 0, "webhooks_lost": 0,
        "webhooks_repeated": 0,
    }  # fmt: skip


def test_second_send_is_refused_and_sends_nothing(outside: Outside) -> None:
    group = outside.sent(text_to("01020000001", customFields={"message": "a"}))
    again = outside.send(group)
    assert (again.status, again.json["errorCode"]) == (400, "GroupNotPending")
    assert outside.add(group, text_to("01020000002")).status == 400
    until(lambda: outside.group(group)["status"] == "COMPLETE")
    assert outside.send(group).status == 400
    stats = outside.inside("GET", "stats")
    assert (stats["sent"], stats["duplicates"]) == (1, 0)


def test_same_reference_sent_in_two_groups_is_a_duplicate(outside: Outside) -> None:
    for _ in range(2):
        outside.sent(text_to("01020000001", customFields={"message": "a"}))
    outside.sent(text_to("01020000001", customFields={"message": "b"}))
    outside.create()
    assert outside.inside("GET", "stats")["duplicates"] == 1


def test_same_text_without_a_reference_is_a_duplicate(outside: Outside) -> None:
    for text in ("인증번호 111111", "인증번호 222222", "인증번호 222222"):
        outside.sent(text_to("01020000001", text=text))
    assert outside.inside("GET", "stats")["duplicates"] == 1


def test_pages_of_a_group(outside: Outside) -> None:
    group = outside.create()
    outside.add(group, *(text_to(f"0102000{n:04d}") for n in range(5)))
    outside.add(group, *(text_to(f"0102000{n:04d}") for n in range(5, 7)))
    seen: list[str] = []
    key = ""
    while key is not None:
        page = outside.solapi("GET", f"{GROUPS}/{group}/messages?limit=3&startKey={key}").json
        assert page["limit"] == 3
        assert all(name == m["messageId"] == m["_id"] for name, m in page["messageList"].items())
        seen += [m["to"] for m in page["messageList"].values()]
        key = page["nextKey"]
    assert seen == [f"0102000{n:04d}" for n in range(7)]


def test_a_thousand_messages_asked_by_their_ids(outside: Outside) -> None:
    group = outside.create()
    added = outside.add(group, *(text_to(f"0102000{n:04d}") for n in range(1000))).json
    ids = [item["messageId"] for item in added["resultList"]]
    assert len(set(ids)) == 1000 and all(len(name) == 32 and name.startswith("M4V") for name in ids)
    query = "&".join(f"messageIds={name}" for name in ids)
    page = outside.solapi("GET", f"/messages/v4/list?limit=1000&{query}").json
    assert set(page["messageList"]) == set(ids)


def test_list_filters(outside: Outside) -> None:
    group = outside.sent(text_to("01020000001"), text_to("01020003043", text="긴 문자 " * 20))
    other = outside.sent(text_to("01020000002"))
    until(lambda: outside.group(group)["status"] == outside.group(other)["status"] == "COMPLETE")

    def found(query: str) -> list[str]:
        page = outside.solapi("GET", f"/messages/v4/list?{query}").json
        return [m["to"] for m in page["messageList"].values()]

    assert found("") == ["01020000002", "01020003043", "01020000001"]
    assert found(f"groupId={group}&type=LMS") == ["01020003043"]
    assert found("statusCode=3043") == ["01020003043"]
    assert found("to=010-2000-0002") == ["01020000002"]
    assert found("startDate=2999-01-01T00:00:00Z") == []
    assert found("messageIds=M4V00000000000000000000000000000") == []
    assert outside.solapi("GET", "/messages/v4/list?limit=x").status == 400


def test_delete_group(outside: Outside) -> None:
    group = outside.create()
    outside.add(group, text_to("01020000001"))
    assert outside.solapi("DELETE", f"{GROUPS}/{group}").json["status"] == "DELETED"
    assert outside.send(group).status == 400
    assert outside.group(group)["status"] == "DELETED"
    sent = outside.sent(text_to("01020000001"))
    assert outside.solapi("DELETE", f"{GROUPS}/{sent}").status == 400


def test_delete_messages_of_a_group(outside: Outside) -> None:
    group = outside.create()
    added = outside.add(group, *(text_to(f"0102000000{n}") for n in range(3))).json
    first = added["resultList"][0]["messageId"]
    stranger = "M4V20200308120044DTYYJBBYLPQZIB1"
    answer = outside.solapi("DELETE", f"{GROUPS}/{group}/messages", {"messageIds": [first, stranger]}).json
    assert answer["errorCount"] == 1
    assert [r["resultCode"] for r in answer["resultList"]] == ["Success", "MessageNotFound"]
    assert outside.group(group)["count"]["total"] == 2
    third = outside.add(group, text_to("01020000009")).json["resultList"][0]["messageId"]
    assert third not in [item["messageId"] for item in added["resultList"]]
    outside.send(group)
    assert {m["to"] for m in outside.inside("GET", "messages")} == {
        "01020000001",
        "01020000002",
        "01020000009",
    }


def test_schedule_sends_by_itself(outside: Outside) -> None:
    group = outside.create()
    outside.add(group, text_to("01020000001"))
    soon = (datetime.now(UTC) + timedelta(seconds=1.5)).isoformat()
    answer = outside.solapi("POST", f"{GROUPS}/{group}/schedule", {"scheduledDate": soon})
    assert answer.json["status"] == "SCHEDULED"
    assert outside.send(group).status == 400
    assert outside.inside("GET", "messages") == []
    until(lambda: outside.group(group)["status"] == "COMPLETE")
    assert outside.solapi("DELETE", f"{GROUPS}/{group}/schedule").status == 400


@pytest.mark.parametrize("date", ["", "tomorrow", "2999-01-01T00:00:00Z"])
def test_schedule_refuses(outside: Outside, date: str) -> None:
    group = outside.create()
    outside.add(group, text_to("01020000001"))
    answer = outside.solapi("POST", f"{GROUPS}/{group}/schedule", {"scheduledDate": date})
    assert (answer.status, answer.json["errorCode"]) == (400, "ValidationError")
    assert outside.group(group)["status"] == "PENDING"


def test_what_cannot_be_done(outside: Outside) -> None:
    group = outside.create(agent="a browser")
    assert outside.send(group).json["errorCode"] == "MessagesNotFound"
    assert outside.add(group, text_to("01020000001", text="\ud83d")).status == 400
    assert outside.add(group).status == 400
    assert outside.solapi("PUT", f"{GROUPS}/{group}/messages", {"messages": ["x"]}).status == 400
    assert outside.solapi("PUT", f"{GROUPS}/{group}/messages", [1]).status == 400
    for unknown in ("G4V20180307105937H3PTASXMNJG2JIO", "G4V20180307105937000000000000001", "x"):
        assert outside.solapi("GET", f"{GROUPS}/{unknown}").status == 404
        assert outside.send(unknown).status == 404
    assert outside.solapi("GET", "/messages/v4/nothing").json["errorCode"] == "ResourceNotFound"


def test_at_most_ten_thousand_recipients_in_a_request(outside: Outside) -> None:
    group = outside.create()
    many = [f"010{20000000 + n}" for n in range(10_001)]
    assert outside.add(group, text_to("x", text="x") | {"to": many}).status == 400
    assert outside.add(group, text_to("x", text="x") | {"to": many[:-1]}).status == 200
    assert outside.group(group)["count"]["total"] == 10_000


def test_at_most_fifteen_megabytes_in_a_request(outside: Outside) -> None:
    group = outside.create()
    answer = outside.add(group, text_to("01020000001", text="a" * (15 * 1024 * 1024)))
    assert (answer.status, answer.json["errorCode"]) == (413, "RequestEntityTooLarge")


def test_balance(outside: Outside, tmp_path_factory: pytest.TempPathFactory) -> None:
    poor = Outside(tmp_path_factory.mktemp("poor"), {"SANDBOX_SOLAPI_BALANCE": "50"}).start()
    try:
        first, second = poor.create(), poor.create()
        three = [text_to(f"0102000000{n}") for n in range(3)]
        codes = [item["statusCode"] for item in poor.add(first, *three).json["resultList"]]
        assert codes == ["2000", "2000", "1030"]
        assert poor.add(second, *three[:2]).json["errorCount"] == 0
        assert poor.send(first).status == 200
        answer = poor.send(second)
        assert (answer.status, answer.json["errorCode"]) == (402, "NotEnoughBalance")
        assert poor.group(second)["status"] == "PENDING"
        many = poor.solapi("POST", "/messages/v4/send-many/detail", {"messages": three})
        assert (many.status, many.json["errorCode"]) == (402, "NotEnoughBalance")
        assert poor.solapi("GET", "/cash/v1/balance").json["balance"] == 10
        assert poor.inside("GET", "stats")["sent"] == 2
    finally:
        poor.stop()
