"""Settings: what there is to set, the government itself, its emblem, what is demanded at sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.core.agencies import colour, events, numbering
from gongkai.core.agencies.emblem import LARGEST, UnfitEmblem, cleaned
from gongkai.core.agencies.governing import LEVELS, UnfitSetting, change_emblem, change_profile
from gongkai.core.agencies.queries import head_code, profile, standing
from gongkai.core.agencies.telling import FOOTER, Profile
from gongkai.core.ledger.append import Overtaken
from gongkai.core.ledger.queries import length_of
from gongkai.core.mail.sending import mail_works
from gongkai.core.scope import Viewer, may
from gongkai.core.staff.queries import Asked, people
from gongkai.core.staff.roles import LABELS
from gongkai.core.staff.two_steps import demand_two_steps, demanding_roles
from gongkai.domains.catalogue.queries.columns import columns
from gongkai.faces.console.conflicts import SeenForm, anew
from gongkai.faces.console.desk import Request, desk, doing_of
from gongkai.faces.console.doing import purge_told
from gongkai.faces.console.shown import page


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the settings."""

    name: str
    label: str
    verb: str


PARTS = (
    Part("desk-government", "政府信息", "settings.change"),
    Part("desk-organs", "机构", "settings.change"),
    Part("desk-columns", "公开栏目", "columns.arrange"),
    Part("desk-mail", "邮件", "settings.change"),
    Part("desk-sign-in", "登录要求", "settings.change"),
)


def settings_page(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the settings, with the parts that this person may open above it."""
    tabs = [(reverse(p.name), p.label) for p in PARTS if may(request.viewer, p.verb)]
    return page(request, template, {"tabs": tabs, **context}, status=status)


@require_safe
@desk("columns.arrange")
def index(request: Request) -> HttpResponse:
    """What there is to set, and what is still missing."""
    return settings_page(request, "settings.jinja", {"steps": list(_steps(request.viewer))})


def _steps(viewer: Viewer) -> Iterator[tuple[str, str, str, bool]]:
    """In the order of setting up a site: address, name, how it stands, whether it is done."""
    if may(viewer, "settings.change"):
        told = profile()
        yield reverse("desk-government"), "政府信息", told.name or "还没有填写：名称、页脚、索引号编法", bool(told.name)
        organs = len(standing(timezone.localdate()))
        yield reverse("desk-organs"), "机构", f"{organs} 个机构" if organs else "还没有机构，可以用表格一次导入", organs > 0
        here = people(Asked(active=True), size=1)[1]
        yield reverse("desk-people"), "人员", f"{here} 人" if here > 1 else "只有您一个人，可以用表格一次导入", here > 1
    found = len(columns())
    yield reverse("desk-columns"), "公开栏目", f"{found} 个栏目" if found else "还没有栏目", found > 0
    if may(viewer, "settings.change"):
        works = mail_works()
        yield reverse("desk-mail"), "邮件", "已设置" if works else "还没有设置，忘记密码的人不能自己重设", works
        roles = demanding_roles()
        told_roles = "、".join(label for role, label in LABELS.items() if role in roles)
        yield reverse("desk-sign-in"), "登录要求", f"须用两步验证：{told_roles}" if roles else "没有角色须用两步验证", bool(roles)


class GovernmentForm(SeenForm):
    """What the government says of itself."""

    name = forms.CharField(
        label="政府名称", max_length=100, help_text="如“青禾县人民政府”。", error_messages={"required": "请填写政府名称。"}
    )
    short_name = forms.CharField(label="简称", max_length=20, required=False, help_text="如“青禾”，用在文件简称里。")
    site_name = forms.CharField(
        label="网站名称", max_length=100, required=False, help_text="写在每一页的上方。不填就是“政府名称＋网站”。"
    )
    level = forms.ChoiceField(label="级别", choices=list(LEVELS.items()))
    region = forms.CharField(label="所属省、市", max_length=60, required=False, help_text="如“东岭省云州市”。")
    domain = forms.CharField(
        label="域名", max_length=200, required=False, help_text="公众打开网站用的主机名，如 www.qinghe.gov.cn。"
    )
    index_scheme = forms.CharField(
        label="索引号编法",
        max_length=100,
        help_text="{code} 机构代码，{year} 年份，{serial:05d} 五位流水号，{category} 主题分类的序号。改后只管新文件。",
    )
    colour = forms.CharField(
        label="主色",
        max_length=7,
        required=False,
        help_text="页面上方的横线和主要按钮的颜色。要够深，白字写在上面能看清。",
        widget=forms.TextInput(attrs={"type": "color"}),
    )
    site_code = forms.CharField(label="网站标识码", max_length=20, required=False)
    host = forms.CharField(label="主办单位", max_length=100, required=False)
    operator = forms.CharField(label="承办单位", max_length=100, required=False)
    icp = forms.CharField(label="ICP 备案号", max_length=60, required=False)
    public_security = forms.CharField(label="公安备案号", max_length=60, required=False)
    telephone = forms.CharField(label="联系电话", max_length=60, required=False, help_text="网站找错时拨打。")
    address = forms.CharField(label="地址", max_length=200, required=False)
    postcode = forms.CharField(label="邮编", max_length=10, required=False)

    def profile(self) -> Profile:
        """What was said; call it on a valid form."""
        said = dict(self.cleaned_data)
        said.pop("seen")
        return Profile(footer={name: said.pop(name) for name in FOOTER}, **said)


def _said_of(told: Profile) -> dict[str, Any]:
    names = [name for name in GovernmentForm.base_fields if name not in (*FOOTER, "seen", "colour")]
    return {
        **{n: getattr(told, n) for n in names},
        **{n: told.footer.get(n, "") for n in FOOTER},
        "colour": told.colour or colour.OURS,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def government(request: Request) -> HttpResponse:
    """Names, footer, index numbers, colour."""
    standing_now = profile()
    seen = length_of(events.GOVERNMENT, events.PROFILE)
    form: forms.Form = GovernmentForm(request.POST or None, initial={**_said_of(standing_now), "seen": seen})
    status = 200
    if isinstance(form, GovernmentForm) and form.is_bound:
        status = 400
        if form.is_valid():
            try:
                with purge_told(request):
                    change_profile(form.profile(), doing_of(request), form.cleaned_data["seen"])
            except UnfitSetting as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            except Overtaken:
                form, status = anew(GovernmentForm, request.POST, _said_of(standing_now), seen), 409
            else:
                messages.success(request, "政府信息已保存，公众网站马上按新的显示。")
                return redirect("desk-government" if standing_now.name else "desk-settings")
    told = {"form": form, "known": bool(standing_now.name), "example": _example(form), "code": head_code()}
    return settings_page(request, "government.jinja", {**told, "emblem_form": EmblemForm()}, status=status)


def _example(form: forms.Form) -> str:
    """An index number as the scheme in the form would give it; '' where the scheme is none."""
    try:
        scheme = numbering.checked(str(form["index_scheme"].value() or ""))
    except numbering.UnfitScheme:
        return ""
    return numbering.example(scheme, head_code(), timezone.localdate().year, 1)


class EmblemForm(forms.Form):
    """A picture to upload."""

    file = forms.FileField(
        label="换一个徽标",
        help_text=f"SVG 或 PNG，不超过 {LARGEST // 1024} KB，最好是正方形。",
        error_messages={"required": "还没有选择图片。", "empty": "文件是空的。"},
        max_length=200,
    )


@require_POST
@desk("settings.change", megabytes=4)
def emblem(request: Request) -> HttpResponse:
    """Another emblem, or ours again."""
    form = EmblemForm(request.POST, request.FILES)
    back = "back" in request.POST
    if back or form.is_valid():
        try:
            file: UploadedFile[Any] | None = None if back else form.cleaned_data["file"]
            with purge_told(request):
                change_emblem(cleaned(file.read(LARGEST + 1)) if file else None, doing_of(request))
        except (UnfitEmblem, UnfitSetting) as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, "已用回软件自带的徽标。" if back else "徽标已换上。")
            return redirect("desk-government")
    told = {"emblem_form": form, "known": bool(profile().name)}
    return settings_page(request, "emblem.jinja", told, status=400)


class SignInForm(SeenForm):
    """Whose role must use two steps."""

    roles = forms.MultipleChoiceField(
        label="须用两步验证的角色",
        required=False,
        choices=[(role, label) for role, label in LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text="有这些角色的人，没有设好两步验证之前，登录后只能先去设置。建议至少选系统管理员和政务公开主管。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk("settings.change")
def sign_in(request: Request) -> HttpResponse:
    """What is demanded at sign-in."""
    seen = length_of(events.GOVERNMENT, events.SIGN_IN)
    standing_now = {"roles": [role for role in LABELS if role in demanding_roles()]}
    form: forms.Form = SignInForm(request.POST or None, initial={**standing_now, "seen": seen})
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            with purge_told(request):
                demand_two_steps(form.cleaned_data["roles"], doing_of(request), form.cleaned_data["seen"])
        except Overtaken:
            form, status = anew(SignInForm, request.POST, standing_now, seen), 409
        else:
            messages.success(request, "登录要求已保存。")
            return redirect("desk-sign-in")
    return settings_page(request, "sign_in.jinja", {"form": form}, status=status)
