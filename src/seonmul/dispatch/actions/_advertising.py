"""Advertising: what stands around it, and who wants none. O3, S7"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from seonmul.audit import actions as audit
from seonmul.dispatch import rules
from seonmul.dispatch.models import AdNotice, OptOut
from seonmul.dispatch.rules import Ad, AdRefusal
from seonmul.kit import crypto, ids, mails, phones, sheets
from seonmul.kit.refusals import No, Refused, refuse
from seonmul.members import queries as members
from seonmul.members.models import Member


@transaction.atomic
def set_ad(by: Member, ad: Ad, *, at: datetime) -> None:
    """Keep what stands around a buyer's advertising from now on. Raises Refused and keeps what was. O3"""
    ad = Ad(ad.name.strip(), phones.digits_of(ad.contact), phones.digits_of(ad.opt_out))
    buyer_id = _buyer_of(by)
    refuse(rules.why_not_set_ad(ad, may_set=True))
    values = {"name": ad.name, "contact": ad.contact, "opt_out": ad.opt_out, "set_at": at}
    AdNotice.objects.update_or_create(buyer_id=buyer_id, defaults=values)
    audit.record("ad_notice_set", by=by.id, subject=buyer_id, company=buyer_id, at=at)


@transaction.atomic
def note_opt_outs(by: Member, text: str, *, at: datetime) -> int:
    """Put the numbers and addresses of a pasted column on the list of those who want no advertising. S7

    Returns how many were new.
    """
    buyer_id = _buyer_of(by)
    cells = (cell for column in sheets.paste(text).columns for cell in column)
    found = ((phones.normalise_mobile(cell) or mails.normalise(cell)) for cell in cells)
    people = list(dict.fromkeys(filter(None, found)))
    if not people:
        raise Refused(No(AdRefusal.NO_NUMBERS))
    ring = crypto.ring()
    new = ids.new_ids(len(people))
    rows: list[list[Any]] = [
        list(new),
        ids.public_ids(len(people)),
        [ring.index(mails.INDEX if "@" in one else phones.INDEX, one) for one in people],
        ring.seal_all(OptOut.TO, people),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO dispatch_optout (id, public_id, buyer_id, to_index, to_sealed, noted_at)
            SELECT v.id, v.public_id, %s, v.to_index, v.to_sealed, %s
            FROM unnest(%s::uuid[], %s::varchar[], %s::bytea[], %s::bytea[]) v(id, public_id, to_index, to_sealed)
            ON CONFLICT (buyer_id, to_index) DO NOTHING""",
            [buyer_id, at, *rows],
        )
        added = int(cursor.rowcount)
    audit.record("opt_outs_noted", by=by.id, subject=buyer_id, company=buyer_id, at=at, count=added)
    return added


@transaction.atomic
def drop_opt_out(by: Member, public_id: str, *, at: datetime) -> bool:
    """Take one number off that list: its owner wants advertising again. Says whether it was there. S7"""
    buyer = members.buyer_of(by)
    row = OptOut.objects.filter(buyer=buyer, public_id=public_id).first() if buyer else None
    if row is None:
        return False
    buyer_id = _buyer_of(by)
    row.delete()
    audit.record("opt_out_dropped", by=by.id, subject=buyer_id, company=buyer_id, at=at)
    return True


def _buyer_of(by: Member) -> UUID:
    buyer_id = members.buys_for(by)
    if buyer_id is None:
        raise Refused(No(AdRefusal.NOT_A_BUYER))
    return buyer_id
