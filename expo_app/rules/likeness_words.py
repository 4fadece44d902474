"""Words by which names of organisations are compared: data of `rules.name_parts` and `rules.likeness`."""

from types import MappingProxyType

_TRADES = """
科技 技术 科学 理工 科创 科教 高科 高新 电子 电气 电器 电力 电机 电池 电源 电缆 电路 电商 电子商务 信息 网络 通信
通讯 软件 硬件 数据 大数据 数字 数码 智能 智造 智慧 人工智能 自动化 机器人 装备 设备 机械 机电 机床 精密 仪器 仪表
传感 传感器 光电 光学 光电子 声学 力学 数学 物理 激光 半导体 集成电路 微电子 微系统 芯片 材料 新材料 复合材料 能源
新能源 氢能 环保 环境 生态 节能 低碳 水务 生物 医药 医疗 医学 药物 器械 医疗器械 制药 药业 中药 中医药 化工 化学
化纤 纺织 服饰 服装 食品 农业 林业 渔业 种业 汽车 车辆 零部件 轴承 轨道 轨道交通 交通 交通运输 航空 航天 航空航天
船舶 海洋 水利 重工 工业 制造 实业 工程 建设 建筑 建材 设计 规划 咨询 服务 管理 投资 创投 资本 基金 资产 控股 金融
保险 证券 发展 经济 产业 创业 创新 众创 贸易 商贸 进出口 国际 物流 供应链 文化 传媒 传播 广告 教育 培训 会展 展览
知识产权 专利 检测 检验 认证 测试 系统 控制 工具 模具 五金 金属 钢铁 有色 稀土 陶瓷 玻璃 塑料 橡胶 包装 印刷 家具
照明 安防 安全 消防 物联网 物联 互联网 云计算 计算 计算机 健康 康复 基因 诊断 动力 燃料 燃料电池 储能 光伏 太阳能
风电 核电 电动 测控 导航 卫星 遥感 北斗 无人机 成果 转化 转移 技术转移 研发 应用 铸造 热泵 环境技术 信息技术 中国
企业 师范 财经 政法 外国语 民族 医科 人民 中心 肿瘤 儿科
妇产科 妇幼 口腔 眼科 眼视光 胸科 肺科 皮肤病 精神卫生 卫生 中西医结合
"""
_BODIES = """
大学 学院 医学院 分院 研究院 研究所 研究总院 设计院 设计研究院 科学院 工程院 医院 银行 研究中心 技术中心 创新中心
服务中心 实验室 重点实验室 协会 学会 商会 联合会 促进会 联盟 基金会 委员会 管委会 管理委员会 政府 人民政府 人民医院
中心医院 中医院 儿童医院 科技局 管理局 出版社 学校 中学 小学 技术学院 职业技术学院 科技园 产业园 园区 孵化器 基地
平台 事务所 工作站 交易所 交易中心 生产力促进中心
"""
_LATIN_TRADES = """
technology technologie science semiconductor electronic electric electrical microelectronic optoelectronic optical
biotechnology biotech bio pharmaceutical pharma medical medicine biomedical material newmaterial energy newenergy
power information network communication software data intelligent intelligence automation robot robotic equipment
instrument precision machinery environment environmental protection chemical automotive automobile auto aerospace
marine industry industrial manufacturing engineering construction design consulting service management investment
capital development trading trade international logistic culture media education system control research laboratory
institute university college hospital center centre academy association intellectualproperty china
"""
_LOOKALIKES = """
末未 己已巳 土士 日曰 人入八 干千于 天夫 大太犬 木本 术朮 技枝 科料 拔拨 侯候 析折 博搏 晴睛情 泰秦奏 微徽 宜宣 治冶
汽气 氢氧氦氩 宄究 辰晨 晶品 鑫金 昊吴 瑞端 杨扬 洲州 坤绅 骋聘 驰弛 徳德 贝见 车东 乌鸟 今令 戊戌戍 历厉 束柬 凤风
刀力 免兔 竟竞 崇祟 栗粟 壁璧 拆折 壶壸 佳住 伟纬 杰木 遨邀 捷棣 诚城 清请青 蓝篮 恒桓 旭九 昱显 圆园 元无 芒茫 莱菜
荧萤莹 体休 兴与 与和及 余佘
"""
_LATIN_INNER = "co company ltd limited corp corporation inc incorporated llc pte pty"
_LATIN_OTHER = "gmbh ag sa bv nv plc kg spa srl ab oy kk llp lp kft as"
_ROLES = "前台 总机 办公室 财务 客服 司机 联系人 负责人 工作人员 待定 未定 不详"
_ROLE_BOXES = """
info office sales sale contact contacts mail email admin service services support hello hr jobs job marketing market
press media pr enquiry enquiries inquiry inquiries reception secretary webmaster postmaster noreply team export import
company business bd trade order orders purchase purchasing procurement events event expo fair booking public general
post customerservice kefu xiaoshou shichang shichangbu bangongshi zhaopin yewu
"""

TRADES = frozenset(_TRADES.split())
"""What a name says of its trade, and what a university teaches."""
BODIES = frozenset(_BODIES.split())
"""Kinds of institution: what a name ends in, and where another body begins."""
LATIN_SMALL = frozenset({"and", "the", "of"})
LATIN_TRADES = frozenset(_LATIN_TRADES.split())
"""The same of English names, in the singular."""
LOOKALIKES = tuple(_LOOKALIKES.split())
"""Characters that are taken for one another by shape, and the words for "and"."""
LATIN_INNER = frozenset(_LATIN_INNER.split())
"""Words of a legal form that may stand within a name: Panasonic Corporation of China."""
LATIN_FORMS = MappingProxyType(
    {form: form for form in (*LATIN_INNER, *_LATIN_OTHER.split())}
    | {"co": "company", "ltd": "limited", "corporation": "corp", "incorporated": "inc"}
)
"""Kind of legal form by its word."""
ROLES = frozenset(_ROLES.split())
"""What stands for a name and is nobody's; and so is what ends in 部."""
ROLE_BOXES = frozenset(_ROLE_BOXES.split())
"""Mailboxes that a whole office reads."""
ALONE = frozenset({"大学", "医院", "银行"})
"""复旦 is 复旦大学, but 复旦 is not 复旦研究院."""
OF_A_PLACE = ("局", "厅", "委员会", "委会", "政府", "办公室", "法院", "检察院", "中学", "小学", "幼儿园", "馆")
"""What every place has one of."""
SHORTENED = MappingProxyType(
    {
        "大": ("大学",),
        "工": ("理工大学",),
        "院": ("院",),
        "所": ("所",),
        "委": ("委员会", "委"),
        "局": ("局",),
        "中": ("中学",),
    }
)
"""The last character of a short name of an institution, and how its whole name ends."""

ONE_WORD = MappingProxyType(
    {
        "科学技术": "科技",
        "高新技术产业开发区": "高新区",
        "经济技术开发区": "经开区",
        "管理委员会": "管委会",
        "组织委员会": "组委会",
        "中科院": "中国科学院",
        "经济和信息化": "经信",
        "工业和信息化": "工信",
        "发展和改革": "发改",
        "人力资源和社会保障": "人社",
        "卫生健康": "卫健",
        "市场监督管理": "市场监管",
    }
)
"""Words that are written out or not in one and the same name."""
CHINA = "中国"
LEADS = ("中科", "科大")
"""Where a company comes from, which its short name leaves out: 寒武纪, 讯飞."""
