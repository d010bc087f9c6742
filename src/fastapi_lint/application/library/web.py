"""FastAPI, Starlette and Pydantic: responses, requests, security schemes, parameters, background work.

Canonical names: `fastapi.X` for what FastAPI defines and exports at its top (`fastapi.Depends`),
`starlette.<module>.X` for what it only re-exports (responses, requests, websockets, middleware, templates),
`fastapi.security.X` for the schemes.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, each, words

_RESPONSE = "starlette.responses."
_AWAIT = CallModel(is_async=True)
_SELF = CallModel(returns="self")

# What goes over the wire, by class. `raw` sends what it is given, under the media type that it is told.
RESPONSES: Final = {
    "starlette.responses.Response": "raw",
    "starlette.responses.JSONResponse": "json",
    "fastapi.responses.ORJSONResponse": "json",
    "fastapi.responses.UJSONResponse": "json",
    "starlette.responses.HTMLResponse": "html",
    "starlette.responses.PlainTextResponse": "text",
    "starlette.responses.RedirectResponse": "redirect",
    "starlette.responses.StreamingResponse": "stream",
    "starlette.responses.FileResponse": "file",
    "starlette.templating._TemplateResponse": "html",
    "fastapi.sse.EventSourceResponse": "stream",
    "sse_starlette.EventSourceResponse": "stream",
}


def response_kind(lineage: tuple[str, ...]) -> str:
    """What an instance of the class with this lineage (canonical, nearest first) sends.

    `json`, `html`, `text`, `redirect`, `stream`, `file`, `raw`, or an empty string for a class that is no
    response.
    """
    return next((RESPONSES[name] for name in lineage if name in RESPONSES), "")


_RESPONSE_METHODS = each({"set_cookie delete_cookie render init_headers": CallModel()})
_CONNECTION_ATTRIBUTES = {
    "app": "fastapi.FastAPI",
    "url": "starlette.datastructures.URL",
    "base_url": "starlette.datastructures.URL",
    "headers": "starlette.datastructures.Headers",
    "query_params": "starlette.datastructures.QueryParams",
    "client": "starlette.datastructures.Address",
    "state": "starlette.datastructures.State",
    "auth": "starlette.authentication.AuthCredentials",
    "user": "starlette.authentication.BaseUser",
}

CLASSES: Final = {
    "starlette.responses.Response": ClassModel(
        methods=_RESPONSE_METHODS, attributes={"headers": "starlette.datastructures.MutableHeaders"}
    ),
    **{
        _RESPONSE + name: ClassModel(bases=(_RESPONSE + "Response",))
        for name in words(
            "JSONResponse HTMLResponse PlainTextResponse RedirectResponse StreamingResponse FileResponse"
        )
    },
    "fastapi.responses.ORJSONResponse": ClassModel(bases=(_RESPONSE + "JSONResponse",)),
    "fastapi.responses.UJSONResponse": ClassModel(bases=(_RESPONSE + "JSONResponse",)),
    "fastapi.sse.EventSourceResponse": ClassModel(bases=(_RESPONSE + "StreamingResponse",)),
    "sse_starlette.EventSourceResponse": ClassModel(bases=(_RESPONSE + "Response",)),
    "starlette.templating._TemplateResponse": ClassModel(bases=(_RESPONSE + "HTMLResponse",)),
    "starlette.templating.Jinja2Templates": ClassModel(
        methods={
            "TemplateResponse": CallModel(returns="starlette.templating._TemplateResponse"),
            "get_template": CallModel(),
        }
    ),
    "starlette.datastructures.FormData": ClassModel(),
    "starlette.requests.HTTPConnection": ClassModel(
        methods=each({"url_for get keys values items": CallModel()}), attributes=_CONNECTION_ATTRIBUTES
    ),
    "starlette.requests.Request": ClassModel(
        bases=("starlette.requests.HTTPConnection",),
        methods=each(
            {
                "json body close is_disconnected": _AWAIT,
                "form": CallModel(returns="starlette.datastructures.FormData", is_async=True),
                "stream": CallModel(),
            }
        ),
    ),
    "starlette.websockets.WebSocket": ClassModel(
        bases=("starlette.requests.HTTPConnection",),
        methods=each(
            {
                "accept close receive receive_text receive_bytes receive_json": _AWAIT,
                "send send_text send_bytes send_json": _AWAIT,
                "iter_text iter_bytes iter_json": CallModel(),
            }
        ),
    ),
    "starlette.datastructures.UploadFile": ClassModel(
        methods=each({"read write seek close": _AWAIT}), attributes={"file": "typing.BinaryIO"}
    ),
    "fastapi.UploadFile": ClassModel(bases=("starlette.datastructures.UploadFile",)),
    # A sync task runs in the thread pool, an async one in the event loop: `add_task` is no SPAWN.
    "starlette.background.BackgroundTasks": ClassModel(methods={"add_task": CallModel(takes="callable")}),
    "fastapi.BackgroundTasks": ClassModel(bases=("starlette.background.BackgroundTasks",)),
    "starlette.background.BackgroundTask": ClassModel(constructor=CallModel(takes="callable")),
    "starlette.exceptions.HTTPException": ClassModel(),
    "fastapi.HTTPException": ClassModel(bases=("starlette.exceptions.HTTPException",)),
    "starlette.exceptions.WebSocketException": ClassModel(),
    "fastapi.WebSocketException": ClassModel(bases=("starlette.exceptions.WebSocketException",)),
    "fastapi.security.base.SecurityBase": ClassModel(),
    **{
        f"fastapi.security.{name}": ClassModel(
            bases=(base,), call=CallModel((Effect.REFUSE,), returns, is_async=True)
        )
        for name, base, returns in (
            ("APIKeyHeader", "fastapi.security.base.SecurityBase", "scalar"),
            ("APIKeyQuery", "fastapi.security.base.SecurityBase", "scalar"),
            ("APIKeyCookie", "fastapi.security.base.SecurityBase", "scalar"),
            ("HTTPBasic", "fastapi.security.base.SecurityBase", "fastapi.security.HTTPBasicCredentials"),
            (
                "HTTPBearer",
                "fastapi.security.base.SecurityBase",
                "fastapi.security.HTTPAuthorizationCredentials",
            ),
            (
                "HTTPDigest",
                "fastapi.security.base.SecurityBase",
                "fastapi.security.HTTPAuthorizationCredentials",
            ),
            ("OAuth2", "fastapi.security.base.SecurityBase", "scalar"),
            ("OAuth2PasswordBearer", "fastapi.security.OAuth2", "scalar"),
            ("OAuth2AuthorizationCodeBearer", "fastapi.security.OAuth2", "scalar"),
            ("OpenIdConnect", "fastapi.security.base.SecurityBase", "scalar"),
        )
    },
    "fastapi.security.HTTPBasicCredentials": ClassModel(bases=("pydantic.BaseModel",)),
    "fastapi.security.HTTPAuthorizationCredentials": ClassModel(bases=("pydantic.BaseModel",)),
    "fastapi.security.OAuth2PasswordRequestForm": ClassModel(),
    "fastapi.security.OAuth2PasswordRequestFormStrict": ClassModel(
        bases=("fastapi.security.OAuth2PasswordRequestForm",)
    ),
    "fastapi.security.SecurityScopes": ClassModel(),
    "pydantic.BaseModel": ClassModel(
        methods=each(
            {
                "model_validate model_validate_json model_construct model_copy": _SELF,
                "parse_obj parse_raw from_orm construct copy": _SELF,  # Pydantic 1's names, still there
                "model_dump model_dump_json dict json": CallModel(returns="scalar"),
            }
        )
    ),
    "pydantic.RootModel": ClassModel(bases=("pydantic.BaseModel",)),
    "pydantic_settings.BaseSettings": ClassModel(bases=("pydantic.BaseModel",)),
    "starlette.applications.Starlette": ClassModel(),
    "fastapi.FastAPI": ClassModel(
        bases=("starlette.applications.Starlette",), attributes={"router": "fastapi.APIRouter"}
    ),
    "starlette.routing.Router": ClassModel(),
    "fastapi.APIRouter": ClassModel(bases=("starlette.routing.Router",)),
    # Other packages' kinds of router and application, which register routes like FastAPI's own.
    "fastapi_utils.inferring_router.InferringRouter": ClassModel(bases=("fastapi.APIRouter",)),
    "fastapi_restful.inferring_router.InferringRouter": ClassModel(bases=("fastapi.APIRouter",)),
    "cadwyn.VersionedAPIRouter": ClassModel(bases=("fastapi.APIRouter",)),
    "cadwyn.Cadwyn": ClassModel(bases=("fastapi.FastAPI",)),
}

FUNCTIONS: Final = {
    "fastapi.encoders.jsonable_encoder": CallModel(returns="scalar"),
    "starlette.concurrency.run_in_threadpool": CallModel((Effect.SPAWN,), is_async=True, takes="callable"),
    "starlette.concurrency.iterate_in_threadpool": CallModel(),
}

DEPENDENCY_MARKERS: Final = frozenset({"fastapi.Depends", "fastapi.Security"})
# Where FastAPI takes the value of a parameter from.
PARAMETER_FUNCTIONS: Final = {
    "fastapi.Path": "path",
    "fastapi.Query": "query",
    "fastapi.Header": "header",
    "fastapi.Cookie": "cookie",
    "fastapi.Body": "body",
    "fastapi.Form": "form",
    "fastapi.File": "file",
}
# Parameters of these types are filled by FastAPI and are no input of the client's.
INJECTED: Final = frozenset(
    {
        "starlette.requests.Request",
        "starlette.requests.HTTPConnection",
        "starlette.websockets.WebSocket",
        "starlette.responses.Response",
        "starlette.background.BackgroundTasks",
        "fastapi.security.SecurityScopes",
    }
)
SECURITY_BASE: Final = "fastapi.security.base.SecurityBase"
# Attributes of a request that carry credentials or who the client is.
CREDENTIAL_ATTRIBUTES: Final = frozenset({"headers", "cookies", "session", "auth", "user"})

_STATUS_NAME: Final = re.compile(r"starlette\.status\.(?:HTTP|WS)_(\d{3,4})_\w+")
_STATUS_MEMBER: Final = re.compile(r"http\.HTTPStatus\.([A-Z_]+)(?:\.value)?")


def status_code(dotted: str) -> int | None:
    """The number of a canonical `starlette.status.HTTP_201_CREATED` or `http.HTTPStatus.CREATED`, or None."""
    named = _STATUS_NAME.fullmatch(dotted)
    if named:
        return int(named[1])
    member = _STATUS_MEMBER.fullmatch(dotted)
    if member and member[1] in HTTPStatus.__members__:
        return HTTPStatus[member[1]].value
    return None


_AT_TOP = words("Depends Security Path Query Header Cookie Body Form File")
_RE_EXPORTED = words(
    "Response JSONResponse HTMLResponse PlainTextResponse RedirectResponse StreamingResponse FileResponse"
)
_SCHEMES = {
    "api_key": "APIKeyHeader APIKeyQuery APIKeyCookie",
    "http": "HTTPBasic HTTPBasicCredentials HTTPBearer HTTPAuthorizationCredentials HTTPDigest",
    "oauth2": "OAuth2 OAuth2PasswordBearer OAuth2AuthorizationCodeBearer OAuth2PasswordRequestForm "
    "OAuth2PasswordRequestFormStrict SecurityScopes",
    "open_id_connect_url": "OpenIdConnect",
}

ALIASES: Final = {
    # `fastapi.params` holds the classes behind the functions; written by hand they mean the same.
    **{
        f"fastapi.{module}.{name}": f"fastapi.{name}"
        for module in ("params", "param_functions")
        for name in _AT_TOP
    },
    **{f"fastapi.responses.{name}": f"starlette.responses.{name}" for name in _RE_EXPORTED},
    **{
        f"fastapi.security.{module}.{name}": f"fastapi.security.{name}"
        for module, names in _SCHEMES.items()
        for name in names.split()
    },
    "fastapi.responses.EventSourceResponse": "fastapi.sse.EventSourceResponse",
    "sse_starlette.sse": "sse_starlette",
    "fastapi.applications.FastAPI": "fastapi.FastAPI",
    "fastapi.routing.APIRouter": "fastapi.APIRouter",
    "fastapi.routing.Mount": "starlette.routing.Mount",
    "fastapi.background.BackgroundTasks": "fastapi.BackgroundTasks",
    "fastapi.datastructures.UploadFile": "fastapi.UploadFile",
    "fastapi.exceptions.HTTPException": "fastapi.HTTPException",
    "fastapi.exceptions.WebSocketException": "fastapi.WebSocketException",
    "fastapi.datastructures.State": "starlette.datastructures.State",
    "fastapi.Request": "starlette.requests.Request",
    "fastapi.Response": "starlette.responses.Response",
    "fastapi.WebSocket": "starlette.websockets.WebSocket",
    "fastapi.WebSocketDisconnect": "starlette.websockets.WebSocketDisconnect",
    "fastapi.status": "starlette.status",
    "fastapi.requests": "starlette.requests",
    "fastapi.websockets": "starlette.websockets",
    "fastapi.templating": "starlette.templating",
    "fastapi.staticfiles": "starlette.staticfiles",
    "fastapi.testclient": "starlette.testclient",
    "fastapi.concurrency.run_in_threadpool": "starlette.concurrency.run_in_threadpool",
    "fastapi.concurrency.iterate_in_threadpool": "starlette.concurrency.iterate_in_threadpool",
    "fastapi.middleware.Middleware": "starlette.middleware.Middleware",
    **{
        f"fastapi.middleware.{module}": f"starlette.middleware.{module}"
        for module in ("cors", "gzip", "httpsredirect", "trustedhost", "wsgi")
    },
    "pydantic.main": "pydantic",
    "pydantic.fields.Field": "pydantic.Field",
    "pydantic.root_model": "pydantic",
    "pydantic.networks": "pydantic",
    "pydantic.types": "pydantic",
    "pydantic.BaseSettings": "pydantic_settings.BaseSettings",  # Pydantic 1
    "pydantic.env_settings.BaseSettings": "pydantic_settings.BaseSettings",
    "pydantic_settings.main": "pydantic_settings",
    "typing_extensions": "typing",
    "collections.abc": "typing",
    "collections.abc.Set": "typing.AbstractSet",
    "cadwyn.route_generation": "cadwyn",
    "cadwyn.applications": "cadwyn",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
