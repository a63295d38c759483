"""Countries: their codes, their names in many languages, and what is no country."""

import csv
from pathlib import Path

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medixchange.core import countries, languages


@pytest.mark.parametrize(
    "code", ["ID", "id", " idn ", "IDN", "360", 360, "360 "], ids=lambda code: repr(code)
)
def test_a_country_is_found_by_each_of_its_codes(code: str | int) -> None:
    assert countries.get(code) == countries.Country("ID", "IDN", "360")


def test_a_numeric_code_keeps_its_zeros() -> None:
    assert countries.get(4) == countries.get("4") == countries.get("004") == countries.get("AF")


def test_every_country_of_iso_3166_is_there_and_kosovo() -> None:
    listed = {country.alpha_2 for country in pycountry.countries}
    assert {country.alpha2 for country in countries.every()} == listed | {"XK"}
    assert countries.get("XKX").numeric == ""


@pytest.mark.parametrize("code", ["ZZ", "", "XYZ", "999", "I", "Indonesia"])
def test_a_code_of_no_country_is_refused(code: str) -> None:
    with pytest.raises(countries.UnknownCountry):
        countries.get(code)


def test_the_refusal_names_the_country_that_may_be_meant() -> None:
    with pytest.raises(countries.UnknownCountry) as refused:
        countries.get("Indonezia")
    assert str(refused.value) == (
        "“Indonezia” is no country of ISO 3166. Did you mean Indonesia (ID)?"
    )
    with pytest.raises(countries.UnknownCountry) as refused:
        countries.get("qqqqqq")
    assert str(refused.value) == (
        "“qqqqqq” is no country of ISO 3166. Write its code, such as ID or IDN."
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Japan", "JP"),
        ("JAPAN ", "JP"),
        ("JP", "JP"),
        ("JPN", "JP"),
        ("Republic of Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Korea, South", "KR"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Islamic Republic of Iran", "IR"),
        ("Iran (Islamic Republic of)", "IR"),
        ("Republic of Indonesia", "ID"),
        ("Republic of the Philippines", "PH"),
        ("The Kingdom of Thailand", "TH"),
        ("The United States", "US"),
        ("The United States of America", "US"),
        ("Republic of Rwanda", "RW"),
        ("Bahamas, The", "BS"),
        ("Republic of China", "TW"),
        ("People's Republic of China", "CN"),
        ("Democratic Republic of the Congo", "CD"),
        ("Republic of the Congo", "CG"),
        ("Côte d’Ivoire", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("COTE DIVOIRE", "CI"),
        ("St. Kitts & Nevis", "KN"),
        ("Saint Kitts and Nevis", "KN"),
        ("Guinea-Bissau", "GW"),
        ("Guinea", "GN"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("印度尼西亚", "ID"),
        ("إندونيسيا", "ID"),
        ("اندونيسيا", "ID"),
        ("Indonésie", "ID"),
        ("Jepang", "JP"),
        ("États-Unis", "US"),
        ("ኢትዮጵያ", "ET"),
        ("ประเทศไทย", None),
        ("ไทย", "TH"),
    ],
)
def test_names_of_countries_in_the_languages_we_carry(text: str, code: str | None) -> None:
    found = countries.find(text)
    assert (found.alpha2 if found else None) == code


@pytest.mark.parametrize(
    "text",
    [
        "Indonezia",
        "Indonesi",
        "Korea",  # two countries bear it
        "Virgin Islands",
        "Amerika",  # a continent in Indonesian
        "id",  # codes are in capitals: “in” and “no” are words
        "no",
        "",
        "-",
        "Africa",
        "Jakarta",
    ],
)
def test_what_is_only_nearly_a_country_is_not_one(text: str) -> None:
    assert countries.find(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Africa", "Africa"),
        ("africa", "Africa"),
        ("Afrique", "Africa"),
        ("إفريقيا", "Africa"),
        ("非洲", "Africa"),
        ("Europe", "Europe"),
        ("Asia", "Asia"),
        ("The Caribbean", "Caribbean"),
        ("Sub-Saharan Africa", "Sub-Saharan Africa"),
        ("South-East Asia", "Southeast Asia"),
        ("Middle East", "Middle East"),
        ("ASEAN", "ASEAN"),
        ("European Union", "European Union"),
        ("Amerika", "Americas"),
        ("Worldwide", "world"),
    ],
)
def test_a_part_of_the_world_is_known_for_what_it_is(text: str, name: str) -> None:
    found = countries.region(text)
    assert found is not None
    assert found.name == name
    assert countries.find(text) is None


def test_no_name_is_both_a_country_and_a_region() -> None:
    for country in countries.every():
        assert countries.region(country.name()) is None


@pytest.mark.parametrize("language", [language.tag for language in languages.every()])
def test_the_name_in_a_language_leads_back_to_the_country(language: str) -> None:
    for country in countries.every():
        name = country.name(language)
        assert name
        assert countries.find(name) in {country, None}
    assert countries.find(countries.get("ID").name(language)) == countries.get("ID")


def test_a_language_without_names_of_countries_shows_them_in_english() -> None:
    assert countries.get("ID").name("rw") == "Indonesia"
    assert countries.get("DE").name("fr") == "Allemagne"


@given(st.text(max_size=40))
def test_finding_never_fails_and_never_guesses(text: str) -> None:
    found = countries.find(text)
    if found is not None:
        names = {countries.normalise(name) for name in _names_of(found)}
        key = countries.normalise(text)
        assert text.strip() in {found.alpha2, found.alpha3} or any(
            key.endswith(name) or key.startswith(name) for name in names
        )


def _names_of(country: countries.Country) -> list[str]:
    return [country.name(language.tag) for language in languages.every()] + [
        str(value)
        for kind in ("name", "official_name", "common_name")
        if (value := getattr(pycountry.countries.get(alpha_2=country.alpha2), kind, None))
    ]


def test_names_that_agencies_use_are_found(shared_data: Path) -> None:
    with (shared_data / "relief" / "jhu_country_lookup.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = {row["Country_Region"]: row["iso2"] or row["iso3"] for row in rows}
    assert len(codes) == 193 + 2
    wrong = [
        name for name, code in codes.items() if code and countries.find(name) != countries.get(code)
    ]
    assert wrong == []
