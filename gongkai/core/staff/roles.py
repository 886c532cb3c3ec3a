"""Roles, and what each may do how far. Pure data: the one table that scope, pages and tests go by."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is here for; one person may have several."""

    EDITOR = "editor"
    CLERK = "disclosure_clerk"
    CONFIDENTIALITY = "confidentiality_reviewer"
    LEGAL = "legal_reviewer"
    OFFICE = "disclosure_office"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


LABELS: Mapping[Role, str] = {
    Role.EDITOR: "编辑",
    Role.CLERK: "政务公开专员",
    Role.CONFIDENTIALITY: "保密审查员",
    Role.LEGAL: "合法性审查员",
    Role.OFFICE: "政务公开主管",
    Role.LEADER: "领导",
    Role.ADMINISTRATOR: "系统管理员",
    Role.AUDITOR: "审计员",
}


class Reach(StrEnum):
    """How far a role's permission goes."""

    OWN = "own"  # one's organ, with the offices, villages and public bodies that belong to it
    BELOW = "below"  # one's organ and every organ below it
    ALL = "all"  # the whole government


_WRITERS = {Role.EDITOR: Reach.OWN, Role.CLERK: Reach.OWN, Role.OFFICE: Reach.ALL}
_RELEASERS = {Role.CLERK: Reach.OWN, Role.OFFICE: Reach.ALL}
_ADMINISTRATOR = {Role.ADMINISTRATOR: Reach.ALL}

VERBS: Mapping[str, Mapping[Role, Reach]] = {
    "documents.see": {
        **_WRITERS,
        Role.CONFIDENTIALITY: Reach.OWN,
        Role.LEGAL: Reach.OWN,
        Role.LEADER: Reach.BELOW,
        Role.AUDITOR: Reach.ALL,
    },
    "documents.upload": _WRITERS,
    "documents.edit": _WRITERS,
    "documents.publish": _RELEASERS,
    "documents.withdraw": _RELEASERS,
    "ledger.read": {Role.CLERK: Reach.OWN, Role.OFFICE: Reach.ALL, Role.LEADER: Reach.BELOW, Role.AUDITOR: Reach.ALL},
    "jobs.see": {Role.OFFICE: Reach.ALL, Role.AUDITOR: Reach.ALL, **_ADMINISTRATOR},
    "jobs.retry": {Role.OFFICE: Reach.ALL, **_ADMINISTRATOR},
    "columns.arrange": {Role.OFFICE: Reach.ALL, **_ADMINISTRATOR},
    "search.curate": {Role.OFFICE: Reach.ALL},
    "staff.manage": _ADMINISTRATOR,
    "settings.change": _ADMINISTRATOR,
}

ABOUT: Mapping[Role, str] = {
    Role.EDITOR: "录入和修改本单位（含内设机构、所辖村和公共企事业单位）的文件。",
    Role.CLERK: "录入、修改、发布和撤下本单位的文件，查看本单位的台账。",
    Role.CONFIDENTIALITY: "查看本单位的文件，作保密审查。",
    Role.LEGAL: "查看本单位的文件，作合法性审查。",
    Role.OFFICE: "管理全部机构的文件、公开栏目和检索词，查看全部台账和后台任务。",
    Role.LEADER: "查看本单位和下级机构的文件和台账。",
    Role.ADMINISTRATOR: "管理人员和各项设置，查看后台任务。",
    Role.AUDITOR: "查看全部文件、台账和后台任务，不能改动。",
}
