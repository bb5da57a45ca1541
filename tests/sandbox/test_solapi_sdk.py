"""The vendor's own Python SDK runs against the sandbox unchanged, but for its base_url."""

from __future__ import annotations

import base64
import urllib.request
from pathlib import Path

import pytest
from solapi import SolapiMessageService
from solapi.error.MessageNotReceiveError import MessageNotReceivedError
from solapi.model import RequestMessage
from solapi.model.kakao.kakao_option import KakaoOption
from solapi.model.request.groups.get_groups import GetGroupsRequest
from solapi.model.request.messages.get_messages import GetMessagesRequest
from solapi.model.request.send_message_request import SendRequestConfig
from solapi.model.webhook.single_report import SingleReportPayload

from tests.sandbox.outside import API_KEY, API_SECRET, SENDER, Outside, Webhook, until

JPEG = base64.b64decode("/9j/4ERVTU1ZSlBFR//Z")


@pytest.fixture
def sdk(outside: Outside) -> SolapiMessageService:
    return _sdk(outside, API_SECRET)


def _sdk(outside: Outside, secret: str) -> SolapiMessageService:
    service = SolapiMessageService(API_KEY, secret)
    service.base_url = outside.url + "/solapi"
    return service


def _message(**more: object) -> RequestMessage:
    return RequestMessage(**{"from_": SENDER, "to": "010-2000-0001", "text": "안녕하세요 쿠폰입니다"} | more)


def test_one_sms_is_detected_sent_and_arrives(outside: Outside, sdk: SolapiMessageService) -> None:
    answer = sdk.send(_message())
    assert answer.failed_message_list == []
    assert answer.message_list is None
    count = answer.group_info.count
    assert (count.total, count.registered_success, count.registered_failed) == (1, 1, 0)
    group = answer.group_info.group_id
    until(lambda: sdk.get_group(group).status == "COMPLETE")
    listed = sdk.get_group_messages(group).message_list
    assert [(m.to, m.type and m.type.value, m.status_code) for m in listed.values()] == [
        ("01020000001", "SMS", "4000")
    ]


def test_lms_with_subject_and_custom_fields_and_message_list(sdk: SolapiMessageService) -> None:
    messages = [
        _message(text="긴 문자 " * 30, subject="쿠폰도착", custom_fields={"orderItemId": n})
        for n in ("1", "2")
    ]
    config = SendRequestConfig(allow_duplicates=True, show_message_list=True)
    answer = sdk.send(messages, config)
    assert answer.message_list is not None
    assert [m.custom_fields for m in answer.message_list] == [{"orderItemId": "1"}, {"orderItemId": "2"}]
    assert {m.status_code for m in answer.message_list} == {"2000"}
    assert answer.group_info.count_for_charge.lms == {"82": 2}


def test_one_text_to_a_list_of_recipients(sdk: SolapiMessageService) -> None:
    answer = sdk.send(_message(to=["01020000001", "01020000002"], text="x"))
    assert answer.group_info.count.total == 2


def test_same_recipient_twice_needs_allow_duplicates(sdk: SolapiMessageService) -> None:
    answer = sdk.send([_message(), _message()])
    assert answer.failed_message_list is not None
    assert [m.status_code for m in answer.failed_message_list] == ["1026"]
    assert answer.group_info.count.registered_success == 1


def test_picture_is_stored_and_sent(outside: Outside, sdk: SolapiMessageService, tmp_path: Path) -> None:
    picture = tmp_path / "voucher.jpg"
    picture.write_bytes(JPEG)
    stored = sdk.upload_file(str(picture))
    assert stored.file_id.startswith("ST01") and len(stored.file_id) == 32
    answer = sdk.send(_message(image_id=stored.file_id, subject="쿠폰"))
    assert answer.group_info.count_for_charge.mms == {"82": 1}
    seen = outside.inside("GET", "messages?type=MMS")[0]
    assert seen["imageUrl"] == stored.url
    with urllib.request.urlopen(seen["imageUrl"], timeout=5) as response:
        assert response.read() == JPEG


def test_some_refused_is_no_error(sdk: SolapiMessageService) -> None:
    answer = sdk.send([_message(from_="0299999999", to="01020000002"), _message()])
    assert answer.failed_message_list is not None
    (failed,) = answer.failed_message_list
    assert (failed.to, failed.status_code, failed.status_message) == (
        "01020000002",
        "1062",
        "발신번호 미등록",
    )
    assert answer.group_info.count.registered_success == 1


def test_all_refused_raises(sdk: SolapiMessageService) -> None:
    with pytest.raises(MessageNotReceivedError) as error:
        sdk.send(_message(from_="0299999999"))
    assert error.value.failed_messages[0].status_code == "1062"


def test_wrong_secret(outside: Outside) -> None:
    with pytest.raises(Exception, match="SignatureDoesNotMatch"):
        _sdk(outside, "another secret").get_balance()


def test_lists(sdk: SolapiMessageService) -> None:
    first = sdk.send(_message(), SendRequestConfig(show_message_list=True))
    second = sdk.send(_message(to="01020000002"), SendRequestConfig(show_message_list=True))
    assert first.message_list is not None and second.message_list is not None
    wanted = first.message_list[0].message_id
    assert list(sdk.get_messages(GetMessagesRequest(message_id=wanted)).message_list) == [wanted]
    page = sdk.get_messages(GetMessagesRequest(limit=1))
    assert list(page.message_list) == [second.message_list[0].message_id]
    assert page.next_key == wanted
    assert list(sdk.get_messages(GetMessagesRequest(limit=1, start_key=page.next_key)).message_list) == [
        wanted
    ]
    assert list(sdk.get_messages(GetMessagesRequest(to="01020000002")).message_list) == list(
        page.message_list
    )
    groups = sdk.get_groups(GetGroupsRequest(group_id=first.group_info.group_id))
    assert list(groups.group_list) == [first.group_info.group_id]
    assert list(sdk.get_groups().group_list) == [second.group_info.group_id, first.group_info.group_id]


def test_balance_falls_by_the_price(sdk: SolapiMessageService) -> None:
    before = sdk.get_balance().balance
    sdk.send(_message())
    assert sdk.get_balance().balance == before - 20


def test_scheduled_and_cancelled(outside: Outside, sdk: SolapiMessageService) -> None:
    config = SendRequestConfig(scheduled_date="2027-01-01T00:30:00+00:00")
    answer = sdk.send(_message(), config)
    assert answer.group_info.status == "SCHEDULED"
    assert sdk.cancel_scheduled_message(answer.group_info.group_id).status == "FAILED"
    assert outside.inside("GET", "stats")["sent"] == 0


def test_talk_message(sdk: SolapiMessageService) -> None:
    options = KakaoOption(pf_id="KA01PF000000000000dummy", template_id="KA01TP000000000000dummy")
    answer = sdk.send(_message(text=None, type="ATA", kakao_options=options))
    assert answer.group_info.count_for_charge.ata == {"82": 1}


def test_sdk_reads_the_reports(outside: Outside, sdk: SolapiMessageService, webhook: Webhook) -> None:
    sdk.send(_message(custom_fields={"orderItemId": "77"}))
    until(lambda: webhook.posts)
    report = SingleReportPayload.model_validate(webhook.posts[0]).root[0]
    assert (report.data.status_code, report.data.to) == ("4000", "01020000001")
    assert report.data.custom_fields == {"orderItemId": "77"}
    assert report.retry_count == 0
