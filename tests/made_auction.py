"""An auction as an organiser prepares it in lists, of an expo unlike the sample: seven lots, 31 paddles, in 万元.

LISTS[kind] → rows with their headers; `sheet(path, rows)` writes them as a workbook. What the tests reckon with is
written down here once, as it was put in.
"""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from expo_app.rules.auction_checklist import CONSIGNMENT
from expo_app.rules.patents import check_digit

ZONE = ZoneInfo("Asia/Shanghai")
BEGINS = datetime(2027, 5, 13, 14, tzinfo=ZONE)
"""A Thursday."""
DAY = date(2027, 5, 13)
EXPO = {
    "name": "第九届临海科技成果交易会", "code": "LH27", "edition_no": "9", "starts_on": "2027-05-12",
    "ends_on": "2027-05-14", "venues": "临海会展馆", "submit_days": "15",
}  # fmt: skip
SESSION, PLACE, HOUSE, LICENCE = "专利专场", "二号厅", "临海拍卖有限公司", "浙拍-0099"
AUCTIONEER, AUCTIONEER_NO, RECORDER = "郑衡", "YS-1024", "闻录"
OWNERS = (
    "蓝岭研究院",
    "滨海大学",
    "云帆制造有限公司",
    "北屿理工学院",
    "石门化工研究所",
    "东篱能源有限公司",
    "南浦工业大学",
)
SECRET_OWNER, SECRET_BUYER = OWNERS[0], 18
"""Who asked to be kept secret: the owner of 01, and a paddle."""
CO_OWNER, INVENTOR, FIRST, ORDERED, OWN, NO_ACCOUNT = "西岭研究所", "周启", 23, 27, 31, 17
"""Of 02; of 04, who bids by priority with paddle 23; a written order on 05; the owner of 07; no account to pay to."""
RESERVES = {"01": "131.37", "02": "88.89", "03": "79.19", "05": "66.61", "06": "203.33", "07": "121.21"}
_STARTS = {"01": 100, "02": 50, "03": 40, "04": 30, "05": 60, "06": 200, "07": 120}
_TITLES = ("稀土永磁电机", "海水淡化膜", "低温等离子灭菌", "红外测距芯片", "生物基涂层", "液流电池隔膜", "精密减速器")
_WORDS = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳"
    "云腾致雨露结为霜金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰"
)
DEPOSIT = 5


def bidder(paddle: int) -> str:
    """Who holds a paddle."""
    return OWNERS[6] if paddle == OWN else f"{_WORDS[2 * paddle - 2 : 2 * paddle]}股份有限公司"


def agent(paddle: int) -> str:
    return f"受托{_WORDS[paddle]}"


def patent(lot: int, n: int = 0) -> str:
    """A number with the right last digit."""
    digits = f"20161{lot:05d}{n:02d}"
    return f"{digits}.{check_digit(digits)}"


def title(lot: int) -> str:
    return f"{_TITLES[lot - 1]}专利包"


def _lot(n: int) -> list[object]:
    number, owner, name = f"{n:02d}", OWNERS[n - 1], title(n)
    reserve = float(RESERVES[number]) if number in RESERVES else None
    rights = {
        "02": f"共有人；{CO_OWNER}；2027-04-20；待答",
        "04": f"发明人；{INVENTOR}；2027-05-02；—；—；主张；{FIRST}",
    }
    orders = {"05": f"{ORDERED}；80；2027-05-13 10:00"}
    return [
        number, SESSION, name, owner, "是" if n == 1 else "否",
        "\n".join(f"发明专利；{name[:-3]}{k + 1}；{patent(n, k)}；{patent(n, k)}；；{owner}" for k in range(2)),
        _STARTS[number], "" if reserve else "无底价", reserve,
        DEPOSIT, f"WT-{n:03d}", "2027-04-15", "、".join(CONSIGNMENT.values()), "是" if n == 2 else "否",
        "评字 22 号" if n == 2 else "", rights.get(number, ""), orders.get(number, ""),
    ]  # fmt: skip


LISTS: dict[str, list[list[object]]] = {
    "auctions": [
        ["专场名称", "时间", "地点", "拍卖人", "拍卖许可证号", "拍卖师", "拍卖师证号", "记录人", "公告日期", "展示起",
         "展示止", "佣金各档"],
        [SESSION, "2027-05-13 14:00", PLACE, HOUSE, LICENCE, AUCTIONEER, AUCTIONEER_NO, RECORDER, "2027-05-01",
         "2027-05-10", "2027-05-12", "买受人；0；5\n买受人；200；3\n委托人；0；4"],
    ],
    "bidders": [
        ["竞买号牌", "专场", "竞买单位", "举牌人", "手机", "银行账号", "参与方式", "身份核验", "保密"],
        *(
            [f"{n:02d}", SESSION, bidder(n), agent(n), f"138{n:08d}",
             "" if n == NO_ACCOUNT else f"6222020200112233{n:03d}", {24: "电话", ORDERED: "书面委托"}.get(n, "场内"),
             "是", "是" if n == SECRET_BUYER else "否"]
            for n in range(1, 32)
        ),
    ],
    "lots": [
        ["标的号", "专场", "标的名称", "委托人", "委托人保密", "专利", "起拍价（万元）", "有无保留价", "保留价（万元）",
         "保证金（万元）", "委托合同编号", "委托日期", "合同载明", "国有资产", "评估报告号", "共有人与优先权人",
         "书面委托"],
        *(_lot(n) for n in range(1, 8)),
    ],
}  # fmt: skip
"""In the order in which they are imported."""


def sheet(path: Path, rows: list[list[object]]) -> Path:
    """A workbook of these rows."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path
