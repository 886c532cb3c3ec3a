"""Settings common to every way of running Gongkai."""

from __future__ import annotations

from datetime import timedelta

from config.environment import (
    ROOT,
    api_rate,
    caches_in_front,
    data_folder,
    database,
    exchange_batch,
    free_disk_bytes,
    hosts,
    log_level,
    log_to,
    metrics_token,
    search_copies,
    search_servers,
    secret_key,
    single_sign_on,
)

DATA_FOLDER = data_folder()
CACHES_IN_FRONT = caches_in_front()
SECRET_KEY = secret_key(DATA_FOLDER)
EXCHANGE_BATCH = exchange_batch()
API_RATE = api_rate()
METRICS_TOKEN = metrics_token()
FREE_DISK_BYTES = free_disk_bytes()
WRITE_COUNTED = True  # whether workers write down what was asked (core/finding/counting)
SEARCH_SERVERS = search_servers()
SEARCH_SHARDS, SEARCH_REPLICAS = search_copies()
ALLOWED_HOSTS = hosts()
DEBUG = False

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "gongkai.core.ledger",
    "gongkai.core.finding",
    "gongkai.core.agencies",
    "gongkai.core.staff",
    "gongkai.core.jobs",
    "gongkai.core.mail",
    "gongkai.core.sheets",
    "gongkai.domains.library",
    "gongkai.domains.catalogue",
    "gongkai.domains.monitor",
    "gongkai.ui",
    "gongkai.faces.portal",
    "gongkai.faces.console",
    "gongkai.faces.api",
]
MIDDLEWARE = [
    "gongkai.faces.portal.metering.Metering",
    "gongkai.faces.portal.middleware.SecurityHeaders",
    "gongkai.faces.api.door.Door",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.common.CommonMiddleware",
    "gongkai.faces.portal.middleware.DatabaseAway",
    "gongkai.faces.console.middleware.Unkept",
    "gongkai.faces.console.middleware.Sessions",
    "gongkai.faces.console.middleware.ForgeryProtection",
    "gongkai.faces.console.middleware.SignedIn",
    "gongkai.faces.console.middleware.Messages",
    "allauth.account.middleware.AccountMiddleware",
    "gongkai.faces.console.middleware.LockOut",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "gongkai.ui.environment.environment",
            "context_processors": ["gongkai.faces.console.shown.around"],  # asked for allauth's pages only
        },
    }
]

DATABASES = {"default": database(DATA_FOLDER)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True  # Django's and allauth's own sentences, in Chinese

AUTH_USER_MODEL = "staff.Person"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "gongkai.core.staff.password_rules.LongEnough", "OPTIONS": {"min_length": 10}},
    *({"NAME": f"gongkai.core.staff.password_rules.{rule}"} for rule in ("NotDigits", "NotCommon", "NotOneself")),
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "workbench"
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = "/console/"
SESSION_COOKIE_AGE = 10 * 3600  # seconds: a working day
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "desk-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "gongkai.faces.console.views.refused.forgery"

ACCOUNT_ADAPTER = "gongkai.faces.console.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]  # nobody signs up; the adapter refuses
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_TEMPLATE_EXTENSION = "jinja"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# axes counts wrong passwords, in the database, for all workers; addresses count nothing (behind nginx they are all one)
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": None,
    "signup": None,
    "change_password": "20/m/user",
    "reset_password": "5/h/key",
    "reset_password_from_key": None,
    "reauthenticate": "20/m/user",
}
ACCOUNT_FORMS = {
    "login": "gongkai.faces.console.entering.SignInForm",
    "change_password": "gongkai.faces.console.entering.ChangeForm",
    "reset_password": "gongkai.faces.console.entering.ForgottenForm",
    "reset_password_from_key": "gongkai.faces.console.entering.ResetForm",
    "reauthenticate": "gongkai.faces.console.entering.AgainForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody has mail sent to an address of his choice from here
EMAIL_BACKEND = "gongkai.faces.console.posting.Posting"
SOCIALACCOUNT_ADAPTER = "gongkai.faces.console.accounts.Elsewhere"
SOCIALACCOUNT_PROVIDERS = single_sign_on()
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form may not lead to another site (form-action), a link may
MFA_ADAPTER = "gongkai.faces.console.accounts.TwoSteps"
MFA_FORMS = {
    "authenticate": "gongkai.faces.console.entering.CodeForm",
    "reauthenticate": "gongkai.faces.console.entering.CodeAgainForm",
    "activate_totp": "gongkai.faces.console.entering.FirstCodeForm",
}
MFA_TOTP_TOLERANCE = 1  # thirty seconds either way: office clocks differ
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]

# ours is a subclass that stays on the console; an address tells nothing behind nginx, which does not pass it on
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W006"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_USERNAME_CALLABLE = "gongkai.core.staff.locks.username_of"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_LOCKOUT_CALLABLE = "gongkai.faces.console.views.refused.locked_out"
AXES_HTTP_RESPONSE_CODE = 429
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_VERBOSE = False
AXES_IPWARE_META_PRECEDENCE_ORDER = ["REMOTE_ADDR"]

STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static" / "built"
STATICFILES_DIRS = [ROOT / "static" / "assets"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_FOLDER / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024  # the editor of papers; every other page refuses more than 3 MB before it reads any
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 300  # an upload of more than MOST_FILES is told so, not cut off
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
