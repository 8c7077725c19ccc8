import asyncio

import pytest

from tools.bench.__main__ import read
from tools.bench.children.load import load
from tools.bench.faces.cases import NAMES, READS
from tools.bench.faces.run import Row, note

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
REFUSAL = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers every request on every connection with the same bytes, in two parts."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer
        self.heads: list[bytes] = []
        self.served: list[asyncio.Task[None] | None] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.served.append(asyncio.current_task())
        while head := await self._head(reader):
            self.heads.append(head)
            writer.write(self.answer[:10])
            await writer.drain()
            writer.write(self.answer[10:])
        writer.close()
        await writer.wait_closed()

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return b""


def measured(server: Server, requests: int):
    async def run():
        listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        asked = {"port": port, "path": "/x", "headers": {"Accept": "text/html"}}
        async with listening:
            try:
                return await load({**asked, "connections": 3, "requests": requests})
            finally:
                await asyncio.gather(*filter(None, server.served), return_exceptions=True)

    return asyncio.run(run())


@pytest.mark.enable_socket
def test_every_request_is_asked_once_and_timed():
    server = Server(ANSWER)

    told = measured(server, 20)

    assert len(server.heads) == 20
    assert set(server.heads) == {b"GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n"}
    assert told["per_second"] > 0
    assert 0 < told["p50"] <= told["p95"]


@pytest.mark.enable_socket
def test_an_answer_that_is_none_is_not_measured():
    with pytest.raises(RuntimeError, match="401"):
        measured(Server(REFUSAL), 20)


def test_a_row_shows_what_was_measured_and_leaves_the_rest_empty():
    row = Row(name="scorecard", per_second=1234.5, p50=1.25, p95=20.0, cpu=0.5, note="so")

    assert row.cells == ("scorecard", "1,234", "1.2", "20.0", "0.50", "", "", "so")


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        (800.0, "made anew each time; wanted 800"),
        (799.0, "made anew each time; wanted 800: falls short"),
    ],
)
def test_a_row_says_whether_it_is_what_we_meant_to_give(reached: float, said: str):
    case = next(case for case in READS if case.name == "scorecard")

    assert note(case, reached, 1.0) == said


@pytest.mark.parametrize(
    ("middle", "said"),
    [
        (15.0, "made anew each time; wanted 15 ms"),
        (15.1, "made anew each time; wanted 15 ms: falls short"),
    ],
)
def test_a_page_that_is_late_says_so(middle: float, said: str):
    page = next(case for case in READS if case.within is not None)

    assert note(page, 1.0, middle) == said


def test_cases_are_chosen_by_name(capsys: pytest.CaptureFixture[str]):
    assert read(["faces", "--only", "scorecard", "lint"]).only == ["scorecard", "lint"]
    assert len(set(NAMES)) == len(NAMES)
    with pytest.raises(SystemExit):
        read(["faces", "--only", "nothing"])
    assert "scorecard-kept" in capsys.readouterr().err
