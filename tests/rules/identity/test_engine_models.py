"""Models as JSON files: read and written without loss; what is no model is refused in words."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from concordat.identity.engine import Field, Model, UnusableModel, default_model
from concordat.identity.engine.model import LEVEL_GROUPS
from tests.rules.identity.conftest import Linked


def test_a_model_comes_back_as_it_was_written(families: Linked, tmp_path: Path) -> None:
    for model in (families.model, default_model()):
        model.write(tmp_path / "model.json")
        again = Model.read(tmp_path / "model.json")
        assert again.as_dict() == model.as_dict()
        assert Model.from_dict(model.as_dict()).as_dict() == model.as_dict()


def test_a_model_that_was_read_weighs_as_before(families: Linked) -> None:
    again = Model.from_dict(json.loads(json.dumps(families.model.as_dict())))
    before, after = (model.weights(families.people) for model in (families.model, again))
    assert np.allclose(before.same, after.same, atol=1e-3)
    assert np.allclose(before.kin, after.kin, atol=1e-3)
    assert before.prior == pytest.approx(after.prior)


def test_a_model_says_what_it_was_trained_on(families: Linked) -> None:
    facts = families.model.facts
    assert facts["rows"] == len(families.people)
    assert "forename" in facts["fields"]
    assert "pnc_id" not in facts["fields"]
    assert facts["start"] == default_model().version


def test_the_default_model_knows_every_level_of_every_field_in_every_class() -> None:
    model = default_model()
    for table in (model.same, model.kin, model.strangers):
        for field, groups in LEVEL_GROUPS.items():
            for group in groups:
                assert (table[field, list(group)] > 0).all()
                assert table[field, list(group)].sum() == pytest.approx(1, abs=1e-4)


def test_agreement_speaks_for_one_person_and_difference_against_in_the_default_model() -> None:
    same, _ = default_model().training_weights()
    for field in Field:
        assert same[field, 1] > 0
        assert same[field, 9] < 0


def _without(told: dict[str, Any], *path: str) -> dict[str, Any]:
    inside = told
    for step in path[:-1]:
        inside = inside[step]
    del inside[path[-1]]
    return told


def _model() -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(default_model().as_dict()))
    return copied


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"format": 2},
        _without(_model(), "version"),
        _without(_model(), "facts"),
        _without(_model(), "matches_per_row"),
        _without(_model(), "fields"),
        _without(_model(), "fields", "surname"),
        _without(_model(), "fields", "surname", "nickname"),
        _model() | {"matches_per_row": "many"},
        _model() | {"matches_per_row": None},
        _model() | {"fields": []},
        _model() | {"fields": {"forename": {"same": [1, 2]}}},
        _model() | {"facts": "none"},
    ],
)
def test_what_is_no_model_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(UnusableModel):
        Model.from_dict(told)


@pytest.mark.parametrize("text", ["", "{", "\ufeff{}", "null {", '{"format": 1}'])
def test_a_file_that_is_no_model_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnusableModel):
        Model.read(path)


def test_a_missing_or_binary_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00\x01")
    for name in ("binary.json", "missing.json", "."):
        with pytest.raises(UnusableModel, match="can’t be read"):
            Model.read(tmp_path / name)
