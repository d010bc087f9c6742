"""What the site shows of files that stand elsewhere: the rules' pages, the README and its neighbours.

A hook of mkdocs. Links are written for readers of the repository; here they are turned to where the site has
the same text.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.structure.files import File

from fastapi_lint.rules import checklist, pages

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

ROOT = Path(__file__).parents[1]
ELSEWHERE = {
    "README.md": "index.md",
    "ARCHITECTURE.md": "architecture.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "benchmarks/README.md": "benchmarks.md",
    "rules/README.md": "checklist.md",
    "LICENSE": "license.md",
}
"""Files of the repository by where the site has them."""

_LINK = re.compile(r"(?<=\]\()(?!https?:|#|mailto:)(?P<path>[\w./-]+)(?P<anchor>#[\w-]+)?(?=\))")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add what stands elsewhere."""
    for source, target in ELSEWHERE.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        if not source.endswith(".md"):
            text = f"# Licence\n\n```text\n{text}```\n"
        files.append(File.generated(config, target, content=_linked(text, Path(source))))
    for info in pages.catalogue():
        text = pages.page(info.code) or ""
        name = f"rules/{info.name}.md"
        shown = text.replace("```python fixed", "```python")
        files.append(File.generated(config, name, content=_linked(shown, Path(name))))
    for file in sorted((ROOT / "ci").iterdir()):  # templates, to be downloaded
        files.append(File.generated(config, f"ci-templates/{file.name}", abs_src_path=str(file)))
    files.append(File.generated(config, "rules/index.md", content=_index()))
    return files


def on_page_markdown(markdown: str, *, page: object, config: MkDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Turn the links of the pages of docs/ that lead out of it."""
    source = str(getattr(getattr(page, "file", None), "src_uri", ""))
    outside = (ROOT / "docs" / source).is_file()
    return _linked(markdown, Path("docs") / source) if outside else markdown


def _linked(text: str, source: Path) -> str:
    """Turn the links of the file `source` of the repository to where the site has what they lead to."""
    own = _target(source.as_posix())

    def turned(link: re.Match[str]) -> str:
        place = (ROOT / source.parent / link["path"]).resolve()
        target = _target(place.relative_to(ROOT).as_posix()) if place.is_relative_to(ROOT) else link["path"]
        up = "../" * own.count("/")
        return f"{up}{target}{link['anchor'] or ''}"

    # Code may look like a link.
    pieces = re.split(r"(^```.*?^```$|`[^`\n]+`)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(piece if index % 2 else _LINK.sub(turned, piece) for index, piece in enumerate(pieces))


def _target(path: str) -> str:
    if path.startswith("ci/"):  # there the site has the page about them
        return path.replace("ci/", "ci-templates/", 1)
    return ELSEWHERE.get(path, path.removeprefix("docs/"))


def _index() -> str:
    lines = [
        "# Rules",
        "",
        "Rules of the level `default` run unless you say otherwise; `--level` adds the others.",
        "`fastapi-lint rule CODE` prints the same pages.",
    ]
    chapter = ""
    for info in pages.catalogue():
        if _CHAPTERS[info.code[3]] != chapter:
            chapter = _CHAPTERS[info.code[3]]
            lines += [
                "",
                f"## {chapter}",
                "",
                "| code | rule | level | fix | what it finds |",
                "| --- " * 5 + "|",
            ]
        name = f"[{info.name}]({info.name}.md)"
        lines.append(f"| {info.code} | {name} | {info.level} | {info.fix or ''} | {info.summary} |")
    return "\n".join(lines) + "\n"


_CHAPTERS = {"0": "Files and comments"} | checklist.CHAPTERS
