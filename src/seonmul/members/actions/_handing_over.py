"""Change of the person in charge: the account stays, the person behind it is another. M5

Whoever comes proves a phone by a code texted to it. Then, in one transaction, the profile follows, every session, second
factor and the payment password of whoever goes end, spending pauses, and every app that has something of the account
hands it over (`settings.HANDERS`). The login password is void too: the new person sets one by recovery to the new phone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, filetypes, jobs, phones, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, handing, queries, rules
from seonmul.members.actions._proving import ask_proof, try_proof, use_proof
from seonmul.members.models import (
    Consent,
    ConsentKind,
    Device,
    Handover,
    HandoverState,
    HandoverWay,
    Member,
    ProofKind,
    SpendMethod,
)
from seonmul.members.ports import HandingOver
from seonmul.members.rules import HandoverFacts, HandoverRefusal, ProfileRefusal, ProofPurpose


@dataclass(frozen=True)
class Successor:
    """Who comes, as typed."""

    name: str = field(repr=False)
    phone: str = field(repr=False)
    mail: str = field(repr=False)


@transaction.atomic
def ask_handover(
    by: Member, whom: Member, typed: Successor, way: HandoverWay, *, is_verified: bool, at: datetime,
    certificate: bytes = b"",
) -> Handover:  # fmt: skip
    """Begin a change: a code is texted to the new person's phone. Raises Refused and sends nothing. M5

    `is_verified`: `by` has proved who they are in this session; for the way IDENTITY that is the old person.
    """
    whom = queries.locked_member(whom.id)
    name, mail = typed.name.strip(), typed.mail.strip().lower()
    phone, kind_of_file = phones.normalise_mobile(typed.phone), filetypes.kind_of(certificate)
    refuse(
        rules.why_not_hand_over(
            HandoverFacts(
                **queries.handover_facts(by, whom, mail), way=way, is_verified=is_verified, name=name, mail=mail,
                phone=phone, certificate_bytes=len(certificate), certificate_type=kind_of_file,
            )
        )
    )  # fmt: skip
    place = queries.place_of(whom)
    if phone is None or place is None:
        raise Refused(No(HandoverRefusal.PHONE_FORM))
    asked = Handover.objects.filter(member=whom, state=HandoverState.ASKED)
    asked.update(state=HandoverState.WITHDRAWN, ended_at=at)
    ring, by_paper = crypto.ring(), way == HandoverWay.CERTIFICATE
    return Handover.objects.create(
        member=whom,
        buyer=place.buyer,
        by=by,
        way=way,
        proof=ask_proof(ProofKind.PHONE, phone, ProofPurpose.HAND_OVER, at=at, by=by.id),
        name_sealed=ring.seal(Handover.NAME, name),
        phone_sealed=ring.seal(Handover.PHONE, phone),
        mail_sealed=ring.seal(Handover.MAIL, mail),
        **_as_it_is(whom),
        certificate=default_storage.save("certificate", ContentFile(certificate)) if by_paper else "",
        certificate_type=kind_of_file if by_paper else "",
        asked_at=at,
    )


def prove_handover(
    handover_id: UUID, digits: str, by: Member, *, is_verified: bool, at: datetime
) -> HandoverState:
    """Enter the code; then the change is made, or waits for staff. Raises Refused; a wrong try is counted. M5"""
    row = Handover.objects.filter(id=handover_id, state=HandoverState.ASKED, by=by).first()
    if row is None or row.proof_id is None:
        raise Refused(No(HandoverRefusal.NOT_WAITING))
    if row.proof and row.proof.proved_at is None:
        try_proof(row.proof_id, digits, at=at)
    return _go_on(handover_id, by, is_verified, at)


@transaction.atomic
def _go_on(handover_id: UUID, by: Member, is_verified: bool, at: datetime) -> HandoverState:
    row = queries.locked_handover(handover_id)
    if row.state != HandoverState.ASKED or row.proof_id is None:
        raise Refused(No(HandoverRefusal.NOT_WAITING))
    new = queries.successor(row)
    refuse(
        rules.why_not_hand_over(
            HandoverFacts(
                **queries.handover_facts(by, row.member, new.mail), way=row.way, is_verified=is_verified,
                name=new.name, mail=new.mail, phone=new.phone, certificate_bytes=len(row.certificate),
                certificate_type=row.certificate_type,
            )
        )
    )  # fmt: skip
    use_proof(row.proof_id, ProofPurpose.HAND_OVER, at=at)
    if row.way == HandoverWay.CERTIFICATE:
        states.move(
            Handover.objects.filter(id=row.id), HandoverState.ASKED, HandoverState.WAITING, waits_since=at
        )
        audit.record("handover_asked", by=by.id, subject=row.id, company=row.buyer_id, at=at)
        jobs.announce(events.HANDOVER_MOVED, handover_id=row.id)
        return HandoverState.WAITING
    _change(row, by, at)
    return HandoverState.DONE


@transaction.atomic
def decide_handover(handover_id: UUID, *, approve: bool, reason: str = "", by: Member, at: datetime) -> None:
    """Staff have seen the certificate of employment: the change is made, or refused. Raises Refused. M5"""
    row = queries.locked_handover(handover_id)
    is_waiting = row.state == HandoverState.WAITING
    refuse(rules.why_not_decide_handover(is_waiting, approve=approve, reason=reason))
    if approve:
        _change(row, by, at)
        return
    states.move(
        Handover.objects.filter(id=row.id), HandoverState.WAITING, HandoverState.REFUSED,
        reason=reason.strip(), ended_at=at,
    )  # fmt: skip
    audit.record("handover_refused", by=by.id, subject=row.id, company=row.buyer_id, at=at)
    jobs.announce(events.HANDOVER_MOVED, handover_id=row.id)


@transaction.atomic
def withdraw_handover(handover_id: UUID, *, by: Member, at: datetime) -> None:
    """Take back a change that waits. Raises Refused when it does not."""
    row = queries.locked_handover(handover_id)
    if row.state != HandoverState.WAITING or not queries.may_see_handover(row, by):
        raise Refused(No(HandoverRefusal.NOT_WAITING))
    states.move(
        Handover.objects.filter(id=row.id), HandoverState.WAITING, HandoverState.WITHDRAWN, ended_at=at
    )
    audit.record("handover_withdrawn", by=by.id, subject=row.id, company=row.buyer_id, at=at)


def _change(row: Handover, by: Member, at: datetime) -> None:
    member, new = queries.locked_member(row.member_id), queries.successor(row)
    before = _as_it_is(member)
    change = HandingOver(member.id, row.buyer_id, old_phone=queries.phone_of(member), new_phone=new.phone)
    _become(member, new, at)
    Authenticator.objects.filter(user=member).delete()
    Device.objects.filter(member=member).delete()
    Consent.objects.filter(member=member, kind=ConsentKind.MARKETING, withdrawn_at=None).update(
        withdrawn_at=at
    )
    handed = [one for hander in handing.handers() for one in hander.hand_over(change, at=at)]
    states.move(
        Handover.objects.filter(id=row.id), HandoverState(row.state), HandoverState.DONE,
        handed=[asdict(one) for one in handed], ended_at=at, **before,
    )  # fmt: skip
    audit.record(
        "person_changed", by=by.id, subject=row.id, company=row.buyer_id, at=at, way=row.way,
        handed={one.what: one.count for one in handed},
    )  # fmt: skip
    jobs.announce(events.HANDOVER_MOVED, handover_id=row.id)


def _become(member: Member, new: queries.Person, at: datetime) -> None:
    """The account is another person's: their data, no way in of the old one's, and a pause before it spends."""
    ring, figures = crypto.ring(), figures_now.figures(at)
    member.name, member.mail, member.mail_proved_at = new.name, new.mail, None
    member.phone_sealed = ring.seal(Member.PHONE, new.phone)
    member.phone_index, member.phone_proved_at = ring.index(Member.PHONE, new.phone), at
    member.marketing_consent = False
    # with the password every session ends
    member.set_unusable_password()
    member.payment_password, member.payment_failures, member.payment_locked_until = "", 0, None
    member.spend_method = SpendMethod.PHONE_CODE
    member.spend_blocked_until = rules.blocked_at_first(member.spend_blocked_until, figures=figures, at=at)
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError as error:  # somebody took the mail address while this change waited
        raise Refused(No(ProfileRefusal.MAIL_TAKEN)) from error


def _as_it_is(member: Member) -> dict[str, Any]:
    """Who goes, as kept with the change."""
    ring = crypto.ring()
    return {
        "old_name_sealed": ring.seal(Handover.NAME, member.name),
        "old_phone_sealed": ring.seal(Handover.PHONE, queries.phone_of(member)),
        "old_mail_sealed": ring.seal(Handover.MAIL, member.mail),
    }
