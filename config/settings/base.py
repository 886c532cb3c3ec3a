"""Settings common to every way of running Gongkai."""

from __future__ import annotations

from config.environment import (
    ROOT,
    caches_in_front,
    data_folder,
    exchange_batch,
    free_disk_bytes,
    hosts,
    log_level,
    log_to,
    metrics_token,
    secret_key,
)

DATA_FOLDER = data_folder()
CACHES_IN_FRONT = caches_in_front()
SECRET_KEY = secret_key(DATA_FOLDER)
EXCHANGE_BATCH = exchange_batch()
METRICS_TOKEN = metrics_token()
FREE_DISK_BYTES = free_disk_bytes()
ALLOWED_HOSTS = hosts()
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "gongkai.core.ledger",
    "gongkai.core.agencies",
    "gongkai.domains.library",
    "gongkai.domains.catalogue",
    "gongkai.domains.monitor",
    "gongkai.ui",
    "gongkai.faces.portal",
]
MIDDLEWARE = [
    "gongkai.faces.portal.metering.Metering",
    "gongkai.faces.portal.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gongkai.faces.portal.middleware.DatabaseAway",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "gongkai.ui.environment.environment"},
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_FOLDER / "gongkai.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-8192;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static" / "built"
STATICFILES_DIRS = [ROOT / "static" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_FOLDER / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
APPEND_SLASH = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "gongkai.core.logs.JsonLines"}},
    "filters": {"news": {"()": "gongkai.core.logs.OnlyNews"}},
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "lines", "filters": ["news"]},
        "file": {
            "class": "gongkai.core.logs.DailyFile",
            "folder": DATA_FOLDER / "logs",
            "formatter": "lines",
            "filters": ["news"],
        },
    },
    "root": {"handlers": [log_to()], "level": "WARNING"},
    "loggers": {
        "gongkai": {"level": log_level()},
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
    },
}
