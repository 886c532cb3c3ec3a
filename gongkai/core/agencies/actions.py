"""Setting up organs, and naming authorities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import CharField, Model

from gongkai.core.agencies import events
from gongkai.core.agencies.models import Agency, AgencyName, Authority, Government
from gongkai.core.agencies.queries import bearer_of
from gongkai.core.agencies.telling import profile_of, snapshot
from gongkai.core.doing import Doing
from gongkai.core.freshness.touching import touch
from gongkai.core.ledger.append import Happening, Stream, append
from gongkai.core.writing import writing

LONGEST_NAME = 120  # characters of an authority's


class UnfitOrganFile(Exception):
    """A file of organs that cannot be taken in."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("机构文件有误，没有导入任何内容：\n" + "\n".join(f"  · {p}" for p in problems))


@dataclass(slots=True)
class Established:
    """How many organs a file set up or brought up to date."""

    created: int
    updated: int


@writing()
def establish(data: dict[str, Any], doing: Doing | None = None) -> Established:
    """Set up the government and its organs from a mapping with `government` and `organs`.

    Running it again brings the organs up to date by their codes. The ledger tells of it in the
    name of whoever is `doing` it; nobody needs to be named for a site that is only tried out.
    Raises UnfitOrganFile.
    """
    organs: list[dict[str, Any]] = data.get("organs") or []
    problems = _problems(data)
    if problems:
        raise UnfitOrganFile(problems)
    before = _snapshots() if doing is not None else {}
    _government(data["government"])
    done = Established(0, 0)
    known: dict[str, Agency] = {a.code: a for a in Agency.objects.all()}
    for order, row in enumerate(organs):
        _organ(row, order, known, done)
    for row in organs:
        if successor := row.get("succeeded_by"):
            Agency.objects.filter(code=row["code"]).update(succeeded_by=known[successor])
    link_authorities()
    if doing is not None:
        _record(before, doing)
    touch("site", "agencies", "library", "organ_names")
    return done


def _snapshots() -> dict[Stream, dict[str, Any]]:
    found = Government.objects.first()
    told = {Stream(events.GOVERNMENT, events.PROFILE): profile_of(found)} if found else {}
    return {**told, **{Stream(events.AGENCY, a.code): snapshot(a) for a in Agency.objects.all()}}


def _record(before: dict[Stream, dict[str, Any]], doing: Doing) -> None:
    for stream, after in _snapshots().items():
        if told := events.difference(before.get(stream, {}), after):
            kind = events.ADDED if stream.kind == events.AGENCY and stream not in before else events.CHANGED
            append(stream, [Happening(kind, told)], actor=doing.actor, at=doing.at)


def _problems(data: dict[str, Any]) -> list[str]:
    if not isinstance(data.get("government"), dict) or not data["government"].get("name"):
        return ["缺少 government（政府名称、网站名称等）"]
    out: list[str] = [f"government：{told}" for told in _too_long(data["government"], Government)]
    seen: set[str] = set()
    for number, row in enumerate(data.get("organs") or [], 1):
        label = f"第 {number} 个机构（{row.get('code') or '无代码'}）"
        if not row.get("code") or not row.get("names"):
            out.append(f"{label}：缺少 code 或 names")
            continue
        if row["code"] in seen:
            out.append(f"{label}：代码重复")
        if row.get("parent") and row["parent"] not in seen:
            out.append(f"{label}：上级 {row['parent']} 不在它前面，上级要先列出，且不能互为上下级")
        out += [f"{label}：{told}" for told in _overlong(row)]
        if row.get("kind") not in Agency.Kind.values:
            out.append(f"{label}：类型 {row.get('kind')} 不认识，可用 {'、'.join(Agency.Kind.values)}")
        seen.add(row["code"])
    codes = {row.get("code") for row in data.get("organs") or []}
    out += [
        f"{r['code']}：接替机构 {r['succeeded_by']} 不存在"
        for r in data.get("organs") or []
        if r.get("succeeded_by") not in (None, *codes)
    ]
    return out


def _overlong(row: Mapping[str, Any]) -> Iterator[str]:
    yield from _too_long(row, Agency)
    for name in row["names"]:
        yield from _too_long({**name, "short_name": name.get("short")}, AgencyName)


def _too_long(row: Mapping[str, Any], model: type[Model]) -> Iterator[str]:
    """What does not fit into its column. SQLite would take it all the same, PostgreSQL breaks off."""
    for column in model._meta.concrete_fields:  # noqa: SLF001 - Django's documented name
        written = row.get(column.name)
        if isinstance(column, CharField) and column.max_length and len(str(written or "")) > column.max_length:
            yield f"{column.name} 有 {len(str(written))} 字，最多 {column.max_length} 字"


def _government(row: dict[str, Any]) -> None:
    Government.objects.update_or_create(
        pk=1,
        defaults={
            "name": row["name"],
            "short_name": row.get("short_name") or row["name"][:20],
            "level": row.get("level", "county"),
            "region": f"{row.get('province', '')}{row.get('city', '')}"[:60],
            "site_name": row.get("site_name") or f"{row['name']}网站"[:100],
            "domain": row.get("domain", "127.0.0.1"),
            "site_code": row.get("site_code", ""),
            "index_scheme": row.get("index_scheme", "{code}/{year}-{serial:05d}"),
            "footer": row.get("footer") or {},
        },
    )


def _organ(row: dict[str, Any], order: int, known: dict[str, Agency], done: Established) -> None:
    values = {
        "kind": row["kind"],
        "parent": known[row["parent"]] if row.get("parent") else None,
        "abolished_on": _day(row.get("abolished_on")),
        "document_prefixes": row.get("document_prefixes") or [],
        "order": order,
        **{key: row.get(key) or "" for key in ("telephone", "fax", "address", "hours", "duties")},
    }
    agency, created = Agency.objects.update_or_create(code=row["code"], defaults=values)
    known[agency.code] = agency
    done.created += created
    done.updated += not created
    agency.names.all().delete()
    AgencyName.objects.bulk_create(
        AgencyName(
            agency=agency,
            name=n["name"],
            short_name=n.get("short") or "",
            from_on=_day(n.get("from")),
            until_on=_day(n.get("until")),
        )
        for n in row["names"]
    )


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def link_authorities() -> None:
    """Authorities that bear the name of one of our organs are that organ."""
    for authority in Authority.objects.filter(agency=None):
        if agency := bearer_of([authority.name], None):
            authority.agency = agency
            authority.save(update_fields=["agency"])


def authority_named(name: str, day: date | None) -> Authority:
    """The authority of this name, added to the list when it is new."""
    found = Authority.objects.filter(name=name).first()
    return found or Authority.objects.get_or_create(name=name, defaults={"agency": bearer_of([name], day)})[0]
