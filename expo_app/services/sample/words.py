"""Words from which the generated part of the sample is put together. Nothing here names a real body or person."""

from expo_app.model import Industry


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split("、"))


SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任卢"
    "姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙史陶贺毛郝顾龚邵万覃武钱戴严莫孔向汤温"
    "康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季成霍苗裴"
    "涂谷曲盛翁冉蓝骆路游靳辛"
)
DOUBLE_SURNAMES = _words("欧阳、司马、上官、诸葛、尉迟、夏侯、皇甫、令狐、澹台、公孙")
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰建国文志峰红梅鹏飞雪琳波宇浩凯欣怡佳慧婷雯璐颖倩"
    "琪珊珂瑶嘉诚博睿哲轩然晨曦皓宁远航思源逸帆子涵梓俊清岚舒毅恒锐达旭昊天泽润安康林森海鑫权渊卓立行知启"
    "承泰朗翰墨若云书语清韵白青彤婉蕾莹洁岩松柏楠桐杉梧樱荷莲菊蓉薇芷苒芸茜"
)
RARE_NAMES = _words(
    "王𬭚、陈𫖯、欧阳修远、单雨桐、买买提·阿不都热西提、古丽巴哈尔·吐尔逊江、尉迟文渊、曾喆、仇翀、李㛃、"
    "澹台明月、朴正宇、查理、解媗、盖雯、区家豪、Jean-Baptiste Lefèvre-Montgolfier、乐嘉珺、阿卜杜拉·买买提依明、"
    "Christopher Montgomery-Featherstone"
)
"""Names that try badges and searches: rare characters, readings of surnames, long ones."""

PLACES = {
    "310114": _words("上海、嘉定、安亭、南翔、江桥、马陆、上海"),
    "320500": _words("苏州"),
    "320505": _words("苏州高新"),
    "320506": _words("苏州吴中"),
    "320507": _words("苏州相城"),
    "320509": _words("苏州吴江"),
    "320583": _words("昆山"),
    "320585": _words("太仓"),
    "330300": _words("温州"),
    "330302": _words("温州鹿城"),
    "330303": _words("温州龙湾"),
    "330304": _words("温州瓯海"),
    "330324": _words("永嘉"),
    "330381": _words("瑞安"),
    "330382": _words("乐清"),
    "310115": _words("上海浦东"),
    "310120": _words("上海奉贤"),
    "310104": _words("上海徐汇"),
    "320200": _words("无锡"),
    "320400": _words("常州"),
    "320100": _words("南京"),
    "320600": _words("南通"),
    "330100": _words("杭州"),
    "330200": _words("宁波"),
    "330400": _words("嘉兴"),
    "330500": _words("湖州"),
    "340100": _words("合肥"),
    "340200": _words("芜湖"),
    "341800": _words("宣城"),
}
"""What a company of a region puts before its name."""
BRAND_FIRST = "嘉瑞恒启拓云联智芯光泰瀚沃迈凌卓赛诺博鼎申锐远博维科创盈澜炬衡越澄睿"
BRAND_SECOND = "森达川源祺腾驰原曜辰航图景铭尔翼微讯岭维泽信和益诺澳浦隆拓力岚"
FIELDS = {
    Industry.IT: _words(
        "传感科技、网络科技、信息技术、智能科技、通信技术、软件、数据科技、物联科技、微电子、视觉技术、信息安全技术"
    ),
    Industry.ENERGY: _words(
        "氢能动力、储能材料、光伏科技、电池技术、新能源科技、充电设备、能源管理、热泵技术、节能科技、电力电子"
    ),
    Industry.MFG: _words(
        "机器人、精密传动、激光装备、数控机床、自动化设备、模具技术、检测仪器、智能装备、汽车零部件、轴承、精密铸造"
    ),
    Industry.HEALTH: _words(
        "生物医药、医疗器械、医学检验、康复器械、基因科技、影像技术、诊断试剂、药物研究、生物材料、健康科技"
    ),
    Industry.OTHER: _words("贸易、企业管理、工程咨询、新材料、环保科技、建设工程、物流、化工科技、文化传播、农业科技"),
}
COMPANY_ENDS = _words("有限公司、有限公司、有限公司、有限公司、股份有限公司")
RESEARCH_FIELDS = {
    Industry.IT: _words("光电、微电子、智能传感"),
    Industry.ENERGY: _words("储能、氢能、先进电池"),
    Industry.MFG: _words("智能制造、激光加工、先进材料"),
    Industry.HEALTH: _words("精准医学、生物医学工程、药物筛选"),
    Industry.OTHER: _words("环境、材料、农业"),
}
RESEARCH_ENDS = _words("研究院、工程中心、研究所、技术转移中心")
SERVICE_FIELDS = _words(
    "知识产权服务、技术交易、科技金融服务、检验检测、成果评价、创业孵化、技术转移、专利运营、科技咨询、计量校准、"
    "标准化服务、融资租赁、科技保险服务、人才服务、技术经纪"
)
SERVICE_ENDS = _words("有限公司、服务中心、事务所、有限公司")
UNIVERSITIES = _words(
    "申江大学、瓯越大学、娄江理工大学、练祁工学院、太湖师范学院、浏河职业技术学院、江南科技大学、瓯江医科大学、"
    "鹿城学院、玉峰大学、沪西应用技术学院、苏南交通学院"
)
INVESTOR_ENDS = _words("创投、资本、股权投资基金、投资管理有限公司、产业基金")
MEDIA_NAMES = _words(
    "长三角科技报、嘉定新城周刊、科创江南、苏南产业观察、瓯江晨报、制造与创新杂志、新能源时讯、健康产业周报、"
    "数字三角洲、科技交易网、技术市场周刊、沪宁高新播报"
)
PUBLIC_NAMES = _words(
    "练祁新城科技局、娄东高新区管委会、瓯北经济技术开发区、玉峰科技局、江南生产力促进中心、沪西产业促进中心、"
    "太湖科技企业协会、瓯江商会、长江口技术市场协会、浏河镇经济发展办"
)
STAFF_NAMES = _words("展会组委会办公室、展会志愿者服务队、展馆安保服务队、展会现场技术保障组")

TITLES = {
    "EXHIBITOR": _words("总经理、市场总监、市场经理、技术经理、研发工程师、销售经理、商务专员、技术总监、产品经理"),
    "TRADE_VISITOR": _words(
        "技术总监、研发工程师、采购经理、副总经理、项目经理、生产部经理、总工程师、产品经理、技术转移专员、高级工程师"
    ),
    "VISITOR": _words("工程师、研究生、讲师、职员、学生、主管、教师、"),
    "GUEST": _words("主任、副主任、科长、会长、秘书长、处长"),
    "SPEAKER": _words("教授、首席科学家、研究员、总工程师、院长"),
    "INVESTOR": _words("投资总监、合伙人、投资经理、董事总经理、分析师"),
    "MEDIA": _words("记者、编辑、摄影记者、主编"),
    "STAFF": _words("志愿者、现场协调、接待、安保、技术保障"),
}
"""By the name of the category."""
