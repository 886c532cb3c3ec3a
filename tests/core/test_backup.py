"""One file brings everything back, and whatever is not such a file brings nothing."""

from __future__ import annotations

import errno
import fcntl
import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models
from django.db.migrations.executor import MigrationExecutor
from django.db.models import JSONField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.core.backup import pieces
from gongkai.core.backup.appearing import BeingWritten
from gongkai.core.backup.archive import Unfit, Writer
from gongkai.core.backup.keeping import keep_newest, place_in
from gongkai.core.backup.pieces import Piece, head_of, packed, rows_in, unpacked
from gongkai.core.backup.placing import NotEmpty
from gongkai.core.backup.reading import check
from gongkai.core.backup.restoring import LedgerBroken, Unrestored
from gongkai.core.backup.snapshot import snapshot
from gongkai.core.backup.tables import UnknownMigrations
from gongkai.core.backup.values import kind_of
from gongkai.core.backup.writing import Unmade
from gongkai.core.ledger import projections
from gongkai.core.ledger.models import Event
from gongkai.core.ledger.verify import ANCHORS, keep_anchor, take_anchor
from gongkai.domains.library.actions.doing import Doing
from gongkai.domains.library.actions.publishing import withdraw
from gongkai.domains.library.models import Counter, Original, Remark, Theme
from tests import databases
from tests.conftest import another_database
from tests.core.backups import (
    AT,
    bring_back,
    changed,
    elsewhere,
    everything,
    files_below,
    lines_of,
    load,
    piece_of,
    put_together,
    save,
    taken_apart,
)
from tests.domains.library.papers import county, filed, notice
from tests.soaking import often

PAPER = "原件\n".encode()
SHA = hashlib.sha256(PAPER).hexdigest()


@pytest.fixture
def small(own_database: Path, doing: Doing) -> Path:
    """A data folder with a government, two papers, of which one was withdrawn, an original, an upload, keys and anchors."""
    county()
    first, _ = filed(notice(1), doing), filed(notice(2, "另一办法"), doing)
    withdraw(first.pk, "内容有误", doing)
    original = Original.objects.create(sha256=SHA, size=len(PAPER), name="通知.txt", format="txt", received_at=AT)
    for path, content in (
        (f"files/{original.path}", PAPER),
        ("uploads/1/" + "长" * 80 + ".txt", b"waiting"),
        ("files/incoming/x", b"half"),
    ):
        (own_database / path).parent.mkdir(parents=True, exist_ok=True)
        (own_database / path).write_bytes(content)
    (own_database / "manifest.key").write_text("11" * 32)
    keep_anchor(own_database / ANCHORS, take_anchor(AT))
    return own_database


@pytest.fixture
def saved(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it, in a folder of its own."""
    path = tmp_path_factory.mktemp("backups") / "site.gongkai"
    save(path, small)
    return path


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory, saved: Path) -> Iterator[Path]:
    """Where it may be restored."""
    with elsewhere(tmp_path_factory.mktemp("place") / "data") as folder:
        yield folder


def untouched(place: Path) -> bool:
    """Whether there is nothing at all."""
    return not list(place.iterdir()) and not (databases.SERVER and connection.introspection.table_names())


def test_every_row_and_every_file_comes_back_as_it_was(small: Path, saved: Path, place: Path) -> None:
    done = bring_back(saved, place)
    assert {p.name for p in place.iterdir()} <= {"files", "uploads", "manifest.key", ANCHORS, databases.FILE}
    after = everything()
    assert done.verdict.faults == []
    assert done.verdict.events == Event.objects.count() > 0
    files = {name: content for name, content in files_below(small).items() if "incoming" not in name}
    assert len(files) == 2
    assert files_below(place) == files
    assert (place / "manifest.key").read_text() == "11" * 32
    assert (place / ANCHORS).read_bytes() == (small / ANCHORS).read_bytes()
    rebuilt = projections.rebuild(date(2026, 11, 20))
    assert (rebuilt.streams > 0, rebuilt.differences) == (True, [])
    with another_database(small):
        assert everything() == after


def test_a_backup_is_for_its_owner_only_and_any_tar_reads_it(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved) as tar:
        names = tar.getnames()
        assert (names[0], names[-1]) == ("gongkai.json", "end.json")
        assert f"files/originals/{SHA[:2]}/{SHA}" in names
        table = tar.extractfile("tables/agencies_government/000001.jsonl.gz")
        assert table is not None
        assert "青禾县人民政府" in gzip.decompress(table.read()).decode()


def test_a_backup_is_one_view_while_others_write(small: Path) -> None:
    with snapshot() as alias:
        before = Counter.objects.using(alias).count()
        Counter.objects.create(key="meanwhile")  # nobody is kept waiting
        assert Counter.objects.using(alias).count() == before
    assert Counter.objects.filter(key="meanwhile").exists()


def test_what_is_easily_lost_is_kept_and_who_is_signed_in_is_not(small: Path, saved: Path, place: Path) -> None:
    session = apps.get_model("sessions", "Session")
    with another_database(small):
        last = Remark.objects.create(salt="a", text="b").pk
        Remark.objects.filter(pk=last).delete()
        theme = Theme.objects.create(slug="x", name="x", words=Value(None, JSONField()))  # JSON's null, which is not NULL
        session.objects.create(session_key="secret-session", session_data="x", expire_date=AT)
        save(saved, small, force=True)
    assert not any("django_session" in name for name, _ in taken_apart(saved)[0])
    bring_back(saved, place)
    assert Theme.objects.filter(pk=theme.pk, words=None).exists()
    assert session.objects.count() == 0
    assert Remark.objects.create(salt="a", text="b").pk == last + 1  # a number once given is not given again
    assert Theme.objects.create(slug="new", name="新").pk == theme.pk + 1


def test_what_an_older_version_saved_is_restored_and_brought_up_to_date(
    saved: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    old, path = tmp_path_factory.mktemp("old"), saved.with_name("old.gongkai")
    with elsewhere(old):
        executor = MigrationExecutor(connection)
        executor.loader.replace_migrations = False
        executor.loader.build_graph()
        executor.migrate([("library", "0002_relations_have_days"), ("ledger", "0002_refuse_change")])
        then = executor.loader.project_state([("library", "0002_relations_have_days")]).apps
        agency = then.get_model("agencies", "Agency").objects.create(code="A", kind="department")
        then.get_model("library", "Document").objects.create(
            agency=agency, title="旧文件", index_number="A-1", filed_at=AT, legal_as_of=date(2020, 1, 1), text_digest="0" * 64
        )
        save(path, old)
    with elsewhere(tmp_path_factory.mktemp("place")) as place:
        bring_back(path, place)
        document = apps.get_model("library", "Document").objects.get()
        assert (document.title, document.changed_at, document.agency.code) == ("旧文件", None, "A")
        assert MigrationExecutor(connection).migration_plan(MigrationExecutor(connection).loader.graph.leaf_nodes()) == []


def told(path: Path, **other: Any) -> Path:
    """The backup with another head."""
    return changed(
        path, lambda name, content: json.dumps({**json.loads(content), **other}).encode() if name == "gongkai.json" else None
    )


def test_what_a_newer_version_saved_is_refused_by_name(saved: Path, place: Path) -> None:
    with pytest.raises(UnknownMigrations, match=r"library\.9999_from_the_future"):
        bring_back(told(saved, migrations=[["library", "9999_from_the_future"]]), place)
    with pytest.raises(Unfit, match=r"gongkai 9.*升级软件"):
        bring_back(told(saved, format=2), place)
    assert untouched(place)


def test_nothing_is_restored_where_there_is_a_site(small: Path, saved: Path, place: Path) -> None:
    before = everything_in(small)
    with another_database(small), pytest.raises(NotEmpty, match=r"不是空的.*GONGKAI_DATA"):
        bring_back(saved, small)
    assert everything_in(small) == before
    (place / "files").mkdir()
    (place / "files" / "mine").write_text("x")
    with pytest.raises(NotEmpty, match="files"):
        bring_back(saved, place)
    assert (place / "files" / "mine").read_text() == "x"


def everything_in(data: Path) -> tuple[dict[str, list[str]], dict[str, bytes]]:
    with another_database(data):
        return everything(), files_below(data)


def test_what_any_command_leaves_in_a_new_folder_is_no_hindrance_and_what_a_killed_restore_left_is_swept(
    small: Path, saved: Path, place: Path
) -> None:
    (small / "secret.key").write_text("of the site")
    with another_database(small):
        save(saved, small, force=True)
    for path in (
        "secret.key", "cache/pages/of-another-site", ".cache/fontconfig/x",
        "restoring/files/originals/xx", "restoring/gongkai.sqlite3", "files/originals/half", "manifest.key",
    ):  # fmt: skip
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text("left")
    bring_back(saved, place)
    assert (place / "secret.key").read_text() == "of the site"
    assert (place / "manifest.key").read_text() == "11" * 32
    assert not [name for name in ("restoring", "cache", "files/originals/half") if (place / name).exists()]


def test_two_restores_at_once_are_refused(saved: Path, place: Path) -> None:
    folder = os.open(place, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        with pytest.raises(Unrestored, match="另一个恢复"):
            bring_back(saved, place)
    finally:
        os.close(folder)
    assert untouched(place)


# --- damaged, cut off, foreign ---------------------------------------------------------------------------------


def checked(content: bytes, folder: Path) -> None:
    path = folder / "x.gongkai"
    path.write_bytes(content)
    check(path, lambda done, total: None)


@pytest.fixture
def tiny(tmp_path: Path) -> bytes:
    """A whole backup of a few hundred bytes a member."""
    file = io.BytesIO()
    writer = Writer(file, AT)
    head = {"format": 1, "software": "x", "made_at": AT.isoformat(), "engine": "sqlite", "migrations": [], "left_out": []}
    ledger = {"count": 0, "root": "0", "taken_at": ""}
    rows = next(packed(Piece("a_b", (("id", "integer"),), None), [[1], [2]]))
    for name, content in (
        ("gongkai.json", json.dumps({**head, "ledger": ledger}).encode()),
        ("tables/a_b/000001.jsonl.gz", rows[0]),
        ("files/" + "长" * 60, b"paper"),
    ):
        writer.add(name, len(content), [content])
    writer.end({"rows": {"a_b": 2}, "row_bytes": rows[2], "files": 1, "file_bytes": 5, "faults": []})
    return file.getvalue()


@settings(max_examples=often(300, 20_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_can_change_unnoticed(tiny: bytes, tmp_path: Path, data: st.DataObject) -> None:
    checked(tiny, tmp_path)
    at = data.draw(st.integers(0, len(tiny) - 1))
    bit = 1 << data.draw(st.integers(0, 7))
    with pytest.raises(Unfit):
        checked(tiny[:at] + bytes([tiny[at] ^ bit]) + tiny[at + 1 :], tmp_path)


@settings(max_examples=often(200, 5_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_part_can_be_missing_unnoticed(tiny: bytes, tmp_path: Path, data: st.DataObject) -> None:
    with pytest.raises(Unfit):
        checked(tiny[: data.draw(st.integers(0, len(tiny) - 1))], tmp_path)
    with pytest.raises(Unfit):
        checked(tiny + data.draw(st.binary(min_size=1, max_size=600)), tmp_path)


@settings(max_examples=often(200, 5_000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=3_000))
def test_any_other_file_is_called_what_it_is(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Unfit, match=r"不是公开（Gongkai）的备份文件"):
        checked(content, tmp_path)


def test_a_damaged_backup_leaves_nothing_behind(saved: Path, place: Path) -> None:
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    saved.write_bytes(content)
    with pytest.raises(Unfit):
        bring_back(saved, place)
    saved.write_bytes(content[: len(content) // 2])
    with pytest.raises(Unfit, match="不完整"):
        bring_back(saved, place)
    assert untouched(place)


# --- made by somebody who means ill: well sealed, and yet no backup ---------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../outside", "files/../../outside", "/tmp/outside", "files//outside", "files/./outside", "files/a\\..\\outside", "files/",
        "data/../outside", "data/sitecustomize.py", "data/.key", "tables/../../outside", "tables/a/000001.jsonl", "outside", "uploads/..",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(saved: Path, place: Path, name: str) -> None:
    members, word = taken_apart(saved)
    path = put_together(saved.with_name("evil.gongkai"), [*members, (name, b"x")], {**word, "files": word["files"] + 1})
    with pytest.raises(Unfit, match="不该有的内容"):
        bring_back(path, place)
    assert untouched(place)
    assert not list(place.parent.glob("outside"))


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.XHDTYPE],
)
def test_links_and_devices_are_refused(saved: Path, place: Path, kind: bytes) -> None:
    with tarfile.open(saved) as tar:
        members = [(info, file.read()) for info in tar.getmembers() if (file := tar.extractfile(info)) is not None]
    evil = tarfile.TarInfo("files/evil")
    evil.type, evil.linkname = kind, "/etc/passwd"
    with tarfile.open(saved, "w", format=tarfile.GNU_FORMAT) as tar:
        for info, content in [members[0], (evil, b""), *members[1:]]:
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(Unfit, match="不是普通文件"):
        bring_back(saved, place)
    assert untouched(place)


def test_a_piece_that_unpacks_without_end_is_refused(saved: Path, place: Path) -> None:
    trap = gzip.compress(bytes(pieces.LARGEST + 1), 9)
    assert len(trap) < 1_000_000
    with pytest.raises(Unfit, match="展开后超过"):
        bring_back(changed(saved, lambda name, _: trap if name.startswith("tables/agencies_agency/") else None), place)
    assert untouched(place)


def with_row(lines: list[Any], column: str, value: Any) -> list[Any]:
    """The first row with another value in one column."""
    at = [name for name, _ in lines[0]["columns"]].index(column)
    return [lines[0], [*lines[1][:at], value, *lines[1][at + 1 :]], *lines[2:]]


@pytest.fixture
def ready(migrated: Path, saved: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Tables that are there and empty."""
    folder = tmp_path_factory.mktemp("ready")
    databases.copy(migrated, folder)
    with another_database(folder):
        yield folder
    databases.drop(folder)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda lines: lines, None),
        (lambda lines: with_row(lines, "parent_id", 999), IntegrityError),
        (lambda lines: with_row(lines, "code", None), IntegrityError),
        (lambda lines: [lines[0], lines[1], lines[1]], IntegrityError),
        (lambda lines: with_row(lines, "document_prefixes", "{not json"), DatabaseError),
        (lambda lines: with_row(lines, "code", 7), Unfit),
        (lambda lines: with_row(lines, "abolished_on", "yesterday"), Unfit),
        (lambda lines: [lines[0], lines[1][:-1], lines[2]], Unfit),
        (lambda lines: [lines[0], {"a": 1}, lines[2]], Unfit),
        (lambda lines: [{**lines[0], "columns": lines[0]["columns"][1:]}, *lines[1:]], Unfit),
        (lambda lines: [{**lines[0], "columns": [["code); DROP TABLE x; --", "text"]]}, ["x"]], Unfit),
        (lambda lines: [{**lines[0], "table": "agencies_authority"}, *lines[1:]], Unfit),
        (lambda lines: [{**lines[0], "last": "many"}, *lines[1:]], Unfit),
    ],
)
def test_rows_that_are_not_of_their_table_are_refused(saved: Path, ready: Path, change: Any, why: type[Exception] | None) -> None:
    path = changed(saved, lambda name, content: piece_of(change(lines_of(content))) if "/agencies_agency/" in name else None)
    with pytest.raises(why) if why else nullcontext():
        load(path)


def test_a_row_that_the_database_does_not_take_leaves_nothing_behind(saved: Path, place: Path) -> None:
    def orphaned(name: str, content: bytes) -> bytes | None:
        return piece_of(with_row(lines_of(content), "parent_id", 999)) if "/agencies_agency/" in name else None

    members, word = taken_apart(changed(saved, orphaned))
    size = sum(len(gzip.decompress(content)) for name, content in members if name.startswith("tables/"))
    with pytest.raises(Unrestored, match="对不上"):
        bring_back(put_together(saved, members, {**word, "row_bytes": size}), place)
    assert untouched(place)


def test_counts_that_do_not_fit_are_noticed(saved: Path, place: Path) -> None:
    members, word = taken_apart(saved)
    for other in ({"files": 3}, {"file_bytes": 1}, {"row_bytes": 1}, {"rows": {}}):
        with pytest.raises(Unfit, match="与它自己记下的不符"):
            bring_back(put_together(saved, members, {**word, **other}), place)
    for other in ({"files": "x"}, {"rows": 5}, {"faults": None}):
        with pytest.raises(Unfit, match="读不懂"):
            bring_back(put_together(saved, members, {**word, **other}), place)
    assert untouched(place)


def test_a_table_that_is_left_out_and_one_that_nobody_knows_are_noticed(saved: Path, ready: Path) -> None:
    members, word = taken_apart(saved)
    name, content = next(m for m in members if m[0].startswith("tables/library_theme/"))
    with pytest.raises(Unfit, match="没有表 library_theme"):
        load(put_together(saved, [m for m in members if m[0] != name], word))
    other = piece_of([{**lines_of(content)[0], "table": "nobody_knows"}])
    with pytest.raises(Unfit, match="不认识的表 nobody_knows"):
        load(put_together(saved, [*members, ("tables/nobody_knows/000001.jsonl.gz", other)], word))


def test_one_file_twice_is_refused(saved: Path, place: Path) -> None:
    members, word = taken_apart(saved)
    twice = next(m for m in members if m[0].startswith("files/"))
    word["files"], word["file_bytes"] = word["files"] + 1, word["file_bytes"] + len(twice[1])
    with pytest.raises(Unfit, match="不止一个"):
        bring_back(put_together(saved, [*members, twice], word), place)
    assert untouched(place)


# --- a site that was damaged before it was saved -----------------------------------------------------------------


def test_originals_that_are_missing_or_rotten_are_told_and_the_rest_is_saved(small: Path, saved: Path, place: Path) -> None:
    original = small / f"files/originals/{SHA[:2]}/{SHA}"
    original.write_bytes(b"rotten")
    with another_database(small):
        assert [fault for fault in save(saved, small, force=True).tally.faults if "内容与名称不符" in fault and SHA in fault]
        original.unlink()
        assert save(saved, small, force=True).tally.faults == [f"缺少 files/originals/{SHA[:2]}/{SHA}"]
    assert bring_back(saved, place).contents.tally.faults == [f"缺少 files/originals/{SHA[:2]}/{SHA}"]


def test_a_ledger_that_was_changed_before_is_not_restored_unless_asked_for(small: Path, saved: Path, place: Path) -> None:
    with databases.opened(small) as cursor, databases.unguarded(cursor):
        cursor.execute("UPDATE ledger_event SET actor = 'nobody' WHERE id = 2")
    with another_database(small):
        save(saved, small, force=True)
    with pytest.raises(LedgerBroken, match="--despite-ledger"):
        bring_back(saved, place)
    assert untouched(place)
    assert bring_back(saved, place, despite_ledger=True).verdict.faults
    assert Event.objects.count() > 0


def test_a_ledger_that_does_not_fit_its_anchors_is_not_restored(small: Path, saved: Path, place: Path) -> None:
    (small / ANCHORS).write_text((small / ANCHORS).read_text().replace('"root": "', '"root": "0'))
    with another_database(small):
        save(saved, small, force=True)
    with pytest.raises(LedgerBroken, match="封存"):
        bring_back(saved, place)
    assert untouched(place)


# --- the file appears when it is complete ------------------------------------------------------------------------


def test_a_file_that_is_there_is_kept_unless_told_otherwise(small: Path, saved: Path) -> None:
    saved.write_text("precious")
    with pytest.raises(FileExistsError):
        save(saved, small)
    assert saved.read_text() == "precious"
    save(saved, small, force=True)
    check(saved, lambda done, total: None)
    assert [p.name for p in saved.parent.iterdir()] == [saved.name]


def test_two_backups_to_one_file_at_once_are_refused(small: Path, saved: Path) -> None:
    with saved.with_name(f".{saved.name}.part").open("wb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(BeingWritten):
            save(saved, small, force=True)


def test_a_disk_without_links_will_do(small: Path, saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError(errno.EPERM, "no links here")))
    save(saved.with_name("other.gongkai"), small)
    assert sorted(path.name for path in saved.parent.iterdir()) == ["other.gongkai", saved.name]


def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(
    small: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with pytest.raises(Unmade, match="nowhere"):
        save(tmp_path_factory.mktemp("a") / "nowhere" / "x.gongkai", small)


def test_a_database_that_is_not_set_up_has_nothing_to_save(saved: Path, place: Path) -> None:
    path = saved.with_name("nothing.gongkai")
    with pytest.raises(Unmade, match="gongkai setup"):
        save(path, place)
    assert not path.exists()


def test_of_dated_backups_the_newest_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    made = [place_in(folder, "gongkai", datetime(2026, 11, day, 3)) for day in range(1, 6)]  # noqa: DTZ001 - local, as on a clock
    for path in made:
        path.touch()
    others = [
        folder / name
        for name in ("gongkai-mine.gongkai", "before-upgrade-20261101-030000.gongkai", "gongkai-20261101-030000.txt")
    ]
    for path in others:
        path.touch()
    (folder / ".gongkai-20261101-030000.gongkai.part").touch()
    place_in(folder, "gongkai", datetime(2026, 11, 6, 3))  # noqa: DTZ001
    assert keep_newest(folder, "gongkai", 2) == made[:3]
    assert sorted(folder.iterdir()) == sorted([*made[3:], *others])
    assert folder.stat().st_mode & 0o777 == 0o700


# --- values ------------------------------------------------------------------------------------------------------


def test_every_column_of_every_table_has_a_form() -> None:
    fields = [f for model in apps.get_models(include_auto_created=True) for f in model._meta.local_concrete_fields]
    assert {kind_of(field).name for field in fields} >= {"text", "integer", "json", "moment", "date", "bytes", "boolean"}


ZONES = [UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3, minutes=30))]
VALUES: list[tuple[models.Field[Any, Any], st.SearchStrategy[Any]]] = [
    (models.TextField(), st.text()),
    (models.BigIntegerField(), st.integers(-(2**63), 2**63 - 1)),
    (models.BooleanField(), st.booleans()),
    (models.FloatField(), st.floats(allow_nan=False)),
    (models.DecimalField(), st.decimals(allow_nan=False)),
    (models.DateField(), st.dates()),
    (models.TimeField(), st.times()),
    (models.DateTimeField(), st.datetimes(timezones=st.sampled_from(ZONES))),
    (models.DurationField(), st.timedeltas()),
    (models.BinaryField(), st.binary()),
    (models.UUIDField(), st.uuids()),
    (models.JSONField(), st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(json.dumps)),
]


@settings(max_examples=often(60, 10_000), deadline=None)
@given(st.lists(st.tuples(*(st.none() | values for _, values in VALUES)), max_size=5))
def test_no_value_is_lost_or_changed(rows: list[tuple[Any, ...]]) -> None:
    kinds = [kind_of(field) for field, _ in VALUES]
    columns = tuple((str(n), kind.name) for n, kind in enumerate(kinds))
    written = ([None if v is None else k.written(v) for k, v in zip(kinds, row, strict=True)] for row in rows)
    ((content, count, size),) = packed(Piece("t", columns, 7), written)
    lines = unpacked([content[:9], content[9:]])
    assert (count, size, head_of(lines)) == (len(rows), len(lines), Piece("t", columns, 7))
    read = [tuple(None if v is None else k.read(v) for k, v in zip(kinds, row, strict=True)) for row in rows_in(lines)]
    assert read == rows


def test_large_tables_are_cut_into_pieces_and_a_row_that_fits_in_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "LARGEST", 1_000)
    with pytest.raises(pieces.RowTooLarge, match="表 t 中编号 7"):
        list(packed(Piece("t", (("id", "integer"), ("a", "text")), None), [[7, "长" * 1_000]]))
