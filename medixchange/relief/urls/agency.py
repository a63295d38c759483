"""Addresses for agencies and facilities: needs, allocation, stock, use, recall."""

from django.urls import URLPattern, path

from medixchange.relief.views.agency import needs, places, stock

urlpatterns: list[URLPattern] = [
    path("mine/", places.mine, name="relief_mine"),
    path("places/<slug:code>/", places.place, name="relief_place"),
    path("places/<slug:code>/change/<slug:kind>/", stock.change, name="relief_stock_change"),
    path("needs/", needs.index, name="relief_needs"),
    path("needs/<int:pk>/withdraw/", needs.withdraw, name="relief_need_withdraw"),
    path("needs/<int:pk>/working/", needs.working, name="relief_need_working"),
    path("places/<slug:code>/need/", needs.state, name="relief_need_new"),
]
