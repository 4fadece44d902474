"""The generated part of the ledger: what was signed, by whom, for how much. Every party is a generated body."""

from __future__ import annotations

from dataclasses import dataclass

from expo_app.model import DealKind, DealStage, Entry, OrganisationKind
from expo_app.services.sample.people import MARK

EIGHT = tuple(
    f"{place}科技创新服务中心{MARK}" for place in ("练祁", "娄东", "玉峰", "瓯北", "浏河", "澄湖", "塘河", "沪西")
)
BODIES = {
    **dict.fromkeys(EIGHT, (OrganisationKind.OTHER, None)),
    f"嘉定区汽车产业服务中心{MARK}": (OrganisationKind.SERVICE, "310114"),
    f"浙南数字工厂解决方案中心{MARK}": (OrganisationKind.SERVICE, "330300"),
    f"练祁数字经济促进会{MARK}": (OrganisationKind.ALLIANCE, "310114"),
    f"昆山新岚储能应用有限公司{MARK}": (OrganisationKind.ENTERPRISE, "320583"),
    f"练祁科创产业园{MARK}": (OrganisationKind.PARK, "310114"),
    f"申江创投{MARK}": (OrganisationKind.INVESTOR, "310115"),
    f"嘉瑞产业基金{MARK}": (OrganisationKind.INVESTOR, "310114"),
}
"""Parties that neither exhibit nor speak."""
DEV, TRANSFER, CONSULTING, SERVICE = "技术开发", "技术转让", "技术咨询", "技术服务"
IT, MFG, BIO, ENERGY, TRAFFIC = "电子信息", "先进制造", "生物、医药和医疗器械", "新能源与高效节能", "现代交通"


@dataclass(frozen=True)
class Signing:
    """One line of the ledger. `at`: day of November and clock when it was entered; `amount` in 万元.

    `contract`: 合同类别, 合同子类, 技术领域, 知识产权 and the share of 技术交易额, for technology contracts.
    """

    at: tuple[int, str]
    title: str
    seller: str
    buyer: str
    amount: str | None
    kind: DealKind = DealKind.TECH_CONTRACT
    contract: tuple[str, str, str, str, str] | None = None
    stage: DealStage = DealStage.SIGNED
    entry: Entry = Entry.VALID
    at_signing: int | None = None
    note: str = ""


HYDROGEN, CORE, YUNMAI, BOYUAN = (
    "嘉定氢能动力系统有限公司",
    "上海嘉芯传感科技有限公司",
    "苏州工业园区云脉网络科技有限公司",
    "苏州泊元生物医药有限公司",
)
DRIVE, NANO, ROBOT, STORAGE = (
    "安亭智驾测试技术有限公司",
    "苏州纳屿微纳制造股份有限公司",
    "昆山德盈机器人有限公司",
    "昆山新岚储能材料有限公司",
)
GEAR, LASER, ZHENGHE, OPTICS = (
    "太仓欧恒精密传动有限公司",
    "温州瓯江激光装备有限公司",
    "温州正合电气自动化股份有限公司",
    "温州明视光学研究院",
)
CENTRE, CLINIC, LIFE, OUYUE = "嘉定光电工程中心", "南翔精准医学检验所", "太仓生命科学技术研究院", "瓯越大学技术转移中心"
HUB, CARS, DIGITAL, PROMOTION = (
    "昆山科创聚合科技产业园",
    "嘉定区汽车产业服务中心",
    "浙南数字工厂解决方案中心",
    "练祁数字经济促进会",
)
STORE_USE, PARK, SHENJIANG, JIARUI = "昆山新岚储能应用有限公司", "练祁科创产业园", "申江创投", "嘉瑞产业基金"

SIGNINGS = (
    Signing(
        (28, "11:05"),
        "新能源商用车电池管理系统联合开发",
        ZHENGHE,
        STORE_USE,
        "456.5",
        contract=(DEV, "合作开发", ENERGY, "计算机软件著作权", "1"),
    ),
    Signing(
        (28, "11:20"),
        "5G 工业网关联合实验室",
        YUNMAI,
        PROMOTION,
        "720",
        contract=(DEV, "合作开发", IT, "技术秘密", "0.9"),
    ),
    Signing(
        (28, "11:42"),
        "协作机器人关节力矩算法开发",
        ROBOT,
        GEAR,
        "318",
        contract=(DEV, "委托开发", MFG, "发明专利", "1"),
    ),
    Signing(
        (28, "13:35"),
        "光纤激光器模式控制技术秘密转让",
        CENTRE,
        LASER,
        "980",
        contract=(TRANSFER, "技术秘密转让", MFG, "技术秘密", "1"),
    ),
    Signing((28, "13:58"), "汽车零部件产线视觉检测设备采购", CORE, GEAR, "265.8", DealKind.PURCHASE),
    Signing(
        (28, "14:12"), "昆山新岚 B 轮融资意向", STORAGE, SHENJIANG, "3000", DealKind.INVESTMENT, stage=DealStage.INTENT
    ),
    Signing(
        (28, "14:30"), "长三角产学研需求调研", HUB, OUYUE, "48", contract=(CONSULTING, "技术咨询", IT, "未涉及", "1")
    ),
    Signing(
        (28, "14:41"),
        "嘉昆跨区域人才与项目落地入园",
        ROBOT,
        PARK,
        None,
        DealKind.TENANCY,
        note="入驻练祁科创产业园（示例），面积 1,200 ㎡，租金另签。",
    ),
    Signing(
        (28, "14:55"),
        "肿瘤早筛甲基化检测技术转让",
        CLINIC,
        LIFE,
        "3600",
        contract=(TRANSFER, "专利权转让", BIO, "发明专利", "0.85"),
    ),
    Signing((28, "15:08"), "氢燃料电池测试台架采购", DRIVE, HYDROGEN, "412", DealKind.PURCHASE),
    Signing(
        (28, "15:22"),
        "园区能源管理平台运维",
        DIGITAL,
        STORAGE,
        "96",
        contract=(SERVICE, "一般技术服务", ENERGY, "未涉及", "1"),
    ),
    Signing(
        (28, "15:26"),
        "园区能源管理平台运维服务",
        DIGITAL,
        STORAGE,
        "96",
        contract=(SERVICE, "一般技术服务", ENERGY, "未涉及", "1"),
        entry=Entry.VOID,
        note="与上一条重复登记，作废。",
    ),
    Signing(
        (28, "15:40"),
        "近视防控光学镜片专利实施许可",
        OPTICS,
        ZHENGHE,
        "2150",
        contract=(TRANSFER, "专利实施许可", BIO, "发明专利", "1"),
    ),
    Signing(
        (28, "16:12"),
        "车载储氢阀门联合开发",
        HYDROGEN,
        CENTRE,
        "860",
        contract=(DEV, "合作开发", ENERGY, "发明专利", "1"),
    ),
    Signing(
        (29, "09:20"),
        "工业激光清洗头国产化",
        LASER,
        GEAR,
        None,
        contract=(DEV, "委托开发", MFG, "未涉及", "1"),
        entry=Entry.DRAFT,
        note="金额待双方确认。",
    ),
    Signing(
        (29, "09:33"), "精密减速器产线技术培训", GEAR, ROBOT, "37.5", contract=(SERVICE, "技术培训", MFG, "未涉及", "1")
    ),
    Signing(
        (29, "09:47"),
        "智能网联测试场景库建设",
        DRIVE,
        CARS,
        "385.5",
        contract=(SERVICE, "一般技术服务", TRAFFIC, "计算机软件著作权", "0.95"),
    ),
    Signing(
        (29, "09:58"),
        "高通量液滴微流控芯片专利实施许可",
        NANO,
        BOYUAN,
        "640",
        contract=(TRANSFER, "专利实施许可", BIO, "发明专利", "1"),
    ),
    Signing(
        (29, "10:05"),
        "车规级毫米波雷达前端专利转让",
        CORE,
        ROBOT,
        "1280",
        contract=(TRANSFER, "专利权转让", IT, "发明专利", "1"),
    ),
    Signing(
        (29, "10:14"),
        "下肢康复外骨骼联合研发意向",
        BOYUAN,
        OUYUE,
        "1500",
        contract=(DEV, "合作开发", BIO, "未涉及", "1"),
        stage=DealStage.INTENT,
        at_signing=1,
    ),
    Signing(
        (29, "10:22"),
        "电堆示范线许可意向",
        HYDROGEN,
        DRIVE,
        "1200",
        contract=(TRANSFER, "专利实施许可", ENERGY, "发明专利", "1"),
        stage=DealStage.INTENT,
        at_signing=2,
    ),
    Signing(
        (29, "10:31"),
        "车载储氢瓶阀联合开发",
        HYDROGEN,
        CENTRE,
        "860",
        contract=(DEV, "合作开发", ENERGY, "发明专利", "1"),
        entry=Entry.CHECK,
        note="与“车载储氢阀门联合开发”双方、金额相同，待核对。",
    ),
    Signing(
        (29, "10:36"),
        "瓯江激光天使轮追加投资意向",
        LASER,
        JIARUI,
        "800",
        DealKind.INVESTMENT,
        stage=DealStage.INTENT,
        at_signing=3,
    ),
)
