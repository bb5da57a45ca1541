"""Tables of dispatch."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from seonmul.dispatch.ports import Result
from seonmul.kit import ids, states


class SenderState(models.TextChoices):
    PENDING = "pending", _("심사 중")
    APPROVED = "approved", _("승인")
    REJECTED = "rejected", _("거부")
    EXPIRED = "expired", _("만료")


class Proof(models.TextChoices):
    """By what a sender number was proved to be the buyer's."""

    DOCUMENT = "document", _("통신서비스 이용증명원")
    IDENTITY = "identity", _("본인인증")
    CODE = "code", _("문자 인증번호")


S = SenderState
SENDER_MOVES = {
    S.PENDING: {S.APPROVED, S.REJECTED},
    S.REJECTED: {S.PENDING},
    S.APPROVED: {S.EXPIRED, S.REJECTED},
    S.EXPIRED: {S.PENDING, S.APPROVED},
}


class SenderNumber(models.Model):
    """A number that a buyer may show as the sender of texts. M6

    `member`: whose mobile number it is; None for a company's number, which serves all its members. `proof_file`: a
    sealed file; `proved_on`: the day its proof was issued. `renewal_*`: a newer paper that waits for a decision, while the
    number goes on serving; `renewal_at` None: there is none. `warned_days`: how many days before its end its company
    was last told of it.
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey("members.Member", on_delete=models.PROTECT, null=True, related_name="+")
    digits = models.CharField(max_length=12)
    label = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=SenderState, default=SenderState.PENDING)
    proof = models.CharField(max_length=10, choices=Proof, default=Proof.DOCUMENT)
    proof_file = models.CharField(max_length=36, blank=True)
    proof_type = models.CharField(max_length=10, blank=True)
    proved_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    is_registered_at_carrier = models.BooleanField(default=False)
    added_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    renewal_file = models.CharField(max_length=36, blank=True, default="")
    renewal_type = models.CharField(max_length=10, blank=True, default="")
    renewal_proved_on = models.DateField(null=True)
    renewal_at = models.DateTimeField(null=True)
    warned_days = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "digits"], name="one_sender_per_number")]
        indexes = [models.Index(fields=["added_at"], condition=Q(state="pending"), name="waiting_senders")]
        triggers = [states.guard(SENDER_MOVES, name="sender_moves")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_waiting(self) -> bool:
        """For a decision (on itself or on its newer paper), or, proved already, for being entered at the carrier."""
        if self.state == SenderState.APPROVED:
            return self.is_renewing or not self.is_registered_at_carrier
        return self.state == SenderState.PENDING

    @property
    def serves_by(self) -> date | None:
        """The day of the paper by which it serves; None when it serves by none, or not at all."""
        by_paper = self.state == SenderState.APPROVED and self.proof == Proof.DOCUMENT
        return self.proved_on if by_paper else None

    @property
    def is_renewing(self) -> bool:
        """Whether it serves while a newer paper waits."""
        return self.renewal_at is not None


class Channel(models.TextChoices):
    SMS = "sms", "SMS"
    LMS = "lms", "LMS"
    MMS = "mms", "MMS"
    MAIL = "mail", _("이메일")


class Letter(models.Model):
    """One text for many: `#{...}` places are filled for each message. Sealed, since people write names in it.

    Without a `buyer` it is our own text to somebody who is no member yet. `sender`: a number; of a mail the name shown
    before our address, a company's and never a person's. `html_sealed`: the same for eyes, of a mail; empty for none. `is_ad`:
    advertising. `by_day`: it rests at night, as advertising and reminders do. O3, V4
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, null=True, related_name="+")
    channel = models.CharField(max_length=5, choices=Channel)
    sender = models.CharField(max_length=100)
    title_sealed = models.BinaryField()
    text_sealed = models.BinaryField()
    html_sealed = models.BinaryField(default=bytes)
    priority = models.SmallIntegerField(default=0)
    is_ad = models.BooleanField(default=False)
    by_day = models.BooleanField(default=False)
    written_at = models.DateTimeField()

    TITLE = "dispatch.title"
    TEXT = "dispatch.text"
    HTML = "dispatch.html"

    def __str__(self) -> str:
        return str(self.id)


class Message(models.Model):
    """What is sent about one subject to one address. Never changed: a resend is a message of its own.

    Its letter is that of the batches its attempts belong to; the letter's sender is copied, so that what one number
    got lately from whom is counted in the index alone. `due_at`: when it was written, or to which moment it was put
    off because its recipient gets so much. S7 `after_id`: the attempt that failed and has led to this message by
    another channel; one attempt leads to one message. S1
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    subject = models.UUIDField()
    to_sealed = models.BinaryField()
    to_index = models.BinaryField()
    fields_sealed = models.BinaryField()
    sender = models.CharField(max_length=12, default="")
    after_id = models.UUIDField(null=True)
    due_at = models.DateTimeField()

    TO = "dispatch.to"
    FIELDS = "dispatch.fields"

    class Meta:
        indexes = [
            models.Index(fields=["subject"]),
            models.Index(fields=["to_index", "due_at"], include=["sender"], name="messages_to_a_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["after_id"], condition=Q(after_id__isnull=False), name="one_message_after_an_attempt"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)


class BatchState(models.TextChoices):
    OPEN = "open", "대기"
    HANDED = "handed", "접수"
    ENDED = "ended", "끝"


BATCH_MOVES = {BatchState.OPEN: {BatchState.HANDED, BatchState.ENDED}, BatchState.HANDED: {BatchState.ENDED}}


class Batch(models.Model):
    """Messages handed over together. `stage` and `handle` are the carrier's own words for how far it came.

    `claimed_until` without a holder says that the last step may have arrived; `rests_until`: not to be
    taken before: it is advertising and waits for the morning, its recipients get too much at once, or the carrier has put the
    rest off. `opened_at`: from when it is to be handed over. O3, S7
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="+")
    carrier = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=BatchState, default=BatchState.OPEN)
    stage = models.CharField(max_length=80, blank=True)
    handle = models.CharField(max_length=80, blank=True)
    size = models.PositiveIntegerField()
    trouble = models.CharField(max_length=80, blank=True)
    claimed_until = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)
    asks = models.PositiveIntegerField(default=0)
    ask_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(state="open"), name="open_batches"),
            models.Index(fields=["ask_at"], condition=Q(state="handed"), name="batches_to_ask"),
            models.Index(fields=["handle"], condition=~Q(handle=""), name="batch_by_handle"),
            models.Index(fields=["opened_at", "carrier"], name="batches_by_time"),
        ]
        triggers = [states.guard(BATCH_MOVES, name="batch_moves")]

    def __str__(self) -> str:
        return str(self.id)


class AttemptState(models.TextChoices):
    OPEN = "open", "대기"
    ACCEPTED = "accepted", "전송중"
    ENDED = "ended", "끝"


ATTEMPT_MOVES = {
    AttemptState.OPEN: {AttemptState.ACCEPTED, AttemptState.ENDED},
    AttemptState.ACCEPTED: {AttemptState.ENDED},
}


class Attempt(models.Model):
    """One try at one message through one carrier. Its id is our reference there. S3, S4

    `price_won`: what the carrier asks for such a message by our figures; nobody but us pays it. S1
    """

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attempts")
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    result = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Result])
    vendor_id = models.CharField(max_length=60, blank=True)
    vendor_code = models.CharField(max_length=40, blank=True)
    price_won = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        triggers = [states.guard(ATTEMPT_MOVES, name="attempt_moves")]

    def __str__(self) -> str:
        return str(self.id)


class CarrierState(models.Model):
    """How one carrier stands, for all workers alike; see `rules.Standing`. S2"""

    name = models.CharField(max_length=20, primary_key=True)
    weight = models.PositiveIntegerField()
    per_second = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    rests = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    free_at = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name


class Name(models.Model):
    """A carrier's own name for one attempt, where it speaks of single messages. Found by what it reports. S4"""

    carrier = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    attempt = models.ForeignKey(
        Attempt, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "name"], name="one_attempt_per_name")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.name}"


class StrangeCode(models.Model):
    """A carrier's code that is in no table of ours; its messages count as failed without a reason. Told once. S4"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    carrier = models.CharField(max_length=20)
    code = models.CharField(max_length=40)
    met_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["carrier", "code"], name="a_strange_code_is_met_once")]

    def __str__(self) -> str:
        return f"{self.carrier} {self.code}"


class Report(models.Model):
    """What a carrier called us with, as it came: sealed, kept for a month, read at our own pace."""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    carrier = models.CharField(max_length=20)
    raw_sealed = models.BinaryField()
    came_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    RAW = "dispatch.report"

    class Meta:
        indexes = [models.Index(fields=["came_at"])]

    def __str__(self) -> str:
        return str(self.id)


class Reach(models.Model):
    """A number that messages have failed to reach lately, whoever sent them; one that arrives ends the row. O4

    Only the keyed index is kept. `failed`: how many failed since the last one that arrived; `result`, `failed_at`: of
    the newest of them.
    """

    to_index = models.BinaryField(primary_key=True)
    failed = models.PositiveSmallIntegerField()
    result = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Result])
    failed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["failed_at"], name="reach_by_time")]

    def __str__(self) -> str:
        return f"{self.result} {self.failed}"


class AdNotice(models.Model):
    """What stands around a buyer's advertising: who it is from, whom to call, and the free number to refuse it. O3"""

    buyer = models.OneToOneField(
        "members.Buyer", on_delete=models.PROTECT, related_name="+", primary_key=True
    )
    name = models.CharField(max_length=40)
    contact = models.CharField(max_length=12)
    opt_out = models.CharField(max_length=12)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.buyer_id)


class OptOut(models.Model):
    """Somebody who wants no advertising of a buyer. S7, O3"""

    id = models.UUIDField(primary_key=True, default=ids.new_id)
    public_id = models.CharField(max_length=16, unique=True, default=ids.public_id)
    buyer = models.ForeignKey("members.Buyer", on_delete=models.PROTECT, related_name="+", db_index=False)
    to_index = models.BinaryField()
    to_sealed = models.BinaryField()
    noted_at = models.DateTimeField()

    TO = "dispatch.opt_out"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["buyer", "to_index"], name="one_opt_out_per_number")]
        indexes = [models.Index(fields=["buyer", "-noted_at", "-id"], name="opt_outs_newest_first")]

    def __str__(self) -> str:
        return str(self.id)
