"""FAL306: PyJWT and python-jose believe a token of anybody's making if they are told not to verify it."""

from __future__ import annotations

from typing import Any

import pytest

CODE = """\
from typing import Annotated

from {package} import jwt
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordBearer

app = FastAPI()
oauth2_scheme = OAuth2PasswordBearer(tokenUrl="token")
SECRET_KEY = "of-this-application-and-nobody-else's"


def get_current_user(token: Annotated[str, Depends(oauth2_scheme)]) -> str:
    return {decoded}["sub"]


@app.get("/users/me")
def read_own_user(user: Annotated[str, Depends(get_current_user)]):
    return user
"""
SKIPPED = 'jwt.decode(token, SECRET_KEY, options={"verify_signature": False})'
VERIFIED = 'jwt.decode(token, SECRET_KEY, algorithms=["HS256"])'
OPEN = "jwt.decode(token, SECRET_KEY)"


def _asked(ask: Any, app: Any, token: str) -> Any:
    return ask(app, "GET /users/me", headers={"authorization": f"Bearer {token}"})


@pytest.fixture(params=["jwt", "jose.jwt"])
def jwt(request: pytest.FixtureRequest) -> Any:
    return pytest.importorskip(request.param)


def _code(jwt: Any, decoded: str) -> str:
    text = CODE.format(package="jose", decoded=decoded)
    return text if jwt.__name__ == "jose.jwt" else text.replace("from jose import jwt", "import jwt")


def test_a_token_with_any_signature_is_believed(ask: Any, run: Any, lint: Any, jwt: Any) -> None:
    forged = jwt.encode({"sub": "admin"}, "another-key-that-is-as-long-as-it-has-to-be", algorithm="HS256")
    text = _code(jwt, SKIPPED)
    assert _asked(ask, run(text), forged).body == "admin"
    assert lint("FAL306", text) == [13]


def test_a_verified_token_is_not_believed_with_another_signature(
    ask: Any, run: Any, lint: Any, jwt: Any
) -> None:
    forged = jwt.encode({"sub": "admin"}, "another-key-that-is-as-long-as-it-has-to-be", algorithm="HS256")
    text = _code(jwt, VERIFIED)
    app = run(text)
    with pytest.raises(Exception, match=r"[Ss]ignature verification failed"):
        _asked(ask, app, forged)
    assert lint("FAL306", text) == []


def test_without_algorithms_any_is_accepted_or_none(ask: Any, run: Any, lint: Any, jwt: Any) -> None:
    token = jwt.encode({"sub": "ada"}, "of-this-application-and-nobody-else's", algorithm="HS256")
    text = _code(jwt, OPEN)
    app = run(text)
    if jwt.__name__ == "jose.jwt":
        assert _asked(ask, app, token).body == "ada"
    else:
        with pytest.raises(jwt.DecodeError, match="algorithms"):
            _asked(ask, app, token)
    assert lint("FAL306", text) == [13]
