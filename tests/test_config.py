from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from fastapi_lint.config import Config, ConfigurationError, Option, Settings, find_root, load, read
from fastapi_lint.config.keys import EXTEND, KEYS
from fastapi_lint.diagnostics import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi_lint.config import Level

RULES = {
    "FAL000": "unreadable-file",
    "FAL101": "missing-response-model",
    "FAL103": "create-without-201",
    "FAL301": "auth-in-handler",
    "FAL302": "ownership-check-in-handler",
}


def configure(directory: Path, table: str) -> Config:
    (directory / "pyproject.toml").write_text(f"[tool.fastapi-lint]\n{table}\n", encoding="utf-8")
    return load(directory, RULES, options_of)


class Limited:
    """As a rule declares its options."""

    name = "create-without-201"
    limit = Option(2, "How many.", least=1)
    strictly = Option(default=False, says="Whether.")
    word = Option("", "Which.")

    def __init__(self, application: Linked) -> None:
        self.application = application


class Linked(NamedTuple):
    settings: Settings


def options_of(rule: str) -> Mapping[str, Option[Any]]:
    if rule == Limited.name:
        return {option.key: option for option in (Limited.limit, Limited.strictly, Limited.word)}
    return {"names": Option((), "Which.")} if rule == "auth-in-handler" else {}


def complaint(directory: Path, table: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        configure(directory, table)
    sentence = str(caught.value).replace(str(directory / "pyproject.toml"), "pyproject.toml")
    assert "\n" not in sentence
    return sentence


def enabled(config: Config, level: Level = "default") -> list[str]:
    return [code for code in RULES if config.enables(code, level)]


def test_the_root_is_the_directory_of_the_closest_pyproject(tmp_path: Path) -> None:
    inner = tmp_path / "backend" / "app"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "backend" / "pyproject.toml").touch()
    (inner / ".git").mkdir()
    assert find_root(inner) == tmp_path / "backend"
    assert find_root(inner / "main.py") == tmp_path / "backend"
    assert load(inner, RULES) == Config(
        root=tmp_path / "backend", file=tmp_path / "backend" / "pyproject.toml"
    )


def test_without_a_pyproject_the_root_is_the_repository_and_else_the_directory_given(tmp_path: Path) -> None:
    inner = tmp_path / "app"
    inner.mkdir()
    assert find_root(inner) == inner
    (tmp_path / ".git").touch()
    assert find_root(inner) == tmp_path
    assert load(inner, RULES) == Config(root=tmp_path)


def test_a_path_that_does_not_exist_belongs_to_the_project_it_would_be_in(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    assert find_root(tmp_path / "not" / "yet.py") == tmp_path


def test_a_directory_named_pyproject_is_no_configuration(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").mkdir()
    (tmp_path / "app").mkdir()
    assert find_root(tmp_path / "app") == tmp_path / "app"


def test_the_own_file_of_the_linter_goes_before_the_pyproject_beside_it(tmp_path: Path) -> None:
    own = tmp_path / "fastapi-lint.toml"
    configure(tmp_path, 'level = "strict"')
    own.write_text('ignore = ["FAL101"]\n', encoding="utf-8")
    assert load(tmp_path, RULES) == Config(root=tmp_path, file=own, ignore=("FAL101",))
    own.write_text("ignor = []\n", encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"^unknown key `ignor` in .*fastapi-lint\.toml: did you mean"
    ):
        load(tmp_path, RULES)


def test_the_own_file_of_the_linter_marks_a_project(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").touch()
    inner = tmp_path / "api" / "app"
    inner.mkdir(parents=True)
    (tmp_path / "api" / "fastapi-lint.toml").touch()
    assert find_root(inner) == tmp_path / "api"


def test_an_extended_file_speaks_where_the_extending_one_is_silent(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    base = tmp_path / "base.toml"
    base.write_text('level = "strict"\nignore = ["FAL101"]\nsrc = ["backend"]\n', encoding="utf-8")
    inner = tmp_path / "service"
    inner.mkdir()
    config = configure(inner, 'extend = "../base.toml"\nignore = []')
    assert (config.root, config.level, config.ignore) == (inner, "strict", ())
    assert config.src == (tmp_path / "backend",)


def test_files_that_extend_each_other_or_nothing_are_one_sentence(tmp_path: Path) -> None:
    base = tmp_path / "base.toml"
    base.write_text('extend = "pyproject.toml"\n', encoding="utf-8")
    assert "names `pyproject.toml`, which extends this file in turn" in complaint(
        tmp_path, 'extend = "base.toml"'
    )
    assert complaint(tmp_path, 'extend = "other.toml"').endswith("names `other.toml`, which is not a file")
    assert complaint(tmp_path, "extend = 1").endswith("must be a string, not a number")


def test_a_given_file_can_configure_a_project_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "project" / "lib").mkdir(parents=True)
    file = tmp_path / "ci.toml"
    file.write_text('level = "strict"\nsrc = ["lib"]\n', encoding="utf-8")
    config = read(file, RULES, root=tmp_path / "project")
    assert config.root == tmp_path / "project"
    assert config.src == (tmp_path / "project" / "lib",)


def test_every_key_is_read(tmp_path: Path) -> None:
    (tmp_path / "backend").mkdir()
    config = configure(
        tmp_path,
        """
        level = "strict"
        select = ["FAL1", "auth-in-handler"]
        extend-select = ["fal302"]
        ignore = ["Create-Without-201"]
        exclude = ["generated/"]
        extend-exclude = ["*_pb2.py"]
        src = ["backend", "."]
        target-fastapi = "0.95"
        target-pydantic = "2.7.1"
        fail-on = "error"
        require-reason = true
        include = ["app/*.py"]
        force-exclude = true
        respect-gitignore = false
        session-types = ["app.db.Session"]
        session-factories = ["app.db.new"]
        auth-dependencies = ["app.deps.user"]
        public-routes = ["POST /login", "/hooks/*"]
        blocking-calls = ["app.sdk.wait"]
        [tool.fastapi-lint.severity]
        FAL1 = "info"
        auth-in-handler = "error"
        [tool.fastapi-lint.rules.auth-in-handler]
        names = ["a"]
        [tool.fastapi-lint.rules.FAL103]
        limit = 3
        strictly = true
        word = "x"
        [tool.fastapi-lint.per-file-ignores]
        "tests/**" = ["FAL1", "auth-in-handler"]
        """,
    )
    assert config == Config(
        root=tmp_path,
        file=tmp_path / "pyproject.toml",
        level="strict",
        select=("FAL1", "FAL301"),
        extend_select=("FAL302",),
        ignore=("FAL103",),
        per_file_ignores=(("tests/**", ("FAL1", "FAL301")),),
        exclude=("generated/",),
        extend_exclude=("*_pb2.py",),
        src=(tmp_path / "backend", tmp_path),
        target_fastapi=(0, 95),
        target_pydantic=(2, 7, 1),
        fail_on=Severity.ERROR,
        require_reason=True,
        include=("app/*.py",),
        force_exclude=True,
        respect_gitignore=False,
        session_types=("app.db.Session",),
        session_factories=("app.db.new",),
        auth_dependencies=("app.deps.user",),
        public_routes=("POST /login", "/hooks/*"),
        blocking_calls=("app.sdk.wait",),
        severity=(("FAL1", Severity.INFO), ("FAL301", Severity.ERROR)),
        rule_options=(
            ("auth-in-handler", (("names", ("a",)),)),
            ("create-without-201", (("limit", 3), ("strictly", True), ("word", "x"))),
        ),
    )
    assert config.settings == Settings(
        level="strict",
        session_types=("app.db.Session",),
        session_factories=("app.db.new",),
        auth_dependencies=("app.deps.user",),
        public_routes=("POST /login", "/hooks/*"),
        blocking_calls=("app.sdk.wait",),
        rule_options=config.rule_options,
    )


def test_every_key_is_a_field_of_the_configuration() -> None:
    fields = {key.field or name.replace("-", "_") for name, key in KEYS.items() if name != EXTEND}
    assert fields | {"root", "file"} == set(Config.__struct_fields__)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            "selct = []",
            "unknown key `selct` IN: did you mean `select`?",
        ),
        (
            "extend_select = []",
            "unknown key `extend_select` IN: did you mean `extend-select`?",
        ),
        (
            "quiet = true",
            ("unknown key `quiet` IN: `fastapi-lint check --show-settings` shows all keys"),
        ),
        (
            'select = "FAL101"',
            ('`select` IN must be a list of strings, not a string: did you mean `["FAL101"]`?'),
        ),
        (
            "ignore = true",
            "`ignore` IN must be a list of strings, not a boolean",
        ),
        (
            "ignore = [101]",
            "`ignore` IN must be a list of strings, but holds a number",
        ),
        (
            'select = ["FAL1O3"]',
            ("`select` IN names the unknown rule `FAL1O3`: did you mean `FAL103`?"),
        ),
        (
            'select = ["missing-response-modle"]',
            (
                "`select` IN names the unknown rule "
                "`missing-response-modle`: did you mean `missing-response-model`?"
            ),
        ),
        (
            'ignore = ["E501"]',
            (
                "`ignore` IN names the unknown rule `E501`: "
                "a rule is named by its code, the beginning of its code or its name"
            ),
        ),
        (
            'ignore = ["FA"]',
            (
                "`ignore` IN names the unknown rule `FA`: "
                "a rule is named by its code, the beginning of its code or its name"
            ),
        ),
        (
            'level = "strickt"',
            ("`level` IN is the unknown level `strickt`: did you mean `strict`?"),
        ),
        (
            'level = "all"',
            ("`level` IN is the unknown level `all`: the levels are `default`, `strict` and `pedantic`"),
        ),
        (
            "level = 3",
            ("`level` IN must be one of `default`, `strict` and `pedantic`, not a number"),
        ),
        (
            'exclude = ["!"]',
            ("`exclude` IN holds the malformed pattern `!`, which must be written as in a .gitignore"),
        ),
        (
            'per-file-ignores = ["FAL101"]',
            (
                "`per-file-ignores` IN must be a table of patterns and rules "
                'such as `"tests/**" = ["FAL101"]`, not a list'
            ),
        ),
        (
            'per-file-ignores = { "tests/**" = ["FAL999"] }',
            (
                "`tests/**` of `per-file-ignores` IN names the unknown rule "
                "`FAL999`: a rule is named by its code, the beginning of its code or its name"
            ),
        ),
        (
            'per-file-ignores = { "!src/**" = ["FAL101"] }',
            (
                "`per-file-ignores` IN can't hold the negated pattern "
                "`!src/**`: name the files that the rules say nothing about"
            ),
        ),
        (
            'per-file-ignores = { "a\\\\" = ["FAL101"] }',
            (
                "`per-file-ignores` IN holds the malformed pattern `a\\`, "
                "which must be written as in a .gitignore"
            ),
        ),
        (
            "target-fastapi = 0.115",
            ('`target-fastapi` IN must be a string, not a number: did you mean `"0.115"`?'),
        ),
        (
            "target-fastapi = 2024-01-01",
            "`target-fastapi` IN must be a string, not a date or time",
        ),
        (
            'target-pydantic = ">=2.7,<3"',
            ("`target-pydantic` IN is `>=2.7,<3`, but must be a plain version: did you mean `2.7`?"),
        ),
        (
            'target-pydantic = "latest"',
            ("`target-pydantic` IN is `latest`, but must be a plain version such as `0.115.0`"),
        ),
        ('fail-on = "warn"', "`fail-on` IN is the unknown severity `warn`: did you mean `warning`?"),
        (
            'severity = { FAL101 = "low" }',
            (
                "`FAL101` of `severity` IN is the unknown severity `low`: "
                "the severities are `error`, `warning` and `info`"
            ),
        ),
        (
            'severity = "info"',
            ('`severity` IN must be a table of rules and severities such as `FAL101 = "info"`, not a string'),
        ),
        ("force-exclude = 1", "`force-exclude` IN must be `true` or `false`, not a number"),
        (
            'session-types = ["app.db:Session"]',
            (
                "`session-types` IN holds `app.db:Session`, but must hold dotted names: "
                "did you mean `app.db.Session`?"
            ),
        ),
        (
            'blocking-calls = ["-"]',
            "`blocking-calls` IN holds `-`, but must hold dotted names such as `app.db.get_session`",
        ),
        (
            'public-routes = ["post login"]',
            (
                "`public-routes` IN holds `post login`, which is no path, nor a method and a path: "
                "did you mean `POST /login`?"
            ),
        ),
        (
            'public-routes = ["ONE TWO /x"]',
            (
                "`public-routes` IN holds `ONE TWO /x`, which is no path, nor a method and a path: "
                "such as `POST /webhooks/*`"
            ),
        ),
        (
            'public-routes = ["PSOT /x"]',
            "`public-routes` IN holds `PSOT /x`, whose method nobody knows: did you mean `POST`?",
        ),
        ("rules = []", "`rules` IN must be a table of rules, each a table of options, not a list"),
        (
            "rules = { creat-without-201 = {} }",
            "`rules` IN names the unknown rule `creat-without-201`: did you mean `create-without-201`?",
        ),
        (
            "rules = { FAL302 = {} }",
            "`FAL302` of `rules` IN can't be set: the rule has no options",
        ),
        (
            "rules.FAL103 = { limits = 3 }",
            "`FAL103` of `rules` IN has no option `limits`: did you mean `limit`?",
        ),
        (
            'rules.FAL103 = { limit = "3" }',
            "`limit` of `FAL103` of `rules` IN must be a whole number, not a string",
        ),
        ("rules.FAL103 = { limit = 0 }", "`limit` of `FAL103` of `rules` IN is 0, but must be 1 or more"),
        (
            "rules.FAL103 = { word = 3 }",
            "`word` of `FAL103` of `rules` IN must be a string, not a number",
        ),
        (
            'src = ["backnd"]',
            ("`src` IN names `backnd`, which is not a directory: did you mean `backend`?"),
        ),
        (
            'src = ["nowhere/else"]',
            "`src` IN names `nowhere/else`, which is not a directory",
        ),
    ],
)
def test_a_mistake_is_one_sentence_that_names_the_place(tmp_path: Path, table: str, sentence: str) -> None:
    (tmp_path / "backend").mkdir()
    assert complaint(tmp_path, table) == sentence.replace("IN", "in [tool.fastapi-lint] of pyproject.toml")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"[tool\n", "is not valid TOML: expected "),
        (b"# caf\xe9\n", "is not UTF-8, as TOML must be: byte 5 can't be decoded"),
        (b"a = " + b"[" * 100_000, "nests its values too deeply to be read"),
        (b"tool = 3\n", "`tool` in pyproject.toml must be a table, not a number"),
        (b"[tool]\nfastapi-lint = []\n", "`tool.fastapi-lint` in pyproject.toml must be a table, not a list"),
    ],
)
def test_a_file_that_makes_no_sense_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, RULES)
    text = str(caught.value).replace(str(file), "pyproject.toml")
    assert sentence in text
    assert "\n" not in text


def test_a_configuration_file_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"other\.toml can't be read: no such file or directory$"):
        read(tmp_path / "other.toml", RULES)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_configuration_file_without_permission_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.touch(mode=0)
    with pytest.raises(ConfigurationError, match=r"pyproject\.toml can't be read: permission denied$"):
        load(tmp_path, RULES)


def test_a_file_in_the_working_directory_is_named_without_its_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.fastapi-lint]\nselect = 1\n", encoding="utf-8")
    with pytest.raises(
        ConfigurationError, match=r"^`select` in \[tool\.fastapi-lint\] of pyproject\.toml must"
    ):
        load(Path(), RULES)


def test_a_rule_reads_its_options_as_attributes(tmp_path: Path) -> None:
    unset = Limited(Linked(Config(root=tmp_path).settings))
    assert (unset.limit, unset.strictly, unset.word) == (2, False, "")
    settings = configure(tmp_path, "[tool.fastapi-lint.rules.create-without-201]\nlimit = 7").settings
    assert Limited(Linked(settings)).limit == 7
    assert Limited.limit.given(Limited.name, settings) == 7


def test_the_severity_of_the_longer_selector_holds(tmp_path: Path) -> None:
    config = configure(tmp_path, 'severity = { FAL1 = "info", FAL101 = "error" }')
    assert config.severity_of("FAL101", Severity.WARNING) is Severity.ERROR
    assert config.severity_of("FAL103", Severity.WARNING) is Severity.INFO
    assert config.severity_of("FAL301", Severity.WARNING) is Severity.WARNING


def test_a_level_enables_the_rules_of_it_and_of_those_below(tmp_path: Path) -> None:
    config = Config(root=tmp_path, level="strict")
    assert config.enables("FAL101", "default")
    assert config.enables("FAL101", "strict")
    assert not config.enables("FAL101", "pedantic")


def test_select_enables_what_it_covers_whatever_its_level(tmp_path: Path) -> None:
    config = configure(tmp_path, 'select = ["FAL3"]')
    assert enabled(config, "pedantic") == ["FAL301", "FAL302"]
    assert enabled(configure(tmp_path, "select = []")) == []


def test_extend_select_adds_to_the_level(tmp_path: Path) -> None:
    assert enabled(configure(tmp_path, 'extend-select = ["FAL302"]'), "pedantic") == ["FAL302"]


def test_the_longer_selector_decides_and_of_equals_ignore(tmp_path: Path) -> None:
    assert enabled(configure(tmp_path, 'select = ["FAL3"]\nignore = ["FAL301"]')) == ["FAL302"]
    assert enabled(configure(tmp_path, 'select = ["FAL301"]\nignore = ["FAL3"]')) == ["FAL301"]
    assert enabled(configure(tmp_path, 'select = ["FAL301"]\nignore = ["FAL301"]')) == []
    assert enabled(configure(tmp_path, 'ignore = ["FAL"]\nextend-select = ["FAL1"]')) == ["FAL101", "FAL103"]


def test_rules_are_silent_in_the_files_that_per_file_ignores_match(tmp_path: Path) -> None:
    config = configure(
        tmp_path,
        'per-file-ignores = { "tests/**" = ["FAL1"], "__init__.py" = ["FAL301"], "/app/old/" = ["FAL"] }',
    )
    assert config.ignores("FAL101", tmp_path / "tests" / "api" / "test_items.py")
    assert not config.ignores("FAL301", tmp_path / "tests" / "api" / "test_items.py")
    assert not config.ignores("FAL101", tmp_path / "app" / "main.py")
    assert config.ignores("FAL301", tmp_path / "app" / "__init__.py")
    assert config.ignores("FAL302", tmp_path / "app" / "old" / "main.py")
    assert not config.ignores("FAL302", tmp_path / "lib" / "app" / "old" / "main.py")


def test_a_file_outside_the_root_is_known_by_its_name(tmp_path: Path) -> None:
    config = Config(root=tmp_path / "project")
    assert config.relative(tmp_path / "project" / "app" / "main.py") == "app/main.py"
    assert config.relative(tmp_path / "tests" / "main.py") == "main.py"


def test_the_command_line_replaces_the_whole_selection_by_select(tmp_path: Path) -> None:
    config = configure(tmp_path, 'ignore = ["FAL101"]\nextend-select = ["FAL302"]')
    assert enabled(config.replace(RULES, select=["missing-response-model"])) == ["FAL101"]
    assert config.replace(RULES) == config


def test_the_command_line_undoes_what_the_file_says_about_the_same_rules(tmp_path: Path) -> None:
    config = configure(tmp_path, 'select = ["FAL301", "FAL101"]\nignore = ["FAL103"]')
    assert enabled(config.replace(RULES, ignore=["FAL3"])) == ["FAL101"]
    assert enabled(config.replace(RULES, extend_select=["FAL1"])) == ["FAL101", "FAL103", "FAL301"]
    assert enabled(config.replace(RULES, extend_select=["FAL1"], ignore=["FAL1"])) == ["FAL301"]


def test_the_command_line_sets_the_level_and_adds_patterns(tmp_path: Path) -> None:
    config = configure(tmp_path, 'level = "strict"\nextend-exclude = ["a/"]')
    replaced = config.replace(RULES, level="pedantic", extend_exclude=["b/"])
    assert (replaced.level, replaced.extend_exclude) == ("pedantic", ("a/", "b/"))
    replaced = config.replace(RULES, exclude=["c/"], fail_on="error", respect_gitignore=False)
    assert (replaced.exclude, replaced.fail_on) == (("c/",), Severity.ERROR)
    assert not replaced.respect_gitignore


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"select": ["FAL1O3"]}, "`--select` names the unknown rule `FAL1O3`: did you mean `FAL103`?"),
        ({"extend_select": ["x"]}, "`--extend-select` names the unknown rule `x`: "),
        ({"ignore": ["auth-in-handlr"]}, "`--ignore` names the unknown rule `auth-in-handlr`: "),
        ({"level": "stric"}, "`--level` is the unknown level `stric`: did you mean `strict`?"),
        ({"extend_exclude": ["!"]}, "`--extend-exclude` holds the malformed pattern `!`, "),
    ],
)
def test_a_mistake_on_the_command_line_names_the_option(
    tmp_path: Path, options: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        Config(root=tmp_path).replace(RULES, **options)  # type: ignore[arg-type]
    assert str(caught.value).startswith(sentence)
