"""What a document can be: its kind, its disclosure attribute, its editorial and its legal status."""

from __future__ import annotations

from django.db import models


class Kind(models.TextChoices):
    """What sort of document, for visitors."""

    REGULATION = "regulation", "法律法规规章"
    NORMATIVE = "normative", "行政规范性文件"
    POLICY = "policy", "其他政策文件"
    ANNOUNCEMENT = "announcement", "公告公示"
    INTERPRETATION = "interpretation", "政策解读"
    GUIDE = "guide", "服务指南"


class Attribute(models.TextChoices):
    """Disclosure attribute (公开属性)."""

    PROACTIVE = "proactive", "主动公开"
    ON_REQUEST = "on_request", "依申请公开"
    WITHHELD = "withheld", "不予公开"


class Editorial(models.TextChoices):
    """Editorial status; never mixed with the legal one."""

    DRAFT = "draft", "待发布"
    QUESTIONED = "questioned", "需人工核对"
    PUBLISHED = "published", "已发布"
    WITHDRAWN = "withdrawn", "已撤下"


class Legal(models.TextChoices):
    """Legal status on a day (效力状态)."""

    NOT_YET = "not_yet", "尚未施行"
    IN_FORCE = "in_force", "有效"
    AMENDED = "amended", "已修改"
    SUPERSEDED = "superseded", "旧文本"
    REPEALED = "repealed", "已废止"
    EXPIRED = "expired", "已失效"
    NONE = "none", "不适用"
