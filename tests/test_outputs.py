"""Where reports go: standard output, files, the job's summary; and what is printed in their place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fastapi_lint import cli
from fastapi_lint.report.formats import FORMATS

if TYPE_CHECKING:
    from click.testing import Result

pytestmark = pytest.mark.usefixtures("project")

FAULTY = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def read_items():
    return {"items": []}
"""
SETTINGS = 'DATABASE_PASSWORD = "xK9#mPq2$vLw8Zr4"\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application with one diagnostic, which is the working directory."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "main.py").write_text(FAULTY)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def invoke(*arguments: str) -> Result:
    """What the program does with these arguments."""
    return CliRunner().invoke(cli.commands, arguments, standalone_mode=True)


def test_standard_output_carries_one_report_and_files_the_others(project: Path) -> None:
    done = invoke(
        *("check", "--output-format", "sarif:out/report.sarif", "--output-format", "concise"),
        *("--output-format", "gitlab:quality.json"),
    )
    assert done.stdout.startswith("main.py:6:2: FAL101 ")
    assert (done.stderr, done.exit_code) == ("fastapi-lint: Found 1 warning in 1 of 1 file\n", 1)
    assert json.loads((project / "out" / "report.sarif").read_text())["version"] == "2.1.0"
    assert len(json.loads((project / "quality.json").read_text())) == 1
    assert sorted(path.name for path in (project / "out").iterdir()) == ["report.sarif"]


def test_a_report_can_go_to_a_file_alone(project: Path) -> None:
    for arguments in (
        ["--output-format", "full", "-o", "report.txt"],
        ["--output-format", "full:report.txt"],
    ):
        done = invoke("check", "--color", "always", *arguments)
        assert (done.stdout, done.exit_code) == ("", 1)
        assert done.stderr == "fastapi-lint: Found 1 warning in 1 of 1 file\n"
        assert (project / "report.txt").read_text().startswith("warning[FAL101 missing-response-model]: ")
        (project / "report.txt").unlink()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--output-format", "full", "--output-format", "json"], "standard output holds one report"),
        (
            ["--output-format", "json:a", "--output-format", "sarif:a"],
            "two reports can't be written to one file",
        ),
        (["--output-format", "json:a", "-o", "b"], "every format has a file already"),
        (["--output-format", "sarf"], "there is no format `sarf`: did you mean `sarif`?"),
        (["--output-format", "x"], "there is no format `x`: it is one of full, concise,"),
        (["--output-format", "json:"], "`json:` names no file behind the colon"),
        (["--by", "file"], "--by says what --statistics counts by"),
        (["--statistics", "--output-format", "sarif"], "--statistics are printed as a table or"),
    ],
)
def test_outputs_that_cannot_be_meant_are_usage_errors(
    project: Path, arguments: list[str], sentence: str
) -> None:
    done = invoke("check", *arguments)
    assert (done.stdout, done.exit_code) == ("", 2)
    assert sentence in " ".join(done.stderr.split())
    assert {path.name for path in project.iterdir()} <= {"main.py", "pyproject.toml", ".fastapi_lint_cache"}


def test_a_file_that_cannot_be_written_is_one_sentence(project: Path) -> None:
    for file in ("main.py/report.json", "/dev/full"):
        done = invoke("check", "--output-format", f"json:{file}")
        assert (done.stdout, done.exit_code) == ("", 2)
        assert done.stderr.splitlines()[-1].startswith(f"fastapi-lint: can't write {file}: ")
    assert (project / "main.py").read_text() == FAULTY


def test_a_report_that_could_not_be_written_leaves_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, _target: Path) -> None:
        assert self.exists()
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    done = invoke("check", "-o", "report.txt")
    assert done.stderr.endswith("\nfastapi-lint: can't write report.txt: Permission denied\n")
    assert {path.name for path in project.iterdir()} <= {"main.py", "pyproject.toml", ".fastapi_lint_cache"}


def test_a_report_takes_the_place_of_the_one_before_at_once(project: Path) -> None:
    report = project / "report.json"
    report.write_text("before")
    (project / "link.json").symlink_to("report.json")
    with report.open() as reader:
        invoke("check", "--output-format", "json:link.json")
        assert reader.read() == "before"
    assert len(json.loads(report.read_text())) == 1
    assert (project / "link.json").is_symlink()
    assert invoke("check", "--output-format", "json:/dev/null").exit_code == 1


def test_annotations_come_with_a_job_summary(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = project / "summary.md"
    summary.write_text("# Before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    monkeypatch.setenv("GITHUB_WORKSPACE", str(project.parent))
    done = invoke("check", "--output-format", "github")
    assert done.stdout.startswith(
        f"::warning title=FAL101 missing-response-model,file={project.name}/main.py,"
    )
    assert summary.read_text().startswith(
        "# Before\n<!-- fastapi-lint -->\n**fastapi-lint**: Found 1 warning"
    )
    invoke("check", "--output-format", "concise")
    assert summary.read_text().count("<!-- fastapi-lint -->") == 1


def test_statistics_count_the_diagnostics_of_each_rule() -> None:
    assert invoke("check", "--statistics").stdout == (
        "count  code    name\n1      FAL101  missing-response-model\n"
    )
    counts = json.loads(invoke("check", "--statistics", "--output-format", "json").stdout)
    assert counts == [{"count": 1, "code": "FAL101", "name": "missing-response-model"}]
    assert invoke("check", "--statistics", "--by", "file").stdout == "count  path\n1      main.py\n"
    assert invoke("check", "--statistics", "--by", "checklist", "--output-format", "grouped").stdout == (
        "count  item  rules   asks\n"
        "1      2     -       Validation and schemas\n"
        "1      2.1   FAL101  every route declares what it answers\n"
    )


def test_sarif_holds_the_page_of_a_rule_and_what_comments_suppress(project: Path) -> None:
    (project / "main.py").write_text(
        FAULTY.replace('get("/items")', 'get("/items")  # fastapi-lint: ignore[FAL101] odd')
    )
    done = invoke("check", "--output-format", "sarif")
    assert done.exit_code == 0
    (log,) = json.loads(done.stdout)["runs"]
    (rule,) = log["tool"]["driver"]["rules"]
    (result,) = log["results"]
    assert "## Better\n\n" in rule["help"]["markdown"]
    assert "## Exemptions" not in rule["help"]["markdown"]
    assert result["suppressions"] == [{"kind": "inSource", "justification": "odd"}]
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "read_items"}]


def test_formats_are_completed_in_shells() -> None:
    environment = {
        "_FASTAPI_LINT_COMPLETE": "bash_complete",
        "COMP_WORDS": "fastapi-lint check --output-format g",
    }
    done = subprocess.run(
        [Path(sys.executable).with_name("fastapi-lint")],
        env={**os.environ, **environment, "COMP_CWORD": "3"},
        capture_output=True,
        check=True,
        text=True,
    )
    assert done.stdout.split() == ["plain,grouped", "plain,github", "plain,gitlab"]


def test_a_secret_is_shown_in_no_format(project: Path) -> None:
    (project / "settings.py").write_text(SETTINGS)
    for output_format in FORMATS:
        done = invoke("check", "--output-format", output_format, "-v")
        assert "FAL303" in done.stdout
        assert "xK9#mPq2$vLw8Zr4" not in done.stdout + done.stderr


@pytest.mark.parametrize("configuration", ["per-file-ignores = {'*' = ['FAL303']}", ""])
def test_a_secret_that_is_not_reported_is_not_shown_beside_what_is(project: Path, configuration: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.fastapi-lint]\n{configuration}\n")
    comment = "" if configuration else "  # noqa: FAL303"
    (project / "main.py").write_text(FAULTY.replace("@app.get", f"{SETTINGS.strip()}{comment}\n@app.get"))
    shown = invoke("check").stdout
    assert "DATABASE_PASSWORD = ***" in shown
    assert "FAL303" not in shown.replace("# noqa: FAL303", "")
