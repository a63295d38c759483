"""Addresses of the portal."""

from django.urls import path

from medixchange.portal import views

urlpatterns = [
    path("", views.home, name="home"),
    path("work/", views.work, name="work"),
    path("language/<str:code>/", views.language, name="language"),
    path("health/", views.health, name="health"),
]
