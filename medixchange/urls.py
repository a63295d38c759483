"""Every address of the site."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("medixchange.portal.urls")),
    path("relief/", include("medixchange.relief.urls")),
    path("guidelines/", include("medixchange.guidelines.urls")),
    path("search/", include("medixchange.search.urls.pages")),
    path("api/", include("medixchange.search.urls.api")),
    path("account/", include("allauth.account.urls")),
]

handler400 = "medixchange.core.views.bad_request"
handler403 = "medixchange.core.views.forbidden"
handler404 = "medixchange.core.views.not_found"
handler500 = "medixchange.core.views.server_error"
