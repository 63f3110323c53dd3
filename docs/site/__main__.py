"""Build the documentation as a site that opens without a network: python docs/site [--out DIR].

The pages of docs/, what is generated from inputs/, scenarios/, types, docstrings and the committed run, and the
The pages of docs/, what is generated from inputs/, scenarios/, the types, the docstrings and the committed run, and the

link, anchor and address is checked in what was built. The exit code is 1 where anything is wrong.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:] = [str(HERE), str(ROOT / "model"), *(p for p in sys.path if Path(p or ".").resolve() != HERE)]

import commands  # noqa: E402
import gallery  # noqa: E402
import links  # noqa: E402
import others  # noqa: E402
import reference  # noqa: E402
import scenarios  # noqa: E402
import schemas  # noqa: E402
import yaml  # noqa: E402

import evidence  # noqa: E402

ELSEWHERE = {
    "architecture": "model/README.md",
    "contributing": "CONTRIBUTING.md",
    "changelog": "CHANGELOG.md",
    "notice": "NOTICE.md",
    "differences": "tests/validation/differences_explained.md",
    "example_everolimus": "examples/everolimus/README.md",
    "example_ta174": "examples/ta174/README.md",
}
"""Page of the site -> the file of the tree that it is."""
SHALLOW = "---\ntocdepth: 2\n---\n\n"
"""Of pages with hundreds of headings: every page's navigation copies what others list, which took half of the time."""
WIDE, WIDE_PAGES = "---\nhide-toc: true\n---\n\n", ("scenarios/index", "evidence/gaps")
"""Of pages that are one wide table: it takes the room of the list of headings."""
FILES = "tree"
"""Folder of the site for files that pages link to."""
WALKED = re.compile(r"<!-- walk: .*? -->\n?", re.DOTALL)
FENCE = re.compile(r"(?m)^```(\w+) (\S+)\n")
LEXERS = {"csv": "text"}
LINK = re.compile(r"(!?\[[^\]]*\]\()([^)\s#]+)(#[^)\s]*)?(\))")


def written() -> dict[str, str]:
    """Return the pages of the tree: path from docs/ without its ending -> Markdown."""
    found = {}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        found[path.relative_to(ROOT / "docs").with_suffix("").as_posix()] = path.read_text(encoding="utf-8")
    for name in commands.names():
        if f"commands/{name}" in found:
            found[f"commands/{name}"] += commands.options(name)
    found["commands/index"] += "\n```{toctree}\n:hidden:\n\n" + "\n".join(commands.names()) + "\n```\n"
    return found


def generated() -> dict[str, str]:
    """Return the pages that are made of something else: path -> Markdown."""
    return {
        **evidence.pages(ROOT),
        **scenarios.pages(ROOT),
        **schemas.pages(),
        **reference.pages(ROOT),
        "gallery": gallery.page(ROOT),
        "validation": others.page(ROOT),
    }


def moved(name: str, text: str, source: str) -> tuple[str, set[str]]:
    """Return a page with its links as they are from its place on the site, code captioned by its file, comments gone;
    and the files of the tree to which it links.

    Parameters
    ----------
    name : str
        The page, from docs/.
    text : str
        As it stands in the tree.
    source : str
        The file of the tree, from its root.
    """
    pages, files = {path: page for page, path in ELSEWHERE.items()}, set()

    def link(match: re.Match[str]) -> str:
        before, target, fragment, after = match[1], match[2], match[3] or "", match[4]
        if "://" in target or target.startswith(("mailto:", "#")):
            return match[0]
        inside = os.path.normpath(f"{Path(source).parent.as_posix()}/{target}").replace(os.sep, "/")
        if (ROOT / inside).is_dir():
            inside = f"{inside}/README.md" if (ROOT / inside / "README.md").exists() else "docs/gallery.md"
        if inside == "README.md":
            inside = "docs/index.md"
        elif inside in pages:
            inside = f"docs/{pages[inside]}.md"
        elif not inside.startswith("docs/"):
            files.add(inside)
            inside = f"docs/{FILES}/{inside}"
        there = os.path.relpath(inside.removeprefix("docs/"), Path(name).parent)
        return f"{before}{there}{fragment}{after}".replace(os.sep, "/")

    text = LINK.sub(link, WALKED.sub("", text))
    return FENCE.sub(lambda m: f"```{{code-block}} {LEXERS.get(m[1], m[1])}\n:caption: {m[2]}\n\n", text), files


def lay_out(folder: Path) -> None:
    """Write everything that Sphinx reads into a folder."""
    pages = {name: (text, f"docs/{name}.md") for name, text in written().items()}
    pages |= {
        name: ((WIDE if name in WIDE_PAGES else SHALLOW) + text, f"docs/{name}.md")
        for name, text in generated().items()
    }
    pages |= {name: (SHALLOW + (ROOT / path).read_text(encoding="utf-8"), path) for name, path in ELSEWHERE.items()}
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages["index"] = (readme + toctrees(), "README.md")
    linked = set()
    for name, (text, source) in pages.items():
        page, files = moved(name, text, source)
        linked |= files
        path = folder / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "figures", folder / "figures")
    for path in [*(ROOT / "docs").glob("*.yaml"), *(ROOT / "docs").glob("*.ipynb")]:
        shutil.copy(path, folder)
    for name in linked:
        if (ROOT / name).is_file():  # where there is no such file, Sphinx says which page asks for it
            path = folder / FILES / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, path)
    for name in ("conf.py", "mathml.py"):
        shutil.copy(HERE / name, folder)
    shutil.copytree(HERE / "static", folder / "static")


def toctrees() -> str:
    """Return the navigation, for the end of the first page."""
    order = yaml.safe_load((HERE / "navigation.yaml").read_text(encoding="utf-8"))
    text = []
    for caption, pages in order.items():
        lines = [page if isinstance(page, str) else "{1} <{0}>".format(*next(iter(page.items()))) for page in pages]
        text.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n" + "\n".join(lines) + "\n```\n")
    return "\n" + "\n".join(text)


def main() -> int:
    """Build, check, say what came of it."""
    parser = argparse.ArgumentParser(prog="python docs/site", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "docs", help="where to; build/docs when left out")
    out = parser.parse_args().out.resolve()
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        source, built = Path(folder, "source"), Path(folder, "built")
        source.mkdir()
        lay_out(source)
        words = [
            "-b",
            "html",
            "-W",
            "--keep-going",
            "-q",
            "-j",
            "auto",
            "-d",
            f"{folder}/trees",
            str(source),
            str(built),
        ]
        done = subprocess.run([sys.executable, "-m", "sphinx", *words], check=False)
        wrong = [] if done.returncode else links.faults(built)
        if done.returncode or wrong:
            print(*wrong, f"the site was not built: {len(wrong) or 'Sphinx found'} faults", sep="\n", file=sys.stderr)
            return 1
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(built, out)
    pages = len(list(out.rglob("*.html")))
    print(f"{pages} pages in {time.perf_counter() - started:.0f} s: open {out / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
