"""One chromium for the tests of a file, and the page that most of them look at."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import ListingDesk, chromium, served


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(ListingDesk()) as started:
        yield started
