"""A small OpenID Connect provider on the loopback: discovery, authorization, a signed token, who it is."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CLIENT, SECRET = "gongkai", "between-us"


class Provider:
    """Whoever comes is `claims`; what it was asked is kept."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {}
        self.key: RSAPrivateKey = generate_private_key(public_exponent=65537, key_size=2048)
        self.audience = CLIENT
        self.codes: dict[str, dict[str, str]] = {}
        self.address = ""

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def jwks(self) -> dict[str, Any]:
        told = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**told, "kid": "one", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> dict[str, Any] | None:
        given = self.codes.pop(asked.get("code", ""), None)
        client = asked.get("client_id"), asked.get("client_secret")
        if authorization.startswith("Basic "):
            client = tuple(base64.b64decode(authorization[6:]).decode().split(":", 1))  # type: ignore[assignment]
        if given is None or client != (CLIENT, SECRET):
            return None
        now = int(time.time())
        told = {"iss": self.address, "aud": self.audience, "iat": now, "exp": now + 60, **self.claims}
        if "nonce" in given:
            told["nonce"] = given["nonce"]
        signed = jwt.encode(told, self.key, algorithm="RS256", headers={"kid": "one"})
        return {"access_token": "open", "token_type": "Bearer", "expires_in": 60, "id_token": signed}


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers until the block ends."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(asked))
                self.end_headers()
                return
            told = {
                "/.well-known/openid-configuration": provider.metadata,
                "/jwks": provider.jwks,
                "/userinfo": lambda: provider.claims,
            }
            self._say(told[parts.path]() if parts.path in told else None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            asked = {k: v[0] for k, v in parse_qs(body).items()}
            self._say(provider.token(asked, self.headers.get("Authorization", "")))

        def _say(self, told: dict[str, Any] | None) -> None:
            self.send_response(200 if told is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(told or {"error": "invalid_grant"}).encode())

        def log_message(self, *_: Any) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
