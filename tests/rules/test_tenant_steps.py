"""Steps of a tenant: their order, what may come next, and what cannot be."""

from datetime import date

from expo_app.model import TenantState as State
from expo_app.rules import partial_days, tenant_steps


def test_the_state_is_the_furthest_step_and_of_one_rank_the_latest() -> None:
    assert tenant_steps.reached({State.MOVED_IN: "2020-05", State.INCUBATED: "2020-01"}) is State.MOVED_IN
    assert tenant_steps.reached({State.INCUBATED: "2020", State.MOVED_IN: "2020-05-01"}) is State.INCUBATED
    assert tenant_steps.reached({State.VISITED: "2022", State.LANDED: "2021"}) is State.LANDED
    assert tenant_steps.reached({State.LANDED: "", State.LEFT: ""}) is State.LEFT


def test_without_a_day_the_state_first_recorded_later_is_later() -> None:
    steps = [(State.LANDED, "", False), (State.GRADUATED, "2022-05", False)]
    assert tenant_steps.reached(tenant_steps.holding(steps)) is State.GRADUATED
    assert tenant_steps.reached(tenant_steps.holding(reversed(steps))) is State.LANDED
    corrected = [(State.MOVED_IN, "2020", True), (State.INCUBATED, "", False), (State.MOVED_IN, "2021", False)]
    assert tenant_steps.reached(tenant_steps.holding(corrected)) is State.INCUBATED


def test_nothing_follows_leaving_and_nothing_goes_back() -> None:
    assert tenant_steps.following(State.LEFT) == ()
    assert State.VISITED not in tenant_steps.following(State.SIGNED)
    assert State.MOVED_IN in tenant_steps.following(State.INCUBATED)
    assert State.LEFT in tenant_steps.following(State.VISITED)


def test_a_month_contradicts_only_what_lies_wholly_beyond_it() -> None:
    assert tenant_steps.misplaced({State.VISITED: "2020-03-15", State.SIGNED: "2020-03"}) is None
    found = tenant_steps.misplaced({State.VISITED: "2020-03-15", State.SIGNED: "2020-02"})
    assert found is not None
    assert found.state is State.SIGNED


def test_a_month_is_to_come_while_its_first_day_is() -> None:
    assert partial_days.is_to_come("2023-01", date(2022, 12, 31))
    assert not partial_days.is_to_come("2022-12", date(2022, 12, 1))
    assert not partial_days.is_to_come("", date(2022, 12, 1))
    assert not partial_days.is_to_come("2099", None)
