"""The only place that reads the process environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from config.databases import postgresql, sqlite
from gongkai.core.secret import made_once

ROOT = Path(__file__).parents[1]


def data_folder() -> Path:
    """Where all state lives: database, files, index, logs (`GONGKAI_DATA`, default ./data)."""
    return Path(os.environ.get("GONGKAI_DATA", "data")).expanduser().absolute()


def database(folder: Path) -> dict[str, Any]:
    """Where everything is kept: the PostgreSQL database at `GONGKAI_DATABASE`, else SQLite in the data folder."""
    address = os.environ.get("GONGKAI_DATABASE", "").strip()
    return postgresql(address) if address else sqlite(folder / "gongkai.sqlite3")


def test_server() -> str:
    """The PostgreSQL server on which tests make their databases (`GONGKAI_TEST_DATABASE`); '' to test on SQLite."""
    return os.environ.get("GONGKAI_TEST_DATABASE", "").strip()


def hosts() -> list[str]:
    """The host names this site answers to (`GONGKAI_HOSTS`, separated by commas)."""
    return [h.strip() for h in os.environ.get("GONGKAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h.strip()]


def caches_in_front() -> list[str]:
    """Addresses of nginx caches that must forget what changes (`GONGKAI_PURGE`, separated by commas)."""
    return [a.strip().rstrip("/") for a in os.environ.get("GONGKAI_PURGE", "").split(",") if a.strip()]


def page_cache_bytes() -> int:
    """How much disk kept pages may take (`GONGKAI_PAGE_CACHE`, in megabytes, default 512; 0 keeps none)."""
    return int(os.environ.get("GONGKAI_PAGE_CACHE", "512")) * 1024 * 1024


def free_disk_bytes() -> int:
    """Below how much free disk the site is not ready (`GONGKAI_FREE_DISK`, in megabytes, default 500)."""
    return int(os.environ.get("GONGKAI_FREE_DISK", "500")) * 1024 * 1024


def metrics_token() -> str:
    """With it /metrics may be read from elsewhere (`GONGKAI_METRICS_TOKEN`); without it only from this machine."""
    return os.environ.get("GONGKAI_METRICS_TOKEN", "")


def search_servers() -> list[str]:
    """Addresses of an OpenSearch cluster for the index (`GONGKAI_OPENSEARCH_URL`, separated by commas); none to keep it here."""
    return [a.strip().rstrip("/") for a in os.environ.get("GONGKAI_OPENSEARCH_URL", "").split(",") if a.strip()]


def search_copies() -> tuple[int, int]:
    """How many shards of the index that cluster keeps (`GONGKAI_OPENSEARCH_SHARDS`), and copies of each (`…_REPLICAS`)."""
    shards, replicas = (os.environ.get(name, "1") for name in ("GONGKAI_OPENSEARCH_SHARDS", "GONGKAI_OPENSEARCH_REPLICAS"))
    return max(1, int(shards)), max(0, int(replicas))


def log_to() -> str:
    """Where logs go (`GONGKAI_LOG`): `stderr`, which systemd keeps, or `file`, one a day below the data folder."""
    return "file" if os.environ.get("GONGKAI_LOG", "stderr").strip().lower() == "file" else "stderr"


def log_level() -> str:
    """What is worth a line (`GONGKAI_LOG_LEVEL`): `info` has one for every request that was not answered from a cache."""
    level = os.environ.get("GONGKAI_LOG_LEVEL", "info").strip().upper()
    return level if level in ("DEBUG", "INFO", "WARNING", "ERROR") else "INFO"


def exchange_batch() -> int:
    """How many records one OAI-PMH answer holds (`GONGKAI_OAI_BATCH`, default 100)."""
    return max(1, int(os.environ.get("GONGKAI_OAI_BATCH", "100")))


def api_rate() -> int:
    """How often an address may ask the open API in a minute (`GONGKAI_API_RATE`, default 6000; 0 for as often as it likes).

    Behind nginx (`GONGKAI_PURGE`) every request comes from nginx's own address, and nginx counts: there the default is 0.
    """
    return max(0, int(os.environ.get("GONGKAI_API_RATE") or ("0" if caches_in_front() else "6000")))


def secret_key(folder: Path) -> str:
    """The signing key: `GONGKAI_SECRET_KEY`, else one kept in the data folder, made at first use."""
    if given := os.environ.get("GONGKAI_SECRET_KEY"):
        return given
    return made_once(folder / "secret.key", lambda: secrets.token_urlsafe(50)).read_text(encoding="ascii").strip()


def single_sign_on() -> dict[str, Any]:
    """A government's own OpenID Connect service (`GONGKAI_OIDC_URL`, `_ID`, `_SECRET`, `_NAME`); empty where none is set."""
    server = os.environ.get("GONGKAI_OIDC_URL", "").strip()
    if not server:
        return {}
    app = {
        "provider_id": "office",
        "name": os.environ.get("GONGKAI_OIDC_NAME", "统一身份认证"),
        "client_id": os.environ.get("GONGKAI_OIDC_ID", ""),
        "secret": os.environ.get("GONGKAI_OIDC_SECRET", ""),
        "settings": {"server_url": server},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}
