from __future__ import annotations

import ast
import encodings.aliases
import os
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fastapi_lint.source.reading import Source, Unreadable, decode, read, split_lines

FILE = Path("app/main.py")


def test_text_is_utf_8_where_nothing_else_is_said() -> None:
    assert decode(FILE, "x = 'é'\n".encode()) == Source(FILE, "x = 'é'\n", "utf-8")


def test_line_ends_and_form_feeds_stay_as_they_are() -> None:
    data = b"a = 1\r\nb = 2\rc = 3\n\x0cd = 4"
    source = decode(FILE, data)
    assert isinstance(source, Source)
    assert source.text.encode(source.encoding) == data
    assert split_lines(source.text) == ["a = 1", "b = 2", "c = 3", "\x0cd = 4"]


def test_lines_are_those_that_python_counts() -> None:
    text = "a = 1\r\nb = '\x1c \u2028'\rc = 3\n\x0cd = 4\n"
    assert len(split_lines(text)) == ast.parse(text).body[-1].lineno + 1


def test_a_byte_order_mark_is_not_text_and_comes_back_on_writing() -> None:
    data = b"\xef\xbb\xbf# coding: utf8\nx = 1\n"
    source = decode(FILE, data)
    assert isinstance(source, Source)
    assert source.text == "# coding: utf8\nx = 1\n"
    assert source.text.encode(source.encoding) == data


@pytest.mark.parametrize(
    "top",
    [
        "# -*- coding: latin-1 -*-\n",
        "#!/usr/bin/env python\n# vim: set fileencoding=latin-1 :\n",
        "\x0c # café, coding=latin-1\r",
        "\r\n# coding: latin-1\r\n",
    ],
)
def test_an_encoding_cookie_stands_in_the_first_two_lines(top: str) -> None:
    source = decode(FILE, (top + "x = 'é'\n").encode("latin-1"))
    assert isinstance(source, Source)
    assert source.text == top + "x = 'é'\n"


@pytest.mark.parametrize("top", ["x = 1\n# coding: latin-1\n", "#\n#\n# coding: latin-1\n"])
def test_a_cookie_further_down_or_behind_code_means_nothing(top: str) -> None:
    source = decode(FILE, top.encode() + "é".encode())
    assert isinstance(source, Source)
    assert source.encoding == "utf-8"


@pytest.mark.parametrize(
    ("data", "message", "line", "column"),
    [
        (b"x = 1\r\ny = '\xc3\xa9\xff'\n", "byte 0xff can't be decoded as utf-8", 2, 7),
        (b"\xef\xbb\xbfx = '\xff'\n", "byte 0xff can't be decoded as utf-8", 1, 6),
        (b"#\n# coding: ascii\nx = '\xe9'\n", "byte 0xe9 can't be decoded as ascii", 3, 6),
        (b"# coding: cp1252\nx = '\x81'\n", "byte 0x81 can't be decoded as cp1252", 2, 6),
        (b"x = 1\ry = \0\n", "contains a null byte", 2, 5),
        (b"#\n# coding: klingon\n", "declares the encoding `klingon`, which Python doesn't read", 2, 11),
        (b"# coding: rot13\n", "declares the encoding `rot13`, which Python doesn't read", 1, 11),
        (b"# coding: undefined\n", "declares the encoding `undefined`, which Python doesn't read", 1, 11),
        (
            b"# coding: utf-7\nx = '+2AA-'\n",
            "declares the encoding `utf-7`, which Python doesn't read",
            1,
            11,
        ),
        (
            b"\xef\xbb\xbf# coding: latin-1\n",
            "declares the encoding `latin-1`, but starts with the byte order mark of UTF-8",
            1,
            11,
        ),
        (
            b"\xef\xbb\xbf#\n# coding: klingon\n",
            "declares the encoding `klingon`, but starts with the byte order mark of UTF-8",
            2,
            11,
        ),
        ("x = 1\n".encode("utf-16"), "is UTF-16, which Python doesn't read", 1, 1),
    ],
)
def test_what_cannot_be_decoded_is_a_value_with_a_place(
    data: bytes, message: str, line: int, column: int
) -> None:
    assert decode(FILE, data) == Unreadable(FILE, message, line, column)


CODECS = sorted({*encodings.aliases.aliases.values(), "idna", "punycode", "raw_unicode_escape", "undefined"})
COOKIES = st.sampled_from(CODECS).map(lambda name: f"# coding: {name}\n".encode())


@example(b"#coding:idna\x80")
@given(st.binary() | st.tuples(COOKIES, st.binary()).map(b"".join))
def test_no_bytes_raise_and_text_goes_back_to_the_same_bytes(data: bytes) -> None:
    source = decode(FILE, data)
    if isinstance(source, Source) and source.encoding == "utf-8":
        assert source.text.encode(source.encoding) == data


def test_an_empty_file_has_an_empty_text(tmp_path: Path) -> None:
    file = tmp_path / "empty.py"
    file.touch()
    assert read(file) == Source(file, "", "utf-8")


def test_what_is_not_there_or_is_no_file_is_a_value(tmp_path: Path) -> None:
    directory = tmp_path / "package.py"
    directory.mkdir()
    (tmp_path / "loop.py").symlink_to(tmp_path / "loop.py")
    assert read(directory) == Unreadable(directory, "is a directory")
    missing = tmp_path / "missing.py"
    assert read(missing) == Unreadable(missing, "can't be read: no such file or directory")
    assert isinstance(read(tmp_path / "loop.py"), Unreadable)
    assert read(Path("a\0.py")) == Unreadable(Path("a\0.py"), "can't be read: its name contains a null byte")


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.py"
    os.mkfifo(pipe)
    assert read(pipe) == Unreadable(pipe, "is not a regular file")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_value(tmp_path: Path) -> None:
    file = tmp_path / "secret.py"
    file.touch(mode=0)
    assert read(file) == Unreadable(file, "can't be read: permission denied")
