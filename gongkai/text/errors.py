"""Why a file could not be read. Each message is Chinese, says what happened and what to do next."""

from __future__ import annotations


class UnreadableFile(Exception):
    """A file that cannot be read at all; `str()` tells an official what to do.

    `code` is stable and English, for reports and tests. `needs_person` is true where the file
    is sound but a person must supply the text (a scan), false where the file itself is at fault.
    """

    code = "unreadable"
    needs_person = False
    message = "文件无法读取。请用原来的软件打开检查后重新保存，再导入一次。"

    def __init__(self, detail: str = "") -> None:
        self.detail = detail
        super().__init__(f"{self.message}（{detail}）" if detail else self.message)


class EmptyFile(UnreadableFile):
    """0 bytes, or nothing but blanks."""

    code = "empty"
    message = "文件是空的，没有任何文字。请确认是否传错了文件，换成正确的文件后再导入。"


class TooLarge(UnreadableFile):
    """Larger than the reader accepts."""

    code = "too_large"
    message = "文件太大，没有读取。请把正文与大附件分开，正文单独导入，附件另行上传。"


class Encrypted(UnreadableFile):
    """Needs a password."""

    code = "encrypted"
    message = "文件有密码，无法读取。请去掉密码后另存一份，再导入一次。"


class Damaged(UnreadableFile):
    """Not what its format promises."""

    code = "damaged"
    message = "文件已损坏或不完整。请向原单位重新取得文件，或用原来的软件打开后另存，再导入一次。"


class Bomb(UnreadableFile):
    """An archive that would unpack to far more than it should, or reaches outside itself."""

    code = "unsafe_archive"
    message = "文件的压缩结构异常（解压后过大或含有越界路径），为安全起见没有打开。请核实文件来源。"


class UnknownFormat(UnreadableFile):
    """A format that is not read."""

    code = "unknown_format"
    message = "不认识这种文件。可以导入的有：DOCX、DOC、WPS、PDF、OFD、HTML、Markdown 和 TXT。请另存为其中一种再导入。"


class NeedsOffice(UnreadableFile):
    """A DOC or WPS file where LibreOffice is not installed."""

    code = "needs_libreoffice"
    message = (
        "这是旧版 Word 或 WPS 文件，本机没有安装 LibreOffice，无法转换。请另存为 DOCX 再导入，或请管理员安装 libreoffice-writer。"
    )


class NoTextLayer(UnreadableFile):
    """A scan: pictures of pages without text."""

    code = "no_text"
    needs_person = True
    message = "文件里只有图像，没有文字层（多为扫描件）。请提供电子版，或由人工录入标题、文号、日期等内容。"
