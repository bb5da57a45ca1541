"""Questions about members and buyers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import connection
from django.db.models import Q

from seonmul.figures import queries as figures_now
from seonmul.kit import crypto, masks
from seonmul.ledger import queries as ledger
from seonmul.members.models import (
    BusinessCheck,
    Buyer,
    BuyerKind,
    CheckOutcome,
    CheckState,
    Conversion,
    ConversionState,
    Department,
    Invitation,
    JoinRequest,
    JoinState,
    Member,
    Membership,
    Proof,
    ProofKind,
    Role,
    SignUp,
    SpendCode,
    SpendGrant,
    Verification,
    VerificationState,
)
from seonmul.members.rules import (
    BUYING_ROLES,
    INVITATION_DAYS,
    CodeFacts,
    InvitationFacts,
    PasswordFacts,
    ProofFacts,
    ProofPurpose,
    Purpose,
)


@dataclass(frozen=True)
class SpendCodeLetter:
    """What the text with a spend code says, and where it goes."""

    member_id: UUID
    buyer_id: UUID
    phone: str
    code: str
    amount_won: int
    people: int


def by_login(login: str) -> Member | None:
    """Find a member by login id."""
    return Member.objects.filter(login=login, is_active=True).first()


def buyer_of(member: Member) -> Buyer | None:
    """For whom this member acts (None for staff)."""
    return Buyer.objects.filter(memberships__member=member).first()


def may_buy(member: Member) -> bool:
    """Say whether this member's role may buy and send. M7"""
    return Member.objects.filter(id=member.id, membership__role__in=BUYING_ROLES).exists()


def blocked_until(member: Member) -> datetime | None:
    """Until when this member's spending is stopped (also when that has passed). M5, M8"""
    return Member.objects.values_list("spend_blocked_until", flat=True).get(id=member.id)


def phone_of(member: Member) -> str:
    """The member's own number, or ""."""
    return crypto.ring().open(Member.PHONE, member.phone_sealed) if member.phone_sealed else ""


def locked_member(member_id: UUID) -> Member:
    """Lock one member."""
    return Member.objects.select_for_update().get(id=member_id)


def locked_grant(grant_id: UUID) -> SpendGrant:
    """Lock one spend grant."""
    return SpendGrant.objects.select_for_update().get(id=grant_id)


def locked_newest_code(member_id: UUID, purpose: Purpose) -> SpendCode | None:
    """Lock the newest code of this member for this purpose; None when it was used: older ones are dead."""
    codes = SpendCode.objects.select_for_update().filter(member_id=member_id, purpose=purpose.key)
    newest = codes.order_by("-asked_at", "-id").first()
    return newest if newest and newest.used_at is None else None


def codes_lately(member: Member, at: datetime) -> tuple[int, int]:
    """How many codes went out in the last ten minutes: to this member, to this number. M4"""
    lately = SpendCode.objects.filter(asked_at__gt=at - timedelta(minutes=10))
    return (
        lately.filter(member=member).count(),
        lately.filter(phone_index=bytes(member.phone_index)).count(),
    )


def code_until(member: Member, purpose: Purpose, at: datetime) -> datetime | None:
    """Until when the newest code for this purpose can be entered; None when there is none or it was used. M4"""
    codes = SpendCode.objects.filter(member=member, purpose=purpose.key).order_by("-asked_at", "-id")
    newest = codes.only("expires_at", "used_at").first()
    return newest.expires_at if newest and newest.used_at is None and at < newest.expires_at else None


def code_facts(code: SpendCode | None) -> CodeFacts | None:
    return CodeFacts(code.tries, code.expires_at) if code else None


def password_facts(member: Member) -> PasswordFacts:
    return PasswordFacts(bool(member.payment_password), member.payment_failures, member.payment_locked_until)


@dataclass(frozen=True)
class Address:
    """Where a member can be reached."""

    buyer_id: UUID
    phone: str


def address_of(member_id: UUID) -> Address | None:
    """Where to text a member; None without a number or a buyer."""
    member = (
        Member.objects.select_related("membership").filter(id=member_id, membership__isnull=False).first()
    )
    if member is None or not member.phone_sealed:
        return None
    return Address(member.membership.buyer_id, phone_of(member))


def spend_code_letter(code_id: UUID, at: datetime) -> SpendCodeLetter | None:
    """What to text for a spend code; None when it is no longer of use."""
    code = SpendCode.objects.select_related("member__membership").filter(id=code_id).first()
    if code is None or code.used_at or at >= code.expires_at:
        return None
    return SpendCodeLetter(
        member_id=code.member_id,
        buyer_id=code.member.membership.buyer_id,
        phone=phone_of(code.member),
        code=crypto.ring().open(SpendCode.CODE, code.code_sealed),
        amount_won=code.amount_won,
        people=code.people,
    )


def is_company(buyer: Buyer) -> bool:
    """Say whether a buyer is a company."""
    return buyer.kind == BuyerKind.COMPANY


def tier_of(buyer: Buyer) -> int:
    """The percent that a buyer's tier takes off goods on the corporate list. M3"""
    return buyer.tier_percent if is_company(buyer) else 0


def tiers_to_change(percent: int, buyers: Collection[UUID], tiered: Collection[UUID]) -> list[UUID]:
    """Lock, in key order, those whose tier is to become `percent` and is not; 0: everybody not among `tiered`."""
    rows = Buyer.objects.exclude(tier_percent=percent)
    rows = rows.filter(id__in=buyers) if percent else rows.exclude(id__in=tiered)
    return list(rows.select_for_update().order_by("id").values_list("id", flat=True))


def is_owner(member: Member) -> bool:
    """Say whether this member owns its buyer. M7"""
    return Membership.objects.filter(member=member, role=Role.OWNER).exists()


def owners(buyer_id: UUID) -> int:
    """How many owners a buyer has."""
    return Membership.objects.filter(buyer_id=buyer_id, role=Role.OWNER).count()


def locked_buyer(buyer_id: UUID) -> Buyer:
    """Lock one buyer."""
    return Buyer.objects.select_for_update().get(id=buyer_id)


def locked_buyer_of(member: Member) -> Buyer:
    """Lock the buyer that a member acts for."""
    return Buyer.objects.select_for_update(of=("self",)).get(memberships__member=member)


def locked_place(buyer_id: UUID, member_id: UUID) -> Membership:
    """Lock a member's place in a company."""
    return Membership.objects.select_for_update().get(buyer_id=buyer_id, member_id=member_id)


def places_of(buyer_id: UUID) -> list[Membership]:
    """Everybody of a company with role and department, owners first."""
    rows = Membership.objects.filter(buyer_id=buyer_id).select_related("member", "department")
    order = {role: number for number, role in enumerate(Role)}
    return sorted(rows, key=lambda place: (order[Role(place.role)], place.member.login))


def departments_of(buyer_id: UUID) -> list[Department]:
    """A company's departments by name."""
    return list(Department.objects.filter(buyer_id=buyer_id).order_by("name"))


def open_invitations(buyer_id: UUID, at: datetime) -> list[Invitation]:
    """Invitations that can still be accepted, newest first."""
    rows = Invitation.objects.filter(
        buyer_id=buyer_id, accepted_at=None, withdrawn_at=None, expires_at__gt=at
    )
    return list(rows.order_by("-invited_at"))


def mail_of(invitation: Invitation) -> str:
    """Where an invitation goes."""
    return crypto.ring().open(Invitation.MAIL, invitation.mail_sealed)


def link_of(invitation: Invitation) -> str:
    """The unguessable part of an invitation's address."""
    return crypto.ring().open(Invitation.LINK, invitation.link_sealed)


def invitation_by_link(link: str) -> Invitation | None:
    """The invitation that a link opens."""
    index = crypto.ring().index(Invitation.LINK, link)
    return Invitation.objects.select_related("buyer").filter(link_index=index).first()


def locked_invitation(link: str) -> Invitation | None:
    """Lock the invitation that a link opens."""
    index = crypto.ring().index(Invitation.LINK, link)
    return Invitation.objects.select_for_update().filter(link_index=index).first()


def invitation_facts(invitation: Invitation | None, by: Member | None) -> InvitationFacts | None:
    """What the rule of accepting needs. The place of a person of one's own does not count as a company."""
    if invitation is None:
        return None
    own = buyer_of(by) if by else None
    return InvitationFacts(
        expires_at=invitation.expires_at,
        is_accepted=invitation.accepted_at is not None,
        is_withdrawn=invitation.withdrawn_at is not None or not is_company(invitation.buyer),
        has_membership=own is not None and is_company(own),
        has_money=own is not None and has_money(own),
    )


def has_money(buyer: Buyer) -> bool:
    """Say whether a buyer has cash or reward, also held."""
    money = ledger.balances(buyer.id)
    return bool(money.cash_won or money.reward_won or money.held_won)


def locked_conversion(conversion_id: UUID) -> Conversion:
    """Lock one application."""
    return Conversion.objects.select_for_update().get(id=conversion_id)


def conversion_facts(by: Member, buyer: Buyer, business_number: str) -> dict[str, bool]:
    """What the rule of converting needs to know of the applicant."""
    taken = Buyer.objects.filter(business_number=business_number).exclude(id=buyer.id)
    return {
        "is_corporate": buyer.kind == BuyerKind.COMPANY and buyer.temporary_until is None,
        "is_owner": is_owner(by),
        "has_waiting": Conversion.objects.filter(buyer=buyer, state=ConversionState.WAITING).exists(),
        "is_number_taken": bool(business_number) and taken.exists(),
    }


def conversions_of(buyer_id: UUID) -> list[Conversion]:
    """A buyer's applications, newest first."""
    return list(Conversion.objects.filter(buyer_id=buyer_id).order_by("-applied_at", "-id")[:20])


def waiting_conversions(limit: int = 200) -> list[Conversion]:
    """Applications that wait for a decision, oldest first."""
    rows = Conversion.objects.filter(state=ConversionState.WAITING).order_by("applied_at", "id")
    return list(rows[:limit])


def conversion(public_id: str) -> Conversion | None:
    """One application with its buyer and applicant."""
    return Conversion.objects.select_related("buyer", "member").filter(public_id=public_id).first()


def overdue_temporaries(at: datetime) -> list[UUID]:
    """Buyers whose temporary membership is over."""
    rows = Buyer.objects.filter(temporary_until__lte=at).order_by("temporary_until", "id")
    return list(rows.values_list("id", flat=True)[:1000])


@dataclass(frozen=True)
class ConversionLetter:
    """What a notice of a decision says, and where it goes. `mail`: "" for none."""

    address: Address
    mail: str
    company_name: str
    is_approved: bool
    reason: str


def conversion_letter(conversion_id: UUID) -> ConversionLetter | None:
    """The notice about a decided application; None without a number."""
    row = Conversion.objects.select_related("member").filter(id=conversion_id).first()
    address = address_of(row.member_id) if row else None
    if row is None or address is None:
        return None
    approved = row.state == ConversionState.APPROVED
    return ConversionLetter(address, row.member.mail, row.company_name, approved, row.reason)


def owners_addresses(buyer_id: UUID) -> list[Address]:
    """Where a buyer's owners can be reached."""
    ids_ = Membership.objects.filter(buyer_id=buyer_id, role=Role.OWNER).values_list("member_id", flat=True)
    return [address for address in map(address_of, ids_) if address]


@dataclass(frozen=True)
class InvitationLetter:
    """What an invitation says, and where it goes."""

    mail: str
    link: str
    company_name: str
    days: int


def invitation_letter(invitation_id: UUID) -> InvitationLetter | None:
    """The mail for an invitation; None when it was taken back or used."""
    row = (
        Invitation.objects.select_related("buyer")
        .filter(id=invitation_id, accepted_at=None, withdrawn_at=None)
        .first()
    )
    if row is None:
        return None
    return InvitationLetter(mail_of(row), link_of(row), row.buyer.name, INVITATION_DAYS)


def returned_verification(verification_id: UUID) -> Verification | None:
    """An attempt whose browser came back and whose result is not known."""
    return Verification.objects.filter(id=verification_id, state=VerificationState.RETURNED).first()


def open_verifications(limit: int = 100) -> list[UUID]:
    """Attempts that came back without a result, oldest first."""
    rows = Verification.objects.filter(state=VerificationState.RETURNED).order_by("asked_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def verification(member: Member, reference: str) -> Verification | None:
    """One attempt of this member."""
    return Verification.objects.filter(member=member, reference=reference).first()


def fresh_verification(member: Member, session: str, *, minutes: int, at: datetime) -> Verification | None:
    """A success of this member in this browser session within the last minutes. M4

    Somebody else who proves who *they* are proves nothing for this member: whoever has stolen a password could.
    """
    index = crypto.ring().index(Verification.SESSION, session)
    rows = Verification.objects.filter(
        member=member,
        session=index,
        state=VerificationState.VERIFIED,
        verified_at__gt=at - timedelta(minutes=minutes),
    ).order_by("-verified_at")
    return next((row for row in rows[:10] if is_own(row)), None)


def verified_phone(row: Verification) -> str:
    """The number of the person who was verified."""
    return crypto.ring().open(Verification.PHONE, row.phone_sealed) if row.phone_sealed else ""


def is_own(row: Verification) -> bool:
    """Say whether the person who was verified is the member: has the member's number, or the CI of one who had it."""
    return anchor_of(row) is not None


def anchor_of(row: Verification) -> Verification | None:
    """The verification that ties this one to its member: of the same person, with the member's present number."""
    phone = phone_of(row.member)
    same = Verification.objects.filter(
        member=row.member, state=VerificationState.VERIFIED, ci_index=bytes(row.ci_index)
    ).order_by("-verified_at")
    return next((one for one in (row, *same) if phone and verified_phone(one) == phone), None)


@dataclass(frozen=True)
class NumberBefore:
    """Where to tell that a number is no longer a member's."""

    address: Address
    phone: str


def number_before(verification_id: UUID) -> NumberBefore | None:
    """The number of a verification that held before the member took another one."""
    row = Verification.objects.select_related("member").filter(id=verification_id).first()
    address = address_of(row.member_id) if row else None
    return NumberBefore(address, verified_phone(row)) if row and address else None


@dataclass(frozen=True)
class ProvedNumber:
    """A mobile number that an identity provider vouches for."""

    member_id: UUID
    buyer_id: UUID
    phone: str


def proved_number(verification_id: UUID) -> ProvedNumber | None:
    """The number of a verified member that acts for a buyer; None when somebody else was verified."""
    row = (
        Verification.objects.select_related("member__membership")
        .filter(id=verification_id, state=VerificationState.VERIFIED, member__membership__isnull=False)
        .first()
    )
    if row is None or not is_own(row):
        return None
    return ProvedNumber(row.member_id, row.member.membership.buyer_id, verified_phone(row))


def locked_address(index: bytes) -> None:
    """Let one request at a time count the codes of an address, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(index[:8], "big", signed=True)])


def proofs_lately(index: bytes, at: datetime) -> tuple[int, int]:
    """How many codes went to this address: in the last ten minutes, in a day. M1"""
    of_a_day = Proof.objects.filter(address_index=index, asked_at__gt=at - timedelta(days=1))
    return of_a_day.filter(asked_at__gt=at - timedelta(minutes=10)).count(), of_a_day.count()


def locked_proof(proof_id: UUID) -> Proof | None:
    """Lock one proof."""
    return Proof.objects.select_for_update().filter(id=proof_id).first()


def proof(proof_id: UUID) -> Proof | None:
    """One proof."""
    return Proof.objects.filter(id=proof_id).first()


def proof_facts(proof: Proof | None) -> ProofFacts | None:
    if proof is None:
        return None
    return ProofFacts(proof.tries, proof.expires_at, proof.proved_at is not None, proof.used_at is not None)


def proved_address(proof: Proof) -> str:
    """The phone number (digits) or mail address that a proof is about."""
    return crypto.ring().open(Proof.ADDRESS, proof.address_sealed)


def members_at(kind: str, address: str) -> list[Member]:
    """Active members with this phone number or mail address, by login id. M1"""
    rows = Member.objects.filter(is_active=True)
    if kind == ProofKind.PHONE:
        rows = rows.filter(phone_index=crypto.ring().index(Member.PHONE, address))
    else:
        rows = rows.filter(mail=address)
    return list(rows.order_by("login")[:20])


@dataclass(frozen=True)
class ProofLetter:
    """What goes to an address that is to be proved. `code` "": somebody with this address is a member already."""

    kind: str
    purpose: str
    address: str
    code: str
    minutes: int
    logins: list[str]


def proof_letter(proof_id: UUID, at: datetime) -> ProofLetter | None:
    """The letter for a proof; None when nothing is to be sent.

    Only here is it decided whether the address belongs to a member, so that no page can tell. M1
    """
    row = proof(proof_id)
    if row is None or row.proved_at or row.used_at or at >= row.expires_at:
        return None
    ring, address = crypto.ring(), proved_address(row)
    known = [member.login for member in members_at(row.kind, address)]
    is_taken = row.kind == ProofKind.MAIL and row.purpose == ProofPurpose.SIGN_UP and bool(known)
    if row.purpose == ProofPurpose.RECOVER and not known:
        return None
    return ProofLetter(
        kind=row.kind,
        purpose=row.purpose,
        address=address,
        code="" if is_taken else ring.open(Proof.CODE, row.code_sealed),
        minutes=-(-(row.expires_at - at) // timedelta(minutes=1)),
        logins=known,
    )


def is_login_taken(login: str, at: datetime, *, besides: UUID | None = None) -> bool:
    """Say whether a member, or a sign-up under way other than `besides`, has this login id. M1"""
    since = at - timedelta(minutes=figures_now.figures(at).sign_up_minutes)
    others = SignUp.objects.filter(login=login, ended_at=None, began_at__gt=since)
    if besides:
        others = others.exclude(id=besides)
    return Member.objects.filter(login=login).exists() or others.exists()


def sign_up(sign_up_id: UUID) -> SignUp | None:
    """One sign-up with its proofs and its check."""
    rows = SignUp.objects.select_related("phone_proof", "mail_proof", "check_asked", "member")
    return rows.filter(id=sign_up_id).first()


def locked_sign_up(sign_up_id: UUID) -> SignUp | None:
    """Lock one sign-up and its check."""
    return SignUp.objects.select_for_update(of=("self",)).filter(id=sign_up_id).first()


def sign_up_name(sign_up: SignUp) -> str:
    """The name that was typed."""
    return crypto.ring().open(SignUp.NAME, sign_up.name_sealed)


def sign_up_of_check(check_id: UUID) -> SignUp | None:
    """The sign-up that waits for a check."""
    return SignUp.objects.filter(check_asked_id=check_id).first()


def locked_check(check_id: UUID) -> BusinessCheck | None:
    """Lock one question to the tax office."""
    return BusinessCheck.objects.select_for_update().filter(id=check_id).first()


def newest_check(member: Member) -> BusinessCheck | None:
    """What the tax office was asked about this member at sign-up: it fills in the conversion (M2)."""
    return BusinessCheck.objects.filter(member=member).order_by("-asked_at").first()


def company_by_number(business_number: str) -> Buyer | None:
    """The company with this business number."""
    return Buyer.objects.filter(business_number=business_number).first()


def unfinished_sign_ups(at: datetime) -> list[UUID]:
    """Sign-ups that were proved and wait for nothing any more."""
    seconds = figures_now.figures(at).business_check_seconds
    rows = SignUp.objects.filter(ended_at=None, proved_at__isnull=False).filter(
        Q(check_asked=None)
        | Q(check_asked__state=CheckState.ENDED)
        | Q(check_asked__asked_at__lte=at - timedelta(seconds=seconds))
    )
    return list(rows.order_by("began_at").values_list("id", flat=True)[:200])


def join_letter(request_id: UUID) -> tuple[UUID, str] | None:
    """Of an open request to join: the company, and the masked name of who asks."""
    row = JoinRequest.objects.select_related("member").filter(id=request_id, state=JoinState.WAITING).first()
    return (row.buyer_id, masks.mask_name(row.member.name)) if row else None


def unsaved_member(login: str, name: str, mail: str) -> Member:
    """Somebody who is no member yet, for the rules of passwords: none may resemble who has it."""
    return Member(login=login, name=name, mail=mail)


def login_letter(member_id: UUID) -> tuple[str, str] | None:
    """Login id and number of a member, to tell about a changed login; None without a number."""
    member = Member.objects.filter(id=member_id).first()
    return (member.login, phone_of(member)) if member and member.phone_sealed else None


def has_second_factor(member: Member) -> bool:
    """Say whether a member has an authenticator app or a passkey. B"""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user_id=member.id, type__in=kinds).exists())


def place_of(member: Member) -> Membership | None:
    """For whom this member acts, as what, and within which bounds (None for staff)."""
    return Membership.objects.select_related("buyer", "department").filter(member=member).first()


def open_join_requests(buyer_id: UUID) -> list[JoinRequest]:
    """Who asks to come into a company, oldest first."""
    rows = JoinRequest.objects.filter(buyer_id=buyer_id, state=JoinState.WAITING).select_related("member")
    return list(rows.order_by("asked_at", "id")[:100])


def open_join_request_of(member: Member) -> JoinRequest | None:
    """The company that a member has asked to join, while nobody has answered."""
    rows = JoinRequest.objects.filter(member=member, state=JoinState.WAITING).select_related("buyer")
    return rows.order_by("-asked_at").first()


def typed_business(member: Member) -> BusinessCheck | None:
    """What was typed of a business at sign-up and did not make a company. M1, M2"""
    rows = BusinessCheck.objects.filter(member=member).exclude(outcome=CheckOutcome.CONTINUING)
    return rows.order_by("-asked_at").first()


def sees_numbers(member: Member) -> bool:
    """Say whether a member may see whole numbers: a right of its own in a company, one's own business otherwise. M7"""
    place = place_of(member)
    return place is not None and (place.sees_numbers or not is_company(place.buyer))
