"""Signing up: what was typed is kept, phone and mail are proved, the tax office is asked, then a member is made. M1"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q

from seonmul.audit import actions as audit
from seonmul.figures import queries as figures_now
from seonmul.kit import clock, crypto, jobs, states
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import events, queries, rules
from seonmul.members.actions._making import make_buyer
from seonmul.members.actions._proving import ask_proof, try_proof
from seonmul.members.models import (
    BusinessCheck,
    Buyer,
    BuyerKind,
    CheckOutcome,
    CheckState,
    Consent,
    ConsentKind,
    JoinRequest,
    Member,
    Membership,
    Proof,
    ProofKind,
    Role,
    SignUp,
)
from seonmul.members.rules import ProofPurpose


@dataclass(frozen=True)
class Business:
    """A company as typed: its number (ten digits), name, representative and opening day."""

    number: str
    company_name: str
    representative: str
    opened_on: date


@dataclass(frozen=True)
class Wish:
    """What somebody typed to become a member. `phone`: national digits; `consents`: kinds of ConsentKind."""

    login: str
    password: str
    name: str
    phone: str
    mail: str
    consents: frozenset[str]
    business: Business | None = None


@transaction.atomic
def begin_sign_up(wish: Wish, *, instead_of: UUID | None = None, client: str = "", at: datetime) -> SignUp:
    """Keep what was typed and send both codes; for a company the tax office is asked meanwhile. Raises Refused.

    `instead_of`: an earlier sign-up of the same browser, which this one replaces; what it has proved stays proved,
    and its password holds where `wish` has none. `client`: the internet address, whose codes of a day are counted.
    """
    _refuse(wish, instead_of, at)
    mail = wish.mail.strip().lower()
    earlier = queries.sign_up(instead_of) if instead_of else None
    phone_proof = _proof(earlier.phone_proof if earlier else None, ProofKind.PHONE, wish.phone, client, at)
    mail_proof = _proof(earlier.mail_proof if earlier else None, ProofKind.MAIL, mail, client, at)
    _make_room(wish.login, instead_of, at)
    try:
        with transaction.atomic():
            made = SignUp.objects.create(
                login=wish.login,
                password=make_password(wish.password) if wish.password or not earlier else earlier.password,
                name_sealed=crypto.ring().seal(SignUp.NAME, wish.name.strip()),
                phone_proof=phone_proof,
                mail_proof=mail_proof,
                check_asked=_ask_office(wish.business, at) if wish.business else None,
                marketing_consent=ConsentKind.MARKETING in wish.consents,
                consent_version=rules.CONSENT_VERSION,
                began_at=at,
            )
    except IntegrityError:  # somebody else typed it at the same moment
        raise Refused(No(rules.SignUpRefusal.LOGIN_TAKEN)) from None
    return made


@transaction.atomic
def change_sign_up_address(
    sign_up_id: UUID, kind: ProofKind, address: str, *, client: str = "", at: datetime
) -> None:
    """Send a new code: to another address, or once more to the same one. Raises Refused."""
    row = _open(queries.locked_sign_up(sign_up_id), at)
    proof = ask_proof(kind, address, ProofPurpose.SIGN_UP, client=client, at=at)
    field = "phone_proof" if kind is ProofKind.PHONE else "mail_proof"
    SignUp.objects.filter(id=row.id).update(**{field: proof})


def prove_sign_up(sign_up_id: UUID, codes: dict[ProofKind, str], *, at: datetime) -> dict[ProofKind, No]:
    """Enter the codes that came; returns what is wrong with each. With both right the member is made, or soon is.

    Raises Refused when it is over, or has come to nothing.
    """
    row = _open(queries.sign_up(sign_up_id), at)
    wrong = {}
    for kind, proof in ((ProofKind.PHONE, row.phone_proof), (ProofKind.MAIL, row.mail_proof)):
        if proof.proved_at is None:
            try:
                try_proof(proof.id, codes.get(kind, ""), at=at)
            except Refused as refused:
                wrong[kind] = refused.no
    if not wrong:
        _note_proved(row, at)
        finish_sign_up(row.id, at=at)
        refuse(queries.why_sign_up_ended(row.id))
    return wrong


@transaction.atomic
def finish_sign_up(sign_up_id: UUID, *, at: datetime) -> Member | None:
    """Make the member of a proved sign-up; None while the tax office may still answer. Safe to run again. M1

    None as well where it came to nothing, since login id or mail address were taken meanwhile: it ends, with the reason
    (`queries.why_sign_up_ended`). Nothing is raised: a job would log what the database says, mail address and all.
    """
    row = queries.locked_sign_up(sign_up_id)
    if row is None or row.proved_at is None or row.ended_at:
        return row.member if row else None
    check = queries.locked_check(row.check_asked_id) if row.check_asked_id else None
    if check and check.state == CheckState.OPEN:
        if at < check.asked_at + timedelta(seconds=figures_now.figures(at).business_check_seconds):
            return None
        _end(check, CheckOutcome.NO_ANSWER, at)
    try:
        with transaction.atomic():
            member = _member(row, at)
    except IntegrityError:  # the mail address was proved twice, or another way gave the login id away
        why = rules.why_taken(is_login_taken=queries.has_login(row.login))
        SignUp.objects.filter(id=row.id).update(ended_at=at, refusal=why.code)
        return None
    outcome = _place(member, check, at)
    SignUp.objects.filter(id=row.id).update(member=member, ended_at=at)
    audit.record("signed_up", by=member.id, subject=member.id, at=at, check=outcome)
    return member


@transaction.atomic
def forget_sign_ups(*, at: datetime) -> None:
    """Erase what was typed for sign-ups that came to nothing or have ended, and the proofs of yesterday."""
    over = at - timedelta(minutes=figures_now.figures(at).sign_up_minutes)
    stale = Q(proved_at=None) | Q(ended_at__lt=over) | Q(ended_at=None, proved_at__lt=over)
    SignUp.objects.filter(stale, began_at__lt=over).delete()
    checks = BusinessCheck.objects.filter(member=None, asked_at__lt=over)
    checks.exclude(id__in=SignUp.objects.filter(check_asked__isnull=False).values("check_asked")).delete()
    proofs = Proof.objects.filter(asked_at__lt=at - timedelta(days=1))  # counted for a day
    for used in ("phone_proof", "mail_proof"):
        proofs = proofs.exclude(id__in=SignUp.objects.values(used))
    proofs.delete()


def _refuse(wish: Wish, instead_of: UUID | None, at: datetime) -> None:
    refuse(
        rules.why_not_login(wish.login, is_taken=queries.is_login_taken(wish.login, at, besides=instead_of))
    )
    refuse(rules.why_not_without(wish.consents))
    if wish.business:
        today = clock.seoul_date(at)
        refuse(rules.why_not_business(wish.business.number, wish.business.opened_on, today=today))


def _proof(earlier: Proof | None, kind: ProofKind, address: str, client: str, at: datetime) -> Proof:
    """The proof of the earlier try where it is about the same address and still good; else a new code goes out."""
    if (
        earlier
        and queries.proved_address(earlier) == address
        and (earlier.proved_at or at < earlier.expires_at)
    ):
        return earlier
    return ask_proof(kind, address, ProofPurpose.SIGN_UP, client=client, at=at)


def _make_room(login: str, instead_of: UUID | None, at: datetime) -> None:
    over = at - timedelta(minutes=figures_now.figures(at).sign_up_minutes)
    stale = Q(id=instead_of) | Q(login=login, began_at__lte=over)
    SignUp.objects.filter(stale, ended_at=None).delete()


def _open(row: SignUp | None, at: datetime) -> SignUp:
    """The sign-up, or Refused when its hour is over or it has ended."""
    minutes = figures_now.figures(at).sign_up_minutes
    if row is None or row.ended_at or at >= row.began_at + timedelta(minutes=minutes):
        raise Refused(No(rules.SignUpRefusal.OVER))
    return row


def _ask_office(business: Business, at: datetime) -> BusinessCheck:
    made = BusinessCheck.objects.create(
        business_number=business.number,
        company_name=business.company_name.strip(),
        representative=business.representative.strip(),
        opened_on=business.opened_on,
        asked_at=at,
    )
    jobs.enqueue("members.check_business", check_id=made.id)
    return made


@transaction.atomic
def _note_proved(row: SignUp, at: datetime) -> None:
    SignUp.objects.filter(id=row.id, proved_at=None).update(proved_at=at)
    if row.check_asked_id:  # also when the browser has gone
        seconds = figures_now.figures(at).business_check_seconds
        jobs.enqueue("members.finish_sign_up", in_seconds=seconds + 1, sign_up_id=row.id)


def _end(check: BusinessCheck, outcome: CheckOutcome, at: datetime) -> None:
    rows = BusinessCheck.objects.filter(id=check.id)
    if states.move(rows, CheckState.OPEN, CheckState.ENDED, outcome=outcome, ended_at=at):
        check.outcome = outcome


def _member(row: SignUp, at: datetime) -> Member:
    ring = crypto.ring()
    phone, mail = queries.proved_address(row.phone_proof), queries.proved_address(row.mail_proof)
    member = Member.objects.create(
        login=row.login,
        password=row.password,
        name=queries.sign_up_name(row),
        phone_sealed=ring.seal(Member.PHONE, phone),
        phone_index=ring.index(Member.PHONE, phone),
        phone_proved_at=row.phone_proof.proved_at,
        mail=mail,
        mail_proved_at=row.mail_proof.proved_at,
        marketing_consent=row.marketing_consent,
        joined_at=at,
    )
    Proof.objects.filter(id__in=[row.phone_proof_id, row.mail_proof_id]).update(used_at=at)
    kinds = set(rules.NEEDED_CONSENTS) | ({ConsentKind.MARKETING} if row.marketing_consent else set())
    Consent.objects.bulk_create(
        Consent(member=member, kind=kind, version=row.consent_version, given_at=row.began_at)
        for kind in sorted(kinds)
    )
    return member


def _place(member: Member, check: BusinessCheck | None, at: datetime) -> str:
    """Give the member a buyer: the company where the tax office knows it, else the person; returns the outcome."""
    company = _company(check, at) if check else None
    if check and company is None and check.outcome == CheckOutcome.CONTINUING:
        check.outcome = CheckOutcome.KNOWN
        _ask_to_join(member, check, at)
    buyer = company or make_buyer(BuyerKind.PERSON, member.name, at=at)
    Membership.objects.create(member=member, buyer=buyer, role=Role.OWNER)
    if check is None:
        return ""
    BusinessCheck.objects.filter(id=check.id).update(member=member, outcome=check.outcome)
    return check.outcome


def _company(check: BusinessCheck, at: datetime) -> Buyer | None:
    """The new company of a business that goes on; None when it does not, or when its number is known already."""
    if check.outcome != CheckOutcome.CONTINUING:
        return None
    try:
        with transaction.atomic():
            return make_buyer(
                BuyerKind.COMPANY, check.company_name, business_number=check.business_number, at=at
            )
    except IntegrityError:
        return None


def _ask_to_join(member: Member, check: BusinessCheck, at: datetime) -> None:
    company = queries.company_by_number(check.business_number)
    if company:
        made = JoinRequest.objects.create(buyer=company, member=member, asked_at=at)
        audit.record("join_asked", by=member.id, subject=made.id, company=company.id, at=at)
        jobs.announce(events.JOIN_ASKED, request_id=made.id)


def sweep_sign_ups(*, at: datetime) -> None:
    """Finish proved sign-ups that nobody finished: a job was lost, or the tax office never answered."""
    for sign_up_id in queries.unfinished_sign_ups(at):
        jobs.enqueue_once("members.finish_sign_up", f"sign_up:{sign_up_id}", sign_up_id=sign_up_id)
