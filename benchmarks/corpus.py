"""Bring the code bases of corpus.txt and of the two lists that were kept aside from the package index.

Of each only the Python files and pyproject.toml, in a folder of its own.

python benchmarks/corpus.py [DIRECTORY]
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

KEPT = {".py", ".toml"}
LISTS = ("corpus.txt", "kept_aside.txt", "kept_aside_second.txt")


def packages() -> dict[str, str]:
    """Versions of all packages, by name."""
    texts = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in LISTS]
    return dict(line.split("==") for text in texts for line in text.split())


def fetch(name: str, version: str, directory: Path) -> None:
    """Unpack a package below `directory`, unless it is there."""
    target = directory / name
    if target.is_dir():
        return
    # FastAPI's source archive has its documentation's examples; of the others the built package is enough.
    form = "--no-binary=:all:" if name == "fastapi" else "--only-binary=:all:"
    with tempfile.TemporaryDirectory() as temporary:
        download = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", form]
        subprocess.run(
            [*download, "--python-version", "3.12", "--dest", temporary, f"{name}=={version}"], check=True
        )
        (archive,) = Path(temporary).iterdir()
        unpacked = directory / f".{name}"
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                for item in wheel.namelist():
                    if Path(item).suffix in KEPT:
                        wheel.extract(item, unpacked)
        else:
            with tarfile.open(archive) as source:
                members = [item for item in source.getmembers() if Path(item.name).suffix in KEPT]
                for member in members:
                    member.name = member.name.partition("/")[2]
                source.extractall(unpacked, members, filter="data")
        unpacked.rename(target)


def main() -> None:
    """Fetch every package of all lists."""
    directory = Path(sys.argv[1] if len(sys.argv) > 1 else ".corpus")
    directory.mkdir(parents=True, exist_ok=True)
    for name, version in packages().items():
        fetch(name, version, directory)
        print(f"{name} {version}: {sum(1 for _ in (directory / name).rglob('*.py'))} files")


if __name__ == "__main__":
    main()
