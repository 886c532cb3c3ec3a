"""The only place that reads the process environment."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).parents[1]


def data_folder() -> Path:
    """Where all state lives: database, files, index, logs (`GONGKAI_DATA`, default ./data)."""
    return Path(os.environ.get("GONGKAI_DATA", "data")).expanduser().absolute()


def hosts() -> list[str]:
    """The host names this site answers to (`GONGKAI_HOSTS`, separated by commas)."""
    return [h.strip() for h in os.environ.get("GONGKAI_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h.strip()]


def secret_key(folder: Path) -> str:
    """The signing key: `GONGKAI_SECRET_KEY`, else one kept in the data folder, made at first use."""
    if given := os.environ.get("GONGKAI_SECRET_KEY"):
        return given
    path = folder / "secret.key"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(f".{os.getpid()}")
        temporary.write_text(secrets.token_urlsafe(50), encoding="ascii")
        temporary.chmod(0o600)
        try:
            os.link(temporary, path)  # the first process wins, the others read its key
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text(encoding="ascii").strip()
