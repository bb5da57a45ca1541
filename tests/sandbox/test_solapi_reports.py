"""The report webhook: shape, batches, five calls until 200, and what faults do to it."""

from __future__ import annotations

from tests.sandbox.outside import Outside, Webhook, text_to, until


def test_shape_and_content(outside: Outside, webhook: Webhook) -> None:
    group = outside.sent(
        text_to("01020000001", customFields={"message": "a"}),
        text_to("01020003054"),
        text_to("01020009999"),
        text_to("01020001060"),
    )
    until(lambda: len(webhook.reports) == 2)
    assert len(webhook.posts) == 1
    first, second = webhook.reports
    assert first.keys() == {"eventDataId", "data", "retryCount"}
    assert (first["retryCount"], first["data"]["groupId"]) == (0, group)
    assert (first["data"]["statusCode"], first["data"]["customFields"]) == ("4000", {"message": "a"})
    assert (second["data"]["to"], second["data"]["statusCode"]) == ("01020003054", "3054")
    for name in ("messageId", "type", "from", "dateProcessed", "dateReported", "dateReceived", "networkCode"):
        assert first["data"][name]


def test_batches_of_five_hundred(outside: Outside, webhook: Webhook) -> None:
    group = outside.create()
    outside.add(group, *(text_to(f"0105555{n % 1000:04d}") for n in range(1200)))
    outside.send(group)
    until(lambda: len(webhook.reports) == 1200)
    assert [len(post) for post in webhook.posts] == [500, 500, 200]
    assert len({report["eventDataId"] for report in webhook.reports}) == 1200


def test_repeated_until_200(outside: Outside, webhook: Webhook) -> None:
    webhook.statuses = [500, 404, 302]
    outside.sent(text_to("01020000001"))
    until(lambda: len(webhook.posts) == 4)
    assert [post[0]["retryCount"] for post in webhook.posts] == [0, 1, 2, 3]
    assert len({post[0]["eventDataId"] for post in webhook.posts}) == 1
    until(lambda: outside.inside("GET", "stats")["webhooks_sent"] == 1)
    assert outside.inside("GET", "stats")["webhook_failures"] == 3


def test_given_up_after_five_calls_and_others_go_on(outside: Outside, webhook: Webhook) -> None:
    webhook.statuses = [500] * 5
    outside.sent(text_to("01020000001"))
    until(lambda: len(webhook.posts) == 5)
    until(lambda: outside.inside("GET", "stats")["webhook_failures"] == 5)
    outside.sent(text_to("01020000002"))
    until(lambda: len(webhook.posts) == 6)
    assert webhook.posts[5][0]["data"]["to"] == "01020000002"


def test_lost(outside: Outside, webhook: Webhook) -> None:
    outside.fault("lose_webhook")
    outside.sent(text_to("01020000001"))
    until(lambda: outside.inside("GET", "stats")["webhooks_lost"] == 1)
    outside.sent(text_to("01020000002"))
    until(lambda: webhook.posts)
    assert [report["data"]["to"] for report in webhook.reports] == ["01020000002"]


def test_repeated(outside: Outside, webhook: Webhook) -> None:
    outside.fault("repeat_webhook")
    outside.sent(text_to("01020000001"))
    until(lambda: len(webhook.posts) == 2)
    assert webhook.posts[0] == webhook.posts[1]


def test_out_of_order(outside: Outside, webhook: Webhook) -> None:
    outside.fault("swap_webhook")
    outside.sent(text_to("01020000001"))
    until(lambda: outside.inside("GET", "stats")["webhooks_swapped"] == 1)
    outside.sent(text_to("01020000002"))
    until(lambda: len(webhook.posts) == 2)
    assert [report["data"]["to"] for report in webhook.reports] == ["01020000002", "01020000001"]


def test_late(outside: Outside, webhook: Webhook) -> None:
    outside.fault("late_webhook", seconds=2)
    group = outside.sent(text_to("01020000001"))
    until(lambda: outside.group(group)["status"] == "COMPLETE")
    assert webhook.posts == []
    until(lambda: webhook.posts)
    assert webhook.posts[0][0]["data"]["to"] == "01020000001"
