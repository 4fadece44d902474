"""Results, demands and services as an organiser sends them, of the expo of `made_auction`: fish and cold."""

from datetime import date

PACKER, COLD, FOOD = "临海水产集团", "东港冷链物流有限公司", "北屿食品股份有限公司"
RIDGE, SHORE, GATE, CLOUD = "蓝岭研究院", "滨海大学", "石门化工研究所", "云帆制造有限公司"
SERVICE = "南岛检测中心"
EXHIBITORS = (PACKER, COLD, FOOD, RIDGE, SHORE, GATE, CLOUD, SERVICE)
PEOPLE = {
    PACKER: "贺知秋",
    FOOD: "温子昂",
    RIDGE: "沈怀远",
    GATE: "陆青山",
    COLD: "杜若",
    SHORE: "白芷",
    SERVICE: "方圆",
}
JELLY, ICE, TOXIN = "鱼糜凝胶强度在线检测", "冷藏集装箱相变蓄冷", "赤潮毒素快速筛查"
OFFERS = {"鱼糜凝胶近红外检测仪": RIDGE, "凝胶强度超声检测": CLOUD, "相变蓄冷板": SHORE, "赤潮毒素筛查卡": GATE}
ITEM = "水产品毒素检测"
DAYS = (date(2027, 5, 13), date(2027, 5, 14))
LISTS: dict[str, list[list[object]]] = {
    "exhibitors": [["参展单位", "地区"], *([name, "威海市"] for name in EXHIBITORS)],
    "achievements": [
        ["成果名称", "单位", "类型", "领域", "关键词", "转化方式", "简介"],
        ["鱼糜凝胶近红外检测仪", RIDGE, "科技成果", "水产加工", "鱼糜、凝胶、检测", "寻合作",
         "近红外在线检测鱼糜凝胶强度"],
        ["凝胶强度超声检测", CLOUD, "产品", "水产加工", "凝胶、超声、检测", "可转让", "超声检测凝胶强度，离线抽检"],
        ["相变蓄冷板", SHORE, "科技成果", "冷链", "相变、蓄冷", "可许可", "冷藏集装箱用相变蓄冷板"],
        ["赤潮毒素筛查卡", GATE, "产品", "食品安全", "赤潮、毒素、筛查", "可转让", "十分钟筛查贝类的赤潮毒素"],
    ],
    "demands": [
        ["需求名称", "需求单位", "领域", "关键词", "难题描述", "技术指标", "合作方式", "预算（万元）", "联系人"],
        [JELLY, PACKER, "水产加工", "鱼糜、凝胶、检测", "鱼糜凝胶强度靠人工抽检，要在线检测", "误差 ≤ 3 %",
         "合作开发", 120, PEOPLE[PACKER]],
        [ICE, COLD, "冷链", "相变、蓄冷、集装箱", "断电后冷藏集装箱温升快，想用相变蓄冷", "8 小时 ≤ 3 ℃", "实施许可",
         80, ""],
        [TOXIN, FOOD, "食品安全", "赤潮、毒素、筛查", "收购贝类时要当场筛查赤潮毒素", "≤ 15 分钟", "技术转让", 60, ""],
    ],
    "providers": [["机构名称", "机构类别", "资质"], [SERVICE, "检验检测", "CMA"]],
    "service_items": [
        ["服务项目", "服务机构", "领域", "关键词", "价格（万元）", "计价单位"],
        [ITEM, SERVICE, "食品安全", "毒素、检测、筛查", 0.2, "样"],
    ],
    "matching_consents": [
        ["单位", "人员", "可被推荐", "联系方式", "有效期至"],
        *([name, "", "是", "双方接受后", "2027-06-30"] for name in EXHIBITORS),
        [GATE, PEOPLE[GATE], "是", "不对外", "2027-06-30"],
    ],
    "meeting_places": [["洽谈点", "种类", "片区"], ["T1", "洽谈桌", "东厅"], ["T2", "洽谈桌", "东厅"]],
    "meeting_hours": [
        ["日期", "开始", "结束"],
        ["2027-05-13", "14:00", "15:00"], ["2027-05-14", "09:00", "10:00"],
    ],
    "attendees": [
        ["姓名", "手机", "单位", "类别"],
        *([name, f"1380000{n:04}", body, "专业观众"] for n, (body, name) in enumerate(PEOPLE.items(), 61)),
    ],
}  # fmt: skip
"""In the order in which they are imported."""
