"""What machines ask: is the process up, is the site ready, how is it doing. Never cached, no secrets."""

from __future__ import annotations

import hmac
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from gongkai.core.finding.opening import home
from gongkai.core.finding.outbox import waiting
from gongkai.core.freshness.purging import address_map
from gongkai.core.freshness.touching import board
from gongkai.core.jobs.queries import standing
from gongkai.core.ledger.queries import last_position
from gongkai.domains.library.queries.sets import public_set
from gongkai.search.port import SearchError

NIGHTLY = "nightly.done"  # touched by `gongkai nightly` when all is done
_LOOPBACK = frozenset(("127.0.0.1", "::1"))
_PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_REAL_IP", "HTTP_FORWARDED", "HTTP_VIA")
_NOBODY_WORKS = "没有工作进程，后台任务在等待。运行 gongkai worker，或不带 --without-worker 重启 gongkai serve。"
_NO_INDEX = "检索库还没有建成，或已损坏、过时，正等着重建：索引进程会自动做；没有索引进程时运行 gongkai search rebuild。"
_log = logging.getLogger(__name__)
_applied: list[bool] = []


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers; asks nothing else."""
    del request
    return _unkept(JsonResponse({"live": True}))


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 when all that publishing needs is there, else 503; each check with what to do."""
    del request
    checks = {name: _outcome(check, hint) for name, (check, hint) in _CHECKS.items()}
    well = all(check["ok"] for check in checks.values())
    said = {"ready": well, "checks": checks, "jobs": _jobs(), "search": _search()}
    return _unkept(JsonResponse(said, status=200 if well else 503))


def _jobs() -> dict[str, object]:
    """Jobs by status, and whether a worker lives. A site without one is ready all the same, but says so."""
    try:
        stands = standing(datetime.now(UTC))
    except Error:
        connection.close()
        return {"hint": "数据库没有回答，不知道后台任务的情况。"}
    return {**stands.counts, "worker": stands.attended, "hint": "" if stands.attended else _NOBODY_WORKS}


def _search() -> dict[str, object]:
    """Whether the index answers, and how many changes wait for it. A site whose index is being made is ready all the same."""
    try:
        sound, changes = _index_is_sound(), waiting()
    except Error:
        connection.close()
        return {"hint": "数据库没有回答，不知道检索库的情况。"}
    return {"answers": sound, "waiting": changes, "hint": "" if sound else _NO_INDEX}


def _index_is_sound() -> bool:
    try:
        return not home().trouble()
    except SearchError:
        return False


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; for this machine alone, or for whoever has the token."""
    if not _may_see(request):
        return _unkept(HttpResponse("只供本机或持有令牌者查看。\n", status=403, content_type="text/plain; charset=utf-8"))
    registry: CollectorRegistry = REGISTRY
    if counters := request.META.get("PROMETHEUS_MULTIPROC_DIR"):  # set by `gongkai serve` for its workers
        registry = CollectorRegistry()
        MultiProcessCollector(registry, counters)  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    own.register(_Site())
    return _unkept(HttpResponse(generate_latest(registry) + generate_latest(own), content_type=CONTENT_TYPE_LATEST))


def _may_see(request: HttpRequest) -> bool:
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    passed_on = any(name in request.META for name in _PASSED_ON)
    return request.META.get("REMOTE_ADDR", "") in _LOOPBACK and not passed_on


def _unkept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


class _Site:
    """Figures of the site itself, read when asked for; those that need the database are missing while it is away."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _gauge("gongkai_purge_debts", "Changes that a cache in front was not told of yet", _debts())
        yield _gauge("gongkai_board_generation", "Grows with every change the public can see", board().generation)
        done = Path(settings.DATA_FOLDER) / NIGHTLY
        yield _gauge(
            "gongkai_nightly_last_success_seconds", "When nightly last ended well", done.stat().st_mtime if done.exists() else 0
        )
        try:
            documents, position = public_set().bit_count(), last_position()
            stands = standing(datetime.now(UTC))
        except Error:
            connection.close()
            yield _gauge("gongkai_database_up", "Whether the database answers", 0)
            return
        yield _gauge("gongkai_database_up", "Whether the database answers", 1)
        yield _gauge("gongkai_public_documents", "Documents that the public can see", documents)
        yield _gauge("gongkai_ledger_position", "Number of the last event of the ledger", position)
        yield _gauge("gongkai_search_changes_waiting", "Changes that the search index has not taken in yet", waiting())
        yield _gauge("gongkai_worker_up", "Whether a worker for jobs said lately that it lives", stands.attended)
        jobs = GaugeMetricFamily("gongkai_jobs", "Jobs by status", labels=["status"])
        for status, count in stands.counts.items():
            jobs.add_metric([status], count)
        yield jobs


def _gauge(name: str, told: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, told, value=value)


def _debts() -> int:
    return len(address_map().debts()) if settings.CACHES_IN_FRONT else 0


def _outcome(check: Callable[[], bool], hint: str) -> dict[str, object]:
    try:
        well = check()
    except (Error, OSError, ValueError) as error:
        _log.warning("not ready: %s", type(error).__name__)
        connection.close()
        well = False
    return {"ok": well, "hint": "" if well else hint}


def _database_answers() -> bool:
    """A table is read, and where the database is a file, that file is still the one that stands there."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).is_file():
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        return bool(cursor.fetchone()[0])


def _migrations_applied() -> bool:
    """Once all are applied they stay so as long as this process lives; looking it up takes a while."""
    if not _applied:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _applied.append(True)
    return True


def _folder_writable() -> bool:
    with tempfile.TemporaryFile(dir=settings.DATA_FOLDER) as file:
        file.write(b"\0" * 4096)
        file.flush()
        os.fsync(file.fileno())
    return True


def _disk_has_room() -> bool:
    return shutil.disk_usage(settings.DATA_FOLDER).free >= settings.FREE_DISK_BYTES


def _board_readable() -> bool:
    return board().generation > 0


_CHECKS: dict[str, tuple[Callable[[], bool], str]] = {
    "database": (_database_answers, "数据库没有回答。检查数据库文件或数据库服务；已缓存的网页仍在提供。"),
    "migrations": (_migrations_applied, "数据库结构与程序版本不一致。运行 gongkai setup 后重启服务。"),
    "folder": (_folder_writable, "数据文件夹不可写。检查磁盘是否已满、权限是否属于运行本服务的用户。"),
    "disk": (_disk_has_room, "磁盘剩余空间不足。清理磁盘，或调小 GONGKAI_PAGE_CACHE；剩余空间下限由 GONGKAI_FREE_DISK 设定。"),
    "board": (_board_readable, "缓存状态板读不出。检查数据文件夹下的 cache；可停止服务后删除该文件夹再启动。"),
}
