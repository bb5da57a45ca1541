"""Sender numbers: applying, proving, deciding, expiring. M6"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet

from seonmul.audit import actions as audit
from seonmul.dispatch import events, queries, rules
from seonmul.dispatch.models import Proof, SenderNumber, SenderState
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, filetypes, jobs, phones, states
from seonmul.kit.phones import SenderKind
from seonmul.kit.refusals import refuse
from seonmul.members import actions as members
from seonmul.members import queries as members_now
from seonmul.members.models import Member, ProofKind
from seonmul.members.rules import ProofPurpose

#: What becomes of a newer paper: it takes the older one's place, or goes.
_NOT_RENEWED: dict[str, Any] = {
    "renewal_file": "",
    "renewal_type": "",
    "renewal_proved_on": None,
    "renewal_at": None,
}
_RENEWED: dict[str, Any] = _NOT_RENEWED | {
    "proof_file": F("renewal_file"),
    "proof_type": F("renewal_type"),
    "proved_on": F("renewal_proved_on"),
    "warned_days": None,
}


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
    _let_in(proved.buyer_id, proved.member_id, proved.phone, Proof.IDENTITY, at=at)


@transaction.atomic
def ask_mobile_code(by: Member, buyer_id: UUID, number: str, *, at: datetime) -> UUID:
    """Text a code to a colleague's mobile phone, to use its number as a sender. Raises Refused and sends nothing. M6

    Returns the proof's id for `add_mobile_by_code`.
    """
    digits = phones.normalise_mobile(number) or phones.digits_of(number)
    refuse(
        rules.why_not_add_mobile(
            may_apply=members_now.may_buy(by),
            kind=phones.sender_kind(digits),
            standing=queries.standing_of(buyer_id, digits)[0],
        )
    )
    return members.ask_proof(ProofKind.PHONE, digits, ProofPurpose.SENDER, at=at, by=by.id).id


def add_mobile_by_code(
    by: Member, buyer_id: UUID, proof_id: UUID, digits: str, *, label: str, at: datetime
) -> None:
    """The code that came to a colleague's phone makes its number a sender number. Raises Refused. M6

    M6 says that company numbers serve all members and a mobile number only its owner. The owner here is the member who
    asked: the colleague gave the code to this member and to nobody else, so no other member sees or shows the number.
    When the colleague proves the number by their own identity verification, it goes over to them.
    """
    members.try_proof(proof_id, digits, at=at)
    with transaction.atomic():
        refuse(
            rules.why_not_add_mobile(may_apply=members_now.may_buy(by), kind=SenderKind.MOBILE, standing="")
        )
        number = members.use_proof(proof_id, ProofPurpose.SENDER, at=at)
        sender = _let_in(buyer_id, by.id, number, Proof.CODE, label=label.strip(), at=at)
        audit.record("sender_added_by_code", by=by.id, subject=sender.id, company=buyer_id, at=at)


@transaction.atomic
def add_number_by_code(buyer_id: UUID, member_id: UUID, digits: str, *, at: datetime) -> None:
    """The number of whoever takes an account over, which a code has proved, becomes its sender number. M5, M6"""
    if phones.sender_kind(digits) is not None:
        _let_in(buyer_id, member_id, digits, Proof.CODE, at=at)


@transaction.atomic
def end_own_senders(member_id: UUID, *, at: datetime) -> int:
    """End the mobile numbers of somebody who leaves an account; returns how many. M5"""
    own = SenderNumber.objects.filter(member_id=member_id)
    ended = states.move(own, SenderState.APPROVED, SenderState.EXPIRED, is_registered_at_carrier=False)
    return ended + states.move(own, SenderState.PENDING, SenderState.REJECTED, decided_at=at)


def _let_in(
    buyer_id: UUID, member_id: UUID, digits: str, proof: Proof, *, at: datetime, label: str = ""
) -> SenderNumber:
    """A mobile number that was proved serves whoever proved it, once an operator has entered it at the carrier."""
    sender, is_new = SenderNumber.objects.get_or_create(
        buyer_id=buyer_id,
        digits=digits,
        defaults={
            "member_id": member_id,
            "label": label,
            "state": SenderState.APPROVED,
            "proof": proof,
            "added_at": at,
            "decided_at": at,
        },
    )
    if not is_new:  # a number goes with whoever proved it last
        rows = SenderNumber.objects.filter(id=sender.id)
        new: dict[str, Any] = {"proof": proof, "added_at": at, "reason": ""}
        rows.filter(member__isnull=False).update(member_id=member_id, label=label)
        # one that was rejected waits once more
        states.move(rows, SenderState.REJECTED, SenderState.PENDING, decided_at=None, **new)
        states.move(rows, SenderState.EXPIRED, SenderState.APPROVED, decided_at=at, **new)
    return sender


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

    A number that was rejected or has expired may be asked for again: the same row waits once more. One that stands goes on
    serving while its newer paper waits.
    """
    kind_of_file, digits = filetypes.kind_of(certificate), phones.digits_of(number)
    standing, standing_proved_on = queries.standing_of(buyer_id, digits)
    refuse(
        rules.why_not_apply(
            rules.SenderFacts(
                may_apply=members_now.may_buy(by),
                kind=phones.sender_kind(number),
                standing=standing,
                standing_proved_on=standing_proved_on,
                certificate_bytes=len(certificate),
                certificate_type=kind_of_file,
                proved_on=proved_on,
            ),
            figures=figures_now.figures(at),
            today=clock.seoul_date(at),
        )
    )
    file = default_storage.save("proof", ContentFile(certificate))
    if standing == SenderState.APPROVED:
        fields = {
            "renewal_file": file,
            "renewal_type": kind_of_file,
            "renewal_proved_on": proved_on,
            "renewal_at": at,
        }
    else:
        fields = {
            "label": label.strip(),
            "state": SenderState.PENDING,
            "proof": Proof.DOCUMENT,
            "proof_file": file,
            "proof_type": kind_of_file,
            "proved_on": proved_on,
            "is_registered_at_carrier": False,
            "added_at": at,
            "decided_at": None,
            "warned_days": None,
        }
    sender, _ = SenderNumber.objects.update_or_create(
        buyer_id=buyer_id, digits=digits, defaults=fields | {"reason": ""}
    )
    audit.record("sender_applied", by=by.id, subject=sender.id, company=buyer_id, at=at)
    return sender


@transaction.atomic
def decide_sender(
    sender_id: UUID, *, approve: bool, reason: str = "", is_registered: bool = False, by: Member, at: datetime
) -> None:
    """Approve or refuse; the applicant is told. `is_registered`: the operator entered it at the carrier. M6

    Raises Refused when somebody was faster, when a refusal has no reason, or when an approved number is not
    registered: a text is never sent from such a number. Of a number that serves, its newer paper is decided upon: it is
    registered already, and when the paper is refused it serves until its end.
    """
    sender = queries.locked_sender(sender_id)
    refuse(
        rules.why_not_decide_sender(
            sender.is_waiting,
            approve=approve,
            reason=reason,
            is_registered=is_registered or sender.is_registered_at_carrier,
        )
    )
    after = SenderState.APPROVED if approve else SenderState.REJECTED
    rows = SenderNumber.objects.filter(id=sender_id)
    if sender.is_renewing:
        rows.update(reason=reason.strip(), decided_at=at, **(_RENEWED if approve else _NOT_RENEWED))
    else:
        states.move(
            rows,
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
    """End numbers whose document has grown too old; returns how many. Their companies are told. M6

    One whose newer paper waits is asked for anew with that paper.
    """
    term = timedelta(days=figures_now.figures(at).sender_days)
    old = _by_paper().filter(proved_on__lt=clock.seoul_date(at) - term)
    ended = list(old.select_for_update().order_by("id").values_list("id", flat=True))
    rows = SenderNumber.objects.filter(id__in=ended)
    rows.update(state=SenderState.EXPIRED, is_registered_at_carrier=False)
    waits_on = {"added_at": F("renewal_at"), "decided_at": None, **_RENEWED}
    states.move(rows.filter(renewal_at__isnull=False), SenderState.EXPIRED, SenderState.PENDING, **waits_on)
    _tell_of_end(ended)
    return len(ended)


@transaction.atomic
def warn_of_ending_senders(*, at: datetime) -> int:
    """Tell companies of numbers whose document grows too old soon, once for each warning; returns how many. M6"""
    figures = figures_now.figures(at)
    today, term = clock.seoul_date(at), timedelta(days=figures.sender_days)
    told: list[UUID] = []
    for days in rules.warning_days(figures):
        ends_by = Q(proved_on__lte=today - term + timedelta(days=days), renewal_at=None)
        untold = Q(warned_days=None) | Q(warned_days__gt=days)
        rows = _by_paper().filter(ends_by, untold).select_for_update().order_by("id")
        ending = list(rows.values_list("id", flat=True))
        SenderNumber.objects.filter(id__in=ending).update(warned_days=days)
        told += ending
    _tell_of_end(told)
    return len(told)


def _by_paper() -> QuerySet[SenderNumber]:
    return SenderNumber.objects.filter(state=SenderState.APPROVED, proof=Proof.DOCUMENT)


def _tell_of_end(sender_ids: list[UUID]) -> None:
    for sender_id in sender_ids:
        jobs.announce(events.SENDER_ENDS, sender_id=sender_id)
