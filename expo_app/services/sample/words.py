"""Words from which the people of the sample are put together. Nothing here names a real person."""


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

TITLES = {
    "exhibitor": _words("总经理、市场总监、市场经理、技术经理、研发工程师、销售经理、商务专员、技术总监、产品经理"),
    "trade_visitor": _words(
        "技术总监、研发工程师、采购经理、副总经理、项目经理、生产部经理、总工程师、产品经理、技术转移专员、高级工程师"
    ),
    "visitor": _words("工程师、研究生、讲师、职员、学生、主管、教师、"),
    "guest": _words("主任、副主任、科长、会长、秘书长、处长"),
    "speaker": _words("教授、首席科学家、研究员、总工程师、院长"),
    "investor": _words("投资总监、合伙人、投资经理、董事总经理、分析师"),
    "media": _words("记者、编辑、摄影记者、主编"),
    "staff": _words("志愿者、现场协调、接待、安保、技术保障"),
}
"""By the key of the category."""
