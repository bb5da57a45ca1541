"""Sender numbers: applying, proving, deciding, expiring. M6"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import events, queries, rules
from seonmul.dispatch.models import Proof, SenderNumber, SenderState
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, filetypes, jobs, phones, states
from seonmul.kit.refusals import refuse
from seonmul.members import queries as members_now
from seonmul.members.models import Member


@transaction.atomic
def register_sender(
    buyer_id: UUID, digits: str, *, label: str, at: datetime, member_id: UUID | None = None,
    proof: Proof = Proof.DOCUMENT,
) -> SenderNumber:  # fmt: skip
    """Let a buyer show this number as the sender: approved by us and registered at the carrier. M6

    Doing it again changes nothing. A number proved by identity verification comes in this way.
    """
    sender, _ = SenderNumber.objects.get_or_create(
        buyer_id=buyer_id,
        digits=digits,
        defaults={
            "member_id": member_id,
            "label": label,
            "state": SenderState.APPROVED,
            "proof": proof,
            "is_registered_at_carrier": True,
            "added_at": at,
            "decided_at": at,
        },
    )
    return sender


@transaction.atomic
def add_proved_number(verification_id: UUID, *, at: datetime) -> None:
    """A number proved by identity verification becomes its owner's sender number by itself. M6

    It can be picked once an operator has entered it at the carrier, which has no call for that.
    """
    proved = members_now.proved_number(verification_id)
    if proved is None or phones.sender_kind(proved.phone) is None:
        return
    sender, is_new = SenderNumber.objects.get_or_create(
        buyer_id=proved.buyer_id,
        digits=proved.phone,
        defaults={
            "member_id": proved.member_id,
            "state": SenderState.APPROVED,
            "proof": Proof.IDENTITY,
            "added_at": at,
            "decided_at": at,
        },
    )
    if not is_new:  # a number goes with whoever proved it last; one that was rejected waits once more
        rows = SenderNumber.objects.filter(id=sender.id)
        rows.filter(member__isnull=False).update(member_id=proved.member_id)
        states.move(
            rows, SenderState.REJECTED, SenderState.PENDING, added_at=at, decided_at=None, reason="",
            proof=Proof.IDENTITY,
        )  # fmt: skip


@transaction.atomic
def forget_own_numbers(member_id: UUID, *, at: datetime) -> None:
    """A mobile number is nobody's sender any more when its member has left. M6, M9"""
    gone = SenderNumber.objects.filter(member_id=member_id).delete()[0]
    if gone:
        audit.record("own_senders_erased", by="system", subject=member_id, at=at, numbers=gone)


@transaction.atomic
def apply_for_sender(
    by: Member, buyer_id: UUID, number: str, *, label: str, certificate: bytes, proved_on: date, at: datetime
) -> SenderNumber:
    """Ask for a company's number with its proof of service subscription. Raises Refused and stores nothing. M6

    A number that was rejected or has expired may be asked for again: the same row waits once more.
    """
    kind_of_file = filetypes.kind_of(certificate)
    refuse(
        rules.why_not_apply(
            rules.SenderFacts(
                may_apply=members_now.may_buy(by),
                kind=phones.sender_kind(number),
                standing=queries.standing_of(buyer_id, phones.digits_of(number)),
                certificate_bytes=len(certificate),
                certificate_type=kind_of_file,
                proved_on=proved_on,
            ),
            figures=figures_now.figures(at),
            today=clock.seoul_date(at),
        )
    )
    fields = {
        "label": label.strip(),
        "state": SenderState.PENDING,
        "proof": Proof.DOCUMENT,
        "proof_file": default_storage.save("proof", ContentFile(certificate)),
        "proof_type": kind_of_file,
        "proved_on": proved_on,
        "reason": "",
        "is_registered_at_carrier": False,
        "added_at": at,
        "decided_at": None,
    }
    sender, _ = SenderNumber.objects.update_or_create(
        buyer_id=buyer_id, digits=phones.digits_of(number), defaults=fields
    )
    audit.record("sender_applied", by=by.id, subject=sender.id, company=buyer_id, at=at)
    return sender


@transaction.atomic
def decide_sender(
    sender_id: UUID, *, approve: bool, reason: str = "", is_registered: bool = False, by: Member, at: datetime
) -> None:
    """Approve or refuse; the applicant is told. `is_registered`: the operator entered it at the carrier. M6

    Raises Refused when somebody was faster, when a refusal has no reason, or when an approved number is not
    registered: a text is never sent from such a number.
    """
    sender = queries.locked_sender(sender_id)
    refuse(
        rules.why_not_decide_sender(
            sender.is_waiting, approve=approve, reason=reason, is_registered=is_registered
        )
    )
    after = SenderState.APPROVED if approve else SenderState.REJECTED
    states.move(
        SenderNumber.objects.filter(id=sender_id),
        sender.state,
        after,
        reason=reason.strip(),
        is_registered_at_carrier=approve,
        decided_at=at,
    )
    audit.record(f"sender_{after}", by=by.id, subject=sender_id, company=sender.buyer_id, at=at)
    jobs.announce(events.SENDER_DECIDED, sender_id=sender_id)


@transaction.atomic
def expire_senders(*, at: datetime) -> int:
    """End numbers whose document has grown too old; returns how many. M6"""
    term = timedelta(days=figures_now.figures(at).sender_days)
    ended = SenderNumber.objects.filter(
        state=SenderState.APPROVED, proof=Proof.DOCUMENT, proved_on__lt=clock.seoul_date(at) - term
    )
    return ended.update(state=SenderState.EXPIRED, is_registered_at_carrier=False)
