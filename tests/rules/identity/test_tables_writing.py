"""Results are written whole or not at all, beside the input and never over it."""

import os
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from concordat.identity.engine.tables.errors import UnwritableOutput
from concordat.identity.engine.tables.reading import read_tables
from concordat.identity.engine.tables.writing import (
    check_ending,
    check_outputs,
    linked_table,
    whole_file,
    write_table,
)


def written(folder: Path, columns: str, name: str = "in.csv") -> Path:
    path = folder / name
    path.write_text(columns)
    return path


def test_every_row_keeps_its_place_and_columns_and_gets_its_cluster(tmp_path: Path) -> None:
    read = read_tables([written(tmp_path, "z,a\n1,x\n2,\n3,y\n")])
    table, name, notes = linked_table(read, np.array([0, 1, 0]))
    write_table(tmp_path / "out.csv", table)
    assert (tmp_path / "out.csv").read_text() == "z,a,cluster_id\n1,x,1\n2,,2\n3,y,1\n"
    assert (name, notes) == ("cluster_id", ())


def test_rows_of_several_files_name_their_file(tmp_path: Path) -> None:
    paths = [written(tmp_path, "a\n1\n", "one.csv"), written(tmp_path, "a\n2\n", "two.csv")]
    table, _, _ = linked_table(read_tables(paths), np.array([0, 0]))
    write_table(tmp_path / "out.csv", table)
    assert (tmp_path / "out.csv").read_text() == (
        "a,source_file,cluster_id\n1,one.csv,1\n2,two.csv,1\n"
    )


def test_a_name_that_is_taken_is_numbered_and_told(tmp_path: Path) -> None:
    read = read_tables([written(tmp_path, "cluster_id,Cluster_ID_2\n1,x\n")])
    table, name, notes = linked_table(read, np.array([0]))
    assert name == "cluster_id_3"
    assert table.column_names == ["cluster_id", "Cluster_ID_2", "cluster_id_3"]
    assert "is a column “cluster_id” already" in notes[0]


def test_csv_holds_every_type_and_quotes_only_where_it_must(tmp_path: Path) -> None:
    table = pa.table(
        {
            "born": [date(1987, 5, 3)],
            "aliases": [["a", "b"]],
            "sure": [True],
            "share": [0.5],
            "force": pa.array(["essex"]).dictionary_encode(),
        }
    )
    write_table(tmp_path / "out.csv", table)
    assert read_tables([tmp_path / "out.csv"]).table.to_pylist() == [
        {"born": "1987-05-03", "aliases": '["a", "b"]', "sure": "true", "share": "0.5",
         "force": "essex"}
    ]  # fmt: skip
    write_table(
        tmp_path / "quoted.csv", pa.table({"a,b": ["x", 'y "z"', "p,q", None], "n": [1] * 4})
    )
    assert (tmp_path / "quoted.csv").read_text() == ('"a,b",n\nx,1\n"y ""z""",1\n"p,q",1\n,1\n')
    write_table(tmp_path / "out.parquet", table)
    assert pq.read_table(tmp_path / "out.parquet").equals(table)


def test_a_large_table_is_written_alike_in_all_its_rows(tmp_path: Path) -> None:
    count = 150_000
    noon = [datetime(1987, 5, 3)] * (count - 1) + [datetime(1987, 5, 3, 12)]  # noqa: DTZ001
    table = pa.table({"n": range(count), "at": noon, "none": pa.nulls(count)})
    write_table(tmp_path / "out.csv", table)
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert len(lines) == count + 1
    assert lines[1] == "0,1987-05-03 00:00:00.000000,"
    assert lines[-1] == f"{count - 1},1987-05-03 12:00:00.000000,"


@pytest.mark.parametrize("name", ["out.txt", "out", "out.xlsx", "out.csv.bz2"])
def test_an_ending_that_says_nothing_is_refused(name: str) -> None:
    with pytest.raises(UnwritableOutput, match="must end in"):
        check_ending(Path(name))


def test_results_never_stand_over_inputs_or_each_other(tmp_path: Path) -> None:
    source = written(tmp_path, "a\n1\n")
    (tmp_path / "soft.csv").symlink_to(source)
    (tmp_path / "hard.csv").hardlink_to(source)
    for name in ("in.csv", "soft.csv", "hard.csv", "../" + tmp_path.name + "/in.csv"):
        with pytest.raises(UnwritableOutput, match="is an input"):
            check_outputs([tmp_path / name], [source])
    with pytest.raises(UnwritableOutput, match="another result"):
        check_outputs([tmp_path / "x.csv", tmp_path / "x.csv"], [source])
    check_outputs([tmp_path / "x.csv", tmp_path / "y.csv"], [source])


def test_places_where_nothing_can_be_written_are_refused_at_once(tmp_path: Path) -> None:
    for place, said in (
        (Path(os.devnull), "is not a file"),
        (tmp_path, "is not a file"),
        (tmp_path / "none" / "out.csv", "does not exist"),
    ):
        with pytest.raises(UnwritableOutput, match=said):
            check_outputs([place], [])


def test_what_stood_there_stays_when_writing_fails(tmp_path: Path) -> None:
    place = written(tmp_path, "before", "out.csv")

    def write_until_full() -> None:
        with whole_file(place) as stream:
            stream.write(b"half")
            raise OSError(28, "No space left on device")

    with pytest.raises(UnwritableOutput, match="No space left"):
        write_until_full()
    assert place.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_a_result_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    plain = written(tmp_path, "", "plain")
    with whole_file(tmp_path / "out.csv") as stream:
        stream.write(b"x")
    assert (tmp_path / "out.csv").stat().st_mode == plain.stat().st_mode
    (tmp_path / "out.csv").chmod(0o600)
    with whole_file(tmp_path / "out.csv") as stream:
        stream.write(b"y")
    assert (tmp_path / "out.csv").stat().st_mode & 0o777 == 0o600
