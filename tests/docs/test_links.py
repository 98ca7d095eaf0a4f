"""Links lead somewhere, and every page is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, Page

LINKED = [*PAGES, Page("CHANGELOG.md")]


@pytest.mark.parametrize("page", LINKED, ids=str)
def test_links_and_anchors_lead_somewhere(page: Page) -> None:
    for link in page.links:
        if link.startswith(("http://", "https://")):
            continue
        file, _, anchor = link.partition("#")
        target = (ROOT / page.path).parent / file if file else ROOT / page.path
        assert target.exists(), f"{page}: {link}"
        if anchor:
            path = target.resolve().relative_to(ROOT.resolve()).as_posix()
            assert anchor in Page(path).anchors, f"{page}: {link}"


def test_the_index_lists_every_page() -> None:
    listed = set(Page("docs/index.md").links)
    pages = {Path(page.path).name for page in PAGES if page.path.startswith("docs/")}
    assert pages - {"index.md"} <= listed
