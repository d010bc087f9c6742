"""The documentation as a site: it can be built, and every link in it leads somewhere."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

from fastapi_lint.rules import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
ADDRESS = "https://fastapi-lint.readthedocs.io/en/latest/"


class Page(HTMLParser):
    """What a page links to, and what can be linked to in it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {value for name in ("id", "name") if (value := given.get(name))}
        link = given.get("href") if tag in {"a", "link"} else given.get("src")
        if link:
            self.links.append(link)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Page]:
    target = tmp_path_factory.mktemp("site").resolve()
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", target],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {file: Page(file.read_text(encoding="utf-8")) for file in target.rglob("*.html")}


def inner_links(site: dict[Path, Page]) -> Iterator[tuple[Path, str, Path, str]]:
    """Each link inside the site: the page, the link, the file it leads to and the anchor there."""
    top = next(file.parent for file in site if file.name == "404.html")
    for file, page in site.items():
        for link in page.links:
            path, anchor = urldefrag(link.removeprefix(ADDRESS) if file.name != "404.html" else link)
            if urlsplit(link).scheme and not link.startswith(ADDRESS):
                continue
            base = top if link.startswith((ADDRESS, "/")) else file.parent
            target = (base / unquote(path).removeprefix("/en/latest/")).resolve() if path else file
            yield file, link, target / "index.html" if target.is_dir() else target, anchor


def test_every_link_leads_somewhere(site: dict[Path, Page]) -> None:
    links = list(inner_links(site))
    assert len(links) > 100
    broken = [
        f"{file}: {link}"
        for file, link, target, anchor in links
        if not target.is_file() or (anchor and target in site and anchor not in site[target].anchors)
    ]
    assert broken == []


def test_every_rule_has_its_page_where_diagnostics_link_to(site: dict[Path, Page]) -> None:
    top = next(file.parent for file in site if file.name == "404.html")
    assert all(top / "rules" / info.name / "index.html" in site for info in pages.catalogue())
