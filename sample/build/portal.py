"""A page as the county's older portal served it: head meta, menus, metadata table, article, footer."""

from __future__ import annotations

from html import escape

from sample.build.manuscript import Manuscript, Piece

_MENU = "".join(
    f'<li><a href="/{n}/">{t}</a></li>'
    for n, t in (("", "首页"), ("zwgk", "政务公开"), ("bsfw", "办事服务"), ("hdjl", "互动交流"), ("zjqh", "走进青禾"))
)


def to_portal_html(paper: Manuscript, government: dict[str, str]) -> str:
    """The saved page."""
    portal = paper.data["portal"]
    title = portal.get("title", paper.title)
    number = portal.get("document_number", paper.data["number"])
    organ = portal.get("organ", "、".join(paper.data["organs"]))
    issued = portal.get("issued_on", paper.data["facts"].get("issued_on"))
    meta = {
        "SiteName": government["site_name"], "SiteDomain": government["domain"], "SiteIDCode": government["site_code"],
        "ColumnName": portal["column"], "ColumnType": "政策文件", "ArticleTitle": title, "PubDate": portal["published_at"],
        "ContentSource": organ, "Keywords": title[:30], "Author": "", "Description": title, "Url": portal["url"],
    }  # fmt: skip
    head = "\n".join(f'<meta name="{k}" content="{escape(str(v))}">' for k, v in meta.items())
    facts = {
        "索引号": portal.get("index_number"), "主题分类": portal.get("topic"), "发文机关": organ, "成文日期": issued,
        "标题": title, "发文字号": number, "发布日期": portal["published_at"], "有效性": portal.get("validity"),
    }  # fmt: skip
    rows = "".join(f"<tr><td>{k}：</td><td>{escape(str(v))}</td></tr>" for k, v in facts.items() if v)
    body = "\n".join(_piece(p) for p in paper.pieces(red_head=False) if p.role not in ("copies_to", "printed"))
    return f"""<!DOCTYPE html>
<html lang="zh-CN"><head><meta charset="utf-8">
<title>{escape(title)}_{government["site_name"]}</title>
{head}
<script>var visitor = 0;</script><style>.nav li {{ float: left }}</style></head>
<body><div class="top"><a href="/login">登录</a> <a href="/wza">无障碍浏览</a></div>
<ul class="nav">{_MENU}</ul>
<div class="position">您现在的位置：<a href="/">首页</a> &gt; <a href="/zwgk/">政务公开</a> &gt; {portal["column"]}</div>
<div class="main"><table class="xxgk-table">{rows}</table>
<h1 class="article-title">{escape(title)}</h1>
<div class="info">发布日期：{portal["published_at"]} 来源：{escape(organ)} 浏览次数：<span id="hits">1024</span> 【字体：大 中 小】</div>
<div class="TRS_Editor">
{body}
</div>
<div class="share">分享到：<a href="#">微信</a><a href="#">微博</a></div></div>
<div class="footer">主办：{government["host_organ"]} 网站标识码：{government["site_code"]} <a href="/sitemap">网站地图</a></div>
</body></html>
"""


def _piece(piece: Piece) -> str:
    if piece.role == "table":
        rows = "".join(f"<tr>{''.join(f'<td>{escape(c)}</td>' for c in row)}</tr>" for row in piece.rows)
        return f'<table border="1">{rows}</table>'
    text = escape(piece.text)
    if piece.role in ("title", "number", "attachment_title", "chapter"):
        return f'<p style="text-align: center;">{text}</p>'
    if piece.role in ("signature", "date"):
        return f'<p style="text-align: right;">{text}</p>'
    return f"<p>　　{text}</p>"
