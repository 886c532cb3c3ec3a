"""Tests: a data folder of their own, static files without a manifest."""

import atexit
import shutil
import tempfile
from pathlib import Path

from config.databases import postgresql, sqlite
from config.environment import test_server
from config.settings.base import *

DATA_FOLDER = Path(tempfile.mkdtemp(prefix="gongkai-test-"))
atexit.register(shutil.rmtree, DATA_FOLDER, ignore_errors=True)
SECRET_KEY = "tests-only"  # noqa: S105 - signs nothing outside the tests
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
WRITE_COUNTED = False  # no thread beside the tests: they write when they want to
DATABASES = {"default": postgresql(test_server()) if test_server() else sqlite(DATA_FOLDER / "gongkai.sqlite3")}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_FOLDER / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: tests sign in often
