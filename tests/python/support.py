"""Where the product is and what it is asked for, for every client library alike.

The tests are started by tests/it/client_libraries.rs, which also checks what reached the upstream. They
start nothing and never retry, so that each call is one request.

The agent's task is the same everywhere: two functions, which the simulator calls at once because the
prompt names both, and then an answer that holds both results.
"""

import base64
import os
import struct
import zlib

URL = os.environ["GEMPOOL_URL"]
KEY = os.environ["GEMPOOL_KEY"]
OTHER_KEY = os.environ["GEMPOOL_OTHER_KEY"]
WRONG_KEY = "sk-pool-not-this-one"
# Answers without thinking; every key is over its quota; wants thought signatures; turns text to vectors.
MODEL = os.environ["GEMPOOL_MODEL"]
EXHAUSTED_MODEL = os.environ["GEMPOOL_EXHAUSTED_MODEL"]
AGENT_MODEL = os.environ["GEMPOOL_AGENT_MODEL"]
EMBEDDING_MODEL = os.environ["GEMPOOL_EMBEDDING_MODEL"]

TIMEOUT_S = 30
HELLO = "Say hello to the SDK"
TASK = "Please call get_weather and get_time for Paris, then tell me both."
CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "Name of the city"}},
    "required": ["city"],
}
RESULTS = {"get_weather": {"sky": "cloudless"}, "get_time": {"clock": "half past four"}}
PERSON_SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "age": {"type": "integer"}},
    "required": ["name", "age"],
    "additionalProperties": False,
}


def tiny_png() -> bytes:
    """A picture of one red pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\x00\xff\x00\x00"))
        + chunk(b"IEND", b"")
    )


PNG_BASE64 = base64.b64encode(tiny_png()).decode()
PNG_URL = "data:image/png;base64," + PNG_BASE64
