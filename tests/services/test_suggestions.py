"""Suggestions of an expo: computed, kept where something was said, answered, judged, expired; who is never shown."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import func, select, update

from expo_app.errors import Cancelled, Conflict, InvalidRecord, UserError
from expo_app.model import (
    Achievement,
    Answer,
    Audit,
    Demand,
    DemandState,
    Expo,
    MatchingConsent,
    MatchingSettings,
    Meeting,
    MeetingState,
    Organisation,
    Outcome,
    Provider,
    RegionPolicy,
    Role,
    ServiceItem,
    SharedWith,
    Suggestion,
    Unsuitable,
)
from expo_app.services import meeting_requests, records, steps, suggestion_acts, suggestions
from expo_app.services.record_writer import followed
from expo_app.specs import REGION_POLICIES
from expo_app.specs.suggested import Party
from expo_app.store.database import Actor, Database
from tests.factories import local, make_achievement, make_exhibitor, make_expo, make_organisation, make_person

WATER = "环境保护与资源综合利用"
PROBLEM = "印染废水经生化处理后难降解有机物仍然偏高，要求深度处理后部分回用。"
SOLUTION = "以催化氧化分解印染废水中难降解有机物，出水可以回用。"


@dataclass
class World:
    """An expo on its first day; organisations agree to be suggested unless they are made otherwise."""

    db: Database
    expo: Any
    bodies: dict[str, Any] = field(default_factory=dict)

    def body(self, name, agrees=True, **given):
        if name not in self.bodies:
            with self.db.transaction() as session:
                self.bodies[name] = make_organisation(session, name, **given).id
                if agrees:
                    session.add(MatchingConsent(expo_id=self.expo, organisation_id=self.bodies[name]))
        return self.bodies[name]

    def demand(self, title="印染废水难降解有机物深度处理", owner="甲公司", **given):
        values = {"field": WATER, "keywords": "废水", "problem": PROBLEM, "ways": ["JOINT"]} | given
        body = self.body(owner)
        with self.db.transaction() as session:
            row = Demand(expo_id=self.expo, owner_id=body, title=title, **values)
            session.add(row)
            session.flush()
            return row.id

    def result(self, title="催化氧化处理印染废水", owner="乙公司", **given):
        values = {"field": WATER, "keywords": "废水", "summary": SOLUTION, "transfer_ways": ["COOPERATION"]} | given
        body = self.body(owner)
        with self.db.transaction() as session:
            expo = session.get_one(Expo, self.expo)
            return make_achievement(session, expo, title, owner_id=body, **values).id

    def consent(self, name, **values):
        with self.db.transaction() as session:
            of = MatchingConsent.organisation_id == self.bodies[name]
            session.execute(update(MatchingConsent).where(of, MatchingConsent.person_id.is_(None)).values(**values))

    def put(self, model, key, **values):
        with self.db.transaction() as session:
            session.execute(update(model).where(model.id == key).values(**values))

    def compute(self):
        return suggestions.compute(self.db, self.expo)

    def board(self):
        return suggestions.read(self.db, self.expo)

    def card(self):
        (card,) = self.board().cards
        return card

    def answer(self, key, party, said=Answer.ACCEPTED, how="电话", seen=Answer.NOT_ASKED):
        suggestion_acts.answer(self.db, self.expo, key, party, said, how, seen=seen)

    def both_accept(self, key):
        for party in Party:
            self.answer(key, party)


@pytest.fixture
def world(db: Database) -> World:
    with db.transaction() as session:
        expo = make_expo(session).id
    db.actor = Actor("文员", Role.DEALS)
    db.clock = lambda: local(28, 10)
    return World(db, expo)


# --- computing --------------------------------------------------------------------------------------------------------
def test_what_fits_is_suggested_with_its_reasons(world: World):
    world.demand()
    world.result()
    world.result("水稻直播机", "丙公司", field="农业", keywords="水稻", summary="直播")
    done = world.compute()
    assert (done.demands, done.supply, done.suggestions, done.without) == (1, 2, 1, 0)
    card = world.card()
    assert card.score == sum(reason["points"] for reason in card.reasons.values()) > 60
    assert set(card.reasons) == {"field", "words", "way"}
    assert (card.demand.owner, card.supply.owner) == ("甲公司", "乙公司")
    assert not card.is_stale


def test_points_are_the_expos(world: World):
    world.demand()
    world.result()
    with world.db.transaction() as session:
        session.add(MatchingSettings(expo_id=world.expo, field_points=70, word_points=0, way_points=5))
    world.compute()
    assert {kind: reason["points"] for kind, reason in world.card().reasons.items()} == {"field": 70, "way": 5}


def test_who_did_not_agree_is_never_suggested(world: World):
    world.body("乙公司", agrees=False)
    world.demand()
    world.result()
    assert world.compute().suggestions == 0
    assert world.compute().without == 1


@pytest.mark.parametrize("whose", ["甲公司", "乙公司"])
def test_a_consent_that_ended_takes_the_suggestion_away_at_once(world: World, whose: str):
    world.demand()
    world.result()
    world.compute()
    world.consent(whose, valid_until=date(2018, 11, 28))
    assert len(world.board().cards) == 1, "the last day is within"
    world.consent(whose, valid_until=date(2018, 11, 27))
    assert world.board().cards == []
    assert world.compute().suggestions == 0


def test_a_demanders_own_offer_is_not_an_answer(world: World):
    """A demand whose owner offers the only answer."""
    world.demand()
    world.result(owner="甲公司")
    assert world.compute().suggestions == 0


def test_one_organisation_kept_twice_is_told_by_its_names(world: World):
    world.body("甲公司", aliases=["甲公司（筹）"])
    world.demand()
    world.result(owner="甲公司（筹）")
    assert world.compute().suggestions == 0


def test_sample_records_are_suggested_among_themselves(world: World):
    world.demand(is_sample=True)
    world.result()
    assert world.compute().suggestions == 0


def test_demands_that_are_met_or_withdrawn_get_no_suggestions(world: World):
    key = world.demand()
    world.result()
    world.put(Demand, key, state=DemandState.WITHDRAWN)
    assert world.compute().demands == 0
    assert world.board().cards == []


def test_services_of_providers_are_supply(world: World):
    world.demand(ways=["SERVICE"])
    body = world.body("检测所")
    with world.db.transaction() as session:
        provider = Provider(organisation_id=body)
        session.add(provider)
        session.flush()
        for title, until in (("印染废水难降解有机物检测", None), ("印染废水有机物检测（旧）", date(2018, 11, 27))):
            session.add(
                ServiceItem(provider_id=provider.id, title=title, field=WATER, summary=SOLUTION, valid_until=until)
            )
    world.compute()
    card = world.card()
    assert (card.supply.spec, card.supply.side.title) == ("service-items", "印染废水难降解有机物检测")
    assert card.reasons["way"]["says"] == {"ways": ["SERVICE"]}


def test_policy_and_history_count_and_say_what_they_are(world: World):
    world.body("甲公司", region_code="330300")
    world.body("乙公司", region_code="310114")
    world.demand()
    world.result()
    with world.db.transaction() as session:
        past = make_expo(session, starts_on=date(2017, 11, 1), ends_on=date(2017, 11, 3))
        session.add(
            Meeting(
                expo_id=past.id, meeting_no="QT-001", a_id=world.bodies["乙公司"], b_id=world.bodies["甲公司"],
                state=MeetingState.ACCEPTED, outcome=Outcome.HELD, asked_at=local(28),
            )
        )  # fmt: skip
        session.add(RegionPolicy(expo_id=world.expo, title="过期", valid_until=date(2018, 11, 27)))
    places = {"demand_region": "浙江省", "supply_region": "上海市"}
    records.save(world.db, REGION_POLICIES, {"title": "券可付", **places}, expo_id=world.expo)
    places = {"demand_region": "杭州市", "supply_region": "上海市"}
    records.save(world.db, REGION_POLICIES, {"title": "别的市", **places}, expo_id=world.expo)
    world.compute()
    reasons = world.card().reasons
    assert reasons["policy"] == {"points": 12, "says": {"titles": ["券可付"]}}
    assert reasons["history"] == {"points": 10, "says": {"editions": ["科交会 2017"]}}


def test_computing_again_keeps_what_was_said_and_drops_the_rest(world: World):
    world.demand()
    result, other = world.result(), world.result("电催化处理印染废水", "丙公司")
    world.compute()
    kept = next(card for card in world.board().cards if card.supply.key == result)
    world.answer(kept.id, Party.DEMAND)
    for key in (result, other):
        world.put(Achievement, key, title="水稻直播机", keywords="", summary="")
    world.compute()
    card = world.card()
    assert card.id == kept.id
    assert card.said[Party.DEMAND].answer is Answer.ACCEPTED
    assert (card.score, card.reasons) == (0, {})


def test_a_suggestion_keeps_its_key(world: World):
    world.demand()
    world.result()
    world.compute()
    before = world.card().id
    world.compute()
    assert world.card().id == before


def test_a_text_changed_since_is_said(world: World):
    key = world.demand()
    world.result()
    world.compute()
    world.put(Demand, key, problem=PROBLEM + "每天两千吨。")
    assert world.card().is_stale
    world.compute()
    assert not world.card().is_stale


def test_stopping_leaves_everything_as_it_was(world: World):
    world.demand()
    world.result()

    def stop(_n: int, _total: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        suggestions.compute(world.db, world.expo, stop)
    assert world.board().cards == []


def test_the_log_has_one_line_for_a_computation(world: World):
    world.demand()
    for n in range(5):
        world.result(f"印染废水催化氧化 {n}", f"供方 {n}")
    world.compute()
    with world.db.reading() as session:
        rows = session.scalars(select(Audit).where(Audit.action == "suggest")).all()
        assert [row.after["suggestions"] for row in rows] == [5]
        assert session.scalar(select(func.count()).select_from(Audit).where(Audit.table_name == "suggestion")) == 1


def test_texts_of_every_kind(world: World):
    world.demand(problem="印染废水" * 2_500)
    world.demand("", owner="空", keywords="", problem="")
    world.demand("Ozone treatment of textile wastewater", owner="Ltd", keywords="", problem="refractory organics")
    world.result("印染廢水難降解有機物處理", summary="催化氧化")
    world.result("Catalytic ozone for dyeing wastewater", "Inc", keywords="textile", summary="refractory COD")
    assert world.compute().suggestions >= 3


def test_what_was_said_of_a_demand_keeps_its_score_once_it_is_awarded(world: World):
    key = world.demand()
    world.result()
    world.result("电催化处理印染废水", "丙公司")
    world.compute()
    said, _unsaid = world.board().cards
    world.both_accept(said.id)
    world.put(Demand, key, state=DemandState.AWARDED)
    assert world.compute().suggestions == 1
    card = world.card()
    assert (card.id, card.score, card.reasons) == (said.id, said.score, said.reasons)


# --- answers ----------------------------------------------------------------------------------------------------------
@pytest.fixture
def one(world: World) -> World:
    world.demand()
    world.result()
    world.compute()
    return world


def test_both_accept_and_a_meeting_is_agreed_at_once(one: World):
    key = one.card().id
    one.both_accept(key)
    assert one.card().both_accepted
    with one.db.transaction() as session:
        expo = session.get_one(Expo, one.expo)
        for name in ("甲公司", "乙公司"):
            make_exhibitor(session, expo, organisation_id=one.bodies[name])
    asked = meeting_requests.ask_of_suggestion(one.db, one.expo, key)
    assert asked.is_mutual
    assert one.card().meeting_no == "QT-001"
    one.compute()
    assert one.card().id == key, "a suggestion with a meeting stays"


def test_who_was_asked_has_until_the_term(one: World):
    key = one.card().id
    suggestion_acts.ask(one.db, one.expo, key, Party.SUPPLY, seen=Answer.NOT_ASKED)
    said = one.card().said[Party.SUPPLY]
    assert (said.answer, said.answer_by) == (Answer.WAITING, local(29, 18))
    one.db.clock = lambda: local(29, 18)
    assert one.card().late(local(29, 18)) == {Party.SUPPLY}
    with pytest.raises(UserError, match="期限已过"):
        one.answer(key, Party.SUPPLY, seen=Answer.WAITING)
    with pytest.raises(UserError, match="期限"):
        suggestion_acts.ask(one.db, one.expo, key, Party.DEMAND, seen=Answer.NOT_ASKED)
    one.answer(key, Party.DEMAND, how="当面")
    assert one.card().said[Party.DEMAND].answer is Answer.ACCEPTED, "on the spot, without having been asked"


def test_an_answer_says_who_and_how_and_a_refusal_why(one: World):
    key = one.card().id
    with pytest.raises(InvalidRecord, match="婉拒要写原因"):
        one.answer(key, Party.SUPPLY, Answer.DECLINED, how=" ")
    one.answer(key, Party.SUPPLY, Answer.DECLINED, how="王工 电话：没有产能")
    said = one.card().said[Party.SUPPLY]
    assert (said.answer, said.how, said.at) == (Answer.DECLINED, "王工 电话：没有产能", local(28, 10))


def test_of_two_clerks_the_second_sees_what_the_first_recorded(one: World):
    key = one.card().id
    one.answer(key, Party.DEMAND)
    with pytest.raises(Conflict, match="已接受"):
        one.answer(key, Party.DEMAND, Answer.DECLINED)
    assert one.card().said[Party.DEMAND].answer is Answer.ACCEPTED


def test_one_reminder_of_each_side(one: World):
    key = one.card().id
    for party in Party:
        suggestion_acts.ask(one.db, one.expo, key, party, seen=Answer.NOT_ASKED)
    suggestion_acts.remind(one.db, one.expo, key, Party.DEMAND)
    assert [said.reminded_at for said in one.card().said.values()] == [local(28, 10), None]
    suggestion_acts.remind(one.db, one.expo, key, Party.SUPPLY)
    suggestion_acts.ask(one.db, one.expo, key, Party.SUPPLY, seen=Answer.WAITING)  # once more, of that side alone
    with pytest.raises(UserError, match="已经提醒过"):
        suggestion_acts.remind(one.db, one.expo, key, Party.DEMAND)


def test_the_term_of_one_side_stays_when_the_other_is_asked(one: World):
    key = one.card().id
    suggestion_acts.ask(one.db, one.expo, key, Party.DEMAND, seen=Answer.NOT_ASKED)
    with one.db.transaction() as session:
        session.add(MatchingSettings(expo_id=one.expo, expires_at=local(30, 12)))
    suggestion_acts.ask(one.db, one.expo, key, Party.SUPPLY, seen=Answer.NOT_ASKED)
    assert [said.answer_by for said in one.card().said.values()] == [local(29, 18), local(30, 12)]
    assert one.card().late(local(29, 18)) == {Party.DEMAND}


def test_an_answer_is_taken_back(one: World):
    key = one.card().id
    one.answer(key, Party.DEMAND)
    suggestion_acts.take_back_answer(one.db, one.expo, key, Party.DEMAND, seen=Answer.ACCEPTED)
    assert one.card().said[Party.DEMAND].answer is Answer.NOT_ASKED


def test_what_a_meeting_stands_on_is_neither_taken_back_nor_judged(one: World):
    key = one.card().id
    one.both_accept(key)
    meeting = meeting_requests.ask_of_suggestion(one.db, one.expo, key, "破例").id
    for act in (
        lambda: suggestion_acts.take_back_answer(one.db, one.expo, key, Party.DEMAND, seen=Answer.ACCEPTED),
        lambda: suggestion_acts.judge(one.db, one.expo, key, Unsuitable.PRICE),
    ):
        with pytest.raises(UserError, match="已约洽谈 QT-001"):
            act()
    meeting_requests.cancel(one.db, one.expo, meeting, "不谈了", seen=MeetingState.ACCEPTED)
    suggestion_acts.take_back_answer(one.db, one.expo, key, Party.DEMAND, seen=Answer.ACCEPTED)
    assert one.card().said[Party.DEMAND].answer is Answer.NOT_ASKED


def test_the_last_act_is_taken_back_as_a_step(one: World):
    key = one.card().id
    with followed() as writers:
        one.answer(key, Party.DEMAND)
    steps.take_back(one.db, steps.step_of("matching.edit", writers))
    assert one.card().said[Party.DEMAND].answer is Answer.NOT_ASKED


def test_unsuitable_stays_visible_lowers_the_pair_next_time_and_can_be_taken_back(one: World):
    before = one.card()
    with pytest.raises(InvalidRecord, match="其他"):
        suggestion_acts.judge(one.db, one.expo, before.id, Unsuitable.OTHER)
    suggestion_acts.judge(one.db, one.expo, before.id, Unsuitable.PRICE)
    one.compute()
    card = one.card()
    assert (card.unsuitable, card.judged_by) == (Unsuitable.PRICE, "文员")
    assert card.score == before.score - 30
    with pytest.raises(UserError, match="不合适"):
        one.answer(before.id, Party.DEMAND)
    suggestion_acts.unjudge(one.db, one.expo, before.id)
    one.compute()
    assert (one.card().unsuitable, one.card().score) == (None, before.score)


def test_what_is_gone_is_said(one: World):
    key = one.card().id
    with one.db.transaction() as session:
        session.delete(session.get_one(Suggestion, key))
    with pytest.raises(Conflict, match="刷新"):
        one.answer(key, Party.DEMAND)


def test_measured_rates(one: World):
    one.result("电催化处理印染废水", "丙公司")
    one.compute()
    first, second = (card.id for card in one.board().cards)
    one.answer(first, Party.DEMAND)
    one.answer(first, Party.SUPPLY, Answer.DECLINED, "电话：太远")
    suggestion_acts.ask(one.db, one.expo, second, Party.SUPPLY, seen=Answer.NOT_ASKED)
    suggestion_acts.judge(one.db, one.expo, second, Unsuitable.FIELD)
    rates = one.board().rates
    assert (rates.asked, rates.answered, rates.accepted, rates.declined, rates.expired) == (3, 2, 1, 1, 0)
    assert rates.judged == {Unsuitable.FIELD: 1}
    one.db.clock = lambda: local(30)
    assert one.board().rates.expired == 1


# --- contacts ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def met(one: World) -> World:
    """Both sides have a contact."""
    with one.db.transaction() as session:
        expo = session.get_one(Expo, one.expo)
        person = make_person(session, "沈华棣", phone="+8613800001234")
        session.execute(update(Demand).values(contact_id=person.id))
        seller = make_person(session, "陆见山", phone="+8613900005678")
        make_exhibitor(session, expo, organisation_id=one.bodies["乙公司"], contact_id=seller.id)
    return one


def test_no_contact_before_both_accepted(met: World):
    key = met.card().id
    met.answer(key, Party.DEMAND)
    assert met.card().contacts == {}
    met.answer(key, Party.SUPPLY)
    assert {party: contact.name for party, contact in met.card().contacts.items()} == {
        Party.DEMAND: "沈华棣", Party.SUPPLY: "陆见山"
    }  # fmt: skip


@pytest.mark.parametrize("role", [Role.ADMIN, Role.SUPERVISOR, Role.DEALS])
def test_a_number_is_masked_whoever_reads(met: World, role: Role):
    met.both_accept(met.card().id)
    met.db.actor = Actor("某人", role)
    assert [contact.phone for contact in met.card().contacts.values()] == ["138****1234", "139****5678"]


def test_no_contact_of_who_did_not_agree_to_be_known(met: World):
    met.both_accept(met.card().id)
    met.consent("甲公司", shared_with=SharedWith.NOBODY)
    assert met.card().contacts.keys() == {Party.SUPPLY}


def test_whoever_no_longer_agrees_is_in_no_card(met: World):
    met.both_accept(met.card().id)
    met.consent("甲公司", valid_until=date(2018, 11, 27))
    assert met.board().cards == []


def test_where_a_side_is_in_the_hall_is_told(met: World):
    assert met.card().supply.there == "未到场"
    assert met.card().demand.there == ""


def test_merged_organisations_are_one(one: World):
    with one.db.transaction() as session:
        session.execute(update(Demand).values(owner_id=one.bodies["乙公司"]))
        assert session.get(Organisation, one.bodies["乙公司"]) is not None
    assert one.board().cards == [], "what was suggested before they were one is no suggestion any more"
    one.compute()
    assert one.board().cards == []


def test_a_clock_a_day_later(one: World):
    one.db.clock = lambda: local(28, 10) + timedelta(days=1)
    one.compute()
    assert one.board().counted_at == local(29, 10)


# --- several at once --------------------------------------------------------------------------------------------------
def at_once(*acts: Any) -> list[Any]:
    """What the acts give, or raise, each in a thread of its own."""
    found: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            found[place] = acts[place]()
        except UserError as error:
            found[place] = error

    threads = [Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_two_programs_that_compute_at_once_leave_one_of_each(world: World):
    world.demand()
    for n in range(8):
        world.result(f"印染废水催化氧化 {n}", f"供方 {n}")
    done = at_once(*[world.compute] * 4)
    assert [one.suggestions for one in done] == [8] * 4
    assert len(world.board().cards) == 8


def test_what_is_said_while_it_is_computed_is_not_lost(one: World):
    for n in range(30):
        one.result(f"印染废水难降解有机物催化氧化 {n}", f"供方 {n}")
    key = one.card().id
    computed, said = at_once(one.compute, lambda: one.answer(key, Party.DEMAND))
    assert not isinstance(computed, UserError)
    assert said is None
    (card,) = [card for card in one.board().cards if card.id == key]
    assert card.said[Party.DEMAND].answer is Answer.ACCEPTED


def test_of_two_answers_at_once_one_is_kept_and_the_other_told(one: World):
    key = one.card().id
    found = at_once(
        lambda: one.answer(key, Party.SUPPLY), lambda: one.answer(key, Party.SUPPLY, Answer.DECLINED, "电话：不要")
    )
    assert sorted(isinstance(result, Conflict) for result in found) == [False, True]
