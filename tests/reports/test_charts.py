"""Charts: scales, words beside every figure, nothing to show."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from expo_app.reports.charts import SHARES, Bar, Series, bars, horizontal_bars, line_by_time, shares
from expo_app.reports.pdf import Document

NOW = datetime(2018, 11, 29, 10, 42, tzinfo=UTC)


@pytest.fixture
def words(tmp_path, pdf_text):
    """Drawing, height → the words of the chart, without the page's own."""

    def drawn(drawing, height=150):
        path = tmp_path / "chart.pdf"
        with Document(path, "图", expo_name="展", now=NOW) as doc:
            doc.chart(drawing.draw, height)  # as it is drawn: a page says it in its own words
        lines = [line.strip() for line in pdf_text(path)[0].splitlines()]
        return lines[lines.index("图") + 1 :]

    return drawn


@pytest.mark.parametrize(
    "drawing", [bars([]), horizontal_bars([]), shares([]), shares([Bar("无", 0)]), line_by_time([Series("空", [])])]
)
def test_a_chart_without_data_says_so(words, drawing):
    assert words(drawing) == ["没有数据"]


def test_bars_carry_words_and_values(words):
    shown = words(bars([Bar("11-28", 2104), Bar("11-29", 1180), Bar("11-30", 0)], unit="人次"))
    assert [shown.count(text) for text in ("人次", "2,104", "1,180", "3,000")] == [1, 1, 1, 1]
    assert [" ".join(shown).count(day) for day in ("11-28", "11-29", "11-30")] == [1, 1, 1]


def test_lying_bars_sum_what_does_not_fit(words):
    shown = " ".join(words(horizontal_bars([Bar(f"项目{at}", 10) for at in range(20)]), 65))
    assert [shown.count(f"项目{at}") for at in (0, 3)] == [1, 1]
    assert shown.count("项目4") == 0
    assert shown.count("其他 16 项") == 1
    assert shown.count("160") == 1


def test_shares_name_every_part_with_value_and_share(words):
    parts = [Bar("技术开发", Decimal("8600")), Bar("技术转让", Decimal("4200.5")), Bar("无", 0), Bar("其他", 120)]
    shown = " ".join(" ".join(words(shares(parts, unit="万元"))).split())
    for text in ("技术开发 8,600 万元 · 66.6%", "技术转让 4,200.5 万元 · 32.5%", "其他 120 万元 · 0.9%"):
        assert shown.count(text) == 1, shown
    assert shown.count("无") == 0


def test_long_words_are_wrapped_or_given_room(words):
    names = ["Information technology", "High-end manufacturing", "Health and medicine"]
    shown = " ".join(" ".join(words(horizontal_bars([Bar(name, 10) for name in names]), 75)).split())
    shown += " ".join(" ".join(words(shares([Bar(name, 1234.5) for name in names]), 90)).split())
    assert ([shown.count(name) for name in names], shown.count("…")) == ([2, 2, 2], 0)


def test_long_words_beside_low_bars_are_whole(words):
    names = [
        "Public institution (research institute)",
        "Biology, medicine and medical devices",
        "Hong Kong, Macao or Taiwan",
    ]
    shown = " ".join(" ".join(words(horizontal_bars([Bar(name, 10) for name in names], label_share=0.2), 54)).split())
    assert ([shown.count(name) for name in names], shown.count("…")) == ([1, 1, 1], 0)


def test_lines_name_their_days_hours_and_peaks(words):
    days = [Series("11-28", [(540, 10), (600, 900), (660, 80)]), Series("11-29", [(540, 5), (600, 700), (660, 60)])]
    shown = " ".join(words(line_by_time(days, unit="人次")))
    for text in ("11-28", "11-29", "人次", "09:00", "10:00", "11:00", "900", "700"):
        assert shown.count(text) == 1, (text, shown)


def test_an_interval_that_is_not_over_is_no_peak_and_says_so(words):
    line = Series("11-29", [(480, 10), (540, 20), (600, 65)], running="到 10:42")
    shown = " ".join(words(line_by_time([line], every=60)))
    texts = ("20", "65 到 10:42", "08:00", "09:00", "10:00", "08:30")
    assert [shown.count(text) for text in texts] == [2, 1, 1, 1, 1, 0]
    assert " ".join(words(line_by_time([Series("11-29", [(600, 65)], running="到 10:42")]))).count("65 到 10:42") == 1


def test_of_many_lying_bars_the_largest_stay_in_their_order(words):
    shown = " ".join(words(horizontal_bars([Bar(f"项目{at}", at % 7) for at in range(20)]), 65))
    assert [at for at in range(20) if f"项目{at} " in shown] == [5, 6, 12, 13]
    assert shown.count("其他 16 项") == 1


def test_long_names_of_classes_are_whole_where_there_is_room_below(words):
    names = ("development", "transfer", "licensing", "consulting")
    parts = [Bar(f"Technology {name}", Decimal("12345678.90")) for name in names] + [Bar("Technical services", 90)]
    shown = " ".join(words(shares(parts), SHARES))
    assert [shown.count(f"Technology {name}") for name in names] == [1] * 4
