import pytest
from pathlib import Path
from concordat.records.actions import load_street
from concordat.tracing.queries import search
from concordat.agreements.actions import end_agreement
from tests.files import street_row, write_csv
from tests.world import SERVICE, agreement_in_force, person

@pytest.mark.django_db
def test_x(tmp_path: Path):
    r = load_street(SERVICE, paths=[write_csv(tmp_path/"2026-01-essex-street.csv", [street_row(1), street_row(None), street_row(None), street_row(1, crime_type="Robbery"), street_row(2,month="x")])])
    print(r)
    kent = person("kent"); essex=person("essex")
    assert search(kent, text="").answer.total == 0
    assert search(essex, text="").answer.total == 3
    agreement_in_force("A", ["essex","kent"])
    assert search(kent, text="invented str").answer.total == 3
    end_agreement(SERVICE, reference="A")
    assert search(kent, text="").answer.total == 0
