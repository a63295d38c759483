"""Addresses for senders: consignments, packing lists, labels, stages."""

from django.urls import URLPattern, path

from medixchange.relief.views.sending import labelling, listing, packing, working

urlpatterns: list[URLPattern] = [
    path("consignments/", listing.index, name="relief_consignments"),
    path("consignments/new/", listing.add, name="relief_consignment_new"),
    path("consignments/<str:reference>/", working.consignment, name="relief_consignment"),
    path("consignments/<str:reference>/packing/", packing.packing, name="relief_packing"),
    path("consignments/<str:reference>/labels.pdf", packing.labels, name="relief_labels"),
    path("consignments/<str:reference>/step/<str:kind>/", working.step, name="relief_step"),
    path("r/<str:kind>/<str:reference>/", labelling.follow, name="relief_follow"),
]
