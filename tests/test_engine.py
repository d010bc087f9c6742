"""The phases in order, with rules of these tests' own: what is linked and reported, what faults leave."""
# ruff: noqa: N802 - LibCST dictates `visit_Call`

from __future__ import annotations

import gc
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import pytest

from fastapi_lint.config import ConfigurationError
from fastapi_lint.diagnostics import Diagnostic, Edit, Fix, Severity, Span
from fastapi_lint.engine import Request, check, check_file, open_project, routes
from fastapi_lint.rules import catalogue
from fastapi_lint.rules.base import ApplicationRule, Level, ModuleVisitor, RouteVisitor
from fastapi_lint.rules.pages import RuleInfo

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import libcst as cst

    from fastapi_lint.application import Application, Module
    from fastapi_lint.engine import Outcome
    from fastapi_lint.rules.base import Rule


class CallInHandler(RouteVisitor):
    """A handler calls something."""

    code = "FAL191"
    name = "call-in-handler"
    level = Level.DEFAULT
    severity = Severity.WARNING

    def visit_Call(self, node: cst.Call) -> None:
        meaning = self.call_of(node)
        name = meaning.name if meaning else ""
        self.report(node, f"`{self.route.label}` calls `{self.code_of(node.func)}` ({name})", help="don't")


class StatusOfRoute(ApplicationRule):
    """A route has a status code."""

    code = "FAL192"
    name = "status-of-route"
    level = Level.DEFAULT
    severity = Severity.INFO

    def check(self) -> None:
        for route in self.application.routes:
            if route.status_code is not None:
                note = self.note("the handler", path=route.file, at=Span(route.line, 1, route.line, 2))
                self.report(
                    route.decorator_file,
                    route.decorator_span,
                    f"`{route.label}` answers {route.status_code}",
                    help="don't",
                    notes=(note,),
                    severity=Severity.ERROR,
                )


class WordInModule(ModuleVisitor):
    """A text says `secret`."""

    code = "FAL391"
    name = "word-in-module"
    level = Level.STRICT
    severity = Severity.ERROR

    @classmethod
    def concerns(cls, application: Application, module: Module, text: str) -> bool:
        del application, module
        return "secret" in text

    def visit_SimpleString(self, node: cst.SimpleString) -> None:
        if node.raw_value == "secret":
            edit = self.edit(node, "'public'")
            self.report(
                node,
                "it is out",
                help="hide it",
                notes=(self.note("here", at=node),),
                fix=Fix("publish", "safe", (edit,)),
            )


class NeededFunction(RouteVisitor):
    """A function is needed by a route."""

    code = "FAL193"
    name = "needed-function"
    level = Level.STRICT
    severity = Severity.INFO
    visits = frozenset({"dependency", "reached"})

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        served = len(self.routes)
        self.report(node.name, f"`{self.function.qualname}` serves {served} routes", help="")


class Breaking(RouteVisitor):
    """It breaks."""

    code = "FAL194"
    name = "breaking"
    level = Level.DEFAULT
    severity = Severity.INFO

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.report(node.name, "before it breaks", help="")
        raise KeyError(node.name.value)


@pytest.fixture(autouse=True)
def use(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lint with some rules instead of the project's; with none before it is called."""

    def choose(*rules: type[Rule]) -> None:
        infos = [
            RuleInfo("FAL000", "unreadable-file", "default", "error", None, "", (), "0.1.0"),
            *(
                RuleInfo(rule.code, rule.name, rule.level.value, "info", None, "", (), "0.1.0")
                for rule in rules
            ),
        ]
        by_name = {rule.name: rule for rule in rules}
        monkeypatch.setattr(catalogue, "infos", lambda: tuple(infos))
        monkeypatch.setattr(catalogue, "load", by_name.get)

    choose()
    return choose


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def write_files(**files: str) -> Path:
        """Write files into the project, `a__b` as `a/b.py`, and give its root."""
        (tmp_path / "pyproject.toml").touch()
        for name, text in files.items():
            file = tmp_path / (name.replace("__", "/") + ".py")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(textwrap.dedent(text), encoding="utf-8")
        return tmp_path

    return write_files


def lint(root: Path, *paths: str, **options: Any) -> Outcome:
    return check(Request(working_directory=root, paths=tuple(root / path for path in paths), **options))


def places(outcome: Outcome) -> list[str]:
    return [f"{item.path}:{item.span.line}:{item.span.column} {item.code}" for item in outcome.diagnostics]


MAIN = """\
    from fastapi import FastAPI
    from status import GONE

    app = FastAPI()

    @app.get("/a", status_code=GONE)
    async def a():
        helper(1)

    def helper(x):
        print(x)
    """
STATUS = "GONE = 410\n"


# What is reported


def test_diagnostics_come_sorted_with_everything_that_the_rules_say(use: Any, write: Any) -> None:
    use(CallInHandler, StatusOfRoute, WordInModule)
    outcome = lint(write(main=MAIN, status=STATUS))
    notes = outcome.diagnostics[0].notes
    assert [(note.message, note.path, note.span) for note in notes] == [
        ("the handler", "main.py", Span(7, 1, 7, 2))
    ]
    assert outcome.diagnostics == (
        Diagnostic(
            "FAL192",
            "status-of-route",
            Severity.ERROR,
            "`GET /a` answers 410",
            "don't",
            "main.py",
            Span(6, 2, 6, 9),
            notes=notes,
            symbol="a",
        ),
        Diagnostic(
            "FAL191",
            "call-in-handler",
            Severity.WARNING,
            "`GET /a` calls `app.get` ()",
            "don't",
            "main.py",
            Span(6, 2, 6, 33),
            symbol="a",
        ),
        Diagnostic(
            "FAL191",
            "call-in-handler",
            Severity.WARNING,
            "`GET /a` calls `helper` (main.helper)",
            "don't",
            "main.py",
            Span(8, 5, 8, 14),
            symbol="a",
        ),
    )
    assert (outcome.files, outcome.lines, outcome.routes, outcome.suppressed) == (2, 12, 1, 0)
    assert outcome.failures == ()


def test_paths_select_what_is_reported_while_the_whole_project_is_linked(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS, other__main=MAIN)
    assert places(lint(root, "main.py")) == ["main.py:6:2 FAL192"]
    assert places(lint(root, "other")) == ["other/main.py:6:2 FAL192"]
    assert places(lint(root, "status.py")) == []
    assert lint(root, "status.py").files == 1


def test_paths_are_shown_relative_to_the_working_directory_or_in_full(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS, inner__x="")
    (found,) = check(Request(working_directory=root.parent, paths=(root,))).diagnostics
    assert found.path == f"{root.name}/main.py"
    (found,) = check(Request(working_directory=root / "inner", paths=(root,))).diagnostics
    assert found.path == (root / "main.py").as_posix()
    assert found.notes[0].path == (root / "main.py").as_posix()


def test_no_paths_mean_the_project_that_the_working_directory_is_in(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS, inner__x="")
    assert [found.span.line for found in lint(root / "inner").diagnostics] == [6]


def test_a_handler_registered_in_another_file_is_reported_there(use: Any, write: Any) -> None:
    class AtDecorator(CallInHandler):
        def visit_Call(self, node: cst.Call) -> None:
            del node
            self.report(self.route.decorator_span, "here", help="", path=self.route.decorator_file)

    use(AtDecorator)
    root = write(
        handlers="def read():\n    print()\n",
        main="import fastapi, handlers\napp = fastapi.FastAPI()\napp.add_api_route('/', handlers.read)\n",
    )
    assert places(lint(root, "main.py")) == ["main.py:3:1 FAL191"]
    assert places(lint(root, "handlers.py")) == []


def test_fixes_and_notes_point_into_the_same_files_as_diagnostics(use: Any, write: Any) -> None:
    use(WordInModule)
    root = write(inner__main="x = (\n  'secret')\n")
    (found,) = lint(root, select=("FAL3",)).diagnostics
    assert found.span == Span(2, 3, 2, 11)
    assert found.notes[0].path == found.path == "inner/main.py"
    assert found.fix == Fix("publish", "safe", (Edit("inner/main.py", Span(2, 3, 2, 11), "'public'"),))


def test_what_a_nested_function_shows_twice_is_said_once(use: Any, write: Any) -> None:
    class Everywhere(CallInHandler):
        visits = frozenset({"handler", "reached"})

        def visit_Call(self, node: cst.Call) -> None:
            self.report(node, "a call", help="")

    use(Everywhere)
    root = write(
        main="""\
        import fastapi
        app = fastapi.FastAPI()
        @app.get("/")
        def outer():
            def inner():
                print()
            inner()
        """
    )
    assert places(lint(root)) == ["main.py:3:2 FAL191", "main.py:6:9 FAL191", "main.py:7:5 FAL191"]


# Which rules run where


def test_levels_and_selections_decide_which_rules_run(use: Any, write: Any) -> None:
    use(StatusOfRoute, WordInModule)
    root = write(main=MAIN, status=STATUS, word="x = 'secret'\n")
    assert places(lint(root)) == ["main.py:6:2 FAL192"]
    assert places(lint(root, level="strict")) == ["main.py:6:2 FAL192", "word.py:1:5 FAL391"]
    assert places(lint(root, select=("word-in-module",))) == ["word.py:1:5 FAL391"]
    assert places(lint(root, level="strict", ignore=("FAL1",))) == ["word.py:1:5 FAL391"]


@pytest.mark.parametrize(
    ("key", "declared"),
    [("target-fastapi", {"fastapi": ">=0.100"}), ("target-pydantic", {"pydantic": ">=0.100"})],
)
def test_a_rule_is_silent_where_the_project_runs_on_versions_that_it_is_not_for(
    use: Any, write: Any, key: str, declared: dict[str, str]
) -> None:
    use(type("Gated", (StatusOfRoute,), declared))
    root = write(main=MAIN, status=STATUS)
    assert len(places(lint(root))) == 1
    (root / "pyproject.toml").write_text(f'[tool.fastapi-lint]\n{key} = "0.95"\n', encoding="utf-8")
    assert places(lint(root)) == []
    (root / "pyproject.toml").write_text(f'[tool.fastapi-lint]\n{key} = "0.101"\n', encoding="utf-8")
    assert len(places(lint(root))) == 1


def test_an_option_that_cannot_be_used_is_a_configuration_error(write: Any) -> None:
    with pytest.raises(ConfigurationError, match="FAL999"):
        lint(write(main=""), select=("FAL999",))


def test_rules_are_silent_in_files_that_the_configuration_names(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS)
    (root / "pyproject.toml").write_text(
        '[tool.fastapi-lint.per-file-ignores]\n"main.py" = ["status-of-route"]\n'
    )
    assert places(lint(root)) == []


def test_a_visitor_sees_the_functions_of_the_kinds_that_it_visits(use: Any, write: Any) -> None:
    use(CallInHandler, NeededFunction)
    root = write(
        main="""\
        from typing import Annotated
        from fastapi import Depends, FastAPI
        app = FastAPI()
        def dependency():
            return helper()
        def helper(): ...
        def idle(): ...
        @app.get("/")
        def handler(x: Annotated[int, Depends(dependency)]): ...
        """
    )
    outcome = lint(root, level="strict")
    assert [found.message for found in outcome.diagnostics if found.code == "FAL193"] == [
        "`dependency` serves 0 routes",
        "`helper` serves 0 routes",
    ]


def test_a_module_visitor_is_only_driven_where_it_is_concerned(use: Any, write: Any) -> None:
    class Unconcerned(WordInModule):
        @classmethod
        def concerns(cls, application: Application, module: Module, text: str) -> bool:
            return super().concerns(application, module, text) and module.name == "here"

    use(Unconcerned)
    root = write(here="x = 'secret'\n", there="x = 'secret'\n")
    assert places(lint(root, select=("FAL3",))) == ["here.py:1:5 FAL391"]


def test_libcst_is_only_imported_where_there_is_something_to_see(write: Any) -> None:
    program = """
        import sys
        from pathlib import Path
        from fastapi_lint.engine import Request, check, routes
        request = Request(working_directory=Path(sys.argv[1]), select=("FAL000",))
        assert check(request).routes == len(routes(request)) == 1
        assert "libcst" not in sys.modules
        """
    root = write(main=MAIN, status=STATUS)
    subprocess.run([sys.executable, "-c", textwrap.dedent(program), root], check=True)


# Several projects


def test_every_project_has_its_own_configuration(use: Any, write: Any) -> None:
    use(StatusOfRoute, WordInModule)
    root = write(
        main=MAIN,
        status=STATUS,
        nested__main=MAIN,
        nested__status="GONE = 404\n",
        nested__word="x = 'secret'\n",
        word="x = 'secret'\n",
    )
    (root / "nested" / "pyproject.toml").write_text('[tool.fastapi-lint]\nlevel = "strict"\n')
    outcome = lint(root)
    assert [f"{found.path} {found.message}" for found in outcome.diagnostics] == [
        "main.py `GET /a` answers 410",
        "nested/main.py `GET /a` answers 404",
        "nested/word.py it is out",
    ]
    assert (outcome.files, outcome.routes) == (6, 2)
    assert places(lint(root, "nested/word.py")) == ["nested/word.py:1:5 FAL391"]
    assert lint(root / "nested").files == 3
    assert len(routes(Request(working_directory=root))) == 2


def test_what_is_excluded_holds_no_project(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS, nested__main=MAIN, nested__status=STATUS)
    (root / "nested" / "pyproject.toml").touch()
    (root / "pyproject.toml").write_text('[tool.fastapi-lint]\nextend-exclude = ["nested/"]\n')
    assert places(lint(root)) == ["main.py:6:2 FAL192"]


def test_an_excluded_file_is_reported_when_it_is_named_unless_exclusion_is_forced(
    use: Any, write: Any
) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS)
    (root / "pyproject.toml").write_text('[tool.fastapi-lint]\nextend-exclude = ["main.py"]\n')
    assert lint(root).files == 1
    assert places(lint(root, "main.py")) == ["main.py:6:2 FAL192"]
    assert lint(root, "main.py", force_exclude=True).files == 0


# Files that can't be read


@pytest.mark.parametrize(
    ("data", "line", "column", "message"),
    [
        (b"x = 1\ndef a(:\n", 2, 7, "syntax error: "),
        (b"x = '\xe9'\n", 1, 6, "can't be decoded"),
        (b"x = 1\ny\0\n", 2, 2, "null byte"),
        (b"# coding: nonsense\n", 1, 11, "nonsense"),
        (b"(" * 10_000 + b")" * 10_000, 1, 201, "syntax error: too many nested parentheses"),
        (b"-" * 100_000 + b"1", 1, 1, "is nested too deeply to be read"),
        (b"lambda:" * 10_000 + b"1", 1, 1, "is nested too deeply to be read"),
        (b"x = a" + b"()" * 4_000, 1, 1, "is nested too deeply to be read"),
        (b"  x\n", 1, None, "syntax error: unexpected indent"),
        (b"x = 1" + b"1" * 5_000, 1, None, "syntax error: "),
    ],
)
def test_a_file_that_cannot_be_read_is_a_diagnostic_and_the_others_are_linted(
    use: Any, write: Any, data: bytes, line: int, column: int | None, message: str
) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS)
    (root / "broken.py").write_bytes(data)
    broken, found = lint(root).diagnostics
    assert (broken.code, broken.name, broken.path) == ("FAL000", "unreadable-file", "broken.py")
    assert broken.severity is Severity.ERROR
    assert message in broken.message
    assert broken.span.line == line
    assert broken.span.column == (column or broken.span.column)
    assert found.path == "main.py"


def test_deep_but_honest_nesting_is_read(use: Any, write: Any) -> None:
    use(CallInHandler)
    deep = "x = " + " + ".join(["1"] * 900) + "\n"
    chain = "if a: pass\n" + "elif b: pass\n" * 500
    handler = "@app.get('/')\ndef read():\n    return " + " + ".join(["f()"] * 600) + "\n"
    root = write(main=f"import fastapi\napp = fastapi.FastAPI()\n{handler}", deep=deep, chain=chain)
    outcome = lint(root)
    assert outcome.failures == ()
    assert len(outcome.diagnostics) == 601


def test_a_selection_does_not_hide_what_cannot_be_read_but_ignoring_does(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main="(")
    assert places(lint(root, select=("FAL192",))) == ["main.py:1:1 FAL000"]
    assert places(lint(root, ignore=("FAL000",))) == []
    (root / "pyproject.toml").write_text('[tool.fastapi-lint.per-file-ignores]\n"main.py" = ["FAL000"]\n')
    assert places(lint(root)) == []


def test_a_file_that_is_not_there_is_a_diagnostic(write: Any) -> None:
    assert places(lint(write(main=""), "gone.py")) == ["gone.py:1:1 FAL000"]


def test_what_only_libcst_cannot_read_is_a_diagnostic_too(
    use: Any, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    import libcst  # noqa: PLC0415 - this file's other tests do without

    def refuse(_text: str) -> None:
        raise libcst.ParserSyntaxError("no idea", lines=["x"], raw_line=3, raw_column=4)

    use(CallInHandler)
    root = write(main=MAIN, status=STATUS)
    monkeypatch.setattr(libcst, "parse_module", refuse)
    (found,) = lint(root).diagnostics
    assert (found.code, found.message) == ("FAL000", "LibCST can't read it: no idea")
    assert (found.span.line, found.span.column) == (3, 5)


def test_warnings_about_the_code_are_not_ours(write: Any) -> None:
    assert lint(write(main="x = '\\d' is 1\n")).diagnostics == ()


# Rules that fail


def test_a_rule_that_raises_is_one_failure_a_file_and_the_others_go_on(use: Any, write: Any) -> None:
    use(Breaking, CallInHandler)
    root = write(
        main="""\
        import fastapi
        app = fastapi.FastAPI()
        @app.get("/a")
        def first(): print()
        @app.get("/b")
        def second(): print()
        """
    )
    outcome = lint(root)
    assert outcome.failures == ("rule FAL194 failed on file main.py: KeyError: 'first'",)
    assert [item for item in places(outcome) if "FAL191" in item] == [
        "main.py:3:2 FAL191",
        "main.py:4:14 FAL191",
        "main.py:5:2 FAL191",
        "main.py:6:15 FAL191",
    ]


def test_a_rule_of_the_application_may_fail_as_well(use: Any, write: Any) -> None:
    class BreakingRule(StatusOfRoute):
        def check(self) -> None:
            raise ValueError("no")

    use(BreakingRule, CallInHandler)
    outcome = lint(write(main=MAIN, status=STATUS))
    assert outcome.failures == ("rule FAL192 failed on the application: ValueError: no",)
    assert len(outcome.diagnostics) == 2


def test_a_rule_may_fail_to_say_what_concerns_it(use: Any, write: Any) -> None:
    class BreakingVisitor(WordInModule):
        @classmethod
        def concerns(cls, application: Application, module: Module, text: str) -> bool:
            raise ValueError(module.name + text, application)

    use(BreakingVisitor, StatusOfRoute)
    outcome = lint(write(main=MAIN, status=STATUS), level="strict")
    assert [failure.split(":")[0] for failure in outcome.failures] == [
        "rule FAL391 failed on file main.py",
        "rule FAL391 failed on file status.py",
    ]
    assert places(outcome) == ["main.py:6:2 FAL192"]


def test_a_visitor_that_cannot_be_driven_fails_where_it_should_have_been(use: Any, write: Any) -> None:
    class Mistaken(CallInHandler):
        def visit_Clal(self, node: cst.Call) -> None:
            raise NotImplementedError

    use(Mistaken)
    outcome = lint(write(main=MAIN, status=STATUS))
    (failure,) = outcome.failures
    assert failure.startswith(
        "rules failed on file main.py: TypeError: Mistaken.visit_Clal would never be called"
    )


# Comments


@pytest.mark.parametrize(
    ("text", "suppressed"),
    [
        ("@app.get('/', status_code=201)  # noqa\ndef a(): ...\n", 1),
        ("@app.get('/', status_code=201)  # noqa: FAL192\ndef a(): ...\n", 1),
        ("@app.get('/', status_code=201)  # fastapi-lint: ignore[status-of-route] why\ndef a(): ...\n", 1),
        ("@app.get('/', status_code=201)\ndef a(): ...  # noqa: FAL192\n", 1),
        ("@app.get(\n  '/',\n  status_code=201,\n)  # noqa: FAL192\ndef a(): ...\n", 1),
        ("@app.get(\n  '/', # noqa: FAL192\n  status_code=201,\n)\ndef a(): ...\n", 1),
        ("def b(): ...\napp.add_api_route(\n  '/', b, status_code=201,\n)  # noqa: FAL192\n", 1),
        ("@app.get('/', status_code=201)  # noqa: FAL191\ndef a(): ...\n", 0),
        ("@app.get('/', status_code=201)\ndef a():\n    ...  # noqa: FAL192\n", 0),
        ("@app.get('/', status_code=201)\n@other()  # noqa: FAL192\ndef a(): ...\n", 0),
        ("# noqa: FAL192\n@app.get('/', status_code=201)\ndef a(): ...\n", 0),
        ("if x:\n  def b(): ...\n  app.add_api_route('/', b,\n status_code=2)  # noqa\n", 1),
    ],
)
def test_comments_silence_what_stands_in_their_statement(
    use: Any, write: Any, text: str, suppressed: int
) -> None:
    use(StatusOfRoute)
    outcome = lint(write(main=f"import fastapi\napp = fastapi.FastAPI()\n{text}"))
    assert outcome.suppressed == suppressed
    assert [item.code for item in outcome.diagnostics if item.code != "FAL001"] == ["FAL192"] * (
        1 - suppressed
    )


# Standard input, and single files


def test_standard_input_takes_the_place_of_the_file(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main="", status=STATUS)
    text = textwrap.dedent(MAIN)
    outcome = lint(root, stdin=("main.py", text.encode()))
    assert places(outcome) == ["main.py:6:2 FAL192"]
    assert outcome.files == 1
    assert outcome.source_line("main.py", 6) == '@app.get("/a", status_code=GONE)'
    assert places(lint(root, stdin=("main.py", "\n" + text))) == ["main.py:7:2 FAL192"]
    assert places(lint(root, stdin=("new.py", text))) == ["new.py:6:2 FAL192"]


@pytest.mark.parametrize("text", ["x = '\ud800'\n", "x\0\n"])
def test_text_that_no_file_holds_is_unreadable(write: Any, text: str) -> None:
    assert places(lint(write(main=""), stdin=("main.py", text))) == ["main.py:1:1 FAL000"]


def test_a_project_is_asked_about_single_files(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write(main=MAIN, status=STATUS)
    (root / "pyproject.toml").write_text('[tool.fastapi-lint]\nextend-exclude = ["excluded.py"]\n')
    text = textwrap.dedent(MAIN)
    project = open_project(root)
    assert [found.span.line for found in check_file(project, root / "main.py", text)] == [6]
    assert [found.span.line for found in check_file(project, root / "main.py", "\n" + text)] == [7]
    assert [found.span.line for found in check_file(project, root / "new.py", text)] == [6]
    assert check_file(project, root / "status.py", STATUS) == ()
    assert check_file(project, root / "excluded.py", text) == ()


def test_a_project_without_files_can_be_asked_about_one(use: Any, write: Any) -> None:
    use(StatusOfRoute)
    root = write()
    (found,) = check_file(
        open_project(root), root / "main.py", textwrap.dedent(MAIN).replace("=GONE", "=201")
    )
    assert found.span.line == 6


# How it goes about it


def test_progress_is_told_phase_by_phase(use: Any, write: Any) -> None:
    use(CallInHandler)
    told: list[tuple[str, int, int]] = []
    outcome = lint(write(main=MAIN, status=STATUS), progress=lambda *step: told.append(step))
    assert list(dict.fromkeys(phase for phase, _, _ in told)) == ["reading", "linking", "checking"]
    assert ("reading", 1, 2) in told
    assert set(outcome.timings) == {"reading", "linking", "checking"}


def test_lines_of_source_are_found_by_the_path_of_a_diagnostic(write: Any) -> None:
    outcome = lint(write(inner__main="a\nb\r\nc"))
    assert outcome.source_line("inner/main.py", 2) == "b"
    assert outcome.source_line("inner/main.py", 0) is None
    assert outcome.source_line("inner/main.py", 4) is None
    assert outcome.source_line("main.py", 1) is None


def test_the_interpreter_is_left_as_it_was(use: Any, write: Any) -> None:
    use(CallInHandler)
    limit = sys.getrecursionlimit()
    lint(write(main=MAIN, status=STATUS))
    assert sys.getrecursionlimit() == limit
    assert gc.isenabled()
    gc.disable()
    try:
        lint(write(main=MAIN, status=STATUS))
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_routes_are_listed_for_all_the_project(write: Any) -> None:
    root = write(
        main="""\
        from fastapi import Depends, FastAPI
        from pydantic import BaseModel
        class Item(BaseModel): ...
        app = FastAPI()
        def session(): ...
        @app.post("/items", status_code=201, tags=["items"], dependencies=[Depends(session)])
        def create() -> list[Item]: ...
        @app.websocket("/feed")
        async def feed(): ...
        """
    )
    first, second = routes(Request(working_directory=root, paths=(root / "main.py",)))
    assert (first.app, first.kind, first.path, first.methods) == ("main:app", "http", "/items", ["POST"])
    assert (first.handler, first.file, first.line, first.decorator_line) == ("main.create", "main.py", 7, 6)
    assert (first.status_code, first.response_model) == (201, "list[main.Item]")
    assert (first.dependencies, first.tags) == (["main.session"], ["items"])
    assert (second.kind, second.path, second.methods) == ("websocket", "/feed", [])
    assert (second.status_code, second.response_model, second.operation_id) == (None, None, None)
    assert (second.include_in_schema, second.deprecated) == (True, False)
