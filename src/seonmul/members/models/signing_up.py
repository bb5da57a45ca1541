"""Sign-up: what was typed, until it is proved; what the tax office said; what was consented to. M1"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.kit import ids, states
from seonmul.members.models.buyers import Buyer
from seonmul.members.models.people import Member
from seonmul.members.models.proving import Proof


class CheckState(models.TextChoices):
    OPEN = "open", _("확인 중")
    ENDED = "ended", _("끝")


class CheckOutcome(models.TextChoices):
    """What came of a check. Only CONTINUING makes a company; all others lead to conversion (M2)."""

    CONTINUING = "continuing", _("계속사업자")
    SUSPENDED = "suspended", _("휴업")
    CLOSED = "closed", _("폐업")
    UNREGISTERED = "unregistered", _("등록되지 않은 번호")
    MISMATCH = "mismatch", _("정보 불일치")
    NO_ANSWER = "no_answer", _("답 없음")
    KNOWN = "known", _("이미 가입한 회사")


CHECK_MOVES = {CheckState.OPEN: {CheckState.ENDED}}


class BusinessCheck(models.Model):
    """A question to the tax office, asked by a job. What was typed stays here for the conversion (M2)."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")
    business_number = models.CharField(max_length=10)
    company_name = models.CharField(max_length=100)
    representative = models.CharField(max_length=60)
    opened_on = models.DateField()
    state = models.CharField(max_length=10, choices=CheckState, default=CheckState.OPEN)
    outcome = models.CharField(max_length=15, choices=CheckOutcome, blank=True)
    claimed_until = models.DateTimeField(null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["asked_at"], condition=Q(state="open"), name="open_business_checks")]
        triggers = [states.guard(CHECK_MOVES, name="business_check_moves")]

    def __str__(self) -> str:
        return str(self.id)


class SignUp(models.Model):
    """A sign-up under way: nobody is a member before phone and mail are proved. Kept for an hour.

    `password` is a hash. `proved_at`: both were proved. `ended_at`: `member` was made, or it came to nothing:
    `refusal` is the code of why.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    login = models.CharField(max_length=20)
    password = models.CharField(max_length=128)
    name_sealed = models.BinaryField()
    phone_proof = models.ForeignKey(Proof, on_delete=models.PROTECT, related_name="+")
    mail_proof = models.ForeignKey(Proof, on_delete=models.PROTECT, related_name="+")
    check_asked = models.ForeignKey(BusinessCheck, on_delete=models.PROTECT, null=True, related_name="+")
    marketing_consent = models.BooleanField()
    consent_version = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    proved_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=30, blank=True, db_default="")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="+")

    NAME = "members.sign_up.name"

    class Meta:
        constraints = [
            # a login id is kept free for whoever typed it first
            models.UniqueConstraint(
                fields=["login"], condition=Q(ended_at=None), name="one_sign_up_per_login"
            )
        ]
        indexes = [models.Index(fields=["began_at"])]

    def __str__(self) -> str:
        return str(self.id)


class ConsentKind(models.TextChoices):
    TERMS = "terms", _("이용약관")
    PERSONAL_DATA = "personal_data", _("개인정보 수집·이용")
    AGE_14 = "age_14", _("만 14세 이상")
    MARKETING = "marketing", _("마케팅 정보 수신")


class Consent(models.Model):
    """That a member agreed, to which text, when; and when it was taken back."""

    id = models.BigAutoField(primary_key=True)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=15, choices=ConsentKind)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind"], condition=Q(withdrawn_at=None), name="one_consent_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.kind}"


class JoinState(models.TextChoices):
    WAITING = "waiting", _("대기")
    ACCEPTED = "accepted", _("수락")
    REFUSED = "refused", _("거절")
    WITHDRAWN = "withdrawn", _("취소")


JOIN_MOVES = {JoinState.WAITING: {JoinState.ACCEPTED, JoinState.REFUSED, JoinState.WITHDRAWN}}


class JoinRequest(models.Model):
    """A second person of a known company asks to join it; an owner decides. M1, M7"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey(Buyer, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.WAITING)
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "member"], condition=Q(state="waiting"), name="one_join_request_at_a_time"
            )
        ]
        triggers = [states.guard(JOIN_MOVES, name="join_request_moves")]

    def __str__(self) -> str:
        return self.public_id
