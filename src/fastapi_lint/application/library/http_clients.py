"""HTTP clients: requests, httpx, urllib, urllib3, aiohttp, http.client."""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import (
    CallModel,
    ClassModel,
    Effect,
    Tables,
    asynchronous,
    each,
    words,
)

HTTP, BLOCK = Effect.HTTP, Effect.BLOCK

_VERBS = "get post put patch delete head options"


def _requests(returns: str, *, verbs: str = _VERBS) -> dict[str, CallModel]:
    """A function or method for each verb, and `request(method, url)`."""
    sends = CallModel((HTTP, BLOCK), returns, takes="url")
    return each({verbs: sends, "request": sends._replace(argument=1)})


_HTTPX = _requests("httpx.Response")
_STREAM = CallModel((HTTP, BLOCK), "httpx.Client.stream()", takes="url", argument=1)
_AIOHTTP = {
    name: model._replace(effects=(HTTP,), returns="aiohttp.ClientSession.request()")
    for name, model in _requests("").items()
}
_READS = CallModel((BLOCK,))

CLASSES: Final = {
    "requests.Session": ClassModel(
        methods=_requests("requests.Response")
        | each(
            {
                "send": CallModel((HTTP, BLOCK), "requests.Response"),
                "close mount prepare_request": CallModel(),
            }
        )
    ),
    "requests.Response": ClassModel(
        methods=each(
            {
                "json": CallModel(returns="scalar"),
                "raise_for_status iter_content iter_lines close": CallModel(),
            }
        )
    ),
    "httpx.Client": ClassModel(
        methods=_HTTPX
        | each(
            {
                "stream": _STREAM,
                "send": CallModel((HTTP, BLOCK), "httpx.Response"),
                "build_request close": CallModel(),
            }
        )
    ),
    "httpx.Client.stream()": ClassModel(enters="httpx.Response"),
    "httpx.AsyncClient": ClassModel(
        methods=asynchronous(_HTTPX)
        | each(
            {
                "stream": _STREAM._replace(effects=(HTTP,)),
                "send": CallModel((HTTP,), "httpx.Response", is_async=True),
                "build_request": CallModel(),
                "aclose": CallModel(is_async=True),
            }
        )
    ),
    "httpx.Response": ClassModel(
        methods=each(
            {
                "json": CallModel(returns="scalar"),
                "raise_for_status read iter_bytes iter_lines close": CallModel(),
                "aread aclose": CallModel(is_async=True),
            }
        )
    ),
    "starlette.testclient.TestClient": ClassModel(bases=("httpx.Client",)),
    "urllib.request.OpenerDirector": ClassModel(methods={"open": CallModel((HTTP, BLOCK), takes="url")}),
    "urllib3.PoolManager": ClassModel(
        methods=each(
            {
                "request urlopen request_encode_url request_encode_body": CallModel(
                    (HTTP, BLOCK), takes="url", argument=1
                )
            }
        )
    ),
    "http.client.HTTPConnection": ClassModel(
        methods=each(
            {
                "request": CallModel((HTTP, BLOCK), takes="url", argument=1),
                "getresponse connect send": CallModel((HTTP, BLOCK)),
                "close": CallModel(),
            }
        )
    ),
    "http.client.HTTPSConnection": ClassModel(bases=("http.client.HTTPConnection",)),
    "aiohttp.ClientSession": ClassModel(
        methods=_AIOHTTP
        | each(
            {
                "ws_connect": CallModel((HTTP,), "aiohttp.ClientSession.ws_connect()", takes="url"),
                "close": CallModel(is_async=True),
            }
        )
    ),
    "aiohttp.ClientSession.request()": ClassModel(
        awaited=CallModel(returns="aiohttp.ClientResponse"), enters="aiohttp.ClientResponse"
    ),
    "aiohttp.ClientSession.ws_connect()": ClassModel(
        awaited=CallModel(returns="aiohttp.ClientWebSocketResponse"), enters="aiohttp.ClientWebSocketResponse"
    ),
    "aiohttp.ClientResponse": ClassModel(
        methods=each(
            {
                "json text read": CallModel(is_async=True),
                "raise_for_status release close": CallModel(),
            }
        )
    ),
    "aiohttp.ClientWebSocketResponse": ClassModel(
        methods=each(
            {"receive receive_json receive_str send_json send_str send_bytes close": CallModel(is_async=True)}
        )
    ),
    "websocket.WebSocket": ClassModel(methods=each({"connect recv send close": _READS})),
}

FUNCTIONS: Final = (
    each(_requests("requests.Response"), "requests.")
    | each(_HTTPX, "httpx.")
    | {
        "httpx.stream": _STREAM,
        "urllib.request.urlopen": CallModel((HTTP, BLOCK), takes="url"),
        "urllib.request.urlretrieve": CallModel((HTTP, BLOCK), takes="url"),
        "urllib.request.build_opener": CallModel(returns="urllib.request.OpenerDirector"),
        "urllib3.request": CallModel((HTTP, BLOCK), takes="url", argument=1),
        "aiohttp.request": CallModel((HTTP,), "aiohttp.ClientSession.request()", takes="url", argument=1),
        "websocket.create_connection": CallModel((BLOCK,), "websocket.WebSocket", takes="url"),
    }
)

ALIASES: Final = {
    "requests.sessions.Session": "requests.Session",
    "requests.sessions.session": "requests.Session",
    "requests.session": "requests.Session",  # a function that gives one
    "requests.models.Response": "requests.Response",
    "requests.api": "requests",
    "httpx2": "httpx",  # the continued fork, of the same API
    "httpx._client": "httpx",
    "httpx._api": "httpx",
    "httpx._models": "httpx",
    "urllib3.poolmanager.PoolManager": "urllib3.PoolManager",
    "urllib3._request_methods": "urllib3",
    "aiohttp.client.ClientSession": "aiohttp.ClientSession",
    "aiohttp.client.request": "aiohttp.request",
    "aiohttp.client_reqrep.ClientResponse": "aiohttp.ClientResponse",
    "aiohttp.client_ws.ClientWebSocketResponse": "aiohttp.ClientWebSocketResponse",
    "websocket._core": "websocket",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)

# Keep connections open, and are made to serve many requests, wherever these come from.
REUSABLE: Final = frozenset(
    words(
        "httpx.AsyncClient httpx.Client aiohttp.ClientSession requests.Session urllib3.PoolManager "
        "redis.Redis redis.asyncio.Redis redis.from_url redis.asyncio.from_url pymongo.MongoClient "
        "pymongo.AsyncMongoClient motor.motor_asyncio.AsyncIOMotorClient elasticsearch.Elasticsearch "
        "elasticsearch.AsyncElasticsearch openai.OpenAI openai.AsyncOpenAI openai.AzureOpenAI "
        "openai.AsyncAzureOpenAI anthropic.Anthropic anthropic.AsyncAnthropic boto3.client boto3.resource "
        "boto3.Session.client boto3.Session.resource google.cloud.storage.Client "
        "google.cloud.bigquery.Client "
        "qdrant_client.QdrantClient qdrant_client.AsyncQdrantClient"
    )
)
