"""O5: what must be done by when, said backwards from a chosen time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given as each
from hypothesis import settings
from hypothesis import strategies as st

from seonmul.figures.rules import Figures
from seonmul.kit import business
from seonmul.kit.clock import SEOUL
from seonmul.orders import rules
from seonmul.orders.rules import COMPANY, OPERATOR, Doing
from tests.kit.test_business import CALENDARS, MOMENTS, PLAIN, seoul

FIGURES = Figures()
STEPS = st.sampled_from([(), (COMPANY,), (OPERATOR,), (COMPANY, OPERATOR)])


def plan(send_at, steps=(), at=None, needs_charge=False, calendar=PLAIN, **more):
    return rules.plan(
        send_at,
        steps=steps,
        needs_charge=needs_charge,
        figures=FIGURES,
        calendar=calendar,
        at=at or send_at,
        **more,
    )


def test_goods_are_paid_until_they_go():
    """O5"""
    assert [(due.what, due.by) for due in plan(seoul("12.24 10:00"))] == [
        (Doing.PAY, seoul("12.24 10:00")),
        (Doing.SEND, seoul("12.24 10:00")),
    ]


def test_certificates_over_christmas():
    """O5, O8: four business hours of the operator before Monday 28.12. begin on Thursday, since Friday is a holiday."""
    dues = plan(seoul("12.28 10:30"), (COMPANY, OPERATOR), at=seoul("12.23 12:00"), needs_charge=True)
    assert [(due.what, due.by, due.is_late) for due in dues] == [
        (Doing.CHARGE, seoul("12.23 15:00"), False),
        (Doing.PAY, seoul("12.23 15:00"), False),
        (Doing.COMPANY, seoul("12.24 15:00"), False),
        (Doing.OPERATOR, seoul("12.28 10:30"), False),
        (Doing.SEND, seoul("12.28 10:30"), False),
    ]
    late = plan(seoul("12.28 10:30"), (COMPANY, OPERATOR), at=seoul("12.24 09:00"))
    assert [due.what for due in late if due.is_late] == [Doing.PAY]


@pytest.mark.parametrize("steps", [(), (OPERATOR,)])
def test_what_is_paid_is_not_to_be_paid(steps):
    """O5"""
    whats = [due.what for due in plan(seoul("12.24 10:00"), steps, needs_charge=True, is_paid=True)]
    assert Doing.PAY not in whats and Doing.CHARGE not in whats


@each(MOMENTS, STEPS, st.booleans(), MOMENTS, CALENDARS)
@settings(max_examples=60, deadline=None)
def test_whatever_is_done_in_time_the_order_goes_in_time(send_at, steps, needs_charge, at, calendar):
    """O5: in order, none later than the sending, and each consent has its business hours."""
    dues = plan(send_at, steps, at, needs_charge, calendar)
    moments = [due.by for due in dues]
    assert moments == sorted(moments) and moments[-1] == send_at
    by = {due.what: due.by for due in dues}
    assert (Doing.CHARGE in by) == needs_charge and (Doing.OPERATOR in by) == (OPERATOR in steps)
    ready = by[Doing.PAY]
    if COMPANY in steps:
        assert business.age(ready, by[Doing.COMPANY], calendar) == business.DAY
        ready = by[Doing.COMPANY]
    if OPERATOR in steps:
        assert business.age(ready, send_at, calendar) == timedelta(hours=FIGURES.urgent_business_hours)
    assert all(due.is_late == (due.by < at) for due in dues)


def test_moments_are_aware():
    """O5"""
    assert isinstance(plan(datetime(2026, 12, 24, 10, tzinfo=SEOUL))[0].by, datetime)
