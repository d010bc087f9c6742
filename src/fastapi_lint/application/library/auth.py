"""Authentication: what verifies or makes a token, hashes or checks a password, authenticates a request.

Names of methods stand under the class that defines them; `library.entry` looks them up through bases.
Packages that the tests can't install are taken from their sources.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, each, words

CPU, HTTP, BLOCK, REFUSE = Effect.CPU, Effect.HTTP, Effect.BLOCK, Effect.REFUSE


class TokenCall(NamedTuple):
    """A call that works on a token.

    `kind` is `verify`, `create` or `read` (claims or header, unverified). `key` and `algorithms` say how the
    argument is passed: its position (from 0, receiver not counted; -1: by keyword only) and its keyword; None
    where the call has no such argument.
    """

    kind: str
    key: tuple[int, str] | None = None
    algorithms: tuple[int, str] | None = None


_PYJWT = TokenCall("verify", (1, "key"), (2, "algorithms"))
_SIGNED = TokenCall("verify")
_SIGNS = TokenCall("create")
_READ = TokenCall("read")

TOKENS: Final = {
    "jwt.decode": _PYJWT,
    "jwt.decode_complete": _PYJWT,
    "jwt.encode": TokenCall("create", (1, "key"), (2, "algorithm")),
    "jwt.get_unverified_header": _READ,
    "jwt.PyJWT.decode": _PYJWT,
    "jwt.PyJWT.decode_complete": _PYJWT,
    "jwt.PyJWT.encode": TokenCall("create", (1, "key"), (2, "algorithm")),
    "jose.jwt.decode": _PYJWT,
    "jose.jwt.encode": TokenCall("create", (1, "key"), (2, "algorithm")),
    "jose.jwt.get_unverified_claims": _READ,
    "jose.jwt.get_unverified_header": _READ,
    "jose.jwt.get_unverified_headers": _READ,
    "jose.jws.verify": _PYJWT,
    "jose.jws.sign": TokenCall("create", (1, "key"), (3, "algorithm")),
    "jose.jwe.decrypt": TokenCall("verify", (1, "key")),
    "joserfc.jwt.decode": _PYJWT,
    "joserfc.jwt.encode": TokenCall("create", (2, "key"), (3, "algorithms")),
    # The algorithms are given to the constructor.
    "authlib.jose.JsonWebToken.decode": TokenCall("verify", (1, "key")),
    "authlib.jose.JsonWebToken.encode": TokenCall("create", (2, "key")),
    "jwcrypto.jwt.JWT": TokenCall("verify", (3, "key"), (4, "algs")),
    "itsdangerous.Serializer.loads": _SIGNED,
    "itsdangerous.Serializer.dumps": _SIGNS,
    "itsdangerous.Signer.unsign": _SIGNED,
    "itsdangerous.Signer.sign": _SIGNS,
    "firebase_admin.auth.verify_id_token": _SIGNED,
    "firebase_admin.auth.verify_session_cookie": _SIGNED,
    "firebase_admin.auth.create_custom_token": _SIGNS,
    "firebase_admin.auth.create_session_cookie": _SIGNS,
    "google.oauth2.id_token.verify_token": _SIGNED,
    "google.oauth2.id_token.verify_oauth2_token": _SIGNED,
    "google.oauth2.id_token.verify_firebase_token": _SIGNED,
    "keycloak.KeycloakOpenID.decode_token": _SIGNED,
    "keycloak.KeycloakOpenID.a_decode_token": _SIGNED,
    "keycloak.KeycloakOpenID.introspect": _SIGNED,
    "keycloak.KeycloakOpenID.userinfo": _SIGNED,
    "fastapi_users.jwt.decode_jwt": TokenCall("verify", (1, "secret"), (3, "algorithms")),
    "fastapi_users.jwt.generate_jwt": TokenCall("create", (1, "secret"), (3, "algorithm")),
    "fastapi_jwt_auth.AuthJWT.jwt_required": _SIGNED,
    "fastapi_jwt_auth.AuthJWT.fresh_jwt_required": _SIGNED,
    "fastapi_jwt_auth.AuthJWT.jwt_refresh_token_required": _SIGNED,
    "fastapi_jwt_auth.AuthJWT.jwt_optional": _SIGNED,
    "fastapi_jwt_auth.AuthJWT.create_access_token": _SIGNS,
    "fastapi_jwt_auth.AuthJWT.create_refresh_token": _SIGNS,
    **{
        f"async_fastapi_jwt_auth.AuthJWT.{name}": _SIGNED
        for name in ("jwt_required", "fresh_jwt_required", "jwt_refresh_token_required", "jwt_optional")
    },
    "authx.AuthX.create_access_token": _SIGNS,
    "authx.AuthX.create_refresh_token": _SIGNS,
    "fastapi_login.LoginManager.create_access_token": _SIGNS,
    "fastapi_login.LoginManager.get_current_user": _SIGNED,
    "fief_client.FiefAsync.validate_access_token": _SIGNED,
    "fief_client.Fief.validate_access_token": _SIGNED,
}

# Password hashing: `hash` makes one, `verify` checks a password against one.
PASSWORDS: Final = {
    "bcrypt.hashpw": "hash",
    "bcrypt.checkpw": "verify",
    "bcrypt.kdf": "hash",
    "hashlib.pbkdf2_hmac": "hash",
    "hashlib.scrypt": "hash",
    "passlib.context.CryptContext.hash": "hash",
    "passlib.context.CryptContext.encrypt": "hash",
    "passlib.context.CryptContext.verify": "verify",
    "passlib.context.CryptContext.verify_and_update": "verify",
    **{
        f"passlib.hash.{scheme}.hash": "hash"
        for scheme in ("bcrypt", "argon2", "pbkdf2_sha256", "sha256_crypt", "sha512_crypt")
    },
    **{
        f"passlib.hash.{scheme}.verify": "verify"
        for scheme in ("bcrypt", "argon2", "pbkdf2_sha256", "sha256_crypt", "sha512_crypt")
    },
    "pwdlib.PasswordHash.hash": "hash",
    "pwdlib.PasswordHash.verify": "verify",
    "pwdlib.PasswordHash.verify_and_update": "verify",
    "argon2.PasswordHasher.hash": "hash",
    "argon2.PasswordHasher.verify": "verify",
    "werkzeug.security.generate_password_hash": "hash",
    "werkzeug.security.check_password_hash": "verify",
    "fastapi_users.password.PasswordHelper.hash": "hash",
    "fastapi_users.password.PasswordHelper.verify_and_update": "verify",
    "django.contrib.auth.hashers.make_password": "hash",
    "django.contrib.auth.hashers.check_password": "verify",
}
# Compare two secrets in constant time.
COMPARISONS: Final = frozenset({"hmac.compare_digest", "secrets.compare_digest"})

# Digests that are no password hash, however salted.
WEAK_DIGESTS: Final = frozenset(
    f"hashlib.{name}"
    for name in (
        "md5",
        "sha1",
        "sha224",
        "sha256",
        "sha384",
        "sha512",
        "sha3_256",
        "sha3_512",
        "blake2b",
        "new",
    )
)

# Constructors and calls that are given a secret: the argument's position (-1: by keyword only) and keyword.
SECRET_ARGUMENTS: Final = {
    **{name: call.key for name, call in TOKENS.items() if call.key is not None},
    "starlette.middleware.sessions.SessionMiddleware": (1, "secret_key"),
    "itsdangerous.Serializer": (0, "secret_key"),
    "itsdangerous.Signer": (0, "secret_key"),
    "fastapi_users.authentication.JWTStrategy": (0, "secret"),
    "fastapi_login.LoginManager": (0, "secret"),
    "fastapi_jwt.JwtAccessBearer": (0, "secret_key"),
    "fastapi_jwt.JwtRefreshBearer": (0, "secret_key"),
    "hmac.new": (0, "key"),
    "cryptography.fernet.Fernet": (0, "key"),
}

# Instances (or the class itself) as a dependency verify who the client is and refuse the others.
AUTHENTICATING_CLASSES: Final = frozenset(
    {
        "fastapi_azure_auth.AzureAuthorizationCodeBearerBase",
        "fastapi_azure_auth.SingleTenantAzureAuthorizationCodeBearer",
        "fastapi_azure_auth.MultiTenantAzureAuthorizationCodeBearer",
        "fastapi_azure_auth.B2CMultiTenantAuthorizationCodeBearer",
        "fastapi_login.LoginManager",
        "fastapi_jwt.JwtAccessBearer",
        "fastapi_jwt.JwtAccessCookie",
        "fastapi_jwt.JwtAccessBearerCookie",
        "fastapi_jwt.JwtRefreshBearer",
        "fastapi_jwt.JwtRefreshCookie",
        "fastapi_jwt.JwtRefreshBearerCookie",
        "fastapi_cloudauth.Auth0",
        "fastapi_cloudauth.Auth0CurrentUser",
        "fastapi_cloudauth.Cognito",
        "fastapi_cloudauth.CognitoCurrentUser",
        "fastapi_cloudauth.FirebaseCurrentUser",
        "fastapi_clerk_auth.ClerkHTTPBearer",
        "fastapi_keycloak_middleware.CheckPermissions",
    }
)
# Calling these gives such a dependency, or (attributes, bound methods) they are one.
AUTHENTICATING_MEMBERS: Final = frozenset(
    {
        "fastapi_users.FastAPIUsers.current_user",
        "fastapi_users.authentication.Authenticator.current_user",
        "fastapi_users.authentication.Authenticator.current_user_token",
        "fief_client.integrations.fastapi.FiefAuth.authenticated",
        "fief_client.integrations.fastapi.FiefAuth.current_user",
        "fastapi_keycloak.FastAPIKeycloak.get_current_user",
        "fastapi_auth0.Auth0.get_user",
        "fastapi_plugin.fast_api_client.Auth0FastAPI.require_auth",
        "fastapi_keycloak_middleware.get_user",
        "fastapi_keycloak_middleware.get_principal",
        "supertokens_python.recipe.session.framework.fastapi.verify_session",
        "authx.AuthX.access_token_required",
        "authx.AuthX.fresh_token_required",
        "authx.AuthX.refresh_token_required",
        "authx.AuthX.token_required",
        "authx.AuthX.scopes_required",
        "authx.AuthX.get_current_subject",
        "authx.AuthX._ws_auth_required",
        "fastapi_login.LoginManager.get_current_user",
    }
)
# Set on a handler they demand a permission; those of Starlette rely on its AuthenticationMiddleware.
AUTHENTICATING_DECORATORS: Final = frozenset({"starlette.authentication.requires"})
# Middleware of these measures, compresses, limits or remembers, and asks nobody who they are.
HARMLESS_MIDDLEWARE_PACKAGES: Final = frozenset(
    words(
        "aioprometheus apitally asgi_babel asgi_correlation_id asgi_logger asgi_request_id brotli_asgi "
        "ddtrace debug_toolbar elasticapm fastapi_async_sqlalchemy fastapi_babel fastapi_events "
        "fastapi_profiler fastapi_sqlalchemy logfire moesifasgi newrelic opentelemetry "
        "prometheus_fastapi_instrumentator pyinstrument rollbar scout_apm secure sentry_sdk slowapi "
        "starlette_compress starlette_context starlette_exporter starlette_prometheus starlette_session "
        "starsessions timing_asgi uvicorn zstd_asgi"
    )
)
# Decorators of these on a handler ask nobody who they are either.
HARMLESS_DECORATOR_PACKAGES: Final = frozenset(
    words(
        "aiocache asgiref backoff cachetools cashews circuitbreaker contextlib ddtrace dependency_injector "
        "deprecated dishka fastapi fastapi_cache fastapi_injectable fastapi_pagination fastapi_restful "
        "fastapi_utils fastapi_versioning fastapi_versionizer functools langfuse logfire loguru newrelic "
        "opentelemetry prometheus_client sentry_sdk slowapi starlette_exporter tenacity typing "
        "typing_extensions warnings wireup"
    )
)
# Every request that such a middleware lets through has been looked at.
AUTHENTICATING_MIDDLEWARE: Final = frozenset(
    {
        "starlette.middleware.authentication.AuthenticationMiddleware",
        "fastapi_keycloak_middleware.KeycloakMiddleware",
        "fastapi_auth_middleware.AuthMiddleware",
        "fastapi_key_auth.AuthorizerMiddleware",
        "fastapi_authz.CasbinMiddleware",
        "fastapi_authz.middleware.CasbinMiddleware",
    }
)
# Routers of login, registration and reset that a package brings.
AUTH_ROUTERS: Final = frozenset(
    f"fastapi_users.FastAPIUsers.get_{kind}_router"
    for kind in ("auth", "register", "reset_password", "verify", "users", "oauth", "oauth_associate")
)

_BURNS = CallModel((CPU,), "scalar")
_FETCHES_KEYS = CallModel((HTTP, BLOCK))
_HASHER = ClassModel(methods=each({"hash verify": _BURNS}))
_REFUSES = CallModel((REFUSE,))
_REFUSES_LATER = CallModel((REFUSE,), is_async=True)

CLASSES: Final = {
    "jwt.PyJWT": ClassModel(methods=each({"decode decode_complete encode": CallModel()})),
    "jwt.PyJWKClient": ClassModel(
        methods=each(
            {
                "get_signing_key_from_jwt get_signing_key get_signing_keys get_jwk_set "
                "fetch_data": _FETCHES_KEYS
            }
        )
    ),
    "authlib.jose.JsonWebToken": ClassModel(methods=each({"decode encode": CallModel()})),
    "jwcrypto.jwt.JWT": ClassModel(
        methods=each({"validate deserialize serialize make_signed_token": CallModel()})
    ),
    "itsdangerous.Signer": ClassModel(methods=each({"sign unsign validate": CallModel()})),
    "itsdangerous.TimestampSigner": ClassModel(bases=("itsdangerous.Signer",)),
    "itsdangerous.Serializer": ClassModel(methods=each({"loads dumps load dump": CallModel()})),
    "itsdangerous.TimedSerializer": ClassModel(bases=("itsdangerous.Serializer",)),
    "itsdangerous.URLSafeSerializer": ClassModel(bases=("itsdangerous.Serializer",)),
    "itsdangerous.URLSafeTimedSerializer": ClassModel(bases=("itsdangerous.TimedSerializer",)),
    "passlib.context.CryptContext": ClassModel(
        methods=each(
            {
                "hash encrypt verify verify_and_update dummy_verify": _BURNS,
                "needs_update identify": CallModel(),
            }
        )
    ),
    **{
        f"passlib.hash.{scheme}": _HASHER
        for scheme in ("bcrypt", "argon2", "pbkdf2_sha256", "sha256_crypt", "sha512_crypt")
    },
    "pwdlib.PasswordHash": ClassModel(
        methods=each({"hash verify verify_and_update": _BURNS, "recommended": CallModel(returns="self")})
    ),
    "argon2.PasswordHasher": ClassModel(
        methods=each({"hash verify": _BURNS, "check_needs_rehash": CallModel()})
    ),
    "fastapi_users.password.PasswordHelper": ClassModel(
        methods=each({"hash verify_and_update": _BURNS, "generate": CallModel()})
    ),
    "fastapi_users.BaseUserManager": ClassModel(
        methods=each(
            {
                "create": CallModel((Effect.QUERY, Effect.CREATE), "one", is_async=True),
                "get get_by_email": CallModel((Effect.QUERY,), "one", is_async=True),
                "update": CallModel((Effect.WRITE,), "one", is_async=True),
                "delete": CallModel((Effect.DELETE,), is_async=True),
                "authenticate": CallModel((Effect.QUERY,), "row", is_async=True),
            }
        )
    ),
    "fastapi_users.FastAPIUsers": ClassModel(
        methods={name.rpartition(".")[2]: CallModel(returns="fastapi.APIRouter") for name in AUTH_ROUTERS},
        attributes={"authenticator": "fastapi_users.authentication.Authenticator"},
    ),
    "fastapi_users.authentication.JWTStrategy": ClassModel(
        methods=each(
            {
                "read_token": CallModel((Effect.QUERY,), "row", is_async=True),
                "write_token": CallModel(is_async=True),
            }
        )
    ),
    "fastapi_jwt_auth.AuthJWT": ClassModel(
        methods=each(
            {
                "jwt_required fresh_jwt_required jwt_refresh_token_required": _REFUSES,
                "jwt_optional create_access_token create_refresh_token get_jwt_identity get_jwt_subject "
                "get_raw_jwt": CallModel(),
            }
        )
    ),
    "async_fastapi_jwt_auth.AuthJWT": ClassModel(
        methods=each(
            {
                "jwt_required fresh_jwt_required jwt_refresh_token_required": _REFUSES_LATER,
                "jwt_optional create_access_token create_refresh_token": CallModel(is_async=True),
                "get_jwt_subject get_raw_jwt": CallModel(is_async=True),
            }
        )
    ),
    # Called by FastAPI, it gives an AuthJWT and verifies nothing yet.
    "async_fastapi_jwt_auth.auth_jwt.AuthJWTBearer": ClassModel(
        call=CallModel(returns="async_fastapi_jwt_auth.AuthJWT")
    ),
    "authx.AuthX": ClassModel(
        methods=each(
            {
                "create_access_token create_refresh_token set_access_cookies get_dependency "
                "get_access_token_from_request get_refresh_token_from_request": CallModel(),
                "get_token_from_request rate_limited": CallModel(returns="authx.AuthX.rate_limited()"),
            }
        ),
        depends={
            "ACCESS_REQUIRED": "access_token_required",
            "FRESH_REQUIRED": "fresh_token_required",
            "REFRESH_REQUIRED": "refresh_token_required",
            "CURRENT_SUBJECT": "get_current_subject",
            "WS_AUTH_REQUIRED": "_ws_auth_required",
            "ACCESS_TOKEN": "get_access_token_from_request",
            "REFRESH_TOKEN": "get_refresh_token_from_request",
            "DEPENDENCY": "get_dependency",
            "BUNDLE": "get_dependency",
        },
    ),
    # What such a dependency is given, or counts, it doesn't verify.
    "authx.AuthX.rate_limited()": ClassModel(call=CallModel()),
    "fastapi_auth0.Auth0": ClassModel(
        attributes={
            "implicit_scheme": "fastapi_auth0.auth.OAuth2ImplicitBearer",
            "password_scheme": "fastapi.security.OAuth2PasswordBearer",
            "authcode_scheme": "fastapi.security.OAuth2AuthorizationCodeBearer",
            "oidc_scheme": "fastapi.security.OpenIdConnect",
        }
    ),
    # It is there for the documentation alone, and lets everybody through.
    "fastapi_auth0.auth.OAuth2ImplicitBearer": ClassModel(call=CallModel()),
    "fastapi_keycloak.FastAPIKeycloak": ClassModel(
        attributes={"user_auth_scheme": "fastapi.security.OAuth2PasswordBearer"}
    ),
    "fastapi_login.LoginManager": ClassModel(
        methods=each(
            {
                "create_access_token set_cookie": CallModel(),
                "get_current_user": CallModel((REFUSE,), "one", is_async=True),
                "optional": CallModel((), "row", is_async=True),
            }
        ),
        call=CallModel((REFUSE,), "one", is_async=True),
    ),
    "keycloak.KeycloakOpenID": ClassModel(
        methods=each(
            {
                "token refresh_token userinfo introspect logout exchange_token public_key certs well_known "
                "decode_token": _FETCHES_KEYS,
                "a_token a_refresh_token a_userinfo a_introspect a_logout a_decode_token": CallModel(
                    (HTTP,), is_async=True
                ),
                "auth_url": CallModel((HTTP, BLOCK), "scalar"),
            }
        )
    ),
    "fief_client.Fief": ClassModel(
        methods=each(
            {
                "auth_url auth_callback validate_access_token userinfo update_profile "
                "change_password": _FETCHES_KEYS
            }
        )
    ),
    "fief_client.FiefAsync": ClassModel(
        methods=each(
            {
                "auth_url auth_callback validate_access_token userinfo update_profile "
                "change_password": CallModel((HTTP,), is_async=True)
            }
        )
    ),
}

FUNCTIONS: Final = {
    **each({"decode decode_complete encode get_unverified_header": CallModel()}, "jwt."),
    **each(
        {"decode encode get_unverified_claims get_unverified_header get_unverified_headers": CallModel()},
        "jose.jwt.",
    ),
    **each({"decode encode": CallModel()}, "joserfc.jwt."),
    **each({"hashpw checkpw kdf": _BURNS}, "bcrypt."),
    **each({"generate_password_hash check_password_hash": _BURNS}, "werkzeug.security."),
    **each({"make_password check_password": _BURNS}, "django.contrib.auth.hashers."),
    **each(
        {"verify_token verify_oauth2_token verify_firebase_token": _FETCHES_KEYS}, "google.oauth2.id_token."
    ),
    **each(
        {
            "verify_id_token verify_session_cookie create_session_cookie get_user get_user_by_email "
            "list_users": _FETCHES_KEYS,
            "create_user update_user delete_user set_custom_user_claims revoke_refresh_tokens": _FETCHES_KEYS,
            "create_custom_token": CallModel(),
        },
        "firebase_admin.auth.",
    ),
}

ALIASES: Final = {
    "jwt.api_jwt.PyJWT": "jwt.PyJWT",
    "jwt.api_jwt.decode": "jwt.decode",
    "jwt.api_jwt.encode": "jwt.encode",
    "jwt.jwks_client.PyJWKClient": "jwt.PyJWKClient",
    "authlib.jose.rfc7519.jwt.JsonWebToken": "authlib.jose.JsonWebToken",
    "itsdangerous.serializer": "itsdangerous",
    "itsdangerous.signer": "itsdangerous",
    "itsdangerous.timed": "itsdangerous",
    "itsdangerous.url_safe": "itsdangerous",
    "passlib.apps.custom_app_context": "passlib.context.CryptContext",
    "argon2._password_hasher.PasswordHasher": "argon2.PasswordHasher",
    "fastapi_users.fastapi_users.FastAPIUsers": "fastapi_users.FastAPIUsers",
    "fastapi_users.manager.BaseUserManager": "fastapi_users.BaseUserManager",
    "fastapi_users.authentication.strategy.JWTStrategy": "fastapi_users.authentication.JWTStrategy",
    "fastapi_users.authentication.strategy.jwt.JWTStrategy": "fastapi_users.authentication.JWTStrategy",
    "fastapi_users.authentication.authenticator": "fastapi_users.authentication",
    "fastapi_jwt_auth.auth_jwt.AuthJWT": "fastapi_jwt_auth.AuthJWT",
    "authx.main.AuthX": "authx.AuthX",
    "fastapi_azure_auth.auth": "fastapi_azure_auth",
    "fastapi_login.fastapi_login.LoginManager": "fastapi_login.LoginManager",
    "fastapi_jwt.jwt": "fastapi_jwt",
    "fastapi_keycloak.api.FastAPIKeycloak": "fastapi_keycloak.FastAPIKeycloak",
    "fastapi_auth0.auth.Auth0": "fastapi_auth0.Auth0",
    "fastapi_plugin.Auth0FastAPI": "fastapi_plugin.fast_api_client.Auth0FastAPI",
    "auth0_fastapi_api": "fastapi_plugin.fast_api_client",
    "another_fastapi_jwt_auth": "fastapi_jwt_auth",
    "fastapi_another_jwt_auth": "fastapi_jwt_auth",
    "libre_fastapi_jwt": "fastapi_jwt_auth",
    "async_fastapi_jwt_auth.auth_jwt.AuthJWT": "async_fastapi_jwt_auth.AuthJWT",
    "keycloak.keycloak_openid.KeycloakOpenID": "keycloak.KeycloakOpenID",
    "fief_client.client": "fief_client",
}

OBJECTS: Final = {"authlib.jose.jwt": "authlib.jose.JsonWebToken"}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES, OBJECTS)
