"""Addresses of the pages of search, under ``/search/``."""

from django.urls import path

from medixchange.search.views import comparing, feeds, missing, saved, searching

urlpatterns = [
    path("", searching.page, name="search"),
    path("results/", searching.results, name="search_results"),
    path("compare/", comparing.compare, name="search_compare"),
    path("saved/", saved.index, name="search_saved"),
    path("saved/new/", saved.save, name="search_save"),
    path("saved/<int:pk>/", saved.change, name="search_change"),
    path("stop/<str:token>/", saved.stop, name="search_stop"),
    path("feed/<str:token>/", feeds.feed, name="search_feed"),
    path("missing/", missing.index, name="search_missing"),
    path("missing/tell/", missing.tell, name="search_tell"),
]
