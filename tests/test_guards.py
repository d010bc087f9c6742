"""What guards a route: libraries' own ways of asking who calls, and what stands around handlers."""

from __future__ import annotations

import textwrap

import pytest

from fastapi_lint.application import link
from fastapi_lint.facts.reader import read_facts

LIBRARIES = """
    from authx import AuthX
    from auth0_fastapi_api import Auth0FastAPI as OtherAuth0
    from fastapi import APIRouter, Depends, FastAPI, Security
    from fastapi_auth0 import Auth0
    from fastapi_azure_auth import MultiTenantAzureAuthorizationCodeBearer
    from fastapi_azure_auth import SingleTenantAzureAuthorizationCodeBearer
    from fastapi_jwt_auth import AuthJWT
    from fastapi_keycloak import FastAPIKeycloak
    from fastapi_login import LoginManager
    from fastapi_plugin.fast_api_client import Auth0FastAPI
    from fastapi_users import FastAPIUsers

    users = FastAPIUsers(None, [])
    active_user = users.current_user(active=True)
    authx = AuthX()
    azure = SingleTenantAzureAuthorizationCodeBearer(app_client_id="a", tenant_id="t")
    lenient_azure = MultiTenantAzureAuthorizationCodeBearer(app_client_id="a", auto_error=False)
    auth0 = Auth0(domain="d", api_audience="a")
    lenient_auth0 = Auth0(domain="d", api_audience="a", auto_error=False)
    auth0_api = Auth0FastAPI(domain="d", audience="a")
    other_auth0_api = OtherAuth0(domain="d", audience="a")
    manager = LoginManager("secret", "/token")
    idp = FastAPIKeycloak()
    app = FastAPI()
"""


def guards(code: str, head: str = "") -> dict[str, str]:
    """The guards of each route, `?` behind those that aren't certain; only the last part of their names."""
    text = textwrap.dedent(head) + textwrap.dedent(code)
    application = link([read_facts("main.py", text)])
    return {
        route.path: ", ".join(
            guard.name.removeprefix("main.") + ("" if guard.is_certain else "?")
            for guard in application.guards.of(route)
        )
        for route in application.routes
    }


def guarded_by(parameters: str, body: str = "...") -> str:
    route = f"\n@app.get('/')\nasync def read({parameters}):\n    {body}\n"
    return guards(route, LIBRARIES)["/"].rpartition("fastapi_jwt_auth.")[2]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("user=Depends(users.current_user())", "fastapi_users.FastAPIUsers.current_user"),
        ("user=Depends(active_user)", "fastapi_users.FastAPIUsers.current_user"),
        ("user=Depends(users.current_user(optional=True))", ""),
        (
            "user=Depends(users.authenticator.current_user())",
            "fastapi_users.authentication.Authenticator.current_user",
        ),
        ("payload=Depends(authx.access_token_required)", "authx.AuthX.access_token_required"),
        ("payload=Depends(authx.token_required(type='refresh'))", "authx.AuthX.token_required"),
        ("payload=Depends(authx.scopes_required('admin'))", "authx.AuthX.scopes_required"),
        ("payload=authx.ACCESS_REQUIRED", "authx.AuthX.access_token_required"),
        ("payload=authx.FRESH_REQUIRED", "authx.AuthX.fresh_token_required"),
        ("subject=authx.CURRENT_SUBJECT", "authx.AuthX.get_current_subject"),
        ("token=authx.ACCESS_TOKEN", ""),
        ("token=Depends(authx.get_token_from_request(type='access'))", ""),
        ("user=Security(azure)", "fastapi_azure_auth.SingleTenantAzureAuthorizationCodeBearer"),
        ("user=Security(azure, scopes=['a'])", "fastapi_azure_auth.SingleTenantAzureAuthorizationCodeBearer"),
        ("user=Security(lenient_azure)", ""),
        ("user=Security(auth0.get_user)", "fastapi_auth0.Auth0.get_user"),
        ("user=Security(auth0.get_user, scopes=['read'])", "fastapi_auth0.Auth0.get_user"),
        ("user=Security(lenient_auth0.get_user)", ""),
        ("token=Depends(auth0.implicit_scheme)", ""),
        (
            "user=Depends(auth0_api.require_auth())",
            "fastapi_plugin.fast_api_client.Auth0FastAPI.require_auth",
        ),
        (
            "user=Depends(other_auth0_api.require_auth(scopes=['a']))",
            "fastapi_plugin.fast_api_client.Auth0FastAPI.require_auth",
        ),
        ("user=Depends(manager)", "fastapi_login.LoginManager"),
        ("user=Security(manager, scopes=['a'])", "fastapi_login.LoginManager"),
        ("user=Depends(manager.optional)", ""),
        ("user=Depends(idp.get_current_user())", "fastapi_keycloak.FastAPIKeycloak.get_current_user"),
        (
            "user=Depends(idp.get_current_user(required_roles=['a']))",
            "fastapi_keycloak.FastAPIKeycloak.get_current_user",
        ),
    ],
)
def test_dependencies_of_libraries_guard_as_their_documentation_says(parameters: str, expected: str) -> None:
    assert guarded_by(parameters) == expected


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("jwt_required", "AuthJWT.jwt_required"),
        ("fresh_jwt_required", "AuthJWT.fresh_jwt_required"),
        ("jwt_optional", ""),
        ("get_jwt_subject", ""),
    ],
)
def test_a_handler_that_demands_a_token_with_fastapi_jwt_auth_is_guarded(call: str, expected: str) -> None:
    assert guarded_by("authorize: AuthJWT = Depends()", f"authorize.{call}()") == expected


def test_the_asynchronous_fork_of_fastapi_jwt_auth_is_known() -> None:
    found = guards("""
        from async_fastapi_jwt_auth import AuthJWT
        from async_fastapi_jwt_auth.auth_jwt import AuthJWTBearer
        from fastapi import Depends, FastAPI
        app = FastAPI()
        bearer = AuthJWTBearer()
        @app.get("/required")
        async def required(authorize: AuthJWT = Depends(bearer)):
            await authorize.jwt_required()
        @app.get("/optional")
        async def optional(authorize: AuthJWT = Depends(bearer)):
            await authorize.jwt_optional()
    """)
    assert found == {"/required": "async_fastapi_jwt_auth.AuthJWT.jwt_required", "/optional": ""}


def test_scopes_are_the_affair_of_the_dependency_that_verifies_them() -> None:
    found = guards("""
        from fastapi import FastAPI, HTTPException, Security
        from fastapi.security import SecurityScopes
        app = FastAPI()
        def verify(scopes: SecurityScopes, x_key: str):
            if x_key not in scopes.scopes:
                raise HTTPException(403)
        def describe(scopes: SecurityScopes): ...
        @app.get("/verified")
        def verified(it=Security(verify, scopes=["a"])): ...
        @app.get("/described")
        def described(it=Security(describe, scopes=["a"])): ...
    """)
    assert found == {"/verified": "verify", "/described": ""}


HEAD = """
    from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request, Response
    from fastapi.responses import JSONResponse
    from fastapi.routing import APIRoute
    from starlette.authentication import AuthCredentials, AuthenticationBackend, AuthenticationError
    from starlette.authentication import SimpleUser, requires
    from starlette.middleware import Middleware
    from starlette.middleware.authentication import AuthenticationMiddleware
    from starlette.middleware.base import BaseHTTPMiddleware
    from starlette.middleware.gzip import GZipMiddleware

    class Verifying(BaseHTTPMiddleware):
        async def dispatch(self, request, call_next):
            if "authorization" not in request.headers:
                return JSONResponse({}, 401)
            return await call_next(request)

    class Pure:
        def __init__(self, app):
            self.app = app
        async def __call__(self, scope, receive, send):
            if not dict(scope["headers"]).get(b"authorization"):
                await send({"type": "http.response.start", "status": 401, "headers": []})
                return
            await self.app(scope, receive, send)

    class Timing(BaseHTTPMiddleware):
        async def dispatch(self, request, call_next):
            return await call_next(request)

    async def verify(request, call_next):
        if "authorization" not in request.headers:
            return Response(status_code=401)
        return await call_next(request)

    class Strict(AuthenticationBackend):
        async def authenticate(self, conn):
            if "authorization" not in conn.headers:
                raise AuthenticationError("who are you?")
            return AuthCredentials(["authenticated"]), SimpleUser("somebody")

    class Lenient(AuthenticationBackend):
        async def authenticate(self, conn):
            if "authorization" not in conn.headers:
                return None
            raise AuthenticationError("who are you?")
"""


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ("", ""),
        ("middleware=[Middleware(Verifying)]", "Verifying?"),
        ("middleware=[Middleware(Pure)]", "Pure?"),
        ("middleware=[Middleware(Timing), Middleware(GZipMiddleware)]", ""),
        ("middleware=[Middleware(BaseHTTPMiddleware, dispatch=verify)]", "verify?"),
        ("middleware=somewhere", "?"),
        (
            "middleware=[Middleware(AuthenticationMiddleware, backend=Strict())]",
            "starlette.middleware.authentication.AuthenticationMiddleware?",
        ),
        ("middleware=[Middleware(AuthenticationMiddleware, backend=Lenient())]", ""),
    ],
)
def test_middleware_that_an_application_is_made_with_may_guard(arguments: str, expected: str) -> None:
    code = f"\napp = FastAPI({arguments})\n@app.get('/')\ndef read(): ...\n"
    assert guards(code, HEAD) == {"/": expected}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("app.add_middleware(Verifying)", "Verifying?"),
        ("app.add_middleware(Pure)", "Pure?"),
        ("app.add_middleware(Timing)", ""),
        ("app.add_middleware(BaseHTTPMiddleware, dispatch=verify)", "verify?"),
        ("app.middleware('http')(verify)", "verify?"),
        ("import stranger; app.add_middleware(stranger.Door)", "stranger.Door?"),
        ("import slowapi.middleware; app.add_middleware(slowapi.middleware.SlowAPIMiddleware)", ""),
        (
            "import fastapi_key_auth as k; app.add_middleware(k.AuthorizerMiddleware)",
            "fastapi_key_auth.AuthorizerMiddleware",
        ),
        (
            "import fastapi_key_auth as k; app.add_middleware(k.AuthorizerMiddleware, public_paths=['/'])",
            "fastapi_key_auth.AuthorizerMiddleware?",
        ),
    ],
)
def test_middleware_that_is_added_may_guard(statement: str, expected: str) -> None:
    code = f"\napp = FastAPI()\n{statement}\n@app.get('/')\ndef read(): ...\n"
    assert guards(code, HEAD) == {"/": expected}


def test_the_middleware_of_an_application_is_asked_for_what_is_mounted_in_it_too() -> None:
    code = """
        inner = FastAPI()
        @inner.get("/read")
        def read(): ...
        other = FastAPI()
        @other.get("/read")
        def read_other(): ...
        class Door:
            def __init__(self, app):
                self.app = app
        app = FastAPI(dependencies=[Depends(verify)])
        app.add_middleware(Verifying)
        app.mount("/inner", inner)
        outer = FastAPI()
        outer.mount("/other", Door(other))
    """
    found = guards(code, HEAD)
    assert found["/inner/read"] == "Verifying?"


def test_a_dependency_of_an_application_does_not_guard_what_is_mounted_in_it() -> None:
    code = """
        def check(x_key: str):
            if x_key != "a":
                raise HTTPException(401)
        inner = FastAPI()
        @inner.get("/read")
        def read(): ...
        app = FastAPI(dependencies=[Depends(check)])
        @app.get("/own")
        def own(): ...
        app.mount("/inner", inner)
    """
    assert guards(code, HEAD) == {"/own": "check", "/inner/read": ""}


def test_starlette_s_decorator_guards_and_unknown_ones_may() -> None:
    code = """
        import slowapi, stranger
        limiter = slowapi.Limiter(key_func=None)
        app = FastAPI()
        @app.get("/required")
        @requires("authenticated")
        def required(request: Request): ...
        @app.get("/limited")
        @limiter.limit("5/minute")
        def limited(request: Request): ...
        @app.get("/strange")
        @stranger.only_friends
        def strange(request: Request): ...
    """
    assert guards(code, HEAD) == {
        "/required": "starlette.authentication.requires",
        "/limited": "",
        "/strange": "stranger.only_friends?",
    }


def test_a_decorator_of_the_project_that_refuses_guards() -> None:
    code = """
        import functools
        def signed_in(function):
            @functools.wraps(function)
            async def wrapper(*args, request: Request, **kwargs):
                if "authorization" not in request.headers:
                    raise HTTPException(401)
                return await function(*args, request=request, **kwargs)
            return wrapper
        def timed(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                return await function(*args, **kwargs)
            return wrapper
        app = FastAPI()
        @app.get("/signed-in")
        @signed_in
        async def read(request: Request): ...
        @app.get("/timed")
        @timed
        async def read_timed(): ...
    """
    assert guards(code, HEAD) == {"/signed-in": "signed_in", "/timed": ""}


def test_a_class_of_routes_that_refuses_guards_and_an_unknown_one_may() -> None:
    code = """
        import stranger
        class Guarded(APIRoute):
            def get_route_handler(self):
                inner = super().get_route_handler()
                async def handler(request: Request):
                    if "authorization" not in request.headers:
                        raise HTTPException(401)
                    return await inner(request)
                return handler
        class Logged(APIRoute):
            def get_route_handler(self):
                inner = super().get_route_handler()
                async def handler(request: Request):
                    return await inner(request)
                return handler
        app = FastAPI()
        guarded = APIRouter(route_class=Guarded)
        logged = APIRouter(route_class=Logged)
        strange = APIRouter(route_class=stranger.Route)
        @guarded.get("/guarded")
        def one(): ...
        @logged.get("/logged")
        def two(): ...
        @strange.get("/strange")
        def three(): ...
        for router in (guarded, logged, strange):
            app.include_router(router)
    """
    assert guards(code, HEAD) == {"/guarded": "Guarded", "/logged": "", "/strange": "stranger.Route?"}


def test_a_handler_that_refuses_may_guard_itself_unless_it_is_there_to_look_at_credentials() -> None:
    code = """
        app = FastAPI()
        @app.get("/own")
        def own(request: Request):
            if request.headers.get("authorization") != "a":
                raise HTTPException(401)
        @app.get("/item/{item}")
        def item(item: int):
            if item > 3:
                raise HTTPException(403)
        @app.post("/login")
        def login(name: str, password: str):
            if password != name:
                raise HTTPException(401)
    """
    assert guards(code, HEAD) == {"/own": "own?", "/item/{item}": "item?", "/login": ""}
