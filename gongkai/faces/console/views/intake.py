"""Uploading in the browser, what became of it, and checking papers beside their originals."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.scope import require
from gongkai.domains.library.actions.correcting import confirm
from gongkai.domains.library.actions.errors import Refused
from gongkai.domains.library.actions.uploading import Handover, UnfitUpload, upload
from gongkai.domains.library.queries import intake
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.shown import page
from gongkai.faces.console.views.refused import without_room
from gongkai.text.formats.pictures import NoSuchPage, page_count, page_picture
from gongkai.ui.pages import pagination

MEGABYTES = 500  # of one upload
_LARGEST = 1 << 62


class SeveralFilesInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """All of them."""
        del data
        return files.getlist(name)


class SeveralFiles(forms.FileField):
    """One or more files, as a list."""

    widget = SeveralFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """Every file by itself must be one."""
        files = data if isinstance(data, list | tuple) else [data]
        return [super(SeveralFiles, self).clean(file, initial) for file in files] if any(files) else super().clean(None, initial)


class UploadForm(forms.Form):
    """Files, and the organ that will hold the papers."""

    token = forms.CharField(widget=forms.HiddenInput, max_length=32)
    agency = forms.TypedChoiceField(label="归哪个机构", coerce=int)
    papers = SeveralFiles(
        label="文件",
        help_text="可以一次选多份：Word、PDF、OFD、网页、文本。每份不超过 100 MB。上传后先归档，不会自动公开。",
        error_messages={"required": "还没有选择文件。"},
        allow_empty_file=True,
        max_length=None,
    )

    def __init__(self, organs: list[tuple[int, str]], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["papers"].widget.attrs["multiple"] = "multiple"
        choice: forms.TypedChoiceField = self.fields["agency"]  # type: ignore[assignment]
        choice.choices = organs


@require_http_methods(["GET", "HEAD", "POST"])
@desk("documents.upload", megabytes=20_500)
def imports(request: Request) -> HttpResponse:
    """The upload form, what waits for a check, and the newest uploads."""
    organs = intake.holders(request.viewer)
    if request.method != "POST":
        return _imports(request, UploadForm(organs, initial={"token": uuid.uuid4().hex}))
    form = UploadForm(organs, request.POST, request.FILES)
    if form.is_valid():
        said = form.cleaned_data
        try:
            made = upload(Handover(said["token"], said["agency"], said["papers"]), request.viewer, doing_of(request))
        except UnfitUpload as error:
            form.add_error("papers", str(error))
        except OSError as error:
            form.add_error("papers", without_room(error))
        else:
            return redirect("desk-upload", made.token)
    return _imports(request, form, status=400)


def _imports(request: Request, form: UploadForm, status: int = 200) -> HttpResponse:
    typed = request.GET.get("page", "1")
    number = int(typed) if typed.isdecimal() and len(typed) < 7 else 1
    rows, pages = intake.uploads(request.viewer, max(number, 1))
    waiting, total = intake.waiting(request.viewer)
    turning = pagination(min(max(number, 1), pages), pages, lambda n: f"?page={n}")
    told = {"form": form, "uploads": rows, "waiting": waiting, "total": total, "pages": turning}
    return page(request, "imports.jinja", told, status=status)


@require_safe
@desk("documents.upload")
def one_upload(request: Request, token: str) -> HttpResponse:
    """One upload, file by file; looks again by itself until all are read."""
    found = intake.upload(token, request.viewer)
    if found is None:
        raise Http404
    row, items = found
    response = page(request, "upload.jinja", {"upload": row, "items": items})
    if not row.ended:
        response.headers["Refresh"] = "2"
    return response


@require_safe
@desk("documents.see")
def review(request: Request, number: int) -> HttpResponse:
    """A paper beside its original."""
    found = intake.review(number, request.viewer) if number < _LARGEST else None
    if found is None:
        raise Http404
    pages = page_count(default_storage.path(found.original.path)) if found.original and found.original.format == "pdf" else 0
    return page(request, "review.jinja", {"doc": found, "pages": pages})


@require_POST
@desk("documents.edit")
def accept(request: Request, number: int) -> HttpResponse:
    """What was read is right; on to the next paper that waits."""
    found = intake.review(number, request.viewer) if number < _LARGEST else None
    if found is None:
        raise Http404
    require(request.viewer, "documents.edit", found.agency)
    try:
        done = confirm(number, doing_of(request))
    except Refused as error:
        messages.error(request, str(error))
        return redirect("desk-review", number)
    messages.success(request, f"已确认：{done.title}")
    following = found.after or found.before
    return redirect("desk-review", following) if following else redirect("desk-imports")


@require_safe
@desk("documents.see")
def original(request: Request, number: int, sha256: str) -> FileResponse:
    """A file as it came, always as a download."""
    found = intake.staff_original(number, sha256, request.viewer) if number < _LARGEST else None
    if found is None or not default_storage.exists(found.path):
        raise Http404
    response = FileResponse(default_storage.open(found.path), as_attachment=True, filename=found.name)
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_safe
@desk("documents.see")
def original_page(request: Request, number: int, sha256: str, at: int) -> HttpResponse:
    """A page of a PDF as a picture."""
    found = intake.staff_original(number, sha256, request.viewer) if number < _LARGEST else None
    if found is None or found.format != "pdf" or not default_storage.exists(found.path):
        raise Http404
    try:
        return HttpResponse(page_picture(default_storage.path(found.path), at), content_type="image/png")
    except NoSuchPage as error:
        raise Http404 from error
