from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fastapi_lint.config import Config, find_root
from fastapi_lint.source.discovery import EXCLUDED, Discovery, discover
from fastapi_lint.source.reading import Unreadable
from fastapi_lint.source.roles import roles


def make(root: Path, *names: str) -> None:
    for name in names:
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()


def write(root: Path, name: str, text: str | bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())


def found(config: Config, *paths: str, force_exclude: bool = False) -> list[str]:
    discovery = discover(
        config,
        [config.root / path for path in paths],
        force_exclude=force_exclude,
    )
    assert not discovery.unreadable
    return [os.path.relpath(file, config.root).replace(os.sep, "/") for file in discovery.files]


def test_the_python_files_of_the_project_are_found_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.py", "a/z.py", "a/b/c.py", "a.pyi", "README.md", ".github/check.py", "a-b.py")
    assert found(Config(root=tmp_path)) == [".github/check.py", "a-b.py", "a/b/c.py", "a/z.py", "b.py"]


def test_a_directory_that_is_named_like_a_file_is_a_directory(tmp_path: Path) -> None:
    make(tmp_path, "package.py/inner.py")
    assert found(Config(root=tmp_path)) == ["package.py/inner.py"]


@pytest.mark.parametrize("directory", sorted(pattern.rstrip("/") for pattern in EXCLUDED))
def test_what_nobody_wrote_for_the_project_is_left_out(tmp_path: Path, directory: str) -> None:
    make(tmp_path, f"{directory}/a.py", f"app/{directory}/inner/b.py", "app/main.py")
    assert found(Config(root=tmp_path)) == ["app/main.py"]


def test_an_environment_is_left_out_whatever_its_name(tmp_path: Path) -> None:
    make(
        tmp_path,
        "env/pyvenv.cfg",
        "env/lib/a.py",
        "conda/conda-meta/history",
        "conda/b.py",
        "environment/c.py",
    )
    assert found(Config(root=tmp_path)) == ["environment/c.py"]


def test_a_project_may_lie_in_a_directory_that_would_be_left_out(tmp_path: Path) -> None:
    root = tmp_path / "build" / "site-packages" / "app"
    make(root, "main.py", "pyvenv.cfg")
    assert found(Config(root=root)) == ["main.py"]
    assert found(Config(root=root), "main.py", force_exclude=True) == ["main.py"]


def test_exclude_takes_the_place_of_what_is_built_in(tmp_path: Path) -> None:
    make(tmp_path, "build/a.py", "generated/b.py", "env/pyvenv.cfg", "env/c.py")
    assert found(Config(root=tmp_path, exclude=("generated/",))) == ["build/a.py", "env/c.py"]


def test_extend_exclude_adds_patterns_and_takes_others_back(tmp_path: Path) -> None:
    make(tmp_path, "build/a.py", "app/a_pb2.py", "app/old/b.py", "old/c.py", "app/main.py")
    config = Config(root=tmp_path, extend_exclude=("*_pb2.py", "/app/old", "!build/"))
    assert found(config) == ["app/main.py", "build/a.py", "old/c.py"]


def test_a_path_that_is_given_is_taken_even_if_it_is_excluded(tmp_path: Path) -> None:
    make(tmp_path, "build/a.py", "build/b/c.py", "build/venv/d.py", "script", "app/main.py")
    config = Config(root=tmp_path)
    assert found(config, "build/a.py", "script") == ["build/a.py", "script"]
    assert found(config, "build") == ["build/a.py", "build/b/c.py"]
    assert found(config, "build/b", "build/b/c.py") == ["build/b/c.py"]


def test_force_exclude_leaves_out_given_paths_too(tmp_path: Path) -> None:
    make(tmp_path, "build/b/a.py", "app/a_pb2.py", "app/main.py", "env/pyvenv.cfg", "env/b.py")
    config = Config(root=tmp_path, extend_exclude=("*_pb2.py",))
    given = ("build/b/a.py", "build", "build/b", "app/a_pb2.py", "app/main.py", "env/b.py", "main.py")
    assert found(config, *given, force_exclude=True) == ["app/main.py", "main.py"]


def test_paths_outside_the_project_are_judged_by_themselves(tmp_path: Path) -> None:
    make(tmp_path, "build/lib/a.py", "build/lib/venv/b.py", "app/main.py")
    config = Config(root=tmp_path / "app")
    assert found(config, "../build") == ["../build/lib/a.py"]
    assert found(config, "../build/lib/a.py", force_exclude=True) == ["../build/lib/a.py"]


def test_a_path_that_is_not_there_is_left_to_the_reader(tmp_path: Path) -> None:
    assert found(Config(root=tmp_path), "missing.py") == ["missing.py"]


def test_git_is_obeyed_at_every_level(tmp_path: Path) -> None:
    make(
        tmp_path,
        "a.py",
        "gen/b.py",
        "app/c.py",
        "app/gen/d.py",
        "app/keep_me.py",
        "app/x/c.py",
        "lib/drop_me.py",
    )
    write(tmp_path, ".gitignore", "gen/\n*_me.py\n# comment\n")
    write(tmp_path, "app/.gitignore", b"\xef\xbb\xbf/c.py\r\n!keep_me.py\n")
    assert found(Config(root=tmp_path)) == ["a.py", "app/keep_me.py", "app/x/c.py"]
    assert "gen/b.py" in found(Config(root=tmp_path, respect_gitignore=False))


def test_a_malformed_line_for_git_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "b.py")
    write(tmp_path, ".gitignore", b"!\n\\\nb.py\n\xff\xfe\n")
    assert found(Config(root=tmp_path)) == ["a.py"]


def test_a_gitignore_that_is_a_directory_says_nothing(tmp_path: Path) -> None:
    make(tmp_path, ".gitignore/a.py", "b.py")
    assert found(Config(root=tmp_path)) == [".gitignore/a.py", "b.py"]


def test_git_is_obeyed_from_the_top_of_the_repository(tmp_path: Path) -> None:
    root = tmp_path / "services" / "api"
    make(root, "main.py", "generated/a.py", "local.py", "app/b.py", "drop.py")
    write(tmp_path, ".gitignore", "generated/\n")
    write(tmp_path, ".git/info/exclude", "local.py\n/services/api/app/\n")
    write(tmp_path, "services/.gitignore", "drop.py\n")
    assert found(Config(root=root)) == ["main.py"]
    assert len(found(Config(root=root, respect_gitignore=False))) == 5


@pytest.mark.parametrize("pattern", ["project/", "/work/"])
def test_a_project_that_git_ignores_as_a_whole_is_linted_all_the_same(tmp_path: Path, pattern: str) -> None:
    root = tmp_path / "work" / "project"
    make(root, "main.py", "drop.py")
    make(tmp_path, ".git/HEAD")
    write(tmp_path, ".gitignore", f"{pattern}\n")
    write(root, ".gitignore", "drop.py\n")
    assert found(Config(root=root)) == ["main.py"]


def test_a_linked_work_tree_finds_what_its_repository_excludes(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    make(root, "main.py", "local.py")
    write(root, ".git", "gitdir: ../repository/.git/worktrees/tree\n")
    write(tmp_path, "repository/.git/worktrees/tree/commondir", "../..\n")
    write(tmp_path, "repository/.git/info/exclude", "local.py\n")
    assert found(Config(root=root)) == ["main.py"]


def test_a_submodule_finds_what_its_repository_excludes(tmp_path: Path) -> None:
    root = tmp_path / "module"
    make(root, "main.py", "local.py")
    write(root, ".git", "gitdir: ../.git/modules/module\n")
    write(tmp_path, ".git/modules/module/info/exclude", "local.py\n")
    assert found(Config(root=root)) == ["main.py"]


def test_a_gitignore_that_cannot_be_read_says_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "main.py", ".gitignore")

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert found(Config(root=tmp_path)) == ["main.py"]


@pytest.mark.skipif(shutil.which("git") is None, reason="git itself is the oracle")
def test_what_is_left_out_is_what_git_leaves_out(tmp_path: Path) -> None:
    names = ["a.py", "b/a.py", "b/c/a.py", "b/c/d.py", "x/y/z.py", "x/z.py", "[x].py", "e f.py", "é.py"]
    make(tmp_path, *names)
    write(tmp_path, ".gitignore", "/a.py\nb/**/d.py\n**/y/*\n\\[x].py\nx/*\n!x/z.py\n")
    write(tmp_path, "b/.gitignore", "*\n!a.py\n!*/\n")
    git = ["git", "-C", str(tmp_path), "-c", "core.quotePath=false", "-c", "core.excludesFile="]
    subprocess.run([*git, "init", "-q"], check=True)
    listed = subprocess.run(
        [*git, "ls-files", "--others", "--exclude-standard", "*.py"],
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    assert found(Config(root=tmp_path)) == sorted(listed.stdout.splitlines())


def test_a_link_to_a_directory_elsewhere_is_followed_once(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    make(shared, "a.py", "inner/b.py")
    root = tmp_path / "project"
    make(root, "main.py")
    (shared / "again").symlink_to(shared)
    (root / "one").symlink_to(shared)
    (root / "two").symlink_to(shared / "inner")
    assert found(Config(root=root)) == ["main.py", "one/a.py", "one/inner/b.py"]


def test_links_into_the_project_or_around_it_add_nothing(tmp_path: Path) -> None:
    root = tmp_path / "project"
    make(root, "app/main.py", "build/generated.py")
    make(tmp_path, "other.py")
    for name, target in [
        ("a", root),
        ("b", root / "build"),
        ("c", tmp_path),
        ("d", Path("/")),
        ("e", root / "e"),
    ]:
        (root / name).symlink_to(target)
    assert found(Config(root=root)) == ["app/main.py"]


def test_links_to_files_count_and_broken_ones_do_not(tmp_path: Path) -> None:
    make(tmp_path, "main.py")
    (tmp_path / "link.py").symlink_to("main.py")
    (tmp_path / ".#main.py").symlink_to("editor@host.123")
    assert found(Config(root=tmp_path)) == ["link.py", "main.py"]


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_is_not_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    assert found(Config(root=tmp_path)) == []


def test_a_directory_that_cannot_be_listed_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "closed/a.py", "main.py")
    closed = str(tmp_path / "closed")
    scan = os.scandir

    def refuse(path: str) -> object:
        if path == closed:
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    message = "can't be listed: permission denied"
    assert discover(Config(root=tmp_path)) == Discovery(
        (tmp_path / "main.py",), (Unreadable(tmp_path / "closed", message),)
    )


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("app/main.py", set()),
        ("main.py", set()),
        ("app/testing.py", set()),
        ("app/latest.py", set()),
        ("app/api/versions/v1.py", set()),
        ("tests/factories.py", {"test"}),
        ("app/items/test/data.py", {"test"}),
        ("app/test_items.py", {"test"}),
        ("app/items_test.py", {"test"}),
        ("app/tests.py", {"test"}),
        ("conftest.py", {"test"}),
        ("migrations/env.py", {"migration"}),
        ("app/alembic/versions/1a2b3c4d5e6f_add_users.py", {"migration"}),
        ("app/db/versions/1a2b3c4d5e6f_add_users.py", {"migration"}),
        ("docs_src/first_steps/tutorial001.py", {"example"}),
        ("docs/conf.py", {"example"}),
        ("examples/app.py", {"example"}),
        ("scripts/seed.py", {"script"}),
        ("tests/scripts/load.py", {"test", "script"}),
    ],
)
def test_the_role_of_a_file_is_told_from_its_place(path: str, expected: set[str]) -> None:
    assert roles(path) == expected


def test_a_file_of_an_unmarked_project_belongs_to_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "app" / "routers").mkdir(parents=True)
    file = tmp_path / "app" / "routers" / "items.py"
    file.touch()
    monkeypatch.chdir(tmp_path)
    assert find_root(file) == tmp_path


def test_a_directory_inside_of_a_package_belongs_to_what_is_around_the_package(tmp_path: Path) -> None:
    package = tmp_path / "app" / "routers"
    package.mkdir(parents=True)
    for directory in (package, package.parent):
        (directory / "__init__.py").touch()
    assert find_root(package) == tmp_path
    assert find_root(package / "__init__.py") == tmp_path
