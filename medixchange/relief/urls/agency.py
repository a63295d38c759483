"""Addresses for agencies and facilities: needs, allocation, stock, use, recall."""

from django.urls import URLPattern, path

from medixchange.relief.views.agency import forecast, lots, needs, places, recall, run, runs, stock

urlpatterns: list[URLPattern] = [
    path("mine/", places.mine, name="relief_mine"),
    path("places/<slug:code>/", places.place, name="relief_place"),
    path("places/<slug:code>/change/<slug:kind>/", stock.change, name="relief_stock_change"),
    path("needs/", needs.index, name="relief_needs"),
    path("needs/<int:pk>/withdraw/", needs.withdraw, name="relief_need_withdraw"),
    path("needs/<int:pk>/working/", needs.working, name="relief_need_working"),
    path("places/<slug:code>/need/", needs.state, name="relief_need_new"),
    path("places/<slug:code>/need/forecast/", forecast.forecast, name="relief_need_forecast"),
    path("runs/", runs.index, name="relief_runs"),
    path("runs/new/", runs.add, name="relief_run_new"),
    path("runs/<str:reference>/", run.run, name="relief_run"),
    path("runs/<str:reference>/plan.csv", run.table, name="relief_run_csv"),
    path("runs/<str:reference>/step/<slug:kind>/", run.step, name="relief_run_step"),
    path(
        "runs/<str:reference>/change/<slug:item>/<slug:facility>/",
        run.change,
        name="relief_run_change",
    ),
    path("lots/<int:pk>/", lots.lot, name="relief_lot"),
    path("recall/", recall.recall, name="relief_recall"),
    path("recall.csv", recall.table, name="relief_recall_csv"),
]
