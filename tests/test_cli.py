"""The command line, mostly through the installed program: what it prints where, and its exit status."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from fastapi_lint import __version__, cli, engine
from fastapi_lint.report.formats import FORMATS
from fastapi_lint.rules import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.testing import Result

pytestmark = pytest.mark.usefixtures("project")

PROGRAM = Path(sys.executable).with_name("fastapi-lint")

FAULTY = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def read_items():
    return {"items": []}
"""
CLEAN = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def read_items() -> list[str]:
    return []
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application with one diagnostic, which is the working directory."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "main.py").write_text(FAULTY)
    monkeypatch.chdir(tmp_path)
    for name in (
        "NO_COLOR",
        "FORCE_COLOR",
        "PRE_COMMIT",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_WORKSPACE",
        "CI_PROJECT_DIR",
    ):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def run(
    *arguments: str, text: str | bytes = b"", environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """What the installed program does, as text."""
    data = text if isinstance(text, bytes) else text.encode()
    done = subprocess.run(
        [PROGRAM, *arguments],
        input=data,
        capture_output=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def invoke(*arguments: str) -> Result:
    """The same in this process, where starting Python two hundred times would take too long."""
    return CliRunner().invoke(cli.commands, arguments, standalone_mode=True)


def on_terminal(*arguments: str, environment: Mapping[str, str] | None = None) -> str:
    """What the program shows a person."""
    master, slave = pty.openpty()
    environ = {**os.environ, "TERM": "xterm", "COLUMNS": "100", **(environment or {})}
    process = subprocess.Popen([PROGRAM, *arguments], stdout=slave, stderr=slave, stdin=slave, env=environ)
    os.close(slave)
    shown = b""
    while True:
        try:
            block = os.read(master, 65536)
        except OSError:  # how Linux says that the other side is closed
            break
        if not block:
            break
        shown += block
    process.wait()
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


# check


def test_check_reports_the_project_of_the_working_directory() -> None:
    done = run("check")
    assert done.stdout.startswith("warning[FAL101 missing-response-model]: ")
    frame = """
 --> main.py:6:2
  |
6 | @app.get("/items")
  |  ^^^^^^^
7 | def read_items():
"""
    assert frame in done.stdout
    assert done.stdout.endswith("\n\nFound 1 warning in 1 of 1 file\n  1  FAL101  missing-response-model\n")
    assert done.stderr == ""
    assert done.returncode == 1


def test_check_of_clean_code_says_so_and_leaves_with_0(project: Path) -> None:
    (project / "main.py").write_text(CLEAN)
    done = run("check")
    assert done.stdout == "All checks passed: 1 file, 1 route\n"
    assert (done.stderr, done.returncode) == ("", 0)


def test_concise_prints_lines_and_keeps_the_summary_off_standard_output() -> None:
    done = run("check", "main.py", "--output-format", "concise")
    assert done.stdout.startswith("main.py:6:2: FAL101 ")
    assert done.stdout.count("\n") == 1
    assert done.stderr == "fastapi-lint: Found 1 warning in 1 of 1 file\n"
    assert done.returncode == 1


def test_json_is_an_array_on_standard_output_and_nothing_beside_it(project: Path) -> None:
    done = run("check", "--output-format", "json")
    (found,) = json.loads(done.stdout)
    assert list(found) == [
        *("code", "name", "severity", "message", "help", "path"),
        *("line", "column", "end_line", "end_column", "url", "notes", "fix", "symbol", "fingerprint"),
    ]
    assert (found["code"], found["path"], found["line"], found["column"]) == ("FAL101", "main.py", 6, 2)
    assert (done.stderr, done.returncode) == ("", 1)

    (project / "main.py").write_text(CLEAN)
    done = run("check", "--output-format", "json")
    assert (done.stdout, done.stderr, done.returncode) == ("[]\n", "", 0)


def test_paths_are_relative_to_the_working_directory(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "elsewhere").mkdir()
    monkeypatch.chdir(project / "elsewhere")
    done = invoke("check", "..", "--output-format", "concise")
    assert done.stdout.startswith(f"{(project / 'main.py').as_posix()}:6:2: ")
    monkeypatch.chdir(project.parent)
    done = invoke("check", project.name, "--output-format", "concise")
    assert done.stdout.startswith(f"{project.name}/main.py:6:2: ")


def test_select_and_ignore_take_lists_and_repetitions() -> None:
    assert invoke("check", "--select", "FAL303,FAL1").exit_code == 1
    assert invoke("check", "--select", "FAL303", "--select", " FAL101 ,").exit_code == 1
    assert invoke("check", "--select", "FAL303").exit_code == 0
    assert invoke("check", "--ignore", "FAL101").exit_code == 0
    assert invoke("check", "--ignore", "missing-response-model").exit_code == 0
    assert invoke("check", "--ignore", "FAL303,FAL4").exit_code == 1


def test_a_level_that_does_not_exist_is_a_usage_error() -> None:
    assert invoke("check", "--level", "strict").exit_code == 1
    assert invoke("check", "--level", "lenient").exit_code == 2


def test_exit_zero_changes_the_status_and_not_the_report() -> None:
    done = invoke("check", "--exit-zero")
    assert done.exit_code == 0
    assert "FAL101" in done.stdout


def test_verbose_says_on_standard_error_what_was_read() -> None:
    done = invoke("check", "-v", "--output-format", "json")
    json.loads(done.stdout)
    assert "1 file, 8 lines, 1 route" in done.stderr


@pytest.mark.parametrize("output_format", FORMATS)
def test_a_directory_without_python_files_is_no_silent_success(project: Path, output_format: str) -> None:
    (project / "docs").mkdir()
    done = invoke("check", "docs", "--output-format", output_format)
    assert done.stderr == "fastapi-lint: no Python files found: nothing was checked\n"
    if output_format in {"full", "concise", "json"}:
        assert done.stdout == ("[]\n" if output_format == "json" else "")
    assert done.exit_code == 0


def test_a_path_that_does_not_exist_is_a_usage_error() -> None:
    done = run("check", "mian.py")
    assert (done.stdout, done.returncode) == ("", 2)
    assert "'mian.py' does not exist" in done.stderr


def test_a_configuration_that_means_nothing_is_one_sentence(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.fastapi-lint]\nselekt = []\n")
    done = run("check")
    assert (done.stdout, done.returncode) == ("", 2)
    assert done.stderr.startswith("fastapi-lint: unknown key `selekt`")
    assert done.stderr.count("\n") == 1
    assert run("routes").returncode == 2


def test_an_unknown_rule_in_an_option_is_one_sentence() -> None:
    done = invoke("check", "--select", "FAL999")
    assert done.exit_code == 2
    assert "FAL999" in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_file_that_cannot_be_parsed_is_a_diagnostic(project: Path) -> None:
    (project / "main.py").write_text("def broken(:\n")
    done = invoke("check", "--output-format", "concise")
    assert done.stdout.startswith("main.py:1:")
    assert "FAL000" in done.stdout
    assert done.exit_code == 1


def test_excluded_files_are_checked_when_named_unless_exclusion_is_forced(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "pyproject.toml").write_text('[tool.fastapi-lint]\nexclude = ["main.py"]\n')
    assert invoke("check", "main.py").exit_code == 1
    assert invoke("check", "main.py", "--force-exclude").exit_code == 0
    monkeypatch.setenv("PRE_COMMIT", "1")
    assert invoke("check", "main.py").exit_code == 0


def test_a_fault_of_the_program_leaves_with_2_and_keeps_the_report(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = engine.Outcome(
        diagnostics=(),
        silenced=(),
        files=1,
        lines=8,
        routes=1,
        failures=("FAL101 on main.py: KeyError('x')",),
    )
    monkeypatch.setattr(engine, "check", lambda _request: faulty)
    done = invoke("check", "--output-format", "json")
    assert (done.stdout, done.exit_code) == ("[]\n", 2)
    assert done.stderr == "fastapi-lint: internal error: FAL101 on main.py: KeyError('x')\n"


def test_a_crash_leaves_with_2_and_not_with_the_status_of_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(_request: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr(engine, "check", crash)
    monkeypatch.setattr(sys, "argv", ["fastapi-lint", "check"])
    with pytest.raises(SystemExit) as exit_:
        cli.main()
    assert exit_.value.code == 2
    assert "KeyError: 'x'" in capsys.readouterr().err


# Standard input


def test_standard_input_is_checked_under_its_file_name() -> None:
    done = run("check", "-", "--stdin-filename", "main.py", "--output-format", "concise", text="\n" + FAULTY)
    assert done.stdout.startswith("main.py:7:2: FAL101 ")
    assert done.returncode == 1
    assert run("check", "-", "--stdin-filename", "main.py", text=CLEAN).returncode == 0


def test_standard_input_shows_its_own_text_in_frames() -> None:
    done = run("check", "--stdin-filename", "main.py", text=FAULTY.replace("/items", "/unsaved"))
    assert '@app.get("/unsaved")' in done.stdout


def test_standard_input_without_a_name_is_checked_too() -> None:
    assert run("check", "-", "--output-format", "concise", text=FAULTY).stdout.startswith("stdin:6:2: ")


def test_standard_input_and_paths_exclude_each_other() -> None:
    assert invoke("check", "-", "main.py").exit_code == 2
    assert invoke("check", "main.py", "--stdin-filename", "main.py").exit_code == 2


# Terminals, pipes and signals


def test_colour_is_for_terminals() -> None:
    assert "\x1b[" in on_terminal("check")
    assert "\x1b[" not in on_terminal("check", environment={"NO_COLOR": "1"})
    assert "\x1b[" not in on_terminal("check", "--color", "never")
    assert "\x1b[" not in run("check").stdout
    assert "\x1b[" in run("check", environment={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" in run("check", "--color", "always").stdout


def test_tables_and_pages_are_drawn_on_terminals_only() -> None:
    assert "───" in on_terminal("routes")
    assert "───" not in run("routes").stdout
    assert "# missing-response-model" in run("rule", "FAL101").stdout
    assert "# missing-response-model" not in on_terminal("rule", "FAL101")


def test_a_reader_that_leaves_early_is_no_error(project: Path) -> None:
    (project / "main.py").write_text(FAULTY + "\n\n" + "\n\n".join(FAULTY.split("\n\n\n")[1:] * 2000))
    process = subprocess.Popen(
        [PROGRAM, "check", "--output-format", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert (errors, process.wait()) == (b"", 1)


def test_ctrl_c_leaves_with_130_and_no_traceback() -> None:
    process = subprocess.Popen(
        [PROGRAM, "check", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(2)  # it waits for standard input by then
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate()
    assert process.returncode == 130
    assert output == b""
    assert b"Traceback" not in errors


def test_what_the_encoding_cannot_write_is_escaped(project: Path) -> None:
    (project / "main.py").write_text(FAULTY.replace("/items", "/größe/名"), encoding="utf-8")
    latin = {"PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run([PROGRAM, "check"], capture_output=True, check=False, env={**os.environ, **latin})
    assert '@app.get("/größe/\\u540d")' in done.stdout.decode("latin-1")
    assert done.returncode == 1


@pytest.mark.parametrize(
    "arguments", [["--version"], ["rule", "FAL101"], ["rules"], ["rules", "--checklist"]]
)
def test_what_needs_no_project_imports_next_to_nothing(arguments: list[str]) -> None:
    script = (
        "import sys; from fastapi_lint import cli\n"
        f"try: cli.commands.main({arguments!r})\n"
        "except SystemExit: pass\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    heavy = {"libcst", "rich", "asyncio", "msgspec", "fastapi_lint.engine", "fastapi_lint.application"}
    assert not heavy & set(done.stderr.split())
    assert done.stdout


# rule, rules, routes, --version


def test_the_version_is_printed() -> None:
    assert run("--version").stdout == f"fastapi-lint {__version__}\n"


def test_a_rule_is_found_by_code_and_by_name_in_any_case() -> None:
    page = (pages.directory() / "missing-response-model.md").read_text(encoding="utf-8")
    for spelling in ("FAL101", "fal101", "missing-response-model", "Missing-Response-Model"):
        assert invoke("rule", spelling).stdout == page


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("FAL1O1", "there is no rule `FAL1O1`: did you mean `FAL101`?"),
        (
            "missing-respons-model",
            "there is no rule `missing-respons-model`: did you mean `missing-response-model`?",
        ),
        ("PLR9", "there is no rule `PLR9`: `fastapi-lint rules` lists them all"),
    ],
)
def test_an_unknown_rule_gets_a_suggestion(code: str, answer: str) -> None:
    done = invoke("rule", code)
    assert (done.stdout, done.stderr, done.exit_code) == ("", f"fastapi-lint: {answer}\n", 2)


def test_rules_lists_every_page_once() -> None:
    files = sorted(file.stem for file in pages.directory().glob("*.md") if file.name != pages.CHECKLIST)
    listed = json.loads(invoke("rules", "--output-format", "json").stdout)
    assert sorted(rule["name"] for rule in listed) == files
    assert [rule["code"] for rule in listed] == sorted({rule["code"] for rule in listed})
    assert list(listed[0]) == [
        *("code", "name", "level", "severity", "fix", "summary", "checklist", "since"),
        *("security_severity", "weaknesses"),
    ]
    table = invoke("rules").stdout.splitlines()
    assert len(table) == 1 + len(files)


def test_rules_lists_the_checklist() -> None:
    listed = json.loads(invoke("rules", "--checklist", "--output-format", "json").stdout)
    assert listed[0].keys() == {"item", "chapter", "asks", "rules", "unchecked"}
    assert all(bool(item["rules"]) != bool(item["unchecked"]) for item in listed)
    methods, *_ = listed
    assert methods["item"] == "1.1"
    assert methods["chapter"] == "Routes and HTTP"
    assert "FAL106" in methods["rules"]
    heading, first, *others = invoke("rules", "--checklist").stdout.splitlines()
    assert heading.split() == ["item", "asks", "rules"]
    assert first.startswith("1.1 ")
    assert len(others) == len(listed) - 1
    (unchecked,) = (line for line in others if line.startswith("6.5 "))
    assert "none: how often data changes" in unchecked


def test_a_page_head_gives_the_facts() -> None:
    head = (
        "# some-name (FAL109)\n\nA sentence\nover two lines.\n\n"
        "| level | severity | fix | checklist | since |\n| --- | --- | --- | --- | --- |\n"
        "| strict | info | {fix} | 1.2, 3.4 | 0.1.0 |\n"
    )
    info = pages.info(head.format(fix="unsafe"))
    assert info == pages.RuleInfo(
        "FAL109",
        "some-name",
        "strict",
        "info",
        "unsafe",
        "A sentence over two lines.",
        ("1.2", "3.4"),
        "0.1.0",
    )
    assert pages.info(head.format(fix="no")).fix is None
    security = pages.info(head.format(fix="no") + "\nSecurity severity: 7.5 (CWE-89, CWE-20)\n")
    assert (security.security_severity, security.weaknesses) == ("7.5", (89, 20))
    with pytest.raises(ValueError, match="a page begins with"):
        pages.info(head.format(fix="perhaps"))


def test_routes_are_listed_as_a_table_that_a_pipe_does_not_cut(project: Path) -> None:
    path = "/" + "very-long-segment/" * 9
    (project / "main.py").write_text(FAULTY.replace("/items", path))
    lines = run("routes").stdout.splitlines()
    assert lines[0].split()[:3] == ["method", "path", "handler"]
    assert len(lines) == 2
    assert path in lines[1]
    assert "main.py:7" in lines[1]


def test_routes_have_the_fields_of_the_contract() -> None:
    (route,) = json.loads(run("routes", "--output-format", "json").stdout)
    assert list(route) == [
        *("app", "kind", "path", "methods", "handler", "file", "line", "decorator_line", "status_code"),
        *("response_model", "dependencies", "tags", "operation_id", "include_in_schema", "deprecated"),
    ]
    assert (route["app"], route["path"], route["file"], route["line"]) == ("main:app", "/items", "main.py", 7)


def test_a_project_without_routes_says_so(project: Path) -> None:
    (project / "main.py").write_text("")
    done = invoke("routes", "--output-format", "json")
    assert (done.stdout, done.stderr, done.exit_code) == ("[]\n", "fastapi-lint: no routes found\n", 0)
    assert invoke("routes").stdout == ""
    assert invoke("routes", "nowhere").exit_code == 2


# Choosing a configuration


def test_what_holds_is_shown_as_a_configuration_that_says_the_same(project: Path) -> None:
    (project / "lib").mkdir()
    given = project / "ci.toml"
    given.write_text(
        'level = "strict"\nselect = ["FAL1"]\nsrc = ["lib"]\ntarget-fastapi = "0.110"\n'
        'session-types = ["a.b"]\n[severity]\nFAL101 = "info"\n[per-file-ignores]\n"tests/**" = ["FAL3"]\n'
        '[rules.hardcoded-secret]\nignore-names = ["x"]\n'
    )
    shown = invoke("check", "--config", str(given), "--show-settings").stdout
    assert "# project: .\n# configuration: ci.toml\n" in shown
    assert "# rules that run: FAL101 FAL102" in shown
    given.write_text(shown)
    assert invoke("check", "--config", str(given), "--show-settings").stdout == shown


def test_every_project_shows_its_own_settings(project: Path) -> None:
    (project / "inner").mkdir()
    (project / "inner" / "main.py").write_text(CLEAN)
    (project / "inner" / "fastapi-lint.toml").write_text('level = "strict"\n')
    shown = invoke("check", "--show-settings").stdout
    assert "# project: .\n# configuration: pyproject.toml\n" in shown
    assert '# project: inner\n# configuration: inner/fastapi-lint.toml\nlevel = "strict"\n' in shown


def test_what_nothing_configures_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    shown = invoke("check", str(elsewhere), "--show-settings", "--isolated", "--select", "FAL000").stdout
    assert f"# project: {elsewhere}\n# configuration: nothing configures it\n" in shown


def test_the_files_that_would_be_reported_on_are_listed(project: Path) -> None:
    (project / "generated.py").touch()
    assert invoke("check", "--show-files").stdout == "generated.py\nmain.py\n"
    assert invoke("check", "--show-files", "--extend-exclude", "generated.py").stdout == "main.py\n"
    assert invoke("check", "--show-files", "--exclude", "main.py,lib/").stdout == "generated.py\n"
    (project / ".gitignore").write_text("generated.py\n")
    (project / ".git").mkdir()
    assert invoke("check", "--show-files").stdout == "main.py\n"
    assert invoke("check", "--show-files", "--no-respect-gitignore").stdout == "generated.py\nmain.py\n"
    (project / "pyproject.toml").write_text('[tool.fastapi-lint]\ninclude = ["gen*.py"]\n')
    assert invoke("check", "--show-files", "--no-respect-gitignore").stdout == "generated.py\n"


def test_a_given_configuration_or_none_takes_the_place_of_the_projects(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.fastapi-lint]\nselect = ["FAL4"]\n')
    (project / "ci.toml").write_text('ignore = ["FAL101"]\n')
    assert invoke("check").exit_code == 0
    assert invoke("check", "--isolated").exit_code == 1
    assert invoke("check", "--config", "ci.toml").exit_code == 0
    assert invoke("check", "--config", "ci.toml", "--extend-select", "FAL101").exit_code == 1
    assert invoke("routes", "--isolated").exit_code == 0
    (project / "ci.toml").write_text('ignor = ["FAL101"]\n')
    result = invoke("check", "--config", "ci.toml")
    assert result.exit_code == 2
    assert result.stderr == ("fastapi-lint: unknown key `ignor` in ci.toml: did you mean `ignore`?\n")
    assert "contradict each other" in invoke("check", "--config", "ci.toml", "--isolated").stderr


def test_the_exit_status_depends_on_what_is_severe_enough(project: Path) -> None:
    assert invoke("check", "--fail-on", "warning").exit_code == 1
    result = invoke("check", "--fail-on", "error", "--output-format", "concise")
    assert (result.exit_code, result.stdout.count("FAL101")) == (0, 1)
    (project / "pyproject.toml").write_text(
        '[tool.fastapi-lint]\nfail-on = "error"\nseverity = { FAL101 = "error" }\n'
    )
    assert invoke("check").exit_code == 1
    assert invoke("check", "--exit-zero").exit_code == 0


def test_comments_for_everything_can_be_added(project: Path) -> None:
    result = invoke("check", "--add-suppressions", "as of March")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "fastapi-lint: silenced 1 diagnostic in 1 file\n"
    assert (
        '@app.get("/items")  # fastapi-lint: ignore[FAL101] as of March\n'
        in (project / "main.py").read_text()
    )
    assert invoke("check").exit_code == 0
    (project / "main.py").write_text("def (:\n")
    result = invoke("check", "--add-suppressions", "as of March")
    assert result.exit_code == 1
    assert "silenced 0 diagnostics in 0 files; 1 can't be silenced by a comment\n" in result.stderr
    assert "main.py:1: FAL000 " in result.stderr


@pytest.mark.parametrize("reason", ["", "  ", "a # b", "a\nb"])
def test_a_reason_is_one_line(reason: str) -> None:
    result = invoke("check", "--add-suppressions", reason)
    assert result.exit_code == 2
    assert "a reason is one line of text without `#`" in result.stderr


def test_comments_are_not_written_into_standard_input() -> None:
    done = run("check", "-", "--add-suppressions", "x", text=FAULTY)
    assert (done.returncode, done.stdout) == (2, "")
    assert "into files" in done.stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_one_sentence(project: Path) -> None:
    (project / "main.py").chmod(0o444)
    result = invoke("check", "--add-suppressions", "x")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("main.py can't be written: permission denied\n")


def test_help_groups_options_and_ends_with_examples() -> None:
    shown = invoke("check", "--help").stdout
    headings = [line for line in shown.splitlines() if line.endswith(":") and not line.startswith(" ")]
    assert headings[:2] == ["Choosing rules:", "Choosing files:"]
    assert headings[-2:] == ["It leaves with:", "Examples:"]
    assert shown.count("PATHS]...") == 1
