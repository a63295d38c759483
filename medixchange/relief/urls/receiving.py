"""Addresses for receivers: counting, signing, cases, also without a line."""

from django.urls import URLPattern, path

from medixchange.relief.views.receiving import cases, counting, papers, phone, taking_back

urlpatterns: list[URLPattern] = [
    path("consignments/<str:reference>/receive/", counting.receive, name="relief_receive"),
    path("cases/", cases.index, name="relief_cases"),
    path("cases/<str:reference>/", cases.case, name="relief_case"),
    path("certificates/<str:number>.pdf", papers.certificate, name="relief_certificate"),
    path("receipts/<str:number>/back/", taking_back.take_back, name="relief_take_back"),
    path("photos/<str:number>/<str:digest>.jpg", papers.photo, name="relief_photo"),
    path("photos/<str:number>/add/", papers.add_photo, name="relief_photo_add"),
    path("phone/", phone.phone, name="relief_phone"),
    path("phone/count/", phone.phone_count, name="relief_phone_count"),
    path("phone/use/", phone.phone_use, name="relief_phone_use"),
    path("phone/lists/", phone.lists, name="relief_phone_lists"),
    path("phone/manifest.webmanifest", phone.manifest, name="relief_phone_manifest"),
    path("sync/", phone.sync, name="relief_sync"),
    # Under /relief/ itself: a service worker looks after what stands beside and below it.
    path("worker.js", phone.worker, name="relief_worker"),
]
