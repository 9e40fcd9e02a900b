"""A short run of `make fuzz`, and that it would notice what it looks for."""

import logging
from collections import Counter
from pathlib import Path

import pytest

from tests.fuzz.__main__ import show
from tests.fuzz.requests import TYPED, get
from tests.fuzz.run import Requests, Result, fuzz
from tests.fuzz.sending import call
from tests.fuzz.target import CountingTransport, LogWatch, open_target


def test_a_few_hundred_mutated_requests_are_all_answered_and_none_with_a_500() -> None:
    result = fuzz(400, seed=7)
    assert result.problems == []
    assert result.statuses[500] == 0
    assert {200, 202, 303, 403, 404, 422} <= set(result.statuses)
    assert result.raw > 0


def test_the_same_seed_draws_the_same_requests() -> None:
    first, second = Requests(1), Requests(1)
    for _ in range(100):
        assert first.draw().method == second.draw().method
    assert first.random.random() == second.random.random()


def test_errors_tracebacks_and_typed_words_in_the_log_are_found() -> None:
    watch, log = LogWatch(), logging.getLogger("beaconpost.test")
    log.addHandler(watch)
    try:
        log.warning("closed %d connections", 3)
        assert watch.found == []
        log.error("unexpected error")
        log.warning("%s wrote", TYPED)
        log.warning("crashed", exc_info=KeyError())
    finally:
        log.removeHandler(watch)
    assert len(watch.found) == 3


def test_an_answer_of_500_or_a_line_in_the_log_is_a_failed_run() -> None:
    assert show([Result(2, Counter({200: 2}))], 1.0) == 0
    assert show([Result(2, Counter({200: 1, 500: 1}))], 1.0) == 1
    assert show([Result(1, Counter({200: 1}), problems=["error"])], 1.0) == 1


@pytest.mark.anyio
async def test_a_query_of_any_bytes_is_answered(tmp_path: Path) -> None:
    async with open_target(tmp_path, CountingTransport(), lambda: "token") as app:
        for path in ("/theme/site.css", "/healthz", "/campaigns/open-libraries/call", "/reports/open-libraries"):
            for query in (b"\xff", b"%ff", b"lang=\xc3\xa9&key=\xe9"):
                request = get(path)
                request.query = query
                assert await call(app, request, hangs_up=False) in (200, 404)
