"""Erasing what is personal of those who have left, but for what law keeps, which is set apart. M9, X2"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, crypto, masks
from seonmul.members import queries, rules
from seonmul.members.models import (
    Access,
    AlarmTold,
    BusinessCheck,
    Buyer,
    Consent,
    Conversion,
    ConversionState,
    Device,
    Erasure,
    ErasureKind,
    Handover,
    Invitation,
    Kept,
    Member,
    Proof,
    SignUp,
    SpendCode,
    Verification,
)

#: What stands in the place of a name.
GONE = "탈퇴 회원"


@transaction.atomic
def erase(member_id: UUID, *, at: datetime) -> None:
    """Erase one member who has left, keep apart what law keeps, and add it to the day's report. Safe to run again.

    The row itself stays, since orders and books name it; nothing personal is left in it. A person's buyer keeps the
    masked form of its name: recipients go on reading who sent their voucher, as they did before. M9
    """
    member = queries.locked_member(member_id)
    if not queries.is_to_erase(member, at):
        return
    counts: Counter[str] = Counter()
    _set_apart(member, counts, at)
    _erase_buyer(member, counts)
    _erase_rows(member, counts)
    _erase_papers(member, counts)
    _erase_handovers(member, counts)
    _erase_addresses(member, counts, at)
    counts.update(import_string(settings.KEEPER)().erase(member.id))
    _erase_member(member, at)
    counts["members"] += 1
    _report(ErasureKind.CLOSED, counts, members=1, at=at)
    audit.record("account_erased", by="system", subject=member.id, at=at)


@transaction.atomic
def erase_kept(*, at: datetime) -> int:
    """Erase what law kept when its term is over, and report it; returns how many rows. M9"""
    over = Kept.objects.select_for_update().filter(until__lte=at).order_by("until", "id")[:1_000]
    ids = [row.id for row in over]
    if not ids:
        return 0
    rows = Kept.objects.filter(id__in=ids)
    members = rows.values("member").distinct().count()
    rows.delete()
    _report(ErasureKind.TERM, Counter({"kept": len(ids)}), members=members, at=at)
    return len(ids)


@transaction.atomic
def forget_invitations(*, at: datetime) -> int:
    """Forget the addresses of invitations that nobody took up in time; returns of how many. M9"""
    over = at - timedelta(days=figures_now.figures(at).invitation_kept_days)
    ended = Q(expires_at__lte=over) | Q(withdrawn_at__lte=over)
    return _empty(Invitation.objects.filter(ended, accepted_at=None))


def _set_apart(member: Member, counts: Counter[str], at: datetime) -> None:
    ring = crypto.ring()
    for what, content in queries.kept_content(member).items():
        law, months = rules.KEPT[what]
        text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)
        Kept.objects.create(
            member=member,
            what=what,
            law=law,
            content_sealed=ring.seal(Kept.CONTENT, text),
            kept_at=at,
            until=clock.months_after(member.closed_at or at, months),
        )
        counts["set_apart"] += 1


def _erase_buyer(member: Member, counts: Counter[str]) -> None:
    buyer = queries.buyer_of(member)
    if buyer and buyer.closed_at and queries.is_person(buyer):
        counts["buyers"] += Buyer.objects.filter(id=buyer.id).update(name=masks.mask_name(buyer.name))


def _erase_rows(member: Member, counts: Counter[str]) -> None:
    """Whole rows that are about nobody else."""
    proofs = SignUp.objects.filter(member=member).values_list("phone_proof_id", "mail_proof_id")
    of_sign_ups = [proof_id for pair in proofs for proof_id in pair]
    rows: dict[str, QuerySet[Any]] = {
        "devices": Device.objects.filter(member=member),
        "accesses": Access.objects.filter(member=member),
        "alarms": AlarmTold.objects.filter(member=member),
        "sessions": UserSession.objects.filter(user=member),
        "second_factors": Authenticator.objects.filter(user=member),
        "mail_addresses": EmailAddress.objects.filter(user=member),
        "verifications": Verification.objects.filter(member=member),
        "spend_codes": SpendCode.objects.filter(member=member),
        "consents": Consent.objects.filter(member=member),
        "sign_ups": SignUp.objects.filter(member=member),
        "proofs": Proof.objects.filter(id__in=of_sign_ups),
        "business_checks": BusinessCheck.objects.filter(member=member),
    }
    for name, found in rows.items():
        counts[name] += found.delete()[0]


def _erase_papers(member: Member, counts: Counter[str]) -> None:
    """Certificates of what came to nothing, or of a company that ended; those of a company that goes on are its own."""
    papers = Conversion.objects.filter(member=member)
    if not (papers and papers[0].buyer.closed_at):
        papers = papers.exclude(state=ConversionState.APPROVED)
    for paper in papers:
        if paper.certificate:
            default_storage.delete(paper.certificate)
        counts["certificates"] += 1
    papers.update(certificate="", certificate_type="", representative="", opened_on=None)


def _erase_handovers(member: Member, counts: Counter[str]) -> None:
    """Who handed this account to whom; that it changed hands stays. M5"""
    ring, rows = crypto.ring(), Handover.objects.filter(member=member)
    for name in filter(None, rows.values_list("certificate", flat=True)):
        default_storage.delete(name)
        counts["certificates"] += 1
    empty = {
        f"{whose}{field}_sealed": ring.seal(context, "")
        for field, context in (("name", Handover.NAME), ("phone", Handover.PHONE), ("mail", Handover.MAIL))
        for whose in ("", "old_")
    }
    counts["handovers"] += rows.update(certificate="", certificate_type="", **empty)


def _erase_addresses(member: Member, counts: Counter[str], at: datetime) -> None:
    """What other rows know of the phone and the mailbox: codes that went there, invitations of others."""
    ring, phone = crypto.ring(), queries.phone_of(member)
    for address in filter(None, (phone, member.mail)):
        used = Proof.objects.filter(address_index=ring.index(Proof.ADDRESS, address))
        for field in ("phone_proof", "mail_proof"):  # a sign-up under way is somebody's who comes
            used = used.exclude(id__in=SignUp.objects.values(field))
        counts["proofs"] += used.delete()[0]
    counts["invitations"] += _empty(Invitation.objects.filter(accepted_by=member))
    if member.mail:
        invited = Invitation.objects.filter(mail_index=ring.index(Invitation.MAIL, member.mail))
        over = Q(accepted_at__isnull=False) | Q(withdrawn_at__isnull=False) | Q(expires_at__lte=at)
        counts["invitations"] += _empty(invited.filter(over))


def _empty(rows: QuerySet[Invitation]) -> int:
    """Let invitations forget where they went. One that nobody took up ends with that: one may be open per address."""
    seal = crypto.ring().seal
    gone = {"mail_sealed": seal(Invitation.MAIL, ""), "mail_index": b""}
    rows = rows.exclude(mail_index=b"")
    ended = Coalesce(F("withdrawn_at"), F("expires_at"))
    taken = Invitation.objects.filter(
        id__in=list(rows.exclude(accepted_at=None).values_list("id", flat=True))
    )
    return taken.update(**gone) + rows.filter(accepted_at=None).update(**gone, withdrawn_at=ended)


def _erase_member(member: Member, at: datetime) -> None:
    Member.objects.filter(id=member.id).update(
        # nobody can choose this login id, and the old one is free again
        login=f"-{member.id.hex[-19:]}",
        name=GONE,
        phone_sealed=b"",
        phone_index=b"",
        phone_proved_at=None,
        mail="",
        mail_proved_at=None,
        last_login=None,
        erased_at=at,
    )


def _report(kind: ErasureKind, counts: Counter[str], *, members: int, at: datetime) -> None:
    """Add to the day's report, in the transaction that erases: what is gone is in it, and nothing else."""
    report, _ = Erasure.objects.select_for_update().get_or_create(
        kind=kind, day=clock.seoul_date(at), defaults={"erased_at": at, "members": 0, "counts": {}}
    )
    together = Counter(report.counts) + +counts
    Erasure.objects.filter(id=report.id).update(
        erased_at=at, members=report.members + members, counts=dict(sorted(together.items()))
    )
