"""The API: the fields that its description promises, the rights of the pages, clear refusals."""

import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache

from medixchange.search import asking, limiting
from medixchange.search.queries import LONGEST, PAGE
from tests.search.conftest import of, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked() -> None:
    cache.clear()


@pytest.fixture
def description(client) -> dict[str, Any]:
    answer = client.get("/api/openapi.json")
    assert answer["Content-Type"] == "application/json"
    return json.loads(answer.content)


def fits(value: Any, schema: dict[str, Any], whole: dict[str, Any], where: str = "$") -> list[str]:
    """Where a value does not fit a schema, by the part of JSON Schema that the description uses."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return fits(value, whole["components"]["schemas"][name], whole, where)
    unknown = schema.keys() - {
        "type", "description", "properties", "required", "additionalProperties", "items", "enum",
        "format", "minimum", "maximum", "minItems", "maxItems", "minLength", "default",
    }  # fmt: skip
    assert not unknown, unknown
    types = {
        "object": dict, "array": list, "string": str, "boolean": bool, "integer": int,
        "null": type(None),
    }  # fmt: skip
    allowed = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not any(type(value) is types[name] for name in allowed):
        return [f"{where} is {value!r}, not {allowed}"]
    wrong = []
    if "enum" in schema and value not in schema["enum"]:
        wrong.append(f"{where} is {value!r}, none of {schema['enum']}")
    if isinstance(value, int) and value < schema.get("minimum", value):
        wrong.append(f"{where} is {value}")
    if isinstance(value, str) and "format" in schema:
        {
            "date": date.fromisoformat,
            "date-time": datetime.fromisoformat,
            "uri": lambda text: urlsplit(text).scheme in ("http", "https") or 1 / 0,
        }[schema["format"]](value)
    if isinstance(value, list):
        if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)):
            wrong.append(f"{where} has {len(value)} items")
        for at, item in enumerate(value):
            wrong += fits(item, schema["items"], whole, f"{where}[{at}]")
    if isinstance(value, dict):
        properties = schema["properties"]
        assert schema["additionalProperties"] is False
        assert sorted(schema["required"]) == sorted(properties)
        if value.keys() != properties.keys():
            wrong.append(f"{where} has {sorted(value)}, not {sorted(properties)}")
        for name in value.keys() & properties.keys():
            wrong += fits(value[name], properties[name], whole, f"{where}.{name}")
    return wrong


def check(description: dict[str, Any], answer: Any) -> dict[str, Any]:
    """The body of an answer, which must be as the description says for its status."""
    said = description["paths"]["/search"]["get"]["responses"][str(answer.status_code)]
    assert answer["Content-Type"] == "application/json"
    body: dict[str, Any] = json.loads(answer.content)
    schema = said["content"]["application/json"]["schema"]
    assert fits(body, schema, description) == []
    return body


def test_the_description_names_every_parameter_and_no_other(description):
    parameters = description["paths"]["/search"]["get"]["parameters"]
    assert {p["name"] for p in parameters} == set(asking.KNOWN)
    assert [p["name"] for p in parameters if p.get("required")] == ["q"]
    by_name = {p["name"]: p for p in parameters}
    assert by_name["page"]["schema"]["maximum"] == asking.LAST_PAGE
    for name in ("kind", "country", "said_in", "topic"):
        assert by_name[name]["schema"]["maxItems"] == asking.MOST
    assert f"{LONGEST} characters" in by_name["q"]["description"]
    told = description["paths"]["/search"]["get"]["responses"]["429"]["description"]
    assert f"{limiting.A_MINUTE} times" in told


def test_every_part_of_the_description_is_used(description):
    text = json.dumps(description)
    for name in description["components"]["schemas"]:
        assert f'"#/components/schemas/{name}"' in text
    for name in re.findall(r"#/components/schemas/(\w+)", text):
        assert name in description["components"]["schemas"]


def test_an_answer_is_whole_and_as_described(client, notebook, description, settings):
    long = "Give oxygen slowly. " * 60
    notebook.write("n1", long, country="ID", topics=("breathing",), state="machine")
    take_in()
    body = check(description, client.get("/api/search?q=oxygen"))
    (hit,) = body["hits"]
    assert hit["text"] == long
    assert hit["text"][slice(*hit["marks"][0])].lower() == "oxygen"
    assert hit["address"] == f"{settings.ORIGIN}/notes/n1"
    assert (hit["kind"], hit["place"], hit["made_for"]) == ("note", "n1", "ID")
    assert hit["provenance"]["state"] == "machine"
    assert body["asked"]["language"] == "en"
    assert body["facets"]["country"] == [
        {"value": "ID", "label": "Indonesia", "count": 1, "chosen": False}
    ]


def test_the_same_parameters_narrow_it_as_on_the_page(client, notebook, description):
    notebook.write("n1", "Oxygen here", country="ID")
    notebook.write("n2", "Oxygen there", country="FR")
    take_in()
    query = "q=oxygen&country=ID&country=KE&kind=note&said_in=en&since=2020-05-04&language=fr"
    body = check(description, client.get(f"/api/search?{query}"))
    assert [hit["place"] for hit in body["hits"]] == ["n1"]
    assert body["asked"] == {
        "q": "oxygen", "language": "fr", "kind": ["note"], "country": ["ID", "KE"],
        "said_in": ["en"], "topic": [], "since": "2020-05-04", "approved": False,
    }  # fmt: skip


def test_pages_are_followed_by_their_addresses_until_all_is_seen(client, notebook, description):
    for number in range(2 * PAGE + 1):
        notebook.write(f"n{number}", f"Oxygen {number}")
    take_in()
    address, seen, pages = "/api/search?q=oxygen&language=fr", [], []
    while address:
        body = check(description, client.get(address))
        seen += [hit["place"] for hit in body["hits"]]
        pages.append((body["page"], body["previous"] is None))
        assert body["asked"]["language"] == "fr"
        address = body["next"]
    assert pages == [(1, True), (2, False), (3, False)]
    assert sorted(seen) == sorted(f"n{number}" for number in range(2 * PAGE + 1))


def test_rights_are_those_of_the_page(notebook, cast, browser_of, description):
    notebook.write("own", "Oxygen of our ward", audience=of(cast.hospital), country="ID")
    take_in()
    for member, total in (
        (None, 0),
        (cast.outsider, 0),
        (cast.outside_clinician, 0),
        (cast.clinician, 1),
        (cast.coordinator, 1),
    ):
        body = check(description, browser_of(member).get("/api/search?q=oxygen"))
        assert (body["total"], len(body["hits"]), len(body["facets"]["country"])) == (total,) * 3


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("", "q"),
        ("q=%00+%E2%80%AE", "q"),
        ("q=mask&page=0", "page"),
        ("q=mask&since=soon", "since"),
        ("q=mask&country=Atlantis", "country"),
        ("q=mask&kind=poem", "kind"),
        ("q=mask&language=tlh", "language"),
        ("q=mask&limit=1000", "limit"),
        ("q=mask&" + "x" * 500 + "=1", "x" * 39 + "…"),
    ],
)
def test_a_refusal_says_what_where_and_what_next(client, description, query, where):
    answer = client.get(f"/api/search?{query}")
    assert answer.status_code == 400
    error = check(description, answer)["error"]
    assert error["where"] == where
    assert error["what"]
    assert error["next"]


def test_a_refusal_speaks_the_askers_language(client):
    said = {
        client.get("/api/search", headers={"Accept-Language": tag}).headers["Content-Language"]
        for tag in ("fr", "ar")
    }
    assert said == {"fr", "ar"}


def test_it_only_answers(client, description):
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(client, method)("/api/search?q=mask")
        assert answer.status_code in (403, 405)
        if answer.status_code == 405:
            assert answer["Allow"] == "GET, HEAD"
            check(description, answer)


def test_a_long_question_is_cut_and_says_so(client, notebook, description):
    answer = client.get("/api/search", {"q": "oxygen " * 1500})
    assert check(description, answer)["cut"] is True


def test_who_asks_too_often_is_told_when_to_ask_again(
    client, notebook, cast, browser_of, description, monkeypatch
):
    monkeypatch.setattr(limiting, "A_MINUTE", 3)
    monkeypatch.setattr(limiting.time, "time", lambda: 1_600_000_010.0)
    assert [client.get("/api/search?q=x").status_code for _n in range(5)] == [200] * 3 + [429] * 2
    answer = client.get("/api/search?q=x")
    assert answer["Retry-After"] == "10"
    assert "10 seconds" in check(description, answer)["error"]["next"]
    # A member is counted for themselves, wherever they are; so is everybody else's address.
    assert browser_of(cast.clinician).get("/api/search?q=x").status_code == 200
    assert client.get("/api/search?q=x", REMOTE_ADDR="192.0.2.7").status_code == 200
    monkeypatch.setattr(limiting.time, "time", lambda: 1_600_000_021.0)
    assert client.get("/api/search?q=x").status_code == 200


def test_addresses_of_one_connection_are_one(client, notebook, monkeypatch):
    monkeypatch.setattr(limiting, "A_MINUTE", 1)
    for address, status in (
        ("2001:db8:1:2::1", 200),
        ("2001:db8:1:2:ffff::9", 429),
        ("2001:db8:1:3::1", 200),
    ):
        assert client.get("/api/search?q=x", REMOTE_ADDR=address).status_code == status
