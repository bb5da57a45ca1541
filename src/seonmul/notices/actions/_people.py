"""What members and companies are told of themselves. M1, M2, M4, M6, M7, M8, M9"""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.dispatch import queries as dispatch_now
from seonmul.dispatch import rules as dispatch_rules
from seonmul.dispatch.actions import Outgoing
from seonmul.dispatch.models import SenderNumber, SenderState
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, jobs, masks
from seonmul.members import queries as members
from seonmul.members.queries import HandoverLetter
from seonmul.members.rules import ProofPurpose
from seonmul.notices.actions import _sending

# Each fits a short text of 90 bytes with its largest numbers.
PAYOUT_CODE = "[선물] 캐쉬 환급 인증번호 #{code}\n#{won}원. 남에게 알려 주지 마세요."
SPEND_CODE = "[선물] 결제 인증번호 #{code}\n#{people}명, #{won}원. 남에게 알려 주지 마세요."
LOCKED = "[선물] 결제 비밀번호를 여러 번 틀려 #{minutes}분 동안 잠갔습니다. 본인이 아니면 문의해 주세요."


CONVERTED = (
    "[선물] #{company}의 기업회원전환이 승인되었습니다. 이제 기업회원 상품리스트에서 주문할 수 있습니다."
)
CONVERSION_TITLE = "[선물] 기업회원전환 심사 결과"
NOT_CONVERTED = (
    "[선물] #{company}의 기업회원전환이 반려되었습니다.\n사유: #{reason}\n고쳐서 다시 신청할 수 있습니다."
)
SPENDING_CHANGED = "[선물] 추가 인증 방법이 바뀌었습니다. 본인이 아니면 결제를 멈추고 문의해 주세요."
NUMBER_CHANGED = "[선물] 회원의 휴대폰 번호가 바뀌었습니다. 본인이 아니면 바로 문의해 주세요."
FROZEN = "[선물] 회사의 모든 결제를 멈췄습니다. 대표가 회사 설정에서 다시 열 수 있습니다."

# who forgot the login id finds it here
PROOF = "[선물] 인증번호 #{code}\n남에게 알려 주지 마세요."
RECOVERY = "[선물] 아이디 #{logins}의 인증번호는 #{code}입니다. 요청하지 않았다면 남에게 알려 주지 마세요."
#: What a code is for, where a code alone would not say it.
PROOFS = {
    ProofPurpose.RECOVER: RECOVERY,
    ProofPurpose.HAND_OVER: "[선물] 담당자 변경 인증번호 #{code}\n계정을 넘겨받지 않으면 알려 주지 마세요.",
    ProofPurpose.CLAIM: "[선물] 쿠폰 환불 인증번호 #{code}\n환불을 신청하지 않았다면 알려 주지 마세요.",
    ProofPurpose.SENDER: "[선물] 발신번호 등록 인증번호 #{code}\n모르는 요청이면 알려 주지 마세요.",
}
JOINED = (
    "[선물] #{name} 님이 회사 구성원이 되었습니다.\n"
    "모르는 사람이면 모든 결제를 멈추고 회사 설정에서 확인해 주세요."
)
JOIN_ASKED = "[선물] #{name} 님이 회사 계정을 함께 쓰겠다고 요청했습니다. 회사 설정에서 결정해 주세요."
LOGIN_CHANGED = (
    "[선물] 아이디 #{login}의 로그인 방법이 바뀌었습니다.\n"
    "본인이 아니면 바로 비밀번호를 다시 정하고 고객센터에 알려 주세요."
)

PROOF_TITLE = "[선물] 인증번호 {code}"
PROOF_MAIL = """인증번호는 {code}입니다. {minutes}분 안에 입력해 주세요.
{about}
요청하지 않았다면 이 메일을 지워 주세요. 아무것도 바뀌지 않습니다.
"""
KNOWN_TITLE = "[선물] 이미 가입한 이메일입니다"
KNOWN_MAIL = """이 주소로 이미 가입한 아이디가 있습니다: {logins}

로그인: {url}/login/
비밀번호를 잊었다면: {url}/recover/

가입을 요청하지 않았다면 이 메일을 지워 주세요. 아무것도 바뀌지 않습니다.
"""

SENDER_APPROVED = "[선물] 발신번호 #{number}을 등록했습니다. 이제 주문할 때 고를 수 있습니다."
SENDER_REJECTED = (
    "[선물] 발신번호 #{number}의 등록이 반려되었습니다.\n사유: #{reason}\n고쳐서 다시 신청할 수 있습니다."
)

SENDER_ENDS = "[선물] 발신번호 #{number}은 #{day}까지 쓸 수 있습니다. 새로 발급한 이용증명원을 올려 주시면 끊기지 않습니다.\n#{url}"
SENDER_ENDED = "[선물] 발신번호 #{number}의 이용증명원이 오래되어 더는 쓸 수 없습니다. 새로 발급해 다시 신청해 주세요.\n#{url}"
SENDER_NOT_RENEWED = "[선물] 발신번호 #{number}의 새 이용증명원이 반려되었습니다. 번호는 #{day}까지 쓸 수 있습니다.\n사유: #{reason}\n#{url}"

HANDOVER_TITLE = "[선물] 담당자 변경"
#: To whoever goes, by the state of the change.
HANDOVER_OLD = {
    "waiting": "[선물] #{company} 계정 #{login}의 담당자를 바꾸는 신청을 심사합니다. 모르는 일이면 바로 문의해 주세요.",
    "done": "[선물] #{company} 계정 #{login}의 담당자가 바뀌었습니다. 모르는 일이면 바로 문의해 주세요.",
    "refused": "[선물] #{company} 계정 #{login}의 담당자를 바꾸는 신청을 반려했습니다. 바뀐 것은 없습니다.",
}
#: To whoever comes.
HANDOVER_NEW = {
    "done": (
        "[선물] #{company} 계정 #{login}의 담당자가 되었습니다.\n"
        "#{url}/recover/ 에서 이 번호로 비밀번호를 정하고 로그인해 주세요. #{until}까지는 결제할 수 없습니다."
    ),
    "refused": (
        "[선물] #{company} 계정의 담당자 변경이 반려되었습니다.\n사유: #{reason}\n고쳐서 다시 신청할 수 있습니다."
    ),
}

CLOSED = "[선물] 아이디 #{login}의 탈퇴를 처리했습니다. 곧 개인정보를 지웁니다. 본인이 아니면 바로 고객센터에 알려 주세요."
NEW_DEVICE_TITLE = "[선물] 새 기기에서 로그인했습니다"
NEW_DEVICE = """{login} 아이디로 새 기기에서 로그인했습니다.

때: {at}
기기: {device}
주소: {address}

새 기기에서는 {hours}시간 동안 결제 비밀번호만으로 결제할 수 없습니다.
본인이라면 이 메일을 지워 주세요. 본인이 아니라면 바로 이렇게 해 주세요.

1. 다른 기기 로그아웃: {url}/account/devices/
2. 비밀번호 바꾸기: {url}/account/password/
3. 모르는 2단계 인증이나 패스키가 있으면 지우기: {url}/account/second-factor/
"""
NEW_DEVICE_FREEZE = "4. 회사의 모든 결제 멈추기: {url}/my/company/freeze/\n"
ATTACKED_TITLE = "[선물] 로그인 시도가 많아 새 기기를 막았습니다"
ATTACKED = """{login} 아이디로 틀린 비밀번호를 여러 번 입력한 사람이 있어, 처음 쓰는 기기의 로그인을 잠시 막았습니다.

전에 로그인했던 기기는 그대로 쓸 수 있습니다.
모르는 로그인이 있는지 확인해 주세요: {url}/my/access/
다른 곳에서도 같은 비밀번호를 쓴다면 바꿔 주세요: {url}/account/password/
"""

INVITATION_TITLE = "[선물] {company}에서 초대했습니다"
INVITATION = """{company}에서 선물의 회사 계정에 초대했습니다.

아래 주소에서 로그인하거나 가입하면 회사에 들어갑니다.
{url}

초대는 {days}일 동안 한 번 쓸 수 있습니다. 모르는 회사라면 이 메일을 지워 주세요.
"""


@transaction.atomic
def send_spend_code(code_id: UUID, *, at: datetime) -> None:
    """Text a spend code; it names amount and number of recipients. M4, M8"""
    asked = members.spend_code_letter(code_id, at)
    if asked is None or dispatch_now.attempts_about(code_id):  # a job may run twice, a code is texted once
        return
    fields = {"code": asked.code, "people": f"{asked.people:,}", "won": f"{asked.amount_won:,}"}
    text = SPEND_CODE if asked.people else PAYOUT_CODE  # cash that is paid out goes to nobody but oneself
    _sending.send_text(asked.buyer_id, text, Outgoing(code_id, asked.phone, fields), at)


def send_proof(proof_id: UUID, *, at: datetime) -> None:
    """Send a code to the phone or mailbox that is to be proved; who has an account learns it only there. M1"""
    letter = members.proof_letter(proof_id, at)
    if letter is None:
        return
    logins = ", ".join(letter.logins)
    is_recovery = letter.purpose == ProofPurpose.RECOVER
    if letter.kind == "phone":
        text = PROOFS.get(ProofPurpose(letter.purpose), PROOF)
        fields = {"code": letter.code, "logins": logins}
        _sending.send_text(
            None, text, Outgoing(proof_id, letter.address, fields), at, "lms" if is_recovery else "sms"
        )
    elif letter.code:
        about = f"아이디: {logins}" if is_recovery else ""
        text = PROOF_MAIL.format(code=letter.code, minutes=letter.minutes, about=about)
        _sending.send_mail(PROOF_TITLE.format(code=letter.code), text, letter.address)
    else:
        _sending.send_mail(
            KNOWN_TITLE, KNOWN_MAIL.format(logins=logins, url=settings.PUBLIC_URL), letter.address
        )


@transaction.atomic
def tell_join_asked(request_id: UUID, *, at: datetime) -> None:
    """Tell a company's owners that somebody asks to join it. M7"""
    letter = members.join_letter(request_id)
    if letter:
        buyer_id, name = letter
        for address in members.owners_addresses(buyer_id):
            _sending.send_text(
                buyer_id, JOIN_ASKED, Outgoing(request_id, address.phone, {"name": name}), at, "lms"
            )


@transaction.atomic
def tell_joined(member_id: UUID, *, at: datetime) -> None:
    """Tell a company's owners that somebody came in. M7, M8"""
    letter = members.joined_letter(member_id)
    if letter:
        buyer_id, name = letter
        for address in members.owners_addresses(buyer_id):
            _sending.send_text(
                buyer_id, JOINED, Outgoing(member_id, address.phone, {"name": name}), at, "lms"
            )


@transaction.atomic
def tell_login_changed(member_id: UUID, *, at: datetime) -> None:
    """Tell a member that password, second factor or passkey has changed. M8"""
    letter = members.login_letter(member_id)
    if letter:
        login, phone = letter
        _sending.send_text(None, LOGIN_CHANGED, Outgoing(member_id, phone, {"login": login}), at, "lms")


@transaction.atomic
def tell_password_locked(member_id: UUID, *, at: datetime) -> None:
    """Tell a member that the payment password was locked. M4"""
    address = members.address_of(member_id)
    if address:
        fields = {"minutes": f"{figures_now.figures(at).payment_password_lock_minutes:,}"}
        _sending.send_text(address.buyer_id, LOCKED, Outgoing(member_id, address.phone, fields), at)


@transaction.atomic
def tell_conversion(conversion_id: UUID, *, at: datetime) -> None:
    """Tell an applicant what was decided, with the reason of a refusal, by text and by mail. M2"""
    letter = members.conversion_letter(conversion_id)
    if letter:
        text = CONVERTED if letter.is_approved else NOT_CONVERTED
        fields = {"company": _sending.carried(letter.company_name), "reason": _sending.carried(letter.reason)}
        _sending.send_text(
            letter.address.buyer_id, text, Outgoing(conversion_id, letter.address.phone, fields), at, "lms"
        )
        jobs.enqueue("notices.mail_conversion", conversion_id=conversion_id)


def mail_conversion(conversion_id: UUID) -> None:
    """Mail an applicant what was decided. M2"""
    letter = members.conversion_letter(conversion_id)
    if letter and letter.mail:
        text = CONVERTED if letter.is_approved else NOT_CONVERTED
        fields = {"company": letter.company_name, "reason": letter.reason}
        body = f"{dispatch_rules.fill(text, fields)}\n\n{settings.PUBLIC_URL}/my/convert/\n"
        _sending.send_mail(CONVERSION_TITLE, body, letter.mail)


@transaction.atomic
def tell_spending_changed(member_id: UUID, *, at: datetime) -> None:
    """Tell a member that the way of authorising payments was changed. M4"""
    address = members.address_of(member_id)
    if address:
        _sending.send_text(address.buyer_id, SPENDING_CHANGED, Outgoing(member_id, address.phone, {}), at)


@transaction.atomic
def tell_number_changed(verification_id: UUID, *, at: datetime) -> None:
    """Tell the number before that the member has another one. M5"""
    before = members.number_before(verification_id)
    if before:
        _sending.send_text(
            before.address.buyer_id, NUMBER_CHANGED, Outgoing(verification_id, before.phone, {}), at
        )


@transaction.atomic
def tell_frozen(buyer_id: UUID, *, at: datetime) -> None:
    """Tell the owners that all spending was stopped. M8"""
    for address in members.owners_addresses(buyer_id):
        _sending.send_text(buyer_id, FROZEN, Outgoing(buyer_id, address.phone, {}), at, "lms")


@transaction.atomic
def tell_handover(handover_id: UUID, *, at: datetime) -> None:
    """Tell who goes and who comes about a change of the person in charge, by text and by mail. M5"""
    letter = members.handover_letter(handover_id)
    if letter is None:
        return
    fields = {name: _sending.carried(text) for name, text in _handover_fields(letter).items()}
    for texts, person in ((HANDOVER_OLD, letter.old), (HANDOVER_NEW, letter.new)):
        if letter.state in texts and person.phone:
            outgoing = Outgoing(handover_id, person.phone, fields)
            _sending.send_text(letter.buyer_id, texts[letter.state], outgoing, at, "lms")
    jobs.enqueue("notices.mail_handover", handover_id=handover_id)


def mail_handover(handover_id: UUID) -> None:
    """Mail who goes and who comes about a change of the person in charge. M5"""
    letter = members.handover_letter(handover_id)
    if letter is None:
        return
    for texts, person in ((HANDOVER_OLD, letter.old), (HANDOVER_NEW, letter.new)):
        if letter.state in texts and person.mail:
            text = dispatch_rules.fill(texts[letter.state], _handover_fields(letter))
            _sending.send_mail(HANDOVER_TITLE, f"{text}\n", person.mail)


def _handover_fields(letter: HandoverLetter) -> dict[str, str]:
    until = clock.korean_datetime(letter.blocked_until) if letter.blocked_until else ""
    return {
        "company": letter.company_name,
        "login": letter.login,
        "reason": letter.reason,
        "until": until,
        "url": settings.PUBLIC_URL,
    }


@transaction.atomic
def tell_sender(sender_id: UUID, *, at: datetime) -> None:
    """Tell a company's owners what was decided about a sender number. M6"""
    sender = dispatch_now.decided_sender(sender_id)
    if sender is None:
        return
    text = SENDER_APPROVED if sender.is_registered_at_carrier else SENDER_REJECTED
    if sender.is_registered_at_carrier and sender.reason:
        text = SENDER_NOT_RENEWED
    _tell_owners(sender, text, at)


@transaction.atomic
def tell_sender_ends(sender_id: UUID, *, at: datetime) -> None:
    """Tell a company's owners that a sender number ends, or has ended, because its paper grows old. M6"""
    sender = dispatch_now.ending_sender(sender_id)
    if sender is not None:
        _tell_owners(sender, SENDER_ENDS if sender.state == SenderState.APPROVED else SENDER_ENDED, at)


def _tell_owners(sender: SenderNumber, text: str, at: datetime) -> None:
    day = sender.proved_on and dispatch_rules.last_day(sender.proved_on, figures=figures_now.figures(at))
    fields = {
        "number": masks.mask_phone(sender.digits),
        "reason": _sending.carried(sender.reason),
        "day": clock.korean_date(day) if day else "",
        "url": f"{settings.PUBLIC_URL}/my/senders/",
    }
    for address in members.owners_addresses(sender.buyer_id):
        _sending.send_text(sender.buyer_id, text, Outgoing(sender.id, address.phone, fields), at, "lms")


@transaction.atomic
def tell_closed(member_id: UUID, *, at: datetime) -> None:
    """Tell a member that the account was closed, before anything is erased. M9"""
    letter = members.closed_letter(member_id)
    if letter:
        login, phone = letter
        _sending.send_text(None, CLOSED, Outgoing(member_id, phone, {"login": login}), at, "lms")


def mail_new_device(access_id: UUID, *, at: datetime) -> None:
    """Mail a member that the account was opened on a new device, and what to do when it was somebody else. M8"""
    letter = members.new_device_letter(access_id, at)
    if letter is None:
        return
    text = NEW_DEVICE + (NEW_DEVICE_FREEZE if letter.may_freeze else "")
    body = text.format(
        login=letter.login,
        at=clock.korean_datetime(letter.at),
        device=letter.device,
        address=letter.address or "-",
        hours=letter.hours,
        url=settings.PUBLIC_URL,
    )
    _sending.send_mail(NEW_DEVICE_TITLE, body, letter.mail)


def mail_attacked(member_id: UUID) -> None:
    """Mail a member that many passwords were tried on the account; once a burst. M8"""
    letter = members.attack_letter(member_id)
    if letter:
        to, login = letter
        _sending.send_mail(ATTACKED_TITLE, ATTACKED.format(login=login, url=settings.PUBLIC_URL), to)


def mail_invitation(invitation_id: UUID) -> None:
    """Mail an invitation into a company; its link works once, for some days. M7"""
    letter = members.invitation_letter(invitation_id)
    if letter is None:
        return
    text = INVITATION.format(
        company=letter.company_name,
        url=f"{settings.PUBLIC_URL}/company/join/{letter.link}/",
        days=letter.days,
    )
    _sending.send_mail(INVITATION_TITLE.format(company=letter.company_name), text, letter.mail)
