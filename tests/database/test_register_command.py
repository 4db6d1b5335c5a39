"""`concordat agreement register import`: a register taken over at the command line."""

import json
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from concordat.agreements.errors import AgreementsError, NotAllowedToTake
from concordat.agreements.queries import recorded_agreements
from concordat.base.source_files import UnusableFile
from concordat.server.commands import app
from tests.world import SERVICE, person

pytestmark = pytest.mark.usefixtures("own_database")

BAD = "row_id,function,parties,event\nA1,Dogs,Essex|Kent,established\nA2,Dogs,Essex,established\n"


def run(*arguments: str, expect: int = 0) -> str:
    """Run `agreement register import` in this process; what is refused is raised."""
    command = ["agreement", "register", "import", *arguments]
    result = CliRunner().invoke(app, command, catch_exceptions=False)
    assert result.exit_code == expect, result.output
    return result.output


def test_the_real_register_is_imported_once() -> None:
    with as_file(files("concordat.server") / "demo" / "s22a_agreement_register.csv") as path:
        assert "52 rows read, 52 new, 0 changed, 0 unchanged, 0 to correct" in run(str(path))
        told = json.loads(run(str(path), "--json"))
    assert (told["new"], told["unchanged"], told["rows_to_correct"]) == (0, 52, [])
    assert len(recorded_agreements(SERVICE)) == 39


def test_rows_to_correct_are_named_and_the_exit_code_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(BAD, encoding="utf-8")
    told = run(str(path), expect=1)
    assert "2 rows read, 1 new" in told
    assert "line 3: it names fewer than two parties" in told
    assert len(recorded_agreements(SERVICE)) == 1


def test_what_is_refused_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnusableFile):
        run(str(tmp_path / "none.csv"))
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(AgreementsError, match="lacks row_id, function, parties, event"):
        run(str(path))
    person("essex", username="an.officer")
    with pytest.raises(NotAllowedToTake):
        run(str(path), "--as", "an.officer")
