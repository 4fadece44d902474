"""A figure beside that of earlier editions: counted or as reported, never a cumulative one, never a sample's."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from factories import make_deal, make_exhibitor, make_expo
from pypdf import PdfReader

from expo_app.errors import InvalidRecord
from expo_app.model import DealStage, Expo
from expo_app.reports import editions
from expo_app.services import records
from expo_app.services.editions import read_report
from expo_app.services.record_rules import rules_of
from expo_app.services.statistics.audience import whole_attendance
from expo_app.services.statistics.deals import deal_figures
from expo_app.services.statistics.exhibition import exhibition
from expo_app.services.statistics.grade import grade
from expo_app.services.statistics.programme import programme_figures
from expo_app.services.statistics.trends import trends
from expo_app.specs import EDITIONS
from expo_app.specs.editions_report import APART
from expo_app.specs.figures import SHARE, Figure
from expo_app.specs.trend_figures import Past, Trend


@pytest.fixture
def fair(db):
    """The third edition of a fair, with four exhibitors; the second is in the file too, with three."""
    with db.transaction() as session:
        second = make_expo(session, edition_no=2, starts_on=date(2022, 5, 1), ends_on=date(2022, 5, 3))
        third = make_expo(session, edition_no=3, starts_on=date(2023, 5, 1), ends_on=date(2023, 5, 3))
        for _n in range(3):
            make_exhibitor(session, second)
        for _n in range(4):
            make_exhibitor(session, third)
        return second.id, third.id


def trend_of(db, expo_id, name="exhibitors"):
    figures = [*exhibition(db, expo_id).figures, *vars(deal_figures(db, expo_id)).values()]
    return trends(db, expo_id, [f for f in figures if isinstance(f, Figure)])[name]


def reported(db, edition_no, starts_on, **given):
    values = {"name": "某展", "edition_no": edition_no, "starts_on": starts_on, **given}
    return records.save(db, EDITIONS, values)


def test_an_earlier_expo_of_the_file_is_counted(db, fair):
    second, third = fair
    found = trend_of(db, third)
    assert found.past == (Past(2, found.past[0].name, date(2022, 5, 1), True, 3, expo_id=second),)
    assert found.change == Decimal(1) / 3
    assert found.line == "上届 3 家 +33.3%"


def test_a_number_entered_twice_is_refused_under_one_name_and_asked_under_another(db):
    reported(db, 3, None)
    with pytest.raises(InvalidRecord):
        reported(db, 3, None)
    ask = rules_of(EDITIONS).alike
    for number, told in (("3", [("某展", "第 3 届")]), ("4", []), ("", []), ("三", [])):
        assert [(one.name, one.why) for one in ask(db, EDITIONS, {"name": "另展", "edition_no": number})] == told


def test_the_first_edition_has_nothing_before_it(db, fair):
    found = trend_of(db, fair[0])
    assert found.past == ()
    assert (found.line, found.change, found.change_shown) == ("", None, "—")


def test_a_comparison_says_why_a_sample_expo_is_none_of_the_editions(db, fair, tmp_path):
    with db.transaction() as session:
        sample = make_expo(session, code="SMPL", edition_no=2, is_sample=True).id
    for expo_id, is_apart in ((fair[0], False), (sample, True)):
        data = read_report(db, expo_id, datetime(2022, 5, 2, 10, tzinfo=UTC))
        assert bool(data.comparison.apart) is is_apart
        editions.write(tmp_path / "a.pdf", data)
        text = "".join(page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages)
        assert (APART[:7] in text, "数据截至" in text) == (is_apart, not is_apart)


def test_an_edition_known_by_its_record_alone_stands_as_reported(db, fair):
    reported(db, 1, "2021-05-01", exhibitors="约 150", items="50 余", source="某报")
    past = trend_of(db, fair[1]).past
    assert [(one.edition_no, one.value, one.is_reported, one.source) for one in past] == [
        (2, 3, False, ""), (1, Decimal(150), True, "某报"),
    ]  # fmt: skip
    assert trend_of(db, fair[0]).line == "上届 约 150 家 约 −98.0%"


def test_what_nobody_reported_is_not_known_and_never_nought(db, fair):
    reported(db, 1, "2021-05-01", items="50")
    found = trend_of(db, fair[0])
    assert found.past[0].value is None
    assert (found.line, found.change, found.change_shown) == ("上届 —", None, "—")


def test_where_there_was_none_last_time_it_says_so(db, fair):
    with db.transaction() as session:
        make_deal(session, session.get_one(Expo, fair[1]), amount=Decimal(1_000_000))
        make_deal(session, session.get_one(Expo, fair[0]), stage=DealStage.INTENT)
    found = trend_of(db, fair[1], "signed")
    assert found.past[0].value == 0
    assert (found.change, found.change_shown, found.line) == (None, "上届无", "上届无")


def test_a_figure_nobody_recorded_anything_of_is_not_known(db, fair):
    """No scan, no booth, no item, no deal: —, and no change beside an edition that had some."""
    counted = [exhibition(db, fair[1]), programme_figures(db, fair[1]), whole_attendance(db, fair[1])]
    figures = {f.name: f for data in (*counted, deal_figures(db, fair[1])) for f in vars(data).values() if is_one(f)}
    names = ("visits", "visitors", "people", "net_area", "raw_area", "booths", "items", "speakers", "signed")
    assert {figures[name].shown for name in names} == {"—"}
    assert figures["co_exhibitors"].value == 0, "of exhibitors there are records"
    reported(db, 2, "2022-05-01", visits="5000", items="20", net_area="9000")
    found = trends(db, fair[1], [figures[name] for name in ("visits", "items", "net_area")])
    assert [(one.change_shown, one.line) for one in found.values()] == [
        ("—", "上届 5,000 人次"), ("—", "上届 20 场"), ("—", "上届 9,000 ㎡"),
    ]  # fmt: skip
    with db.transaction() as session:
        empty = make_expo(session, edition_no=9, starts_on=date(2029, 5, 1), ends_on=date(2029, 5, 3)).id
    audit = grade(db, empty, db.now()).audit
    assert {value for line in audit for value in (line.home, line.abroad, line.unknown, line.total)} == {None}


def is_one(value):
    return isinstance(value, Figure)


def test_what_is_cumulative_is_no_editions_own(db, fair):
    reported(db, 1, "2021-05-01", total_exhibitors="超过 1000", total_tech_amount="77000")
    assert trend_of(db, fair[0]).past[0].value is None
    assert trend_of(db, fair[0], "tech_amount").past[0].value is None


def test_a_record_of_an_expo_of_the_file_is_one_edition_with_it(db, fair):
    second, third = fair
    reported(db, 2, "2022-05-01", exhibitors="176", tech_amount="5000")
    found = trend_of(db, third)
    assert [(one.value, one.is_reported) for one in found.past] == [(3, False)], "its records are counted"
    assert [(one.value, one.is_reported) for one in trend_of(db, third, "tech_amount").past] == [
        (Decimal(50_000_000), True)
    ], "what its records do not hold stands as reported"
    assert trend_of(db, second).past == (), "and it is not before itself"


def test_a_sample_is_never_compared_with_a_real_one(db, fair):
    with db.transaction() as session:
        sample = make_expo(
            session, edition_no=1, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 3), is_sample=True, name="示例展"
        )
        make_exhibitor(session, sample, is_sample=True)
        later = make_expo(
            session, edition_no=4, starts_on=date(2024, 5, 1), ends_on=date(2024, 5, 3), is_sample=True, name="示例展 4"
        )
        sample_id, later_id = sample.id, later.id
    assert trend_of(db, fair[0]).past == ()
    assert [one.expo_id for one in trend_of(db, later_id).past] == [sample_id]


def test_what_was_reported_of_a_sample_expo_is_real(db, fair):
    """The sample's figures are made up, what the papers said of the first edition is not."""
    with db.transaction() as session:
        sample = make_expo(
            session, edition_no=1, starts_on=date(2020, 5, 1), ends_on=date(2020, 5, 3), is_sample=True, name="示例展"
        )
        make_exhibitor(session, sample, is_sample=True)
    reported(db, 1, "2020-05-01", exhibitors="176", expo_id="示例展")
    assert [(one.value, one.is_reported) for one in trend_of(db, fair[0]).past] == [(Decimal(176), True)]


def test_editions_between_that_are_not_known_are_not_called_the_last(db, fair):
    with db.transaction() as session:
        later = make_expo(session, edition_no=7, starts_on=date(2027, 5, 1), ends_on=date(2027, 5, 3))
        make_exhibitor(session, later)
        expo_id = later.id
    assert trend_of(db, expo_id).line == "第 3 届 4 家 −75.0%"


def test_without_dates_the_numbers_tell(db, fair):
    reported(db, 1, None, exhibitors="2")
    assert [one.edition_no for one in trend_of(db, fair[1]).past] == [2, 1]


def test_a_share_changes_by_points():
    past = Past(1, "某展", None, True, Decimal("0.25"))
    assert Trend(Figure("raw_share", "", Decimal("0.3"), SHARE), (past,)).change_shown == "+5.0 个百分点"
