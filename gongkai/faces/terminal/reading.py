"""`gongkai read`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from gongkai.faces.terminal import chinese
from gongkai.text.encodings import file_name
from gongkai.text.errors import UnreadableFile
from gongkai.text.markup import walk
from gongkai.text.read import read_file
from gongkai.text.reading import Reading


@chinese.command(told="读一份文件。加 --json 按约定输出全部字段；不加则给人看摘要。")
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def read(file: Path, *, as_json: bool) -> int:
    """Print what a file says."""
    try:
        reading = read_file(file)
    except UnreadableFile as error:
        return _refuse(file, error.code, str(error), as_json=as_json)
    except FileNotFoundError:
        return _refuse(file, "missing", f"找不到文件“{_shown(file)}”。请检查路径。", as_json=as_json)
    except IsADirectoryError:
        return _refuse(file, "folder", f"“{_shown(file)}”是文件夹。read 一次读一份文件，整个文件夹请用 import。", as_json=as_json)
    except OSError as error:
        return _refuse(file, "unopenable", f"“{_shown(file)}”打不开（{error.strerror}）。", as_json=as_json)
    click.echo(json.dumps(reading.to_json(), ensure_ascii=False, indent=1) if as_json else _summary(reading))
    return 0


def _shown(file: Path) -> str:
    """A path that can be printed, whatever its bytes are."""
    return "/".join(map(file_name, str(file).split("/")))


def _refuse(file: Path, code: str, message: str, *, as_json: bool) -> int:
    name = file_name(file.name)
    if as_json:
        click.echo(json.dumps({"file": name, "error": {"code": code, "message": message}}, ensure_ascii=False))
    click.echo(f"{name}：{message}", err=True)
    return 1


def _summary(reading: Reading) -> str:
    rows = {
        "标题": reading.title.value if reading.title else "（没有读出）",
        "文号": reading.document_number.value if reading.document_number else "（无）",
        "发文机关": "、".join(o.value for o in reading.organs) or "（没有读出）",
        "成文日期": reading.issued_on.value if reading.issued_on else "（没有读出）",
        "主送": "、".join(a.value for a in reading.addressees),
        "附注": reading.note.value if reading.note else "",
        "附件": "；".join(a.value for a in reading.attachments),
        "条款": f"{sum(1 for _ in walk(reading.clauses))} 条（项）" if reading.clauses else "（没有分条）",
        "全文": f"{len(reading.text)} 字",
    }
    lines = [f"{label}　{value}" for label, value in rows.items() if value]
    lines += [f"关联　{r.kind}　{r.title or ''}{r.document_number or ''}" for r in reading.relations]
    lines += [f"不一致　{c.field}：正文“{c.paper}”，网页“{c.metadata}”，以正文为准" for c in reading.conflicts]
    return "\n".join([*lines, *(f"注意　{w}" for w in reading.warnings)])
