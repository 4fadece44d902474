"""What is reported of the 2018 expo, and nothing else: the only names of real bodies and people in the sample.

Whatever the sample needs beyond this is generated elsewhere in this package and marked.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from expo_app.model import AchievementKind, Industry, ItemKind, OrganisationKind

NAME = "首届长三角科技交易博览会"
NAME_EN = "First Yangtze Delta Science & Technology Trade Expo"
SHORT_NAME = "科交会"
CODE = "KJH18"
STARTS_ON, ENDS_ON = date(2018, 11, 28), date(2018, 11, 30)
VENUE = "上海汽车会展中心"
ADDRESS = "上海市嘉定区安亭镇"
EXHIBITORS = 176
"""As announced; technology-service institutions stand beside them, over 30."""
REHEARSAL_AT = datetime(2018, 11, 29, 2, 42, tzinfo=UTC)
"""10:42 in Shanghai: where the sample's clock starts. Chosen, not reported."""

JIADING, SUZHOU, WENZHOU = "上海市嘉定区人民政府", "苏州市人民政府", "温州市人民政府"
ACADEMY = "中国科学院"
BONA, RONGNAN = "伯纳激光科技有限公司", "上海荣南科技有限公司"
SHENGZHIHUA, MAKERS = "上海盛知华知识产权服务有限公司", "上海市嘉定区众创空间联合会"
OPTICS, CERAMICS, MICRO = "中科院上海光机所", "中科院上海硅酸盐所", "中科院上海微系统所"
ACOUSTICS, CETC32 = "中科院声学所东海站", "中国电科32所"


@dataclass(frozen=True)
class Body:
    """A real organisation, with no more than is reported of it; the English name is its usual one or a translation."""

    name: str
    kind: OrganisationKind
    region: str | None = None
    industry: Industry | None = None
    summary: str = ""
    name_en: str = ""


BODIES = (
    Body(
        JIADING, OrganisationKind.GOVERNMENT, "310114", name_en="People's Government of Jiading District, Shanghai"
    ),
    Body(SUZHOU, OrganisationKind.GOVERNMENT, "320500", name_en="Suzhou Municipal People's Government"),
    Body(WENZHOU, OrganisationKind.GOVERNMENT, "330300", name_en="Wenzhou Municipal People's Government"),
    Body(
        BONA, OrganisationKind.ENTERPRISE, "330300", Industry.MFG, "2012 年成立，有自主的激光与数控品牌。",
        "Bona Laser Technology Co., Ltd.",
    ),
    Body(RONGNAN, OrganisationKind.ENTERPRISE, "310000", name_en="Shanghai Rongnan Technology Co., Ltd."),
    Body(
        SHENGZHIHUA, OrganisationKind.SERVICE, "310000",
        name_en="Shanghai Shengzhihua Intellectual Property Services Co., Ltd.",
    ),
    Body(MAKERS, OrganisationKind.SERVICE, "310114", name_en="Jiading Federation of Makerspaces, Shanghai"),
    Body(OPTICS, OrganisationKind.RESEARCH, name_en="Shanghai Institute of Optics and Fine Mechanics, CAS"),
    Body(CERAMICS, OrganisationKind.RESEARCH, name_en="Shanghai Institute of Ceramics, CAS"),
    Body(MICRO, OrganisationKind.RESEARCH, name_en="Shanghai Institute of Microsystem and Information Technology, CAS"),
    Body(ACOUSTICS, OrganisationKind.RESEARCH, name_en="East Sea Station, Institute of Acoustics, CAS"),
    Body(CETC32, OrganisationKind.RESEARCH, name_en="32nd Research Institute of CETC"),
    Body(ACADEMY, OrganisationKind.RESEARCH, name_en="Chinese Academy of Sciences"),
    Body("泰越资本", OrganisationKind.INVESTOR, name_en="Taiyue Capital"),
    Body("赛智创投", OrganisationKind.INVESTOR, name_en="Saizhi Venture Capital"),
)  # fmt: skip
HOSTS, CO_HOSTS = (JIADING,), (SUZHOU, WENZHOU)
PEOPLE = (
    ("卢渊", "苏州市政府副秘书长", SUZHOU),
    ("陈栋", "温州市政府副秘书长", WENZHOU),
    ("沈华棣", "嘉定区副区长", JIADING),
)
"""Officials named by their public office."""
CONTACT = ("徐伟", "研发总监", RONGNAN)
WANTS = {BONA: "寻求上海合作伙伴", RONGNAN: "寻求各地上下游合作伙伴，寻求产学研合作"}
EXHIBITS = {BONA: "激光发生器：用于大幅面中厚板，切割厚度可达 30 mm"}

OPENING = "开幕式"
TRADE_FORUM = "2018中国长三角创新服务贸易论坛"
AUCTION = "2018年中国科学院专利竞价(拍卖)会上海专场"
MEDICINE = "2018精准医学产业化(上海)高峰论坛"
DIGITAL = "长三角数字经济协同发展高峰论坛暨长三角5G产业应用创新联盟成立大会"
VEHICLES = "长三角智能网联汽车产品开发及验证测试技术论坛"
ROADSHOW = "“科创嘉”科研院所路演专场"
ITEMS = (
    (OPENING, ItemKind.CEREMONY),
    (TRADE_FORUM, ItemKind.FORUM),
    (AUCTION, ItemKind.AUCTION),
    (MEDICINE, ItemKind.FORUM),
    (DIGITAL, ItemKind.FORUM),
    (VEHICLES, ItemKind.FORUM),
    (ROADSHOW, ItemKind.ROADSHOW),
)
"""Seven of the fourteen items."""
TITLES_EN = {
    OPENING: "Opening ceremony",
    TRADE_FORUM: "2018 China Yangtze Delta Forum on Innovation Service Trade",
    AUCTION: "2018 Patent Auction of the Chinese Academy of Sciences, Shanghai",
    MEDICINE: "2018 Shanghai Summit on the Industrialisation of Precision Medicine",
    DIGITAL: "Yangtze Delta Digital Economy Summit and founding of the Delta 5G Industry Application Alliance",
    VEHICLES: "Yangtze Delta Forum on Development, Verification and Testing of Intelligent Connected Vehicles",
    ROADSHOW: "“Kechuangjia” roadshow of research institutes",
}
"""The same titles translated; no English title is reported."""
OPENING_PARTS = (
    "“双创券”平台启用",
    "长三角创新服务贸易共同体成立",
    "长三角合作产业创新园区揭牌",
    "长三角汽车产业创新联盟揭牌",
    "专利拍卖举槌",
    "嘉定与温州两地合作签约",
)

RESULTS = (
    ("眼科光学相干断层扫描仪", OPTICS, AchievementKind.RESULT),
    ("高效催化氧化处理难降解工业污水技术", CERAMICS, AchievementKind.RESULT),
    ("水下高精度区域导航定位与通信系统", ACOUSTICS, AchievementKind.RESULT),
)
"""Three of the six pitched."""
PATENT = "硅量子点的表面水溶性修饰改性方法"
"""One of the seven lots."""

SUMMARIES = {
    OPENING: "11 月 28 日上午举行，议程内容据报道。起止时刻、会场、议程次序与出席安排为示例。",
    TRADE_FORUM: "名称据报道。日期、时间、会场为示例。",
    AUCTION: "7 件专利，开拍槌在开幕式上落下，据报道。日期、时间、会场为示例。",
    MEDICINE: "名称据报道。日期、时间、会场为示例。",
    DIGITAL: "名称据报道。日期、时间、会场为示例。",
    VEHICLES: "名称据报道。日期、时间、会场为示例。",
    ROADSHOW: "5 家院所的 6 项成果（中科院上海光机所、上海硅酸盐所、上海微系统所、声学所东海站，中国电科32所），"
    "11 月 29 日在 C 会场路演，泰越资本、赛智创投等现场点评，据报道。起止时刻、路演人与带“示例”的项目为示例。",
}
