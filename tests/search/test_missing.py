"""What nobody has answered: counted, never with who asked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from medixchange.core.models import AuditEntry
from medixchange.search import rules
from medixchange.search.actions import noting
from medixchange.search.models import Missed
from medixchange.search.queries import missing


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("  Hand   HYGIENE? ", "hand hygiene"),
        ("COVID-19 and H5N1, 2 g per day", "covid-## and h#n# # g per day"),
        ("write to nurse@ward.example about masks", "write to about masks"),
        ("nurse (at) ward masks", "masks"),
        ("https://ward.example/p?id=1 masks", "masks"),
        ("www.ward.example masks", "masks"),
        ("call +62 812-3456-7890 for oxygen", "call for oxygen"),
        ("oxygen for (021) 555 0123", "oxygen for"),
        ("measles, born 12/03/1985", "measles born"),
        ("MRN 00123456 fever", "mrn fever"),
        ("fever AB123", "fever"),
        ("fever RS-2020/0017", "fever rs"),
        ("الجرعة ٥٠٠ ملغ", "الجرعة ### ملغ"),
        ("حمى ٠٨١٢٣٤٥٦٧", "حمى"),
        ("洗手 5 分钟", "洗手 # 分钟"),
        ("ＦＥＶＥＲ １２３４５６", "fever"),
        ("123", ""),
        ("😷 !!", ""),
        ("\x00\x1b", ""),
        ("word " * 13, ""),
        ("w" * 101, ""),
    ],
)
def test_only_words_are_kept_and_nothing_that_may_tell_of_a_person(text, kept):
    assert noting.kept(text) == kept


@given(st.text() | st.from_regex(r"[\w@+.\-/ ]{0,60}"))
def test_no_digit_and_no_address_is_ever_kept(text):
    kept = noting.kept(text)
    assert not any(char.isdecimal() for char in kept)
    assert "@" not in kept
    assert len(kept) <= noting.LONGEST


@pytest.mark.django_db
class TestCounting:
    def test_the_same_words_in_a_week_are_one_row_by_language_and_country(self, cast):
        for text, language, by in (
            ("Mask?", "en", cast.clinician),
            ("mask", "en", cast.clinician),
            ("mask", "en", cast.outside_clinician),
            ("mask", "id", cast.clinician),
            ("mask", "en", None),
            ("mask", "en", cast.outsider),
        ):
            assert noting.note(text=text, language=language, by=by)
        rows = set(Missed.objects.values_list("words", "language", "country", "searches"))
        assert rows == {
            ("mask", "en", "ID", 2),
            ("mask", "en", "FR", 1),
            ("mask", "id", "ID", 1),
            ("mask", "en", "", 2),
        }

    def test_a_row_says_nothing_of_who_asked(self, cast):
        noting.note(text="mask", language="en", by=cast.clinician)
        row = Missed.objects.get()
        names = {field.name for field in Missed._meta.get_fields()}
        assert names == {
            "id", "words", "language", "country", "week", "searches", "told", "done_at",
            "done_by", "done_reason",
        }  # fmt: skip
        assert (row.done_by, row.week) == (None, noting.monday(timezone.now()))
        assert not AuditEntry.objects.filter(action__startswith="missed").exists()

    def test_telling_the_editors_counts_beside_the_searches(self, client):
        address = "/search/missing/tell/"
        answer = client.post(address, {"q": "Mask?", "language": "sw"})
        assert (answer.status_code, answer["Location"]) == (
            302,
            "/search/?q=Mask%3F&language=sw",
        )
        assert Missed.objects.get().told == 1
        page = client.post(address, {"q": "0812345678"}, follow=True).content.decode()
        assert "The question was not passed on" in page
        assert Missed.objects.count() == 1
        assert client.get(address).status_code == 405

    def test_a_week_begins_on_monday(self):
        for day in range(23, 30):
            at = datetime(2020, 11, day, 23, 59, tzinfo=UTC)
            assert noting.monday(at) == date(2020, 11, 23)

    def test_rows_go_after_a_year(self):
        now = datetime(2021, 11, 24, tzinfo=UTC)
        for words, week in (("old", date(2020, 11, 16)), ("kept", date(2020, 11, 23))):
            Missed.objects.create(words=words, language="en", week=week, searches=1)
        assert noting.forget(now) == 1
        assert Missed.objects.get().words == "kept"


@pytest.mark.django_db
class TestEditors:
    @pytest.fixture
    def asked(self, cast) -> None:
        for _number in range(3):
            noting.note(text="mask for a child", language="en", by=cast.clinician)
        noting.note(text="oksigen", language="id", by=None)
        noting.note(text="oksigen", language="id", by=None, told=True)
        Missed.objects.create(
            words="oksigen",
            language="id",
            country="FR",
            week=noting.monday(timezone.now()) - timedelta(weeks=1),
            searches=4,
        )

    def test_editors_alone_see_the_list(self, asked, cast, browser_of):
        for member in (cast.coordinator, cast.outside_coordinator, cast.staff):
            page = browser_of(member).get("/search/missing/")
            assert page.status_code == 200
            assert "mask for a child" in page.content.decode()
        for member in (cast.clinician, cast.unverified_clinician, cast.outsider):
            assert browser_of(member).get("/search/missing/").status_code == 403
        answer = browser_of(None).get("/search/missing/")
        assert answer["Location"] == "/account/login/?next=/search/missing/"

    def test_who_asked_to_be_answered_comes_first_then_who_asked_most(self, asked):
        listed = missing.with_weeks(list(missing.open_questions()))
        week = noting.monday(timezone.now())
        assert listed == [
            missing.Question(
                "oksigen", "id", 5, 1,
                ((week, 1), (week - timedelta(weeks=1), 4)), (("FR", 4), ("", 1)),
            ),
            missing.Question("mask for a child", "en", 3, 0, ((week, 3),), (("ID", 3),)),
        ]  # fmt: skip

    def test_the_list_is_narrowed_by_language_and_country(self, asked, cast, browser_of):
        browser = browser_of(cast.coordinator)
        for query, shown in (
            ("language=id", {"oksigen"}),
            ("country=ID", {"mask for a child"}),
            ("country=FR&language=en", set()),
            ("language=klingon&country=%00", {"oksigen", "mask for a child"}),
        ):
            page = browser.get(f"/search/missing/?{query}").content.decode()
            assert {w for w in ("oksigen", "mask for a child") if f">{w}</a>" in page} == shown

    def test_the_list_costs_the_same_for_one_and_for_many(
        self, cast, browser_of, django_assert_num_queries, django_assert_max_num_queries
    ):
        browser = browser_of(cast.coordinator)
        noting.note(text="one", language="en", by=None)
        with django_assert_max_num_queries(12) as one:
            browser.get("/search/missing/")
        wanted = len(one)
        for number in range(12):
            noting.note(text="mask " + "x" * number, language="id", by=cast.clinician)
        with django_assert_num_queries(wanted):
            browser.get("/search/missing/")

    def test_done_closes_all_rows_with_the_reason_in_the_audit_trail(self, asked, cast, browser_of):
        mark = {"words": "oksigen", "language": "id", "reason": "Guideline on oxygen, section 2"}
        answer = browser_of(cast.staff).post("/search/missing/", mark)
        assert (answer.status_code, answer["Location"]) == (302, "/search/missing/")
        rows = Missed.objects.filter(words="oksigen")
        assert {(row.done_by, row.done_reason) for row in rows} == {(cast.staff, mark["reason"])}
        assert Missed.objects.get(words="mask for a child").done_at is None
        line = AuditEntry.objects.get(action="missed.done")
        assert (line.actor, line.details) == (cast.staff, mark)
        page = browser_of(cast.coordinator).get("/search/missing/").content.decode()
        assert ">oksigen</a>" not in page
        assert mark["reason"] in page

    def test_asked_again_it_is_open_again(self, asked, cast):
        noting.mark_done(words="oksigen", language="id", reason="done", by=cast.staff)
        noting.note(text="oksigen", language="id", by=None)
        (row,) = missing.with_weeks(list(missing.open_questions(language="id")))
        assert (row.searches, row.told) == (1, 0)

    def test_nobody_else_and_nobody_without_a_reason_marks_it(self, asked, cast, browser_of):
        mark = {"words": "oksigen", "language": "id", "reason": "  "}
        answer = browser_of(cast.staff).post("/search/missing/", mark)
        assert answer.status_code == 422
        mark["reason"] = "done"
        for member in (cast.clinician, cast.outsider):
            assert browser_of(member).post("/search/missing/", mark).status_code == 403
            with pytest.raises(rules.NotAllowed):
                noting.mark_done(**mark, by=member)
        assert not Missed.objects.exclude(done_at=None).exists()
