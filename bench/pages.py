"""How quick the public pages are: made anew, from the byte cache, and behind nginx.

    .venv/bin/python bench/pages.py [--documents 100000] [--data FOLDER] [--seconds 5]

Everything is measured in one run on one machine, by wrk with 16 clients, and stands beside the
baseline: the same page as a static file from nginx. Wants nginx and wrk (Debian packages).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE, STATIC, FRONT = 8471, 8472, 8473
LISTS = ("/library/", "/library/?kind=normative&page=7", "/library/?organ=5", "/library/?year=2019&status=in_force")
NGINX = """worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log; daemon on;
events {{ worker_connections 1024; }}
http {{ access_log off; sendfile on; keepalive_requests 1000000;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  proxy_cache_path {folder}/kept keys_zone=kept:16m;
  map $cookie_display $display {{ default ""; elder elder; contrast contrast; elder-contrast elder-contrast; }}
  server {{ listen 127.0.0.1:{static}; root {folder}/html; default_type text/html; }}
  server {{ listen 127.0.0.1:{front};
    location / {{ proxy_pass http://127.0.0.1:{site}; proxy_cache kept; proxy_cache_key $uri$is_args$args$display;
      proxy_set_header Accept-Encoding ""; proxy_set_header Host 127.0.0.1; proxy_ignore_headers Vary Cache-Control; }} }} }}
"""


@dataclass(frozen=True)
class Rate:
    """Requests a second and the 95th percentile in milliseconds."""

    requests: float
    p95: float


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--documents", type=int, default=100_000)
    options.add_argument("--data", type=Path)
    options.add_argument("--seconds", type=int, default=5)
    told = options.parse_args()
    for tool in ("nginx", "wrk"):
        if not shutil.which(tool):
            sys.exit(f"{tool} is not installed")
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        Path(folder).chmod(0o755)  # nginx's workers give up their rights
        data = told.data or Path(folder) / "data"
        if not told.data:
            fill(data, told.documents)
        _measure(data, Path(folder), told.seconds)


def fill(data: Path, documents: int) -> None:
    """The sample, grown to so many documents, in a new data folder."""
    for words in (["-m", "gongkai.faces.terminal", "setup"], ["-m", "gongkai.faces.terminal", "sample"]):
        subprocess.run([sys.executable, *words], env=env_of(data), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "bench/many.py", str(documents)], env=env_of(data), cwd=ROOT, check=True)


def _measure(data: Path, folder: Path, seconds: int) -> None:
    with serving(data, cache="0"):
        document = f"/library/{_a_document()}/"
        page = urllib.request.urlopen(f"http://127.0.0.1:{SITE}{document}").read()
        (folder / "html").mkdir()
        (folder / "html" / "page.html").write_bytes(page)
        with _nginx(folder):
            static = wrk(STATIC, "/page.html", seconds)
            print(f"baseline: the document page ({len(page):,} bytes) as a file from nginx: {static.requests:,.0f} requests/s")
            for address in (*LISTS, document):
                rate = wrk(SITE, address, seconds)
                print(_line("made anew", address, rate, static))
    with serving(data, cache="512", purge=f"http://127.0.0.1:{FRONT}"), _nginx(folder):
        for name, port in (("byte cache", SITE), ("behind nginx", FRONT)):
            rate = wrk(port, document, seconds)
            print(_line(name, document, rate, static))
    asked = subprocess.run(
        [sys.executable, "bench/publication.py"], env=env_of(data), cwd=ROOT, check=True, capture_output=True, text=True
    )
    print(asked.stdout.rstrip())


def _line(how: str, address: str, rate: Rate, static: Rate) -> str:
    ratio = rate.requests / static.requests
    return f"{how:12} {address:40} {rate.requests:8,.0f} requests/s  p95 {rate.p95:6.1f} ms  {ratio:.3f} × the baseline"


def _a_document() -> str:
    listed: str = urllib.request.urlopen(f"http://127.0.0.1:{SITE}/library/?page=50").read().decode()
    return str(re.findall(r'href="/library/(\d+)/"', listed)[0])


@contextmanager
def serving(data: Path, *, cache: str, purge: str = "", indexer: bool = False) -> Iterator[None]:
    """The site served at `SITE` from a data folder, with so many megabytes of kept pages; no index is built meanwhile."""
    env = env_of(data) | {"GONGKAI_PAGE_CACHE": cache, "GONGKAI_PURGE": purge}
    command = [sys.executable, "-m", "gongkai.faces.terminal", "serve", "--port", str(SITE), "--workers", "2"]
    command += [] if indexer else ["--without-indexer"]
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(f"http://127.0.0.1:{SITE}/library/")
            yield
        finally:
            process.terminate()


@contextmanager
def _nginx(folder: Path) -> Iterator[None]:
    configuration = folder / "nginx.conf"
    configuration.write_text(NGINX.format(folder=folder, static=STATIC, front=FRONT, site=SITE))
    subprocess.run(["nginx", "-c", str(configuration), "-p", str(folder)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["nginx", "-c", str(configuration), "-p", str(folder), "-s", "quit"], check=True, capture_output=True)
        while (folder / "nginx.pid").exists():
            time.sleep(0.05)


def _wait(address: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(address, timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{address} does not answer")


def wrk(port: int, address: str, seconds: int) -> Rate:
    """What an address bears, as wrk measures it."""
    report = Path(__file__).with_name("wrk.lua")
    url = f"http://127.0.0.1:{port}{address}"
    subprocess.run(["wrk", "-t1", "-c16", "-d1", url], check=True, capture_output=True)
    told = subprocess.run(
        ["wrk", "-t1", "-c16", f"-d{seconds}", "-s", str(report), url], check=True, capture_output=True, text=True
    )
    requests, p95, wrong = map(float, told.stdout.strip().splitlines()[-1].split())
    if wrong:
        sys.exit(f"{address}: {wrong:.0f} answers were not 200")
    return Rate(requests, p95)


def env_of(data: Path) -> dict[str, str]:
    """The environment of commands on a data folder."""
    own = {"GONGKAI_DATA": str(data), "GONGKAI_API_RATE": "0", "DJANGO_SETTINGS_MODULE": "config.settings.embedded"}
    return {**os.environ, **own}


if __name__ == "__main__":
    main()
