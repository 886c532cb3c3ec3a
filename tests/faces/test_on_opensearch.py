"""A site whose index lies in OpenSearch: built and kept up to date by the usual commands, asked by visitors as any other."""

from __future__ import annotations

import shutil
from urllib.parse import quote

import pytest

from tests.conftest import Site, serve
from tests.core.test_finding_commands import hits, indexing, until
from tests.opensearch import address

__all__ = ["address"]  # the fixture


def test_a_site_is_indexed_asked_and_kept_up_to_date(site: Site, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    here = hits(site, "高龄津贴")
    shutil.rmtree(site.data / "search")
    for name, value in {"URL": address, "REPLICAS": "0"}.items():
        monkeypatch.setenv(f"GONGKAI_OPENSEARCH_{name}", value)
    assert "检索库正在建立" in site.run("search", "高龄津贴").stderr
    rebuilt = site.run("search", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert not (site.data / "search" / "site").exists(), "nothing of the index is kept here"
    there = hits(site, "高龄津贴")
    assert there[0]["id"] == here[0]["id"]
    assert hits(site, "gaolingjintie")[0]["id"] == here[0]["id"]
    for served in serve(site.data):
        shown = served.get(f"/search/?q={quote('高龄津贴')}")
        assert here[0]["url"] in shown
        assert "<mark>高龄津贴</mark>" in shown
    with indexing(site):
        number = here[0]["id"].partition(":")[2]
        assert site.run("document", "withdraw", number, "--reason", "误发").returncode == 0
        until(lambda: here[0]["id"] not in {one["id"] for one in hits(site, "高龄津贴")})
        assert site.run("document", "restore", number).returncode == 0
        until(lambda: here[0]["id"] in {one["id"] for one in hits(site, "高龄津贴")})
