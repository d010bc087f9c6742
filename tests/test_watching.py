"""`check --watch`, with the installed program and real files."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).with_name("fastapi-lint")
APPLICATION = (
    "from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get('/items')\ndef read() -> list[str]:\n"
)


def test_a_change_is_checked_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    (tmp_path / "fastapi-lint.toml").write_text("", encoding="utf-8")
    main = tmp_path / "main.py"
    main.write_text(f"{APPLICATION}    return []\n", encoding="utf-8")
    process = subprocess.Popen(
        [PROGRAM, "check", "--watch", "--output-format", "concise"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    timer = threading.Timer(40, process.kill)
    timer.start()
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any("watching for changes" in line for line in lines)
        time.sleep(1)  # it says so just before it does
        main.write_text("def (\n", encoding="utf-8")
        assert any("main.py has changed" in line for line in lines)
        assert any("main.py:1:5: FAL000" in line for line in lines)
        process.send_signal(signal.SIGINT)
        assert process.wait() == 130
    finally:
        timer.cancel()
        process.kill()
        process.communicate()


@pytest.mark.parametrize("other", [["-"], ["--fix"]])
def test_it_watches_files_alone(tmp_path: Path, other: list[str]) -> None:
    result = subprocess.run(
        [PROGRAM, "check", "--watch", *other],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == 2
    assert "--watch looks at files, and fixes none" in result.stderr


def test_without_its_extra_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['watchfiles'] = None; sys.argv[1:] = ['check', '--watch']; "
        "from fastapi_lint.cli import main; main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 2
    assert result.stderr == (
        "fastapi-lint: `--watch` needs watchfiles, which isn't installed: pip install 'fastapi-lint[watch]'\n"
    )
