"""What can happen to the government's settings and to organs, as the ledger records it.

The tables themselves are the record; the ledger tells who changed what: payloads have the fields
that differ, `before` and `after`. They hold what the public may read, never a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

GOVERNMENT = "government"
PROFILE, SIGN_IN, MAIL = "profile", "sign-in", "mail"  # the parts of the settings, each a stream of its own
CHANGED = "changed"

AGENCY = "agency"
ADDED = "added"
RENAMED = "renamed"
ABOLISHED = "abolished"

PARTS: Mapping[str, str] = {PROFILE: "政府信息", SIGN_IN: "登录要求", MAIL: "邮件"}
KINDS: Mapping[str, str] = {
    "government/changed": "修改设置",
    "agency/added": "新增",
    "agency/changed": "修改",
    "agency/renamed": "更名",
    "agency/abolished": "撤销",
}
LABELS: Mapping[str, str] = {
    "name": "名称",
    "short_name": "简称",
    "level": "级别",
    "region": "所属地区",
    "site_name": "网站名称",
    "domain": "域名",
    "site_code": "网站标识码",
    "index_scheme": "索引号编法",
    "colour": "主色",
    "emblem": "徽标",
    "host": "主办单位",
    "operator": "承办单位",
    "icp": "ICP 备案号",
    "public_security": "公安备案号",
    "telephone": "电话",
    "address": "地址",
    "postcode": "邮编",
    "two_step_roles": "须用两步验证的角色",
    "server": "发信服务器",
    "port": "端口",
    "security": "加密方式",
    "user": "登录名",
    "password": "密码",
    "sender": "发件地址",
    "kind": "类型",
    "parent": "上级",
    "names": "名称",
    "abolished_on": "撤销日期",
    "succeeded_by": "接替机构",
    "document_prefixes": "发文代字",
    "fax": "传真",
    "hours": "办公时间",
    "duties": "职责",
    "order": "次序",
}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The fields that differ, as a payload; without any where nothing does."""
    names = [name for name in dict.fromkeys([*before, *after]) if before.get(name) != after.get(name)]
    return (
        {"before": {n: before[n] for n in names if n in before}, "after": {n: after[n] for n in names if n in after}}
        if names
        else {}
    )
