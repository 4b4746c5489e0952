"""Chinese for what the service demo sets up, beside its English."""

#: By model and translated field: what is there in English, and its Chinese.
WORDS = {
    ("helpdesk.ticket.team", "name"): {
        "Service desk": "服务台",
        "Field service": "现场服务",
    },
    ("helpdesk.ticket.category", "name"): {
        "Machine or line": "设备或产线",
        "Product and application": "产品与应用",
        "Certificate or data sheet": "证书或数据表",
    },
    ("helpdesk.ticket.category", "service_hint"): {
        "A picture of the display and of the type plate helps us to bring the right"
        " part.": "请附上显示屏和铭牌的照片，便于我们带上正确的备件。",
    },
    ("service.request.question", "name"): {
        "Does the line stand?": "产线是否停机？",
        "Operating hours": "运行小时数",
        "Code on the display": "显示屏上的代码",
        "Batch number": "批号",
        "Used since": "开始使用日期",
        "Language": "语言",
    },
    ("service.level", "name"): {"Standard": "标准", "Gold": "金牌"},
    ("service.entitlement", "name"): {
        "Hours on site": "现场工时",
        "Requests": "服务请求",
        "Maintenance visits": "维护上门",
    },
    ("service.visit.template", "name"): {"Yearly maintenance": "年度维护"},
    ("service.visit.template.line", "name"): {
        "Oil level and colour": "油位和颜色",
        "Seals tight": "密封良好",
        "Emergency stop works": "急停有效",
        "Photo of the type plate": "铭牌照片",
    },
    ("hr.skill.type", "name"): {"Field service": "现场服务"},
    ("hr.skill", "name"): {"High voltage": "高压电", "Hydraulics": "液压"},
}
