"""What a built site must keep: every link and anchor leads somewhere, and no page asks the network for anything."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {
    "script": "src",
    "img": "src",
    "link": "href",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "object": "data",
}
"""Tag -> the attribute that a browser follows by itself."""
QUIET_LINKS = ("canonical", "search", "next", "prev", "author", "copyright")
"""Relations of <link> that no browser loads."""
IN_STYLE = re.compile(r"""(?:url\(\s*['"]?|@import\s+['"])((?:https?:)?//[^'")\s]+)""")


@dataclass
class _Page(HTMLParser):
    links: list[str] = field(default_factory=list)
    loaded: list[str] = field(default_factory=list)
    anchors: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a tag leads, and where others can lead."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag in LOADED and LOADED[tag] in given and given.get("rel", "") not in QUIET_LINKS:
            self.loaded.append(given[LOADED[tag]])


def faults(site: Path) -> list[str]:
    """Return what is wrong with a built site."""
    pages = {}
    for path in sorted(site.rglob("*.html")):
        pages[path] = _Page()
        pages[path].feed(path.read_text(encoding="utf-8"))
    found = []
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        found += [f"{name}: loads {url} from the network" for url in page.loaded if urlsplit(url).netloc]
        for url in [*page.links, *page.loaded]:
            parts = urlsplit(url)
            if (
                not parts.scheme
                and not parts.netloc
                and (said := _broken(path, unquote(parts.path), parts.fragment, pages))
            ):
                found.append(f"{name}: {url}: {said}")
    for path in sorted(site.rglob("*.css")):
        asked = IN_STYLE.findall(path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(site).as_posix()}: loads {url} from the network" for url in asked]
    return found


def _broken(page: Path, target: str, fragment: str, pages: dict[Path, _Page]) -> str:
    leads = (page.parent / target).resolve() if target else page
    if not leads.exists():
        return "no such file"
    if fragment and leads in pages and unquote(fragment) not in pages[leads].anchors:
        return "no such place on the page"
    return ""
