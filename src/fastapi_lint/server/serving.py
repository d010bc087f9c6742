"""The protocol: what an editor says comes in, what was found goes out.

The event loop only takes and gives messages. Everything that takes time runs in one thread, one thing after
the other, so that projects need no locks. Documents are sent whole: changes by range would have to count
lines as pygls does, which ends them at form feeds too.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from lsprotocol import types
from pygls import uris
from pygls.lsp.server import LanguageServer

from fastapi_lint import __version__
from fastapi_lint.server.actions import FIX_ALL, Actions
from fastapi_lint.server.documents import Projects
from fastapi_lint.server.positions import overlap
from fastapi_lint.server.translating import hover, translated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fastapi_lint.server.documents import Checks

    Given = TypeVar("Given")

_PAUSE = 0.2
"""Seconds without a change after which open files are checked."""
_STACK = 64 * 2**20
"""Bytes: code is as deeply nested here as on the command line, whose stack is larger than a thread's."""
_WATCHED = ("**/*.py", "**/pyproject.toml", "**/fastapi-lint.toml", "**/.gitignore", "**/*.lock")


class _Document(NamedTuple):
    """An open file, by the address that the editor has for it."""

    uri: str
    version: int
    text: str


class Session:
    """One editor and what it has open."""

    def __init__(self, server: LanguageServer) -> None:
        self._server = server
        self._worker = _thread()
        self._projects = Projects()
        self._documents: dict[Path, _Document] = {}
        self._folders: dict[str, Path] = {}
        self._generation = 0
        """Goes up with every change of what would be found."""
        self._disk = 0
        """Goes up with every change on the disk."""
        self._known_disk = 0
        self._known: tuple[int, Checks] | None = None
        self._turn = asyncio.Lock()
        self._timer: asyncio.TimerHandle | None = None
        self._publishing: set[asyncio.Task[None]] = set()
        self._said: set[str] = set()

    def open(self, uri: str, version: int, text: str) -> None:
        """Take notice of what a document holds, when it is opened and whenever it changes."""
        file = _file(uri)
        if file is not None:
            is_new = file not in self._documents
            self._documents[file] = _Document(uri, version, text)
            self._check_soon(0 if is_new else _PAUSE)

    def close(self, uri: str) -> None:
        """Forget a document: the file on the disk counts again."""
        file = _file(uri)
        if file is not None and self._documents.pop(file, None) is not None:
            self._publish(uri, None, [])
            self._check_soon(_PAUSE)

    def reread(self) -> None:
        """Take notice that something changed on the disk."""
        self._disk += 1
        self._check_soon(_PAUSE)

    def change_folders(
        self, added: Sequence[types.WorkspaceFolder], removed: Sequence[types.WorkspaceFolder]
    ) -> None:
        """Take notice of which folders the editor shows."""
        for folder in removed:
            self._folders.pop(folder.uri, None)
        for folder in added:
            path = _file(folder.uri)
            if path is not None:
                self._folders[folder.uri] = path
        self._projects.open_folders(list(self._folders.values()))
        self._check_soon(_PAUSE)

    async def hover(self, uri: str, position: types.Position) -> types.Hover | None:
        """Explain what is reported at a position."""
        file = _file(uri)
        checked = (await self._checked()).files.get(file) if file is not None else None
        if checked is None:
            return None
        here = types.Range(position, position)
        meant = [pair for pair in translated(checked, self._encoding) if overlap(pair[1].range, here)]
        if not meant:
            return None
        text = hover([diagnostic for diagnostic, _ in meant])
        return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), meant[0][1].range)

    async def actions(
        self, uri: str, place: types.Range, only: Sequence[types.CodeActionKind | str] | None
    ) -> list[types.CodeAction]:
        """What can be done at a place of a document."""
        file = _file(uri)
        checked = (await self._checked()).files.get(file) if file is not None else None
        if file is None or checked is None:
            return []
        actions = Actions(file, checked, translated(checked, self._encoding), self._encoding)
        return await self._aside(lambda: actions.at(place, only))

    def stop(self) -> None:
        """Begin nothing more."""
        if self._timer is not None:
            self._timer.cancel()
        self._worker.shutdown(wait=False, cancel_futures=True)

    @property
    def _encoding(self) -> types.PositionEncodingKind | str:
        return self._server.server_capabilities.position_encoding or types.PositionEncodingKind.Utf16

    def _check_soon(self, pause: float) -> None:
        self._generation += 1
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(pause, self._start)

    def _start(self) -> None:
        task = asyncio.get_running_loop().create_task(self._publish_all())
        self._publishing.add(task)
        task.add_done_callback(self._publishing.discard)

    async def _checked(self) -> Checks:
        """What is found now."""
        async with self._turn:
            if self._known is not None and self._known[0] == self._generation:
                return self._known[1]
            generation, disk = self._generation, self._disk
            texts = {file: document.text for file, document in self._documents.items()}
            is_stale = disk != self._known_disk

            def check() -> Checks:
                if is_stale:
                    self._projects.refresh()
                return self._projects.check(texts)

            checks = await self._aside(check)
            self._known, self._known_disk = (generation, checks), disk
            return checks

    async def _publish_all(self) -> None:
        checks = await self._checked()
        for file, checked in checks.files.items():
            document = self._documents.get(file)
            if document is not None and document.text == checked.text:
                found = [shown for _, shown in translated(checked, self._encoding)]
                self._publish(document.uri, document.version, found)
        for text in checks.failures:
            self._server.window_log_message(types.LogMessageParams(types.MessageType.Error, text))
        for text in checks.refusals:
            if text not in self._said:
                self._server.window_show_message(types.ShowMessageParams(types.MessageType.Error, text))
        self._said = set(checks.refusals)

    def _publish(self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri=uri, version=version, diagnostics=diagnostics)
        )

    async def _aside(self, work: Callable[[], Given]) -> Given:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)


def serve() -> None:
    """Serve one editor over standard input and output, until it says that it's enough."""
    logging.captureWarnings(capture=True)
    gc.enable()  # the command line, whose runs are short, does without
    server = LanguageServer(
        "fastapi-lint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full
    )
    _listen(server)
    server.start_io()


def _listen(server: LanguageServer) -> None:
    session: Session

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        nonlocal session
        session = Session(server)
        folders = params.workspace_folders or []
        root = params.root_uri or (uris.from_fs_path(params.root_path) if params.root_path else None)
        if not folders and root is not None:
            folders = [types.WorkspaceFolder(root, "")]
        session.change_folders(folders, [])

    @server.feature(types.INITIALIZED)
    def initialized(_params: types.InitializedParams) -> None:
        workspace = server.client_capabilities.workspace
        watching = workspace.did_change_watched_files if workspace is not None else None
        if watching is not None and watching.dynamic_registration:
            options = types.DidChangeWatchedFilesRegistrationOptions(
                [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
            )
            method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
            server.client_register_capability(
                types.RegistrationParams([types.Registration("watched-files", method, options)])
            )

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        document = params.text_document
        session.open(document.uri, document.version, document.text)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        text = server.workspace.get_text_document(document.uri).source
        session.open(document.uri, document.version, text)

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(_params: types.DidSaveTextDocumentParams) -> None:
        session.reread()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_files(_params: types.DidChangeWatchedFilesParams) -> None:
        session.reread()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        session.change_folders(params.event.added, params.event.removed)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await session.hover(params.text_document.uri, params.position)

    kinds = [types.CodeActionKind.QuickFix, FIX_ALL]

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds))
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await session.actions(params.text_document.uri, params.range, params.context.only)

    @server.feature(types.SHUTDOWN)
    def shutdown(*_: None) -> None:
        session.stop()


def _file(uri: str) -> Path | None:
    """The file at an address; None for what isn't on the disk, such as a cell of a notebook."""
    path = uris.to_fs_path(uri)
    return Path(os.path.normpath(path)) if path else None


def _thread() -> ThreadPoolExecutor:
    """One thread, with a stack as large as it needs."""
    usual = threading.stack_size(_STACK)
    worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="checking")
    worker.submit(int).result()  # which starts it
    threading.stack_size(usual)
    return worker
