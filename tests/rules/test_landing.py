"""Where a deal stood on a day: by its steps, whatever order and day they bear."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expo_app.model import SIGNED_STAGES, DealStage
from expo_app.rules.landing import Standing, Step, standing_on

INTENT, SIGNED, PERFORMING, LANDED, TERMINATED = (
    DealStage.INTENT, DealStage.SIGNED, DealStage.PERFORMING, DealStage.LANDED, DealStage.TERMINATED,
)  # fmt: skip


def on(month: int, day: int) -> date:
    return date(2018, month, day)


WHOLE = [
    Step(INTENT, None, on(11, 28)), Step(SIGNED, on(11, 29), on(11, 29)), Step(SIGNED, None, on(11, 30)),
    Step(PERFORMING, on(12, 5), on(12, 6)), Step(LANDED, on(12, 20), on(12, 20)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "stage", "since"),
    [
        (on(11, 27), None, None),
        (on(11, 28), INTENT, on(11, 28)),
        (on(11, 29), SIGNED, on(11, 29)),
        (on(12, 4), SIGNED, on(11, 29)),
        (on(12, 5), PERFORMING, on(12, 5)),
        (on(12, 31), LANDED, on(12, 20)),
    ],
)
def test_the_last_step_until_a_day_says_the_stage(day, stage, since):
    standing = standing_on(day, WHOLE, on(11, 29))
    assert (standing.stage, standing.since) == (stage, since)
    assert standing.was_intended is (day >= on(11, 28))
    assert standing.was_signed is (day >= on(11, 29))


def test_a_stage_entered_along_with_the_record_counts_from_the_day_it_was_entered():
    """A list that says 落地 bears the day of signing; nobody said when it landed."""
    steps = [Step(LANDED, on(11, 28), on(12, 10))]
    assert standing_on(on(12, 9), steps, on(11, 28)) == Standing(SIGNED, on(11, 28), was_signed=True)
    assert standing_on(on(12, 10), steps, on(11, 28)).stage is LANDED


def test_a_signature_entered_late_counts_from_its_day():
    steps = [Step(SIGNED, on(11, 28), on(12, 10))]
    assert standing_on(on(11, 28), steps, on(11, 28)).stage is SIGNED


def test_why_it_was_terminated_is_said_and_it_stays_among_the_signed():
    steps = [
        *WHOLE[:2],
        Step(TERMINATED, on(12, 8), on(12, 8), "资金未到位"),
        Step(TERMINATED, None, on(12, 9), "更正"),
    ]
    standing = standing_on(on(12, 31), steps, on(11, 29))
    assert (standing.stage, standing.since, standing.reason) == (TERMINATED, on(12, 8), "资金未到位")
    assert standing.was_signed
    lost = standing_on(on(12, 31), [WHOLE[0], Step(TERMINATED, on(12, 8), on(12, 8))], None)
    assert (lost.was_signed, lost.was_intended) == (False, True)


def test_a_deal_that_came_in_terminated_was_signed_if_it_says_when():
    assert standing_on(on(12, 31), [Step(TERMINATED, None, on(12, 1))], on(11, 28)).was_signed
    assert not standing_on(on(12, 31), [Step(TERMINATED, None, on(12, 1))], None).was_signed


steps_of = st.lists(
    st.builds(
        Step, st.sampled_from(DealStage), st.none() | st.dates(on(11, 1), on(12, 31)), st.dates(on(11, 1), on(12, 31))
    ),
    max_size=6,
)


@given(steps_of, st.none() | st.dates(on(11, 1), on(12, 31)), st.dates(on(11, 1), on(12, 30)))
def test_what_was_signed_stays_signed(steps, signed_on, day):
    """A later day never knows less: once signed or intended, always so; what stands there has a day not after it."""
    now, later = standing_on(day, steps, signed_on), standing_on(on(12, 31), steps, signed_on)
    assert not now.was_signed or later.was_signed
    assert not now.was_intended or later.was_intended
    assert now.since is None or now.since <= day
    assert now.stage not in SIGNED_STAGES or now.was_signed
