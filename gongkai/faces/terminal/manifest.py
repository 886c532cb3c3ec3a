"""`gongkai manifest`."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings

from gongkai.faces.terminal import chinese
from gongkai.faces.terminal.django_ready import doing_now, explained

# isort: split
from gongkai.core.signing import KEY_FILE, UnfitKey, fingerprint_of, public_text, signed, signing_key
from gongkai.domains.monitor.queries.entries import Spending
from gongkai.domains.monitor.queries.keeping import Part, Shelf
from gongkai.domains.monitor.queries.manifest import index, listed

_NAME = "gongkai-manifest.jsonl"


@click.group(
    cls=chinese.Group,
    invoke_without_command=True,
    help="生成签名清单：每份公开文件的标题、正文摘要、文件摘要，按台账中核准发布的内容算出。"
    "请把清单和公钥存到别的机器上，供 gongkai watch 使用。",
)
@click.option(
    "--output", metavar="文件", type=click.Path(path_type=Path, dir_okay=False), help=f"写到这里（默认数据文件夹下的 {_NAME}）"
)
@click.pass_context
def manifest(context: click.Context, output: Path | None) -> int:
    """Write the manifest unless a subcommand follows."""
    return _write(output) if context.invoked_subcommand is None else 0


@explained(UnfitKey, OSError)
def _write(output: Path | None) -> int:
    """The index in the first line, one part in each line after it; 1 when a paper is not what was approved."""
    data = Path(settings.DATA_FOLDER)
    path = output or data / _NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    key, spending = signing_key(data / KEY_FILE), Spending(anew=True)
    beside, temporary = path.with_name(f"{path.name}.parts"), path.with_name(f"{path.name}.new")
    with beside.open("wb") as parts:

        def keep(part: Part) -> None:
            parts.write(part.data + b"\n")

        found = listed(Shelf(data / "manifest"), spending, keep)
    with temporary.open("wb") as whole, beside.open("rb") as parts_written:
        whole.write(signed(index(found, doing_now().at), key) + b"\n")
        whole.writelines(parts_written)
    temporary.replace(path)
    beside.unlink()
    return _tell(path, sum(p.documents for p in found), len(found), spending, fingerprint_of(public_text(key)))


def _tell(path: Path, documents: int, parts: int, spending: Spending, fingerprint: str) -> int:
    click.echo(f"清单：{path}，{documents} 份公开文件，{parts} 个部分，公钥指纹 {fingerprint}")
    for number in spending.altered:
        click.echo(
            f"  第 {number} 号文件库中的内容与核准发布时不同，没有列入清单。请运行 gongkai ledger verify，并与备份比对。",
            err=True,
        )
    return 1 if spending.altered else 0


@manifest.command("key", help="显示公钥和指纹（在别的机器上运行 watch 时用 --key 给出公钥）")
@explained(UnfitKey, OSError)
def key_() -> None:
    """Show the public key."""
    public = public_text(signing_key(Path(settings.DATA_FOLDER) / KEY_FILE))
    click.echo(f"公钥　{public}\n指纹　{fingerprint_of(public)}")
