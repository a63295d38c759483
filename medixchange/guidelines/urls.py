"""Addresses of guidelines. Those of the reading pages are permanent: do not change them."""

from django.urls import path, register_converter

from medixchange.core import languages
from medixchange.guidelines.views import managing, reading, reviewing, working


class TagConverter:
    """A language of ours in an address."""

    regex = "[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*"

    def to_python(self, value: str) -> str:
        return languages.get(value).tag

    def to_url(self, value: str) -> str:
        return value


register_converter(TagConverter, "tag")

urlpatterns = [
    path("", reading.index, name="guidelines"),
    path("import/", managing.import_file, name="guideline_import"),
    path("<slug:slug>/", reading.choose, name="guideline"),
    path("<slug:slug>/manage/", managing.overview, name="guideline_manage"),
    path("<slug:slug>/pictures/<str:digest>", reading.picture, name="guideline_picture"),
    path("<slug:slug>/<tag:language>/", reading.read, name="guideline_read"),
    path(
        "<slug:slug>/<tag:language>/original/<str:anchor>/",
        reading.original,
        name="guideline_original",
    ),
    path("<slug:slug>/<tag:language>/file.<str:kind>", reading.download, name="guideline_file"),
    path("<slug:slug>/<tag:language>/publish/", managing.publish, name="guideline_publish"),
    path("<slug:slug>/<tag:language>/withdraw/", managing.withdraw, name="guideline_withdraw"),
    path("<slug:slug>/<tag:language>/fill/", managing.fill, name="guideline_fill"),
    path("<slug:slug>/<tag:language>/translate/", working.workbench, name="guideline_translate"),
    path("<slug:slug>/<tag:language>/translate/<int:segment>/", working.segment, name="segment"),
    path(
        "<slug:slug>/<tag:language>/translate/<int:segment>/suggestions/",
        working.suggestions,
        name="segment_suggestions",
    ),
    path("<slug:slug>/<tag:language>/review/", reviewing.review, name="guideline_review"),
    path("<slug:slug>/<tag:language>/review/<int:translation>/", reviewing.decide, name="decide"),
]
