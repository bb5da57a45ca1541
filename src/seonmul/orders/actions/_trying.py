"""A trial: the draft's message to whoever writes it. Free of charge, and never a voucher. O5"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import actions as dispatch
from seonmul.dispatch.actions import Outgoing
from seonmul.figures import queries as figures_now
from seonmul.kit.refusals import refuse
from seonmul.members import queries as members
from seonmul.members.models import Member
from seonmul.orders import queries, rules
from seonmul.orders.models import Trial


@transaction.atomic
def send_trial(draft_id: UUID, *, by: Member, at: datetime) -> Trial | None:
    """Send the message of a draft to the member's own phone or mailbox, marked, with a link to a sample. Raises Refused. O5

    A mail goes as text alone: its eyes are made where gifts are sent.
    """
    members.lock_payer(by.id)  # so that two clicks count one after the other
    draft = queries.locked_draft(draft_id)
    if draft is None:
        return None
    facts = queries.trial_facts(draft, queries.quote(draft), by, at)
    refuse(rules.why_not_try(facts, figures=figures_now.figures(at)))
    trial = Trial.objects.create(draft_id=draft.id, member=by, sent_at=at)
    channel = rules.trial_channel(facts.letter)
    letter = dispatch.write_letter(
        draft.buyer_id,
        channel=channel,
        sender=queries.shown_sender(draft),
        title=rules.trial_title(facts.letter.title, channel),
        text=rules.trial_text(facts.letter.text),
        priority=1,
        at=at,
    )
    values = {
        **{place: place for place in draft.places},
        rules.NAME_PLACE: rules.NO_NAME,
        rules.LINK_PLACE: f"{settings.PUBLIC_URL}/g/{rules.SAMPLE_LINK}",
    }
    dispatch.queue(letter.id, [Outgoing(trial.id, queries.trial_address(draft, by), values)], at=at)
    audit.record("trial_sent", by=by.id, subject=draft.id, company=draft.buyer_id, at=at)
    return trial
