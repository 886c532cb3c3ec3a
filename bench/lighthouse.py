"""Lighthouse's scores of home, list and paper on its mobile profile, in the system's Chromium.

    .venv/bin/python bench/lighthouse.py

Serves the sample government from a new data folder; installs Lighthouse below `.make/` at first use.
Wanted: 95 or more in every category, and no page above 250 KB transferred.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.pages import ROOT, SITE, env_of, serving

LIGHTHOUSE = "lighthouse@12.8.2"
FOLDER = ROOT / ".make" / "lighthouse"


def main() -> None:
    """Measure and print."""
    if not (FOLDER / "node_modules").is_dir():
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "package.json").write_text("{}", encoding="utf-8")  # a project of its own, not part of ours
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--loglevel=error", LIGHTHOUSE], cwd=FOLDER, check=True)
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        data = Path(folder) / "data"
        for words in ("setup", "sample"):
            command = [sys.executable, "-m", "gongkai.faces.terminal", words]
            subprocess.run(command, env=env_of(data), cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        with serving(data, cache="512"):
            listed = urllib.request.urlopen(f"http://127.0.0.1:{SITE}/library/").read().decode()
            paper = re.findall(r'href="(/library/\d+/)"', listed)[0]
            for address in ("/", "/library/", paper):
                print(_scores(address, Path(folder) / "report.json"))


def _scores(address: str, report: Path) -> str:
    browser = shutil.which("chromium") or "chromium"
    command = [
        str(FOLDER / "node_modules" / ".bin" / "lighthouse"), f"http://127.0.0.1:{SITE}{address}", "--quiet",
        "--chrome-flags=--headless=new --no-sandbox", "--output=json", f"--output-path={report}",
    ]  # fmt: skip
    subprocess.run(command, env={**os.environ, "CHROME_PATH": browser}, check=True, capture_output=True)
    told = json.loads(report.read_text(encoding="utf-8"))
    scores = "  ".join(f"{name} {round(category['score'] * 100)}" for name, category in told["categories"].items())
    return f"{address:16} {scores}  {told['audits']['total-byte-weight']['numericValue'] / 1024:.0f} KB"


if __name__ == "__main__":
    main()
