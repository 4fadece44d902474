"""`report NAME --json` without OUT: the figures themselves, on standard output."""

from command import called


def test_a_report_without_figures_of_its_own_says_so(sample_file):
    said = called("report", "directory", "--json", "--db", sample_file, status=1)
    assert said.startswith("“参展商会刊”没有单独的 JSON 数字，没有生成。请给出文件名 OUT")
    assert said.strip().endswith("[E-FORMAT]")


def test_a_file_is_wanted_where_no_json_is(sample_file):
    assert called("report", "directory", "--db", sample_file, status=2).strip().endswith("少了 OUT")
