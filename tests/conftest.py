"""The cast and the ground rules of all tests.

`bin/test` runs them on as many processes as the machine has cores, each with databases, folders
and ports of its own. Unit tests are cut off from the network: only sockets to this machine are
open, and only where a test asks for them. Everybody in a test is one of a small cast, so that each
access test can have a member, a teammate and an outsider.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psycopg
import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_socket import disable_socket, enable_socket, socket_allow_hosts

from medixchange.core import audit, messages
from medixchange.network import actions as network
from medixchange.network.models import Kind, Member, Organisation, Role
from medixchange.translation import memory

# What a property says must hold on a slow machine too: no test here is timed.
hypothesis_settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

PASSWORD = "correct horse battery"
#: Real input that is never committed; tests that need it skip where it is absent.
SHARED_DATA = Path(
    os.environ.get(
        "MEDIXCHANGE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"
    )
)


def pytest_configure(config: pytest.Config) -> None:
    """The interface's words are compiled once, before anything asks for them."""
    if not hasattr(config, "workerinput"):
        messages.ensure()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """PostgreSQL runs what uses a database; nothing else can tell the two apart."""
    if connection.vendor != "postgresql":
        return
    runs: list[pytest.Item] = []
    rest: list[pytest.Item] = []
    for item in items:
        on_database = (
            item.get_closest_marker("django_db")
            or item.get_closest_marker("postgres")
            or "db" in getattr(item, "fixturenames", ())
        )
        (runs if on_database else rest).append(item)
    items[:] = runs
    config.hook.pytest_deselected(items=rest)


@pytest.fixture(scope="session", autouse=True)
def _programs_apart() -> Iterator[None]:
    """On PostgreSQL, what programs write that tests of one process start, those of another do not
    see. (On SQLite each such test names a folder of its own.)"""
    server = os.environ.get("DATABASE_URL", "")
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if not server or not worker:
        yield
        return
    name = f"programs_{worker}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        os.environ["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            os.environ["DATABASE_URL"] = server
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


@pytest.fixture
def shared_data() -> Path:
    """The folder of real input, or a skip with a message."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f"real input is not here: {SHARED_DATA} (set MEDIXCHANGE_SHARED_DATA)")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """No sockets but to this machine; PostgreSQL's Unix socket stays open."""
    local = request.node.get_closest_marker("browser") or request.node.get_closest_marker(
        "enable_socket"
    )
    if local:
        enable_socket()
        socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)
    else:
        disable_socket(allow_unix_socket=True)
    yield
    enable_socket()


@pytest.fixture(autouse=True)
def _fresh(settings: SimpleNamespace, tmp_path: Path) -> Iterator[None]:
    """Every test has data folders of its own and an empty memory index."""
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.FINISHED_DIR = tmp_path / "finished"
    settings.SEARCH_DIR = tmp_path / "search"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    memory.forget()
    with audit.origin("test"):
        yield


@pytest.fixture
def hospital(db: None) -> Organisation:
    """A verified organisation."""
    return network.add_organisation(
        name="Hospital", kind=Kind.HOSPITAL, country="ID", verified=True, by=None
    )


@pytest.fixture
def elsewhere(db: None) -> Organisation:
    """Another verified organisation."""
    return network.add_organisation(
        name="Elsewhere", kind=Kind.HOSPITAL, country="FR", verified=True, by=None
    )


@pytest.fixture
def applicant(db: None) -> Organisation:
    """An organisation that nobody has verified."""
    return network.add_organisation(name="Applicant", kind=Kind.HOSPITAL, country="KE", by=None)


Join = Callable[..., Member]


@pytest.fixture
def join(db: None) -> Join:
    """Makes a member: ``join("nurse", hospital, Role.CLINICIAN, reads=["id", "en"])``."""

    def make(
        name: str, organisation: Organisation | None, *roles: Role, reads: list[str] | None = None
    ) -> Member:
        member = network.add_member(
            email=f"{name}@test.example",
            name=name.title(),
            password=PASSWORD,
            reads=reads or ["en", "id"],
            by=None,
        )
        network.confirm_address(member=member)
        for role in roles:
            assert organisation is not None
            network.give_role(member=member, organisation=organisation, role=role, by=None)
        return member

    return make


@pytest.fixture
def cast(
    hospital: Organisation, elsewhere: Organisation, applicant: Organisation, join: Join
) -> SimpleNamespace:
    """Who acts in access tests. All read English and Indonesian but where the name says."""
    return SimpleNamespace(
        coordinator=join("coordinator", hospital, Role.COORDINATOR),
        translator=join("translator", hospital, Role.TRANSLATOR),
        second_translator=join("second_translator", hospital, Role.TRANSLATOR),
        reviewer=join("reviewer", hospital, Role.REVIEWER),
        clinician=join("clinician", hospital, Role.CLINICIAN),
        second_clinician=join("second_clinician", hospital, Role.CLINICIAN),
        outside_clinician=join("outside_clinician", elsewhere, Role.CLINICIAN),
        outside_coordinator=join("outside_coordinator", elsewhere, Role.COORDINATOR),
        unverified_clinician=join("unverified_clinician", applicant, Role.CLINICIAN),
        french_clinician=join("french_clinician", hospital, Role.CLINICIAN, reads=["fr", "en"]),
        logistics=join("logistics", hospital, Role.LOGISTICS),
        staff=join("staff", elsewhere, Role.STAFF),
        outsider=join("outsider", None),
        hospital=hospital,
        elsewhere=elsewhere,
    )


@pytest.fixture
def browser_of() -> Callable[[Member | None], Client]:
    """A test client signed in as a member, or as nobody."""

    def make(member: Member | None) -> Client:
        client = Client()
        if member is not None:
            client.force_login(member)
        return client

    return make
