"""A site as it stands in production: nginx with docs/nginx/gongkai.conf, the site behind it, both on loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.conftest import ROOT, Site, copied, free_port

HOST = "www.qinghe.gov.example"
_MAIN = """{user}
worker_processes 2;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log notice;
load_module /usr/lib/nginx/modules/ngx_http_cache_purge_module.so;
events {{ worker_connections 256; }}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/gongkai.conf;
}}
"""


@dataclass
class Front:
    """nginx and the site behind it."""

    site: Site
    folder: Path
    ports: dict[str, int]
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The public address."""
        return f"https://127.0.0.1:{self.ports['tls']}"

    def get(self, path: str, mode: str = "", *, method: str = "GET", host: str = HOST, **headers: str) -> httpx.Response:
        """Ask nginx as a visitor does."""
        cookies = {"Cookie": f"display={mode}"} if mode else {}
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        with httpx.Client(verify=False, timeout=30) as client:
            return client.request(method, self.url + path, headers={"Host": host, **cookies, **more})

    def raw(self, request: bytes) -> bytes:
        """The answer to bytes sent over TLS as they are."""
        import socket
        import ssl

        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection(("127.0.0.1", self.ports["tls"]), 10) as plain, context.wrap_socket(plain) as tls:
            tls.sendall(request)
            return b"".join(iter(lambda: tls.recv(65536), b""))

    def cached(self, path: str, mode: str = "") -> str:
        """The page, asked for until nginx gives it from its cache."""
        for _ in range(2):
            answer = self.get(path, mode)
        assert answer.headers["x-cache"] == "HIT", (path, mode, answer.headers)
        return answer.text

    def start(self, name: str) -> None:
        """Start `site` or `nginx`, and wait until it answers."""
        if name == "site":
            process = self.site.start(
                "serve", "--workers", "1", "--port", str(self.ports["site"]), "--without-worker", "--without-indexer"
            )
            address = f"http://127.0.0.1:{self.ports['site']}/health/live"
        else:
            process = subprocess.Popen(["nginx", "-c", str(self.folder / "nginx.conf")], stderr=subprocess.DEVNULL)
            address = f"http://127.0.0.1:{self.ports['purge']}/"
        self.processes[name] = process
        _wait(address, process)

    def stop(self, name: str) -> None:
        """Stop it as a crash of the machine would: at once."""
        process = self.processes.pop(name, None)
        if process is not None:
            process.send_signal(signal.SIGTERM if name == "nginx" else signal.SIGINT)
            process.wait(30)

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """While one of the two is stopped."""
        self.stop(name)
        try:
            yield
        finally:
            self.start(name)

    def rendered(self, **changes: str) -> None:
        """Write docs/nginx/gongkai.conf with our ports and folders in place of the real ones."""
        text = (ROOT / "docs/nginx/gongkai.conf").read_text(encoding="utf-8")
        here = {
            "127.0.0.1:8000": f"127.0.0.1:{self.ports['site']}",
            "127.0.0.1:8081": f"127.0.0.1:{self.ports['purge']}",
            "listen 80": f"listen 127.0.0.1:{self.ports['plain']}",
            "listen 443": f"listen 127.0.0.1:{self.ports['tls']}",
            "/var/cache/nginx/gongkai": f"{self.folder}/cache",
            "/var/log/nginx": str(self.folder),
            "/etc/ssl/gongkai": str(self.folder),
            "/etc/nginx/gongkai-proxy.conf": str(ROOT / "docs/nginx/gongkai-proxy.conf"),
            "/opt/gongkai": str(ROOT),
            "min_free=1g": "",
            **changes,
        }
        for real, ours in here.items():
            assert real in text, f"docs/nginx/gongkai.conf no longer says {real}"
            text = text.replace(real, ours)
        (self.folder / "gongkai.conf").write_text(text, encoding="utf-8")
        user = "user root;" if os.getuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(_MAIN.format(user=user, folder=self.folder), encoding="utf-8")


def front(sample_data: Path, folder: Path) -> Iterator[Front]:
    """Both running, over a copy of the sample, until the generator is closed."""
    copied(sample_data, folder / "data")
    _certificate(folder)
    ports = {name: free_port() for name in ("site", "purge", "plain", "tls")}
    env = {"GONGKAI_PURGE": f"http://127.0.0.1:{ports['purge']}", "GONGKAI_HOSTS": f"{HOST},127.0.0.1"}
    env["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    made = Front(Site(folder / "data", f"http://127.0.0.1:{ports['site']}", env), folder, ports)
    made.rendered()
    try:
        made.start("site")
        made.start("nginx")
        yield made
    finally:
        made.stop("nginx")
        made.stop("site")


def refusing(made: Front) -> None:
    """An nginx that refuses to purge, as one without the purge server's line would."""
    made.rendered(**{"allow 127.0.0.1;\n    deny all;\n    if": "deny all;\n    if"})


def another(made: Front, **env: str) -> Site:
    """The same site for a command, with other settings."""
    return replace(made.site, env={**made.site.env, **env})


def number_of(made: Front, words: str) -> int:
    """The number of the published paper whose title contains `words`."""
    said = made.site.run("document", "list", "--status", "published", "--title", words, "--limit", "1")
    found = re.match(r"(\d+)\t", said.stdout)
    assert found, said.stdout + said.stderr
    return int(found[1])


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{process.args} ended before it answered"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            try:
                process.wait(0.05)
            except subprocess.TimeoutExpired:
                continue
        else:
            return
    raise AssertionError(f"{address} did not answer within a minute")


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    secret = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
