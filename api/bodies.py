"""What a JSON body must be before anybody looks at what it says."""

import json
from email.message import Message
from typing import Final

from starlette.requests import Request

from api.errors import BadInput, Fault, NotReadable

_CHARSETS: Final = {"", "utf-8", "utf8", "us-ascii"}


async def require_json(request: Request) -> None:
    """Refuse a body that is not JSON in UTF-8; none at all is for the route to judge.

    Raises:
        NotReadable: it is said to be something else.
        BadInput: it is no UTF-8, or nested too deep to be read.
    """
    body = await request.body()
    if not body:
        return
    given = request.headers.get("content-type", "")
    if not _is_json(given):
        raise NotReadable(given)
    try:
        json.loads(body.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        detail = f"byte {error.start + 1} of the body is not UTF-8"
        raise _unreadable("not-utf8", detail) from error
    except RecursionError as error:
        raise _unreadable("too-deep", "the body is nested too deep to be read") from error
    except ValueError:  # told with its place when the route reads it
        return


def _is_json(content_type: str) -> bool:
    said = Message()
    said["Content-Type"] = content_type
    kind = said.get_content_type()
    wanted = kind == "application/json" or (
        kind.startswith("application/") and kind[-5:] == "+json"
    )
    return wanted and (said.get_content_charset("") or "") in _CHARSETS


def _unreadable(code: str, detail: str) -> BadInput:
    return BadInput((Fault(code=code, pointer="", detail=detail),))
