import os
from pathlib import Path

DEBUG = True
SECRET_KEY = '«key|{{b64url:50}}»'
‹key|SECRET_KEY = os.environ["DJANGO_SECRET_KEY"]›
‹key|SECRET_KEY = env("SECRET_KEY")›
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.mysql",
        "USER": "{{user}}",
        "PASSWORD": "«password|{{pw}}»",
        "HOST": "{{host}}",
    },
    "replica": {
        ‹password|"PASSWORD": os.getenv("REPLICA_PASSWORD")›,
    },
}
‹password|AUTH_PASSWORD_VALIDATORS = []›
‹auth|AUTH_USER_MODEL = "accounts.User"›
‹auth|AUTHENTICATION_BACKENDS = ["{{word}}.backends.Ldap"]›
EMAIL_HOST_PASSWORD = "«password|{{pw}}»"
‹password|PASSWORD_RESET_TIMEOUT = 259200›
AWS_SECRET_ACCESS_KEY = "«key|{{b64:40}}»"
‹token|CSRF_TOKEN_NAME = "csrfmiddlewaretoken"›
‹key|CACHE_KEY_PREFIX = "{{word}}"›
SOCIAL_AUTH_SECRET = '«secret|{{alnum:24}}»'
‹password|LOGIN_PASSWORD_FIELD = "password"›
‹password|password = getpass.getpass("Password: ")›
‹key|key = "{{word}}_{{word}}"›
