"""`concordat link` and `concordat train`: any table, no installation."""

import json
import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
import typer
from typer.testing import CliRunner, Result

from concordat.cli import link
from concordat.identity.engine import DEFAULT_THRESHOLD, REVIEW_THRESHOLD, bits_of
from tests.tables import SURNAMES, Row, invented, read_rows, write_rows

app = typer.Typer()
link.add_to(app)


def run(*arguments: object, expect: int = 0) -> Result:
    """Run one command in this process and check its exit code."""
    result = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert result.exit_code == expect, result.output
    return result


def run_json(*arguments: object) -> Any:
    """Run one command with --json and return what it printed."""
    return json.loads(run(*arguments, "--json").stdout)


@pytest.fixture(scope="module")
def persons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of 120 persons, 40 of them twice."""
    return write_rows(tmp_path_factory.mktemp("persons") / "persons.csv", invented(120))


@pytest.fixture
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_file_never_seen_is_linked_and_told(persons: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    said = run("link", persons, "--out", out, "--truth", "who").stdout

    before, after = read_rows(persons), read_rows(out)
    assert [{**row, "cluster_id": None} for row in after] == [
        {**row, "cluster_id": None} for row in before
    ]
    assert "Date of birth" in said
    assert "Peak memory" in said
    assert "Against the truth" in said
    by_person: dict[str, set[str]] = {}
    for row in after:
        by_person.setdefault(row["who"], set()).add(row["cluster_id"])
    together = sum(len(clusters) == 1 for clusters in by_person.values())
    assert together >= 0.95 * len(by_person)


def test_measures_facts_and_costs_are_told_to_programs(persons: Path, tmp_path: Path) -> None:
    told = run_json("link", persons, "--out", tmp_path / "out.parquet", "--truth", "who")
    assert told["measured"]["pairs"]["true"] == 40
    assert told["measured"]["pairs"]["precision"] >= 0.95
    assert told["measured"]["pairs"]["recall"] >= 0.9
    assert told["columns"]["Remarks"] == told["columns"]["who"] == "not used"
    assert set(told["seconds"]) >= {"Read", "Standardise", "Train", "Link", "Write"}
    assert told["peak_megabytes"] > 0
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 160


def test_pairs_say_why_and_their_bits_sum(persons: Path, tmp_path: Path) -> None:
    pairs = tmp_path / "pairs.csv"
    run("link", persons, "--out", tmp_path / "out.csv", "--pairs", pairs)
    rows = pa_csv.read_csv(pairs).to_pylist()
    assert len(rows) >= 36
    people = read_rows(persons)
    for row in rows:
        parts = [value for name, value in row.items() if name.startswith("bits_") and value]
        assert sum(parts) == pytest.approx(row["bits"], abs=0.01)
        assert row["probability"] >= 0.5
        assert row["explanation"].endswith(".")
        assert row["left_row"] < row["right_row"] <= len(people)
    assert [row["bits"] for row in rows] == sorted((row["bits"] for row in rows), reverse=True)


class Page(HTMLParser):
    """Collects the tags of a page and what it would fetch."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag and its addresses."""
        self.tags.append(tag)
        self.fetched += [str(value) for name, value in attrs if name in ("src", "href")]


def test_the_report_is_one_page_without_scripts(persons: Path, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    run("link", persons, "--out", tmp_path / "o.csv", "--report", path, "--truth", "who")
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    assert page.fetched == []
    assert "script" not in page.tags
    assert page.tags.count("h1") == 1
    assert page.tags.count("table") == page.tags.count("caption")
    for heading in ("How right it is", "Scores", "Sizes of clusters", "The largest clusters",
                    "Borderline pairs", "Columns", "Model", "Time and memory"):  # fmt: skip
        assert f">{heading}</h2>" in text
    assert "personal data" in text
    assert any(surname in text for surname in SURNAMES)


def test_values_are_escaped_in_the_report(tmp_path: Path) -> None:
    source = tmp_path / "<i>in.csv"
    source.write_text(
        "surname,dob,town</td>\n" + 2 * '<script>alert(1)</script>,1987-05-03,"<b>&"\n'
    )
    run("link", source, "--out", tmp_path / "o.csv", "--report", tmp_path / "r.html")
    text = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<script" not in text
    assert "<i>" not in text
    assert "</td>&" not in text


def test_two_files_are_linked_across_only(tmp_path: Path) -> None:
    seen: set[str] = set()
    halves: tuple[list[Row], list[Row]] = ([], [])
    for row in invented(120):
        halves[row.who in seen].append(row)
        seen.add(row.who)
    paths = [
        write_rows(tmp_path / name, half)
        for name, half in zip(("one.csv", "two.csv"), halves, strict=True)
    ]
    out = tmp_path / "out.csv"
    told = run_json("link", *paths, "--out", out, "--across-only", "--truth", "who")
    assert told["measured"]["pairs"]["true"] == 40
    assert told["measured"]["pairs"]["f1"] >= 0.9
    files = [row["source_file"] for row in read_rows(out)]
    assert files == ["one.csv"] * 120 + ["two.csv"] * 40


def test_a_trained_model_can_be_used_again(persons: Path, tmp_path: Path) -> None:
    model = tmp_path / "model.json"
    assert run_json("train", persons, "--out", model)["facts"]["rows"] == 160
    told = run_json("link", persons, "--out", tmp_path / "o.csv", "--model", model)
    assert "Train" not in told["seconds"]
    run("link", persons, "--out", tmp_path / "p.csv", "--save-model", tmp_path / "m.json")
    assert json.loads((tmp_path / "m.json").read_text())["facts"]["rows"] == 160
    assert (tmp_path / "o.csv").read_text() == (tmp_path / "p.csv").read_text()


def test_a_guessed_map_can_be_printed_corrected_and_given(persons: Path, tmp_path: Path) -> None:
    printed = run("link", persons, "--show-columns").stdout
    assert '"Born" = "date_of_birth"' in printed
    path = tmp_path / "map.toml"
    path.write_text(printed.replace('"Tel" = "phone"', '"Tel" = "not used"'))
    told = run_json("link", persons, "--out", tmp_path / "o.csv", "--columns", path)
    assert told["columns"]["Tel"] == "not used"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["link", "none.csv", "--out", "o.csv"], 2, "can’t be opened"),
        (["link", "IN"], 2, "Say where to write"),
        (["link", "IN", "--out", "o.txt"], 2, "must end in"),
        (["link", "IN", "--out", "IN"], 2, "is an input as well"),
        (["link", "IN", "--out", "none/o.csv"], 3, "does not exist"),
        (["link", "IN", "--out", "o.csv", "--report", "o.csv"], 2, "another result"),
        (["link", "IN", "--out", "o.csv", "--truth", "whom"], 2, "The nearest are: who"),
        (["link", "IN", "--out", "o.csv", "--threshold", "95"], 2, "between 0 and 1"),
        (["link", "IN", "--out", "o.csv", "--review", "0.99"], 2, "above --threshold"),
        (["link", "IN", "--out", "o.csv", "--across-only"], 2, "two files"),
        (["link", "IN", "--out", "o.csv", "--model", "none.json"], 2, "none.json"),
        (["link", "IN", "--out", "o.csv", "--model", "IN"], 2, "can’t be read as a model"),
        (["link", "IN", "--out", "o.csv", "--columns", "none.toml"], 2, "can’t be opened"),
        (["train", "IN", "--out", "IN"], 2, "is an input as well"),
    ],
)
@pytest.mark.usefixtures("_in_a_folder_of_its_own")
def test_what_can_not_be_done_is_refused_in_a_sentence(
    persons: Path, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    before = persons.read_bytes()
    given = [str(persons) if one == "IN" else one for one in arguments]
    output = run(*given, expect=code).output
    assert said in " ".join(output.replace("│", " ").split())
    assert persons.read_bytes() == before
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content",
    ["surname,dob\nSmith,1987-05-03\n", "surname\nSmith\nSmith\n", "name,dob\nA B,\n,\n"],
    ids=["one row", "one column", "blank rows"],
)
def test_the_smallest_tables_are_linked(tmp_path: Path, content: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text(content)
    rest = ("--report", tmp_path / "r.html", "--pairs", tmp_path / "p.csv")
    told = run_json("link", source, "--out", tmp_path / "o.csv", *rest)
    assert told["rows"] == len(read_rows(tmp_path / "o.csv"))


def test_help_and_guide_tell_the_thresholds_that_hold() -> None:
    shown = run("link", "--help").output
    assert f"[default: ({DEFAULT_THRESHOLD})]" in shown
    assert f"[default: ({REVIEW_THRESHOLD})]" in shown
    guide = (Path(__file__).parents[2] / "docs/linking-files.md").read_text(encoding="utf-8")
    assert f"`--threshold` on ({DEFAULT_THRESHOLD} unless" in guide
    assert f"`--review` ({REVIEW_THRESHOLD})" in guide
    assert f"{bits_of(DEFAULT_THRESHOLD):.1f} bits is {DEFAULT_THRESHOLD:.0%}" in guide


def test_neither_django_nor_a_database_is_needed(persons: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    home = tmp_path / "home"
    code = (
        "import sys\n"
        f"sys.argv = ['concordat', 'link', {str(persons)!r}, '--out', {str(out)!r}]\n"
        "from concordat.server.main import main\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code, left.code\n"
        "assert 'concordat.cli.common' not in sys.modules\n"
        "assert not any(name.startswith('django.db') for name in sys.modules)\n"
    )
    environment = {**os.environ, "CONCORDAT_HOME": str(home)}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, timeout=300)
    assert out.exists()
    assert not home.exists()
