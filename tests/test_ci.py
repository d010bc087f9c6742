"""What runs in CI: the action's own shell, in repositories as checkouts leave them; and the recipes."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from fastapi_lint.cli import commands

ROOT = Path(__file__).parents[1]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text())
MATCHERS = json.loads((ROOT / "ci" / "problem-matcher.json").read_text())["problemMatcher"]
BASH = shutil.which("bash")

pytestmark = pytest.mark.skipif(BASH is None or os.name == "nt", reason="needs bash")

ITEMS = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/items")
def read_items():
    return {"items": []}
"""
THINGS = ITEMS[ITEMS.index("@") :].replace("items", "things")
BROKEN = 'API_KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"\n'
RULES = '[tool.fastapi-lint]\nselect = ["FAL101", "FAL303"]\n'


def git(*arguments: str, directory: Path) -> str:
    command = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, check=True, text=True).stdout.strip()


def commit(directory: Path, files: dict[str, str]) -> str:
    for name, content in files.items():
        (directory / name).write_text(content)
    git("add", "--all", directory=directory)
    git("commit", "--quiet", "--allow-empty", "--message=change", directory=directory)
    return git("rev-parse", "HEAD", directory=directory)


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository whose branch `topic` adds a fault to the one of main, which has moved on with one more."""
    directory = tmp_path / "origin"
    directory.mkdir()
    git("init", "--quiet", "--initial-branch=main", directory=directory)
    commit(directory, {"pyproject.toml": RULES, "main.py": ITEMS})
    git("switch", "--quiet", "--create", "topic", directory=directory)
    commit(directory, {"main.py": ITEMS + THINGS})
    git("switch", "--quiet", "main", directory=directory)
    commit(directory, {"settings.py": BROKEN})
    git("switch", "--quiet", "--create", "merged", directory=directory)
    git("merge", "--quiet", "--no-edit", "topic", directory=directory)
    git("config", "uploadpack.allowAnySHA1InWant", "true", directory=directory)
    return directory


def checkout(origin: Path, ref: str, *, depth: int | None) -> Path:
    directory = origin.parent / "checkout"
    options = [] if depth is None else [f"--depth={depth}"]
    git("clone", "--quiet", *options, "--branch", ref, f"file://{origin}", str(directory), directory=origin)
    return directory


@dataclass
class Job:
    """A run of the action's steps; those that use other actions, and the installation, are taken as done."""

    directory: Path
    inputs: dict[str, str] = field(default_factory=dict)
    event: dict[str, str] = field(default_factory=dict)
    ref: str = "refs/heads/main"
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    log: str = ""
    status: int = 0

    def run(self) -> Job:
        temporary = self.directory.parent / "temporary"
        temporary.mkdir(exist_ok=True)
        self.outputs["install"] = {"scripts": str(Path(sys.executable).parent)}
        for step in ACTION["runs"]["steps"]:
            if "run" in step and step["id"] != "install":
                self._step(step, temporary)
                if self.status:
                    break
        return self

    def _step(self, step: dict[str, Any], temporary: Path) -> None:
        written = temporary / "output"
        written.write_text("")
        surroundings = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))},
            "RUNNER_TEMP": str(temporary),
            "GITHUB_OUTPUT": str(written),
            "GITHUB_STEP_SUMMARY": str(temporary / "summary.md"),
            "GITHUB_WORKSPACE": str(self.directory),
            "GITHUB_REF": self.ref,
            **{name: self.value(text) for name, text in step.get("env", {}).items()},
        }
        done = subprocess.run(
            [str(BASH), "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.directory / self.value(step.get("working-directory", ".")),
            env=surroundings,
            capture_output=True,
            check=False,
            text=True,
        )
        self.log += done.stdout + done.stderr
        self.status = done.returncode
        pairs = (line.partition("=") for line in written.read_text().splitlines())
        self.outputs[step["id"]] = {name: value for name, _, value in pairs}

    def value(self, text: str) -> str:
        """A text with its expressions replaced."""
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda match: self._expression(match[1]), text)

    def _expression(self, text: str) -> str:
        for alternative in text.split(" || "):
            kind, _, rest = alternative.partition(".")
            if kind == "inputs":
                value = self.inputs.get(rest, ACTION["inputs"][rest]["default"])
            elif kind == "steps":
                step, _, name = rest.partition(".outputs.")
                assert any(item.get("id") == step for item in ACTION["runs"]["steps"]), text
                value = self.outputs.get(step, {}).get(name, "")
            else:
                assert kind == "github", text
                value = self.event.get(rest.removeprefix("event."), "")
            if value:
                return str(value)
        return ""

    @property
    def result(self) -> dict[str, str]:
        """The outputs of the action."""
        return {name: self.value(output["value"]) for name, output in ACTION["outputs"].items()}


def test_the_action_reports_everything_on_a_push(origin: Path) -> None:
    job = Job(checkout(origin, "merged", depth=1)).run()
    assert job.outputs["python"]["command"] in {"python3", "python"}
    assert job.outputs["base"] == {"revision": ""}
    result = job.result
    sarif = result.pop("sarif")
    assert result == {"status": "1", "total": "3", "errors": "1", "warnings": "2", "infos": "0"}
    assert job.status == 1
    assert len(json.loads(Path(sarif).read_text())["runs"][0]["results"]) == 3
    assert "::warning title=FAL101 missing-response-model,file=main.py,line=6" in job.log
    assert "**fastapi-lint**" in (job.directory.parent / "temporary" / "summary.md").read_text()


@pytest.mark.parametrize("depth", [1, 2, None])
def test_the_action_reports_what_is_new_on_a_pull_request(origin: Path, depth: int | None) -> None:
    event = {"pull_request.base.sha": git("rev-parse", "main~1", directory=origin)}  # main has moved on since
    job = Job(checkout(origin, "merged", depth=depth), event=event, ref="refs/pull/7/merge").run()
    assert job.outputs["base"]["revision"] == git("rev-parse", "main", directory=origin)
    assert (job.result["total"], job.status) == ("1", 1), job.log
    assert "`GET /things`" in job.log


@pytest.mark.parametrize(("depth", "dots"), [(1, ""), (None, "...")])
def test_the_action_compares_a_branch_itself_with_where_it_began(
    origin: Path, depth: int | None, dots: str
) -> None:
    base = git("rev-parse", "main", directory=origin)
    event = {"pull_request.base.sha": base}
    job = Job(checkout(origin, "topic", depth=depth), event=event, ref="refs/pull/7/merge").run()
    assert job.outputs["base"]["revision"] == f"{base}{dots}"
    assert (job.result["total"], job.status) == ("1", 1), job.log


def test_the_action_takes_paths_options_and_places(origin: Path) -> None:
    directory = checkout(origin, "merged", depth=1)
    inputs = {"paths": "main.py\nno such file.py\n", "arguments": "--exit-zero\n --select FAL101"}
    (directory / "no such file.py").write_text("")
    job = Job(directory, inputs={**inputs, "sarif-file": "out/report.sarif"}).run()
    assert (job.result["total"], job.status, job.result["status"]) == ("2", 0, "0"), job.log
    assert job.result["sarif"] == str(directory / "out" / "report.sarif")
    job = Job(directory, inputs={"arguments": "$(touch hacked) `touch hacked`"}).run()
    assert job.status == 2
    assert not (directory / "hacked").exists()


def test_the_action_says_so_where_the_base_can_not_be_had(origin: Path) -> None:
    directory = checkout(origin, "topic", depth=1)
    job = Job(directory, event={"pull_request.base.sha": "7" * 40}).run()
    assert job.status == 2
    assert "::error::fastapi-lint can't fetch" in job.log
    assert (
        Job(directory, inputs={"diff": "none"}, event={"pull_request.base.sha": "7" * 40}).run().status == 1
    )


def test_the_action_can_be_told_what_to_compare_with(origin: Path) -> None:
    job = Job(checkout(origin, "merged", depth=None), inputs={"diff": "HEAD"}).run()
    assert (job.result["total"], job.status) == ("0", 0)


def test_what_the_action_says_of_itself_is_used() -> None:
    text = (ROOT / "action.yml").read_text()
    for name in ACTION["inputs"]:
        assert f"inputs.{name} " in text, name
        assert f"| `{name}` |" in (ROOT / "docs" / "ci.md").read_text(), name
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "what others write must not become shell"


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_the_job_of_gitlab_fails_on_what_is_new(origin: Path, shell: str) -> None:
    directory = checkout(origin, "topic", depth=1)
    base = git("rev-parse", "main~1", directory=origin)
    job = GITLAB["fastapi-lint"]
    script = "\n".join(line for line in job["script"] if " pip " not in line)
    surroundings = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI_"))},
        **job["variables"],
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        [shell, "-ec", script], cwd=directory, env=surroundings, capture_output=True, check=False, text=True
    )
    assert done.returncode == 1, done.stderr
    assert "`GET /things`" in done.stdout
    assert "`GET /items`" not in done.stdout
    report = job["artifacts"]["reports"]["codequality"]
    assert len(json.loads((directory / report).read_text())) == 2
    surroundings["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = ""
    done = subprocess.run(
        [shell, "-ec", script], cwd=directory, env=surroundings, capture_output=True, check=False, text=True
    )
    assert "`GET /items`" in done.stdout, done.stderr


@pytest.mark.parametrize("format_", ["full", "concise"])
def test_the_problem_matchers_match(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, format_: str) -> None:
    for name, text in {"pyproject.toml": RULES, "main.py": ITEMS, "settings.py": BROKEN}.items():
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    printed = CliRunner().invoke(commands, ["check", "--output-format", format_]).stdout.splitlines()
    found = [match for matcher in MATCHERS for match in matched(matcher, printed)]
    assert [(item["file"], item["line"], item["severity"], item["code"]) for item in found] == [
        ("main.py", "6", "warning", "FAL101"),
        ("settings.py", "1", "error" if format_ == "full" else "warning", "FAL303"),
    ]
    assert all(item["message"] and item["column"] for item in found)


def matched(matcher: dict[str, Any], lines: list[str]) -> list[dict[str, str]]:
    """What GitHub's runner would make of lines."""
    found = []
    for start in range(len(lines)):
        problem = {"severity": matcher.get("severity", "error")}
        for pattern, line in zip(matcher["pattern"], lines[start:], strict=False):
            match = re.search(pattern["regexp"], line)
            if match is None:
                break
            problem |= {name: match[group] for name, group in pattern.items() if isinstance(group, int)}
        else:
            if "file" in problem:
                found.append(problem)
    return found


@pytest.mark.parametrize("document", ["docs/ci.md", "README.md"])
def test_recipes_are_yaml(document: str) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    assert blocks
    for block in blocks:
        recipe = yaml.safe_load(block)
        assert isinstance(recipe, dict), block
        if "jobs" in recipe:
            assert {"on", "name"} <= {"on" if key is True else key for key in recipe}
            for job in recipe["jobs"].values():
                assert all("uses" in step or "run" in step for step in job["steps"])
                for step in job["steps"]:
                    if "fastapi-lint@" in step.get("uses", ""):
                        assert step.get("with", {}).keys() <= ACTION["inputs"].keys()


def test_recipes_name_options_that_there_are() -> None:
    text = (ROOT / "docs" / "ci.md").read_text()
    known = {option for parameter in commands.commands["check"].params for option in parameter.opts}
    for line in re.findall(r"fastapi-lint check(.*)", text):
        assert set(re.findall(r"(?<!\S)--[a-z-]+", line)) <= known
