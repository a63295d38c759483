"""The item catalogue: looking goods up, and keeping what is said of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from medixchange.core import languages
from medixchange.network.models import Member
from medixchange.relief import access, rules
from medixchange.relief.actions import catalogue
from medixchange.relief.actions.catalogue import PackOf
from medixchange.relief.models import Item
from medixchange.relief.queries import catalogue as queries
from medixchange.relief.queries.names import of as names_of
from medixchange.relief.refusals import Refused
from medixchange.relief.views.giving import forms
from medixchange.translation.actions import Refused as TranslationRefused
from medixchange.translation.rules import may_translate, reads

PAGE = 50


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All items, found by words and category."""
    words, category = request.GET.get("q", "").strip(), request.GET.get("category", "")
    retired = bool(request.GET.get("retired"))
    rows = queries.search(words=words, category=category, retired=retired)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    named = names_of(page.object_list, access.reading(request))
    return render(
        request,
        "relief/giving/items.html",
        {
            "page": page,
            "listed": [(item, named[item.pk]) for item in page],
            "words": words,
            "category": category,
            "retired": retired,
            "categories": queries.categories(),
            "keep": _kept(q=words, category=category, retired="1" if retired else ""),
            "may_keep": rules.may_keep_catalogue(access.member(request)),
        },
    )


@require_safe
def item(request: HttpRequest, code: str) -> HttpResponse:
    """One item: facts, packing, contents, and its names."""
    return _item_page(request, _item(code))


def _item_page(
    request: HttpRequest, row: Item, *, proposing: forms.ProposeName | None = None
) -> HttpResponse:
    who, language = access.member(request), access.reading(request)
    parts, kits = queries.parts(row), queries.kits_with(row)
    named = names_of([row, *(part.item for part in parts), *(part.kit for part in kits)], language)
    tags = _proposable(who, row)
    if tags and proposing is None:
        proposing = forms.ProposeName(
            tags=tags, initial={"language": language if language in tags else tags[0]}
        )
    return render(
        request,
        "relief/giving/item.html",
        {
            "item": row,
            "name": named[row.pk],
            "packs": list(row.packs.all()),
            "parts": [(part, named[part.item_id]) for part in parts],
            "kits": [(part, named[part.kit_id]) for part in kits],
            "names": queries.names(row),
            "proposing": proposing,
            "may_keep": rules.may_keep_catalogue(who),
        },
        status=422 if proposing and proposing.is_bound else 200,
    )


def _proposable(who: Member | None, row: Item) -> list[str]:
    """Languages that somebody may propose the item's name in."""
    source = row.name.language
    if who is None or not reads(who, source):
        return []
    return [
        language.tag
        for language in languages.every()
        if language.tag != source and may_translate(who, source=source, target=language.tag)
    ]


@require_POST
@login_required
def propose(request: HttpRequest, code: str) -> HttpResponse:
    """Propose the item's name in another language."""
    row, who = _item(code), access.signed_in(request)
    tags = _proposable(who, row)
    if not tags:
        raise rules.NotAllowed(
            _("Translators, reviewers and clinicians who read both languages may propose a name.")
        )
    form = forms.ProposeName(request.POST, tags=tags)
    if form.is_valid():
        try:
            catalogue.propose_name(
                item=row,
                language=form.cleaned_data["language"],
                text=form.cleaned_data["text"],
                by=who,
            )
        except (Refused, TranslationRefused) as refused:
            form.add_error("text", str(refused))
        else:
            messages.success(
                request,
                _("Thank you. Readers see it as not reviewed until a reviewer has read it."),
            )
            return redirect("relief_item", row.code)
    return _item_page(request, row, proposing=form)


@require_POST
@login_required
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """Have the machine name an item in the languages of the site."""
    row = _item(code)
    done = catalogue.fill_names(items=[row], by=access.signed_in(request))
    for problem in dict.fromkeys(part.problem for part in done if part.problem):
        messages.warning(request, problem)
    messages.success(
        request,
        _("%(number)d names made by machine. They are marked as such until somebody signs them.")
        % {"number": sum(part.engine for part in done)},
    )
    return redirect("relief_item", row.code)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Add an item with its packing."""
    who = _keeper(request)
    form = forms.NewItem(request.POST or None, initial={"language": access.reading(request)})
    packs = forms.Packs(request.POST or None, prefix="packs")
    refused = None
    if form.is_bound and form.is_valid() and packs.is_valid():
        try:
            made = catalogue.add_item(
                code=form.cleaned_data["code"],
                name=form.cleaned_data["name"],
                language=form.cleaned_data["language"],
                packs=_packs(packs),
                by=who,
                **form.facts(),
            )
        except Refused as problem:
            refused = problem
            _add_problems(form, refused)
            places = [place for place, _data in forms.filled(packs)]
            forms.add_row_problems(packs, refused, "packs", places)
        else:
            messages.success(request, _("The item is in the catalogue."))
            return redirect("relief_item", made.code)
    return render(
        request,
        "relief/giving/item_new.html",
        {"form": form, "packs": packs, "refused": refused},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change what is said of an item, its packing or its contents; or retire it."""
    who, row = _keeper(request), _item(code)
    what = request.POST.get("what", "")
    data: QueryDict | None = request.POST if request.method == "POST" else None
    facts = forms.ItemFacts(
        data if what == "facts" else None, initial=forms.ItemFacts.facts_of(row)
    )
    packs = forms.Packs(
        data if what == "packs" else None,
        prefix="packs",
        initial=list(row.packs.values("name", "units", "gtin", "gross_weight_g", "volume_ml")),
    )
    held = queries.parts(row)
    offered = forms.Offered(access.reading(request), also=[part.item_id for part in held])
    parts = forms.Parts(
        data if what == "parts" else None,
        prefix="parts",
        initial=[{"item": p.item_id, "quantity": p.quantity} for p in held],
        form_kwargs={"offered": offered},
    )
    reason = forms.Reason(data if what == "current" else None, prefix="current")
    refused: Refused | None = None
    if data is not None:
        try:
            if _changed(what, row, facts, packs, parts, reason, who):
                messages.success(request, _("Kept."))
                return redirect("relief_item", row.code)
        except Refused as problem:
            refused = problem
            _place(problem, what, facts, packs, parts, reason)
    return render(
        request,
        "relief/giving/item_change.html",
        {
            "item": row,
            "facts": facts,
            "packs": packs,
            "parts": parts,
            "reason": reason,
            "refused": refused,
            "what": what,
        },
        status=422 if data is not None else 200,
    )


def _changed(
    what: str,
    row: Item,
    facts: forms.ItemFacts,
    packs: Any,
    parts: Any,
    reason: forms.Reason,
    who: Member,
) -> bool:
    """Do what a form of the page asks for; false where the form is not right."""
    if what == "facts" and facts.is_valid():
        catalogue.change_item(
            item=row,
            by=who,
            name=facts.cleaned_data["name"],
            language=facts.cleaned_data["language"],
            **facts.facts(),
        )
    elif what == "packs" and packs.is_valid():
        catalogue.set_packs(item=row, packs=_packs(packs), by=who)
    elif what == "parts" and parts.is_valid():
        catalogue.set_kit(
            kit=row,
            parts=[(data["item"], data["quantity"]) for _place, data in forms.filled(parts)],
            by=who,
        )
    elif what == "current" and reason.is_valid():
        act = catalogue.retire if row.is_current else catalogue.restore
        act(item=row, reason=reason.cleaned_data["reason"], by=who)
    else:
        return False
    return True


def _packs(formset: Any) -> list[PackOf]:
    return [PackOf(**data) for _place, data in forms.filled(formset)]


def _place(
    refused: Refused,
    what: str,
    facts: forms.ItemFacts,
    packs: Any,
    parts: Any,
    reason: forms.Reason,
) -> None:
    if what == "facts":
        _add_problems(facts, refused)
    elif what == "current":
        _add_problems(reason, refused)
    else:
        rows = packs if what == "packs" else parts
        places = [place for place, _data in forms.filled(rows)]
        forms.add_row_problems(rows, refused, what, places)


def _add_problems(form: Any, refused: Refused) -> None:
    """Problems at their fields; those of no field of this form are listed at the top alone."""
    for problem in refused.problems:
        if problem.where in form.fields:
            form.add_error(problem.where, problem.what)


def _item(code: str) -> Item:
    found = Item.objects.filter(code=code).select_related("name").first()
    if found is None:
        raise Http404
    return found


def _keeper(request: HttpRequest) -> Member:
    who = access.signed_in(request)
    if not rules.may_keep_catalogue(who):
        raise rules.NotAllowed(
            _(
                "Only logistics officers and coordinators of an agency, foundation or task force "
                "may change the catalogue."
            )
        )
    return who


def _kept(**parameters: str) -> str:
    """The filled parameters of a list, for its links to other pages."""
    query = QueryDict(mutable=True)
    query.update({name: value for name, value in parameters.items() if value})
    return query.urlencode()
