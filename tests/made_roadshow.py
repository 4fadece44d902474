"""A roadshow as an organiser prepares it in lists, of the expo of `made_auction`: six results, two experts."""

from decimal import Decimal

from tests import made_auction as made

SHOW = "青年科学家路演"
RESULTS = ("钙钛矿叠层电池", "手术导航机器人", "耐盐水稻", "海缆监测光纤", "氢能阀门", "古籍修复纳米纸")
INVESTORS = ("远帆资本", "鹿鸣创业投资", "")
EXPERTS = ("沈知远", "顾行之")
LISTS: dict[str, list[list[object]]] = {
    "achievements": [
        ["成果名称", "单位", "类型", "领域", "专利号", "转化方式"],
        *([title, made.OWNERS[n], "科技成果", "先进制造", f"ZL{made.patent(n + 1)}", "转让"]
          for n, title in enumerate(RESULTS)),
    ],
    "programme": [
        ["活动名称", "类型", "开始", "结束"], [SHOW, "路演", "2027-05-13 14:00", "2027-05-13 16:00"],
    ],
    "pitches": [
        ["场次", "顺序", "项目名称", "主讲人", "时长（分钟）"],
        *([SHOW, n, title, f"讲者{n}", 8] for n, title in enumerate(RESULTS, 1)),
    ],
    "score_criteria": [["场次", "指标", "满分", "权重"], [SHOW, "创新", 20, 3], [SHOW, "市场", 100, 1]],
    "attendees": [["姓名", "手机", "单位", "类别"], ["林岚", "13800000067", INVESTORS[1], "专业观众"]],
}  # fmt: skip
"""In the order in which they are imported."""


def points(n: int) -> tuple[tuple[str, str], tuple[str, str]]:
    """What the experts say of pitch `n`, from 0, by 创新 and 市场."""
    return ("18", "80"), ("16", str(90 - 4 * n))


def mean(n: int) -> Decimal:
    """Of those points: (18/20·3 + 80/100)/4 and (16/20·3 + (90 - 4n)/100)/4, their mean in percent."""
    return Decimal(85) - Decimal(n) / 2
