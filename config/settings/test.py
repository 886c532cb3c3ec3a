"""Tests: a data folder of their own, static files without a manifest."""

import atexit
import shutil
import tempfile
from pathlib import Path

from config.settings.base import *

DATA_FOLDER = Path(tempfile.mkdtemp(prefix="gongkai-test-"))
atexit.register(shutil.rmtree, DATA_FOLDER, ignore_errors=True)
SECRET_KEY = "tests-only"  # noqa: S105 - signs nothing outside the tests
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES["default"]["NAME"] = DATA_FOLDER / "gongkai.sqlite3"
DATABASES["default"]["TEST"] = {"NAME": DATA_FOLDER / "test.sqlite3"}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_FOLDER / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
