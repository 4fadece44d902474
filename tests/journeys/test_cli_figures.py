"""`report NAME --json` without OUT: the figures themselves, on standard output."""

import json
import shutil

from command import called

from expo_app.services import expos
from expo_app.services.sample import register_deals
from expo_app.store.database import open_database


def test_a_report_without_figures_of_its_own_says_so(sample_file):
    said = called("report", "directory", "--json", "--db", sample_file, status=1)
    assert said.startswith("“参展商会刊”没有单独的 JSON 数字，没有生成。请给出文件名 OUT")
    assert said.strip().endswith("[E-FORMAT]")


def test_a_file_is_wanted_where_no_json_is(sample_file):
    assert called("report", "directory", "--db", sample_file, status=2).strip().endswith("少了 OUT")


def test_figures_of_no_day_are_refused_one(sample_file):
    said = called("report", "press", "--json", "--day", "2018-11-28", "--db", sample_file, status=1)
    assert said.startswith("“发布口径”不按日期")
    assert said.strip().endswith("[E-DAY]")


def test_the_press_figures_as_json(sample_file, tmp_path):
    file = shutil.copy(sample_file, tmp_path / "expo.db")
    db = open_database(file)
    register_deals(db, expos.all_expos(db)[0].id)
    db.close()
    told = json.loads(called("report", "press", "--json", "--db", file))
    figures = {figure["name"]: figure for figure in told["figures"]}
    assert (figures["exhibitors"]["value"], figures["events"]["value"]) == (130, 14)  # the other 46 come with a file
    assert (figures["signed"]["value"], figures["signed"]["amount"]) == (20, "122493000.00")
    assert (told["is_sample"], told["moment"], told["approved"]) == (True, "2018-11-29T10:42:00+08:00", None)
    assert told["text"]["zh_CN"].endswith("（示例数据）")
    for said, moment in (("11-29 10:30", "2018-11-29T10:30"), ("2018-11-28 18:00", "2018-11-28T18:00")):
        told = json.loads(called("report", "press", "--json", "--at", said, "--db", file))
        assert told["moment"] == f"{moment}:00+08:00"
    assert "没到" in called("report", "press", "--json", "--at", "2018-11-29 18:00", "--db", file, status=1)
    assert "不按时点" in called("report", "tables", "--json", "--at", "11-29 10:30", "--db", file, status=1)


def test_a_file_too_is_said_as_json(sample_file, tmp_path):
    told = json.loads(called("report", "press", tmp_path / "口径.pdf", "--json", "--db", sample_file))
    assert told == {"path": str(tmp_path / "口径.pdf")}
    assert (tmp_path / "口径.pdf").read_bytes().startswith(b"%PDF")
