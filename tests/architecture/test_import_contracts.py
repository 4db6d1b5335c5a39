"""The import contracts of `.importlinter` hold, and none of them is vacuous."""

import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from importlinter.api import read_configuration
from importlinter.application.use_cases import create_report, lint_imports, read_user_options
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from importlinter.domain.contract import registry

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / ".importlinter"
SOURCE = ROOT / "src" / "concordat"


@dataclass(frozen=True)
class Plant:
    """A line that breaks one contract: its id in `.importlinter`, the file, the line added to it.

    The file is made if it isn't there.
    """

    contract: str
    file: str
    line: str

    def __str__(self) -> str:
        return f"{self.contract}: {self.file}: {self.line}"


PLANTS = (
    Plant("floors", "audit/errors.py", "import concordat.organisations.errors"),
    Plant("floors", "records/errors.py", "import concordat.web.formatting"),
    Plant("floors", "web/formatting.py", "import concordat.cli.common"),
    Plant("floors", "helpers/__init__.py", "ANSWER = 42"),
    Plant("floors", "identity/errors.py", "import concordat.agreements.errors"),
    Plant("floors", "tracing/errors.py", "import concordat.exchange.errors"),
    Plant("floors", "exchange/errors.py", "import concordat.cli.terminal"),
    Plant("insides", "exchange/errors.py", "import concordat.exchange.rules.layout"),
    Plant("insides", "agreements/queries.py", "import concordat.agreements.apps"),
    Plant("insides", "audit/models.py", "import concordat.audit.actions"),
    Plant("insides", "access/errors.py", "import concordat.access.rules"),
    Plant("insides", "records/helpers.py", "ANSWER = 42"),
    Plant("insides", "identity/engine/model.py", "import concordat.identity.errors"),
    Plant("circles", "records/actions/staging.py", "import concordat.records.actions.load_files"),
    Plant("rules", "agreements/rules/terms.py", "import django.utils.text"),
    Plant("rules", "records/rules/words.py", "import concordat.organisations.queries"),
    Plant("rules", "base/ids.py", "import psycopg"),
    Plant("rules", "exchange/rules/layout.py", "from psycopg import sql"),
    Plant("engine", "identity/engine/model.py", "import concordat.organisations.rules"),
    Plant("engine", "identity/engine/linking.py", "import concordat.base.ids"),
    Plant("http", "records/queries/find.py", "from django.http import HttpRequest"),
    Plant("http", "exchange/actions/folders.py", "from django.http import FileResponse"),
    Plant("http", "base/acting.py", "from django.urls import reverse"),
    Plant("doors", "web/formatting.py", "from django.db import connection"),
    Plant("doors", "cli/common.py", "from concordat.base.acting import acting"),
    Plant(
        "models-of-records",
        "tracing/queries/searching.py",
        "from concordat.records.models import Event",
    ),
    Plant("models-of-records", "cli/common.py", "from concordat.records.models.place import Place"),
    Plant(
        "models-of-records",
        "exchange/actions/exporting.py",
        "from concordat.records.models import Person",
    ),
    Plant("models-of-identity", "records/actions/running.py", "import concordat.identity.models"),
    Plant("models-of-agreements", "web/formatting.py", "import concordat.agreements.models"),
    Plant("models-of-access", "agreements/queries.py", "import concordat.access.models"),
    Plant("models-of-organisations", "access/queries.py", "import concordat.organisations.models"),
    Plant("models-of-audit", "organisations/queries.py", "import concordat.audit.models"),
    Plant("models-of-tracing", "web/formatting.py", "import concordat.tracing.models"),
    Plant("models-of-base", "audit/queries.py", "import concordat.base.models"),
)


def _ids() -> set[str]:
    return {contract["id"] for contract in read_configuration(str(CONTRACTS))["contracts_options"]}


def _broken() -> set[str]:
    """Return the ids of the contracts that the package now found on the path breaks."""
    for name, contract_type in (
        ("acyclic_siblings", AcyclicSiblingsContract),
        ("forbidden", ForbiddenContract),
        ("layers", LayersContract),
        ("protected", ProtectedContract),
    ):
        registry.register(contract_type, name)
    options = read_user_options(str(CONTRACTS))
    ids_by_name = {contract["name"]: contract["id"] for contract in options.contracts_options}
    report = create_report(options, cache_dir=None)
    assert not report.could_not_run
    return {
        ids_by_name[contract.name]
        for contract, check in report.get_contracts_and_checks()
        if not check.kept
    }


@pytest.fixture
def copied_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Copy the package's Python files to where the linter finds them instead of the real ones."""

    def unneeded(folder: str, names: Iterable[str]) -> set[str]:
        return {n for n in names if (Path(folder) / n).is_file() and not n.endswith(".py")}

    copied = tmp_path / "concordat"
    shutil.copytree(SOURCE, copied, ignore=unneeded)
    monkeypatch.delitem(sys.modules, "concordat")
    monkeypatch.syspath_prepend(str(tmp_path))
    return copied


def test_every_contract_is_kept() -> None:
    assert lint_imports(config_filename=str(CONTRACTS), cache_dir=None, no_logo=True)


def test_an_untouched_copy_keeps_every_contract(copied_package: Path) -> None:
    assert copied_package.is_dir()
    assert _broken() == set()


@pytest.mark.parametrize("plant", PLANTS, ids=str)
def test_a_planted_violation_breaks_its_contract_and_no_other(
    copied_package: Path, plant: Plant
) -> None:
    target = copied_package / plant.file
    target.parent.mkdir(exist_ok=True)
    with target.open("a", encoding="utf-8") as file:
        file.write(f"\n{plant.line}\n")
    assert _broken() == {plant.contract}


def test_every_contract_has_a_planted_violation() -> None:
    assert _ids() == {plant.contract for plant in PLANTS}
