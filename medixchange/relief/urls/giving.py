"""Addresses for donors: pledges, and the catalogue."""

from django.urls import URLPattern, path

from medixchange.relief.views.giving import exporting, fhir, importing, items, pledges, settling

urlpatterns: list[URLPattern] = [
    path("items/", items.index, name="relief_items"),
    path("items/<slug:code>/", items.item, name="relief_item"),
    path("items/<slug:code>/change/", items.change, name="relief_item_change"),
    path("items/<slug:code>/name/", items.propose, name="relief_item_name"),
    path("items/<slug:code>/fill/", items.fill, name="relief_item_fill"),
    path("add-item/", items.add, name="relief_item_new"),
    path("pledges/", pledges.index, name="relief_pledges"),
    path("pledges/to-settle/", settling.waiting, name="relief_to_settle"),
    path("pledges/to-settle/<int:row>/", settling.settle, name="relief_settle"),
    path("pledges/new/", pledges.add, name="relief_pledge_new"),
    path("pledges/<str:reference>/", pledges.pledge, name="relief_pledge"),
    path("pledges/<str:reference>/line/", pledges.add_line, name="relief_pledge_line"),
    path("pledges/<str:reference>/split/<int:line>/", pledges.split, name="relief_pledge_split"),
    path("pledges/<str:reference>/<slug:what>/", pledges.step, name="relief_pledge_step"),
    path("export/", exporting.index, name="relief_exports"),
    path("export/iati.xml", exporting.iati, name="relief_export_iati"),
    path("export/<slug:name>.<slug:kind>", exporting.table, name="relief_export"),
    path("fhir/metadata", fhir.metadata, name="relief_fhir_metadata"),
    path("fhir/<slug:kind>", fhir.search, name="relief_fhir_search"),
    path("fhir/<slug:kind>/<int:pk>", fhir.read, name="relief_fhir_read"),
    path("import/<slug:kind>/", importing.table, name="relief_import"),
    path(
        "consignments/<str:reference>/packing/import/",
        importing.packing_list,
        name="relief_packing_import",
    ),
]
