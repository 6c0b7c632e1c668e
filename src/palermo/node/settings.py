"""Django's settings, all of them made from the node's environment."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from palermo.node import redaction
from palermo.node.environment import environment

NODE = environment()
HERE = Path(__file__).parent

SECRET_KEY = NODE.secret_key
DEBUG = NODE.debug
ALLOWED_HOSTS = list(NODE.hosts)
ROOT_URLCONF = "palermo.node.urls"
WSGI_APPLICATION = "palermo.node.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "node.Member"
APPEND_SLASH = True

INSTALLED_APPS = [
    "palermo.node",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "palermo.node.request.RequestLog",
    "palermo.node.security.SecurityHeaders",
    "palermo.node.published.Published",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "palermo.node.request.SessionLimits",
    "palermo.node.request.SignedIn",
    "palermo.node.request.TokenHolder",
    "palermo.node.request.BodyLimit",
    "palermo.node.request.AgencyScope",
    "palermo.node.problems.Problems",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "palermo.node.page.context",
            ],
            "builtins": ["palermo.node.templatetags.kit"],
        },
    }
]
FORM_RENDERER = "palermo.node.forms.KitRenderer"

DATABASES = {"default": dict(NODE.database)}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "node_cache",
        # The counters of failed sign-ins live here: nobody may push them out by filling the cache.
        "OPTIONS": {"MAX_ENTRIES": 200_000},
    },
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

PASSWORD_HASHERS = ["palermo.node.hasher.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "palermo.node.account.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "name"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_FORMS = {
    "login": "palermo.node.account_forms.SignInForm",
    "reauthenticate": "palermo.node.account_forms.ConfirmForm",
    "change_password": "palermo.node.account_forms.ChangePasswordForm",
}
# Five wrong passwords or codes close a name for a quarter of an hour, thirty close an address.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip,5/15m/key", "login": "30/m/ip"}
LOCKED_FOR_SECONDS = 15 * 60
# With https a server that ends TLS stands in front, and only it is believed about the client's address.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if NODE.https else 0

MFA_ADAPTER = "palermo.node.account.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "palermo"
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "palermo.node.account_forms.SecondFactorForm",
    "reauthenticate": "palermo.node.account_forms.ConfirmBySecondFactorForm",
    "activate_totp": "palermo.node.account_forms.ActivateTotpForm",
    "add_webauthn": "palermo.node.account_forms.AddPasskeyForm",
    "edit_webauthn": "palermo.node.account_forms.RenamePasskeyForm",
}
USERSESSIONS_ADAPTER = "palermo.node.account.SessionsAdapter"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ar", _("Arabic"))]
LOCALE_PATHS = [HERE / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = NODE.debug

SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = NODE.https
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = NODE.https
SECURE_HSTS_SECONDS = 31_536_000 if NODE.https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if NODE.https else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# `request.BodyLimit` refuses any larger body unread, save a file of cases from someone who is known.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024 // 2
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# An uploaded case file never touches the disk in clear: it is held in memory and sealed from there.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024 * 1024

# Nothing about a case is ever sent by e-mail, and nobody signs in with one.
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

LOGGING = redaction.logging_settings()
