"""Becoming corporate. M2"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import filetypes, jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.models import Buyer, BuyerKind, Conversion, ConversionKind, ConversionState, Member


@transaction.atomic
def apply_for_conversion(
    by: Member, kind: ConversionKind, *, company_name: str, at: datetime, business_number: str = "",
    representative: str = "", opened_on: date | None = None, certificate: bytes = b"",
) -> Conversion:  # fmt: skip
    """Apply to become corporate; raises Refused and stores nothing otherwise. `certificate`: the file's content."""
    buyer = queries.locked_buyer_of(by)
    kind_of_file = filetypes.kind_of(certificate)
    number, is_temporary = rules.business_number(business_number), kind == ConversionKind.TEMPORARY
    facts = queries.conversion_facts(by, buyer, number or "")
    refuse(
        rules.why_not_convert(
            rules.ConversionFacts(
                **facts,
                is_number=number is not None or (is_temporary and not business_number),
                needs_certificate=bool(certificate) or not is_temporary,
                certificate_bytes=len(certificate),
                certificate_type=kind_of_file,
            )
        )
    )
    stored = default_storage.save("certificate", ContentFile(certificate)) if certificate else ""
    made = Conversion.objects.create(
        buyer=buyer,
        member=by,
        kind=kind,
        business_number=number or "",
        company_name=company_name.strip(),
        representative=representative.strip(),
        opened_on=opened_on,
        certificate=stored,
        certificate_type=kind_of_file if certificate else "",
        applied_at=at,
    )
    audit.record(
        "conversion_applied", by=by.id, subject=made.id, company=made.buyer_id, at=at, kind=str(kind)
    )
    return made


@transaction.atomic
def decide_conversion(
    conversion_id: UUID, *, approve: bool, reason: str = "", by: Member, at: datetime
) -> None:
    """Approve or refuse; both are told. Raises Refused when somebody was faster, or a refusal has no reason. M2"""
    buyer = queries.locked_buyer(
        queries.buyer_of_conversion(conversion_id)
    )  # first, as leaving and closing do
    conversion = queries.locked_conversion(conversion_id)
    waiting = conversion.state == ConversionState.WAITING
    is_closed = buyer.closed_at is not None
    refuse(rules.why_not_decide(waiting, approve=approve, reason=reason, is_closed=is_closed))
    after = ConversionState.APPROVED if approve else ConversionState.REFUSED
    states.move(
        Conversion.objects.filter(id=conversion_id),
        ConversionState.WAITING,
        after,
        reason=reason.strip(),
        decided_by=str(by.id),
        decided_at=at,
    )
    if approve:
        _make_corporate(conversion, at)
    audit.record(
        f"conversion_{after}", by=by.id, subject=conversion.id, company=conversion.buyer_id, at=at,
        kind=conversion.kind,
    )  # fmt: skip
    jobs.announce(events.CONVERSION_DECIDED, conversion_id=conversion.id)


def _make_corporate(conversion: Conversion, at: datetime) -> None:
    """The buyer changes its kind and keeps money and history; a certificate ends what was temporary."""
    until = None
    if conversion.kind == ConversionKind.TEMPORARY:
        until = at + timedelta(days=figures_now.figures(at).temporary_corporate_days)
    try:
        with transaction.atomic():
            Buyer.objects.filter(id=conversion.buyer_id).update(
                kind=BuyerKind.COMPANY,
                name=conversion.company_name,
                business_number=conversion.business_number,
                temporary_until=until,
            )
    except IntegrityError as error:  # another company got the number while this one waited
        raise Refused(No(rules.ConversionRefusal.NUMBER_TAKEN)) from error


@transaction.atomic
def withdraw_conversion(conversion_id: UUID, *, by: Member, at: datetime) -> None:
    """The applicant takes a waiting application back; that of another buyer does not exist for them."""
    conversion = queries.locked_conversion(conversion_id)
    is_own = queries.buyer_of(by) == conversion.buyer
    waiting = is_own and conversion.state == ConversionState.WAITING
    refuse(rules.why_not_decide(waiting, approve=True, reason=""))
    states.move(
        Conversion.objects.filter(id=conversion_id), ConversionState.WAITING, ConversionState.WITHDRAWN
    )
    audit.record("conversion_withdrawn", by=by.id, subject=conversion_id, company=conversion.buyer_id, at=at)


@transaction.atomic
def end_temporary(buyer_id: UUID, *, by: str, at: datetime, reason: str = "") -> None:
    """Take a temporary corporate membership back (its term, or an operator's suspicion): general again. M2

    The business number that nobody proved becomes free for whoever can prove it.
    """
    buyer = queries.locked_buyer(buyer_id)
    refuse(rules.why_not_end_temporary(is_temporary=buyer.temporary_until is not None))
    Buyer.objects.filter(id=buyer_id).update(kind=BuyerKind.PERSON, temporary_until=None, business_number="")
    Conversion.objects.filter(
        buyer_id=buyer_id, kind=ConversionKind.TEMPORARY, state=ConversionState.APPROVED
    ).update(state=ConversionState.WITHDRAWN)
    audit.record("temporary_corporate_ended", by=by, subject=buyer_id, company=buyer_id, at=at, reason=reason)


def end_overdue_temporaries(*, at: datetime) -> int:
    """End every temporary corporate membership whose term is over; returns how many. M2"""
    overdue = queries.overdue_temporaries(at)
    for buyer_id in overdue:
        end_temporary(buyer_id, by="system", at=at)
    return len(overdue)
