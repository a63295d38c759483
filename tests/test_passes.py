"""What `bin/test` runs where."""

from pathlib import Path

HERE = Path(__file__).parent


def test_programs_that_tests_start_on_the_database_run_on_postgresql_too():
    on_database = set()
    for path in HERE.rglob("test_*.py"):
        text = path.read_text(encoding="utf-8")
        given_ours = "**os.environ" in text and '"DATABASE_URL": ""' not in text
        if path != Path(__file__) and (given_ours or "scratch.database(" in text):
            on_database.add(path)
            assert "pytest.mark.postgres" in text, path
    assert len(on_database) > 3
