"""The language server, as an editor meets it: the installed program, over standard input and output."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from fastapi_lint.engine import Live
from fastapi_lint.server.positions import Places
from fastapi_lint.source.reading import split_lines_with_ends

if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAM = Path(sys.executable).with_name("fastapi-lint")
SECONDS = 20
"""After which an answer won't come any more, on a busy machine too."""

Message = dict[str, Any]

CLEAN = """\
from fastapi import APIRouter

router = APIRouter()


@router.get("/items")
def read_items() -> list[str]:
    return []
"""
FAULTY = CLEAN.replace('"/items"', '"/items/{item_id}"')
"""FAL107 in line 6: `item_id` is no parameter."""
STANDING = FAULTY.replace("APIRouter", "FastAPI").replace("router", "app")
"""The same, as an application."""
ALONE = """\
from fastapi import FastAPI

app = FastAPI()


@app.get("/")
def read_root() -> str:
    return ""
"""
"""An application that doesn't include the router."""


class Editor:
    """A client that says what editors say, and waits for what it is told."""

    def __init__(self, root: Path, *, encodings: list[str] | None = None, watches: bool = True) -> None:
        self.root = root
        self._process = subprocess.Popen(
            [PROGRAM, "server", "--stdio"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=root.parent,
        )
        self._incoming: queue.Queue[Message] = queue.Queue()
        self._waiting: list[Message] = []
        self._ids = 0
        threading.Thread(target=self._read, daemon=True).start()
        general = {} if encodings is None else {"general": {"positionEncodings": encodings}}
        watching = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": watches}}}
        self.server = self.request(
            "initialize",
            processId=None,
            rootUri=root.as_uri(),
            workspaceFolders=[{"uri": root.as_uri(), "name": root.name}],
            capabilities={**general, **watching},
        )
        self.notify("initialized")

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else 0
            if length:
                while stream.readline().strip():
                    pass
                self._incoming.put(json.loads(stream.read(length)))

    def _send(self, message: Message) -> None:
        stream = self._process.stdin
        assert stream is not None
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        stream.flush()

    def wait(self, wanted: Callable[[Message], bool]) -> Message:
        """The first message of the kind, of those not seen yet."""
        for message in self._waiting:
            if wanted(message):
                self._waiting.remove(message)
                return message
        while True:
            message = self._incoming.get(timeout=SECONDS)
            if wanted(message):
                return message
            self._waiting.append(message)

    def notify(self, method: str, **parameters: Any) -> None:
        self._send({"method": method, "params": parameters})

    def request(self, method: str, **parameters: Any) -> Any:
        self._ids += 1
        number = self._ids
        self._send({"id": number, "method": method, "params": parameters})
        answer = self.wait(lambda message: message.get("id") == number and "method" not in message)
        assert "error" not in answer, answer
        return answer["result"]

    def told(self, method: str) -> Any:
        return self.wait(lambda message: message.get("method") == method)["params"]

    def uri(self, path: str) -> str:
        return (self.root / path).as_uri()

    def open(self, path: str, text: str) -> list[Message]:
        item = {"uri": self.uri(path), "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", textDocument=item)
        return self.diagnostics(path, 1)

    def change(self, path: str, text: str, version: int) -> list[Message]:
        document = {"uri": self.uri(path), "version": version}
        self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])
        return self.diagnostics(path, version)

    def diagnostics(self, path: str, version: int | None) -> list[Message]:
        """What is published next about a version of a document."""
        published = self.wait(
            lambda message: (
                message.get("method") == "textDocument/publishDiagnostics"
                and message["params"]["uri"] == self.uri(path)
                and message["params"].get("version") == version
            )
        )
        found: list[Message] = published["params"]["diagnostics"]
        return found

    def diagnostics_with(self, path: str, wanted: list[str]) -> list[Message]:
        """What is published about an open document as soon as it is of these rules."""
        while True:
            found = self.diagnostics(path, 1)
            if codes(found) == wanted:
                return found

    def actions(self, path: str, place: Message, only: list[str] | None = None) -> list[Message]:
        context = {"diagnostics": []} if only is None else {"diagnostics": [], "only": only}
        document = {"uri": self.uri(path)}
        answer: list[Message] = self.request(
            "textDocument/codeAction", textDocument=document, range=place, context=context
        )
        return answer

    def leave(self) -> int:
        assert self.request("shutdown") is None
        self.notify("exit")
        return self._process.wait(timeout=SECONDS)

    def close(self) -> None:
        self._process.kill()
        self._process.communicate()


Edit = Callable[..., Editor]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n', encoding="utf-8")
    (root / "main.py").write_text(
        "from fastapi import FastAPI\n\nimport items\n\napp = FastAPI()\napp.include_router(items.router)\n",
        encoding="utf-8",
    )
    (root / "items.py").write_text(CLEAN, encoding="utf-8")
    return root


@pytest.fixture
def edit(project: Path) -> Iterator[Edit]:
    editors: list[Editor] = []

    def start(**options: Any) -> Editor:
        editors.append(Editor(project, **options))
        return editors[-1]

    yield start
    for editor in editors:
        editor.close()


def codes(diagnostics: list[Message]) -> list[str]:
    return [diagnostic["code"] for diagnostic in diagnostics]


def at(line: int, character: int = 0) -> Message:
    """A place without length; both count from 0."""
    return {"start": {"line": line, "character": character}, "end": {"line": line, "character": character}}


def applied(text: str, edits: list[Message]) -> str:
    """What an editor makes of edits, with columns in UTF-16."""
    lines = [*split_lines_with_ends(text), ""]

    def offset(position: Message) -> int:
        before = sum(len(line) for line in lines[: position["line"]])
        units = lines[position["line"]].encode("utf-16-le")[: 2 * position["character"]]
        return before + len(units.decode("utf-16-le"))

    for edit in sorted(edits, key=lambda edit: offset(edit["range"]["start"]), reverse=True):
        start, end = offset(edit["range"]["start"]), offset(edit["range"]["end"])
        text = text[:start] + edit["newText"] + text[end:]
    return text


def test_a_session_from_the_first_message_to_the_last(edit: Edit, project: Path) -> None:
    editor = edit()
    assert editor.server["serverInfo"]["name"] == "fastapi-lint"
    assert editor.server["capabilities"]["hoverProvider"]

    found = editor.open("items.py", FAULTY)
    assert "FAL107" in codes(found)
    first = next(item for item in found if item["code"] == "FAL107")
    assert first["source"] == "fastapi-lint"
    assert first["severity"] in {1, 2}
    assert first["codeDescription"]["href"].endswith("/path-parameter-not-received/")
    assert first["range"]["start"]["line"] == 5

    hover = editor.request(
        "textDocument/hover", textDocument={"uri": editor.uri("items.py")}, position=first["range"]["start"]
    )
    assert "# path-parameter-not-received (FAL107)" in hover["contents"]["value"]
    assert first["message"].split("\n")[0] in hover["contents"]["value"]

    assert editor.change("items.py", CLEAN, 2) == []
    assert (project / "items.py").read_text(encoding="utf-8") == CLEAN
    assert not (project / ".fastapi_lint_cache").exists()
    assert editor.leave() == 0


def test_columns_count_utf_16_code_units_unless_the_client_can_do_better(edit: Edit) -> None:
    text = CLEAN + 'CLEF = "\U0001d11e"  # noqa: FAL101\n'
    columns = []
    for encodings in (None, ["utf-8", "utf-16"], ["utf-32"]):
        editor = edit(encodings=encodings)
        [found] = editor.open("items.py", text)
        assert found["code"] == "FAL001"
        columns.append((found["range"]["start"]["character"], found["range"]["end"]["character"]))
    assert columns == [(13, 27), (15, 29), (12, 26)]


def test_what_an_edit_in_one_buffer_does_to_another_is_shown_there(edit: Edit) -> None:
    editor = edit()
    assert editor.open("items.py", CLEAN) == []
    editor.open("main.py", ALONE)
    editor.diagnostics_with("items.py", ["FAL118"])
    editor.notify("textDocument/didClose", textDocument={"uri": editor.uri("main.py")})
    editor.diagnostics_with("items.py", [])


def test_places_in_other_files_are_related_information(edit: Edit, project: Path) -> None:
    (project / "main.py").write_text(
        "from fastapi import FastAPI\n\nimport items\n\napp = FastAPI()\n\n\n"
        '@app.get("/items")\ndef read_all() -> list[str]:\n    return []\n\n\n'
        "app.include_router(items.router)\n",
        encoding="utf-8",
    )
    editor = edit()
    found = editor.open("items.py", CLEAN)
    [duplicate] = [item for item in found if item["code"] == "FAL109"]
    places = [related["location"] for related in duplicate["relatedInformation"]]
    assert editor.uri("main.py") in {place["uri"] for place in places}
    assert 7 in {place["range"]["start"]["line"] for place in places}


def test_a_code_action_writes_the_comment_that_silences(edit: Edit) -> None:
    editor = edit()
    [found] = editor.open("items.py", FAULTY)
    actions = editor.actions("items.py", at(5, 3))
    [suppress] = [action for action in actions if action["title"] == f"Suppress {found['code']} on this line"]
    assert suppress["kind"] == "quickfix"
    assert suppress["diagnostics"] == [found]
    [(uri, edits)] = suppress["edit"]["changes"].items()
    assert uri == editor.uri("items.py")
    text = applied(FAULTY, edits)
    assert f'"/items/{{item_id}}")  # fastapi-lint: ignore[{found["code"]}]\n' in text
    assert editor.change("items.py", text, 2) == []
    assert editor.actions("items.py", at(0)) == []


def test_fixes_are_code_actions_and_all_safe_ones_are_one(edit: Edit) -> None:
    text = CLEAN + 'CLEF = "\U0001d11e"  # noqa: FAL101\nKEY = 1  # noqa: FAL107\n'
    editor = edit()
    assert codes(editor.open("items.py", text)) == ["FAL001", "FAL001"]
    [fix] = editor.actions("items.py", at(8, 20))
    assert fix["isPreferred"]
    [edits] = fix["edit"]["changes"].values()
    assert applied(text, edits) == text.replace("  # noqa: FAL101", "")
    for only in (["source.fixAll"], ["source.fixAll.fastapi-lint"], ["source"]):
        [fix] = editor.actions("items.py", at(0), only)
        assert fix["kind"] == "source.fixAll.fastapi-lint"
        [edits] = fix["edit"]["changes"].values()
        assert applied(text, edits) == CLEAN + 'CLEF = "\U0001d11e"\nKEY = 1\n'
    assert editor.actions("items.py", at(8, 20), ["source.organizeImports"]) == []
    assert editor.change("items.py", CLEAN, 2) == []
    assert editor.actions("items.py", at(0), ["source.fixAll"]) == []


@pytest.mark.parametrize("text", ["def (:\n", "x = 1\n\0", "(" * 3000, "", "\ud800"])
def test_a_buffer_that_is_no_python_breaks_nothing(edit: Edit, text: str) -> None:
    editor = edit()
    assert codes(editor.open("items.py", text)) == (["FAL000"] if text else [])
    assert editor.change("items.py", CLEAN, 2) == []


def test_a_changed_configuration_holds_at_once_and_a_broken_one_is_said(edit: Edit, project: Path) -> None:
    editor = edit()
    assert editor.told("client/registerCapability")["registrations"][0]["method"].endswith("WatchedFiles")
    [found] = editor.open("items.py", FAULTY)
    settings = project / "fastapi-lint.toml"

    settings.write_text(f'ignore = ["{found["code"]}"]\n', encoding="utf-8")
    editor.notify("workspace/didChangeWatchedFiles", changes=[{"uri": settings.as_uri(), "type": 1}])
    assert editor.diagnostics("items.py", 1) == []

    settings.write_text("ignored = []\n", encoding="utf-8")
    editor.notify("workspace/didChangeWatchedFiles", changes=[{"uri": settings.as_uri(), "type": 2}])
    said = editor.told("window/showMessage")
    assert said["type"] == 1
    assert "unknown key `ignored`" in said["message"]
    assert editor.diagnostics("items.py", 1) == []

    settings.unlink()
    editor.notify("workspace/didChangeWatchedFiles", changes=[{"uri": settings.as_uri(), "type": 3}])
    assert editor.diagnostics_with("items.py", [found["code"]])


def test_a_project_that_cannot_be_configured_is_read_once_it_can(edit: Edit, project: Path) -> None:
    settings = project / "fastapi-lint.toml"
    settings.write_text("ignored = []\n", encoding="utf-8")
    editor = edit(watches=False)
    assert editor.open("items.py", FAULTY) == []
    assert "unknown key `ignored`" in editor.told("window/showMessage")["message"]
    settings.unlink()
    editor.notify("textDocument/didSave", textDocument={"uri": editor.uri("items.py")})
    assert editor.diagnostics_with("items.py", ["FAL107"])


def test_files_that_come_and_go_on_the_disk_count(edit: Edit, project: Path) -> None:
    editor = edit()
    assert editor.open("items.py", CLEAN) == []
    main = project / "main.py"
    main.rename(project / "other.txt")
    (project / "alone.py").write_text(ALONE, encoding="utf-8")
    editor.notify("workspace/didChangeWatchedFiles", changes=[{"uri": main.as_uri(), "type": 3}])
    editor.diagnostics_with("items.py", ["FAL118"])
    (project / "other.txt").rename(project / "server.py")
    editor.notify("workspace/didChangeWatchedFiles", changes=[{"uri": main.as_uri(), "type": 1}])
    editor.diagnostics_with("items.py", [])


def test_projects_beside_each_other_have_their_own_configuration(edit: Edit, project: Path) -> None:
    other = project.parent / "other"
    other.mkdir()
    (other / "fastapi-lint.toml").write_text(
        'exclude = ["generated/"]\nselect = ["FAL1"]\n', encoding="utf-8"
    )
    editor = edit()
    event = {"added": [{"uri": other.as_uri(), "name": "other"}], "removed": []}
    editor.notify("workspace/didChangeWorkspaceFolders", event=event)
    assert codes(editor.open("../other/api.py", STANDING)) == ["FAL107"]
    assert editor.open("../other/generated/api.py", STANDING) == []
    assert codes(editor.open("items.py", FAULTY)) == ["FAL107"]
    event = {"added": [], "removed": [{"uri": other.as_uri(), "name": "other"}]}
    editor.notify("workspace/didChangeWorkspaceFolders", event=event)
    assert codes(editor.change("items.py", FAULTY + "\n", 2)) == ["FAL107"]


def test_around_a_file_of_no_project_nothing_is_read(edit: Edit, project: Path, tmp_path: Path) -> None:
    (tmp_path / "router.py").write_text(FAULTY, encoding="utf-8")
    editor = edit()
    including = (
        ALONE.replace("\n\napp", "\n\nimport router\n\napp") + "\n\napp.include_router(router.router)\n"
    )
    assert codes(editor.open("../standing.py", STANDING)) == ["FAL107"]
    live = Live(tmp_path, alone=True)
    live.check({tmp_path / "main.py": including})
    assert [route.file for route in live.project.application.routes] == ["main.py"]
    assert len(Live(project).project.files) == 2


def test_a_document_that_is_no_file_is_left_alone(edit: Edit) -> None:
    editor = edit()
    item = {"uri": "untitled:Untitled-1", "languageId": "python", "version": 1, "text": FAULTY}
    editor.notify("textDocument/didOpen", textDocument=item)
    position = {"line": 5, "character": 3}
    document = {"uri": "untitled:Untitled-1"}
    assert editor.request("textDocument/hover", textDocument=document, position=position) is None
    assert editor.leave() == 0


def test_without_its_extra_the_command_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pygls'] = None; sys.argv[1:] = ['server']; "
        "from fastapi_lint.cli import main; main()"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert run.stderr == (
        "fastapi-lint: the language server needs pygls, which isn't installed: "
        "pip install 'fastapi-lint[lsp]'\n"
    )
    assert run.stdout == ""


def test_an_application_that_is_linked_anew_replaces_the_one_before(project: Path) -> None:
    live = Live(project)
    file = project / "items.py"
    live.check({file: CLEAN})
    before = weakref.ref(live.project.application)
    assert [item.code for item in live.check({file: FAULTY})[file]] == ["FAL107"]
    assert before() is None


def test_what_has_not_changed_is_not_linked_again(project: Path) -> None:
    live = Live(project)
    file = project / "items.py"
    live.check({file: CLEAN})
    application = live.project.application
    live.refresh()
    live.check({file: CLEAN, project / "main.py": (project / "main.py").read_text(encoding="utf-8")})
    assert live.project.application is application


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb\nc", "a\nc"),
        ("a\n", "import x\na\nb\n"),
        ("\U0001d11e = 1  # x\ny\n", "\U0001d11e = 1\ny\n"),
        ("a\fb\nc\n", "a\fb\nd\n"),
        ("", "a\n"),
        ("a\n\n\n", "a\n"),
    ],
)
def test_edits_make_of_one_text_the_other(before: str, after: str, ends: str) -> None:
    before, after = before.replace("\n", ends), after.replace("\n", ends)
    edits = Places(before, "utf-16").edits(after)
    plain = [
        {
            "newText": edit.new_text,
            "range": {
                end: {"line": position.line, "character": position.character}
                for end, position in (("start", edit.range.start), ("end", edit.range.end))
            },
        }
        for edit in edits
    ]
    assert applied(before, plain) == after
