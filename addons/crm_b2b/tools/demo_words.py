"""Chinese for what the demo company sets up: its stages, criteria, teams and reasons.

The plan is in English. What staff choose from in forms and filters stands beside it in
Chinese, as a company with users in both languages would have it. Documents, people and
products keep the language in which they were written.
"""

import re

#: Translated fields, by model, of records that are set up and not written by hand.
FIELDS = {
    "crm.lost.reason": ("name",),
    "crm.stage": ("name",),
    "crm.stage.criterion": ("name", "description"),
    "crm.team": ("name",),
    "crm.territory": ("name",),
    "crm.visit.plan": ("name",),
    "product.pricelist": ("name",),
    "res.partner.category": ("name",),
    "res.partner.industry": ("name", "full_name"),
    "uom.uom": ("name",),
}
WORDS = {
    # stages and exit criteria
    "Regulatory check": "法规审核",
    "Plant trial": "现场试用",
    "Laboratory sample": "实验室样品",
    "Customer known": "客户已明确",
    "Choose the account, not only a name.": "请选择客户，不要只填写名称。",
    "Yearly volume known": "年用量已明确",
    "Enter the products, or the expected revenue.": "请填写产品或预期收入。",
    "Decider named in the buying centre": "采购中心中已指明决策者",
    "Add the person on the tab Buying centre.": "请在“采购中心”选项卡中添加此人。",
    "Quotation sent": "报价单已发送",
    "Send the quotation from this opportunity.": "请从此商机发送报价单。",
    "Safety data sheet accepted": "安全数据表已获认可",
    "Attach the customer's confirmation.": "请附上客户的确认。",
    "Uses registered": "用途已登记",
    "Compare the customer's uses with the registration.": "请核对客户用途与登记。",
    "Trial report signed": "试用报告已签字",
    "Attach the report with the figures of the line.": "请附上含产线数据的报告。",
    "Operators trained": "操作人员已培训",
    "Name the date of the training.": "请注明培训日期。",
    "Sample approved by the customer's laboratory": "样品已获客户实验室认可",
    "Attach the test report.": "请附上检测报告。",
    "Duty and freight known": "关税和运费已明确",
    "Ask logistics for the landed cost.": "请向物流询问到岸成本。",
    # teams and territories
    "Europe": "欧洲",
    "Americas": "美洲",
    "Asia Pacific": "亚太",
    # why deals are lost
    "Price too high": "价格过高",
    "Delivery time too long": "交货期过长",
    "Technical approval failed": "未通过技术认可",
    "Competitor preferred": "客户选择了竞争对手",
    "Project stopped by the customer": "客户停止了项目",
    # industries
    "Paint makers": "涂料制造",
    "Automotive suppliers": "汽车零部件",
    "Shipbuilding": "船舶制造",
    "Furniture and wood": "家具与木材",
    "Packaging": "包装",
    "Construction": "建筑",
    "Electronics": "电子",
    "Chemical distribution": "化工分销",
    # units
    "Drum 200 kg": "200 公斤桶",
}
PATTERNS = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"Class (\w)", r"\1 类"),
        (r"List price (\w+)", r"目录价 \1"),
        (r"([\d.]+) % off list, (\w+)", r"目录价减 \1 %，\2"),
    )
)


def chinese(text: str) -> str | None:
    """The Chinese of ``text``, None where there is none.

    >>> chinese("Class A")
    'A 类'
    """
    if text in WORDS:
        return WORDS[text]
    for pattern, words in PATTERNS:
        found = pattern.fullmatch(text or "")
        if found:
            return found.expand(words)
    return None
