"""Questions to answers and to whole laws: MRR@10 of `gongkai search` and of plain BM25 over pairs of characters.

    GONGKAI_SHARED=… .venv/bin/python bench/questions.py

The questions were written by hand (tests/search/sets/questions.tsv: law, article, question). Half of the laws, by the
digest of their names, were used to tune the ranking; the other half were held out.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from gongkai.text.numerals import to_int

_QUESTIONS = ROOT / "tests" / "search" / "sets" / "questions.tsv"
_ARTICLE = re.compile(r"^第([〇零一二三四五六七八九十百]+)条(?:之[一二三四五])?[\s　]*", re.MULTILINE)
_LAWS = 600
_K1, _B = 1.2, 0.75

Text = tuple[str, str]
"""Title and body."""


@dataclass(frozen=True)
class Question:
    """What is asked, the key of the text that answers, and whether it was held out from tuning."""

    text: str
    answer: str
    held_out: bool


def main() -> None:
    """Print a table."""
    shared = os.environ.get("GONGKAI_SHARED")
    if not shared:
        sys.exit("GONGKAI_SHARED is not set: there are no laws to ask")
    laws = _laws(Path(shared) / "corpus" / "laws")
    for name, texts, questions in (_articles(laws, titled=False), _articles(laws, titled=True), _whole(laws)):
        print(f"{name}: {len(texts):,} texts, {len(questions)} questions; MRR@10 tuned on / held out")
        for how, found in (
            ("plain BM25 over pairs", _baseline(texts, questions)),
            ("gongkai search run", _ours(texts, questions)),
        ):
            print(f"  {how:24} {_mrr(questions, found, held_out=False):.3f} / {_mrr(questions, found, held_out=True):.3f}")


def _laws(folder: Path) -> dict[str, str]:
    """The newest text of each law, by its name."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        name = re.sub(r"\(\d{4}-\d\d-\d\d\)$", "", path.stem)
        found[name] = path.read_text(encoding="utf-8")
    return found


def _asked() -> list[tuple[str, str, str]]:
    rows = (line.split("\t") for line in _QUESTIONS.read_text(encoding="utf-8").splitlines() if line)
    return [(law, article, text) for law, article, text in rows]


def _held_out(law: str) -> bool:
    return int(hashlib.md5(law.encode(), usedforsecurity=False).hexdigest(), 16) % 2 == 1


def _articles(laws: Mapping[str, str], *, titled: bool) -> tuple[str, dict[str, Text], list[Question]]:
    texts: dict[str, Text] = {}
    for law in sorted({law for law, _, _ in _asked()}):
        body = re.sub(r"^#+.*$", "", laws[law].split("<!-- INFO END -->")[-1], flags=re.MULTILINE)
        starts = list(_ARTICLE.finditer(body))
        ends = [*(match.start() for match in starts[1:]), len(body)]
        for match, end in zip(starts, ends, strict=True):
            texts[f"{law}#{to_int(match[1])}"] = (law if titled else "", body[match.end() : end].strip())
    questions = [Question(text, f"{law}#{article}", _held_out(law)) for law, article, text in _asked()]
    return ("articles, titled" if titled else "articles"), texts, questions


def _whole(laws: Mapping[str, str]) -> tuple[str, dict[str, Text], list[Question]]:
    asked = sorted({law for law, _, _ in _asked()})
    others = sorted(set(laws) - set(asked), key=lambda law: hashlib.md5(law.encode(), usedforsecurity=False).hexdigest())
    chosen = [*asked, *others[: _LAWS - len(asked)]]
    texts = {law: (law, re.sub(r"<!--.*?-->|^#+ *", "", laws[law], flags=re.MULTILINE)) for law in chosen}
    return "whole laws", texts, [Question(text, law, _held_out(law)) for law, _, text in _asked()]


def _ours(texts: Mapping[str, Text], questions: Sequence[Question]) -> list[list[str]]:
    """Through the commands, as anybody would."""
    with tempfile.TemporaryDirectory(prefix="gongkai-bench-") as folder:
        lines = [json.dumps({"id": key, "title": title, "body": body}) for key, (title, body) in texts.items()]
        Path(folder, "texts.jsonl").write_text("\n".join(lines), encoding="utf-8")
        Path(folder, "asked.tsv").write_text("\n".join(f"{n}\t{q.text}" for n, q in enumerate(questions)), encoding="utf-8")
        command = [sys.executable, "-m", "gongkai.faces.terminal", "search"]
        build = [*command, "build", "--jsonl", f"{folder}/texts.jsonl", "--index", f"{folder}/index"]
        subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        run = [*command, "run", "--index", f"{folder}/index", "--queries", f"{folder}/asked.tsv", "--json"]
        told = subprocess.run(run, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [[result["id"] for result in one["results"]] for one in json.loads(told)]


def _baseline(texts: Mapping[str, Text], questions: Sequence[Question]) -> list[list[str]]:
    seen = {key: Counter(_pairs("\n".join(text))) for key, text in texts.items()}
    lengths = {key: counted.total() for key, counted in seen.items()}
    average = sum(lengths.values()) / len(lengths)
    there: dict[str, dict[str, int]] = defaultdict(dict)
    for key, counted in seen.items():
        for pair, number in counted.items():
            there[pair][key] = number

    def ask(question: str) -> list[str]:
        scores: dict[str, float] = defaultdict(float)
        for pair, asked in Counter(_pairs(question)).items():
            documents = len(there.get(pair, {}))
            rarity = math.log(1 + (len(seen) - documents + 0.5) / (documents + 0.5))
            for key, number in there.get(pair, {}).items():
                norm = _K1 * (1 - _B + _B * lengths[key] / average)
                scores[key] += asked * rarity * number * (_K1 + 1) / (number + norm)
        return sorted(scores, key=lambda key: (-scores[key], key))[:10]

    return [ask(question.text) for question in questions]


def _pairs(text: str) -> list[str]:
    runs = re.findall(r"[^\W_]+", text.lower())
    return [pair for run in runs for pair in ([run[n : n + 2] for n in range(len(run) - 1)] or [run])]


def _mrr(questions: Sequence[Question], found: Sequence[Sequence[str]], *, held_out: bool) -> float:
    ranks = [
        1 / (keys.index(question.answer) + 1) if question.answer in keys else 0.0
        for question, keys in zip(questions, found, strict=True)
        if question.held_out is held_out
    ]
    return sum(ranks) / len(ranks)


if __name__ == "__main__":
    main()
