"""Addresses for the public pages."""

from django.urls import URLPattern, path

from medixchange.relief.views.public import checking, files, overview, papers

urlpatterns: list[URLPattern] = [
    path("", overview.index, name="relief"),
    path("figures.csv", files.table, name="relief_figures_csv"),
    path("figures.json", files.figures, name="relief_figures_json"),
    path("documents/", papers.listing, name="relief_documents"),
    path("documents/<str:number>/", papers.document, name="relief_document"),
    path("ways/<str:reference>/", papers.way, name="relief_way"),
    path("verify/", checking.check, name="relief_verify_any"),
    path("verify/<str:number>/", checking.check, name="relief_verify"),
]
