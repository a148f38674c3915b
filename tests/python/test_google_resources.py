"""Google's own Python SDK with what belongs to the key that made it: files, caches, batches.

The pool has several keys, and the simulator gives nothing to another key than the one that made it, so
every answer here shows that the right one was asked.
"""

import functools
import io
import tempfile
import unittest

from google import genai
from google.genai import errors, types

from support import HELLO, KEY, MODEL, OTHER_KEY, TIMEOUT_S, URL

# The SDK sends 8 MiB at a time: this takes two pieces.
LARGE_BYTES = 9 * 1024 * 1024
# A cache holds at least 1024 tokens.
LONG = "word " * 1000


@functools.cache
def client(key: str = KEY) -> genai.Client:
    """A client of the product, as its users make one. Kept, because it closes when it is forgotten."""
    options = types.HttpOptions(base_url=URL, timeout=TIMEOUT_S * 1000)
    return genai.Client(api_key=key, vertexai=False, http_options=options)


def upload(text: bytes = b"hello") -> types.File:
    """A small file."""
    return client().files.upload(file=io.BytesIO(text), config={"mime_type": "text/plain"})


class GoogleResources(unittest.TestCase):
    """What users of the SDK see."""

    def test_an_uploaded_file_can_be_asked_about(self):
        with tempfile.NamedTemporaryFile(suffix=".txt") as file:
            file.write(b"hello")
            file.flush()
            uploaded = client().files.upload(file=file.name, config={"display_name": "greeting"})
        self.assertEqual((uploaded.state.name, uploaded.display_name), ("ACTIVE", "greeting"))
        # Often enough that a pool which forgot the key would have taken another one.
        for _ in range(4):
            answer = client().models.generate_content(model=MODEL, contents=[uploaded, "What does it say?"])
            self.assertIn(uploaded.uri, answer.text)
        self.assertEqual(client().files.get(name=uploaded.name).size_bytes, 5)

    def test_a_large_file_goes_in_pieces(self):
        uploaded = upload(bytes(LARGE_BYTES))
        self.assertEqual(uploaded.size_bytes, LARGE_BYTES)

    def test_one_request_may_mention_two_files(self):
        files = [upload(), upload()]
        answer = client().models.generate_content(model=MODEL, contents=[*files, "Compare them."])
        self.assertIn("2 files", answer.text)

    def test_files_are_listed_to_their_client_and_to_nobody_else(self):
        uploaded = upload()
        self.assertIn(uploaded.name, [file.name for file in client().files.list(config={"page_size": 1})])
        self.assertEqual(list(client(OTHER_KEY).files.list()), [])
        for ask in [
            lambda: client(OTHER_KEY).files.get(name=uploaded.name),
            lambda: client(OTHER_KEY).files.delete(name=uploaded.name),
            lambda: client(OTHER_KEY).models.generate_content(model=MODEL, contents=[uploaded, HELLO]),
        ]:
            with self.assertRaises(errors.ClientError) as caught:
                ask()
            self.assertEqual((caught.exception.code, caught.exception.status), (404, "NOT_FOUND"))
        client().files.delete(name=uploaded.name)
        with self.assertRaises(errors.ClientError):
            client().files.get(name=uploaded.name)

    def test_a_cache_is_made_used_prolonged_and_ended(self):
        config = types.CreateCachedContentConfig(contents=[LONG], ttl="600s")
        cache = client().caches.create(model=MODEL, config=config)
        for _ in range(4):
            answer = client().models.generate_content(
                model=MODEL, contents=HELLO, config=types.GenerateContentConfig(cached_content=cache.name)
            )
            self.assertGreater(answer.usage_metadata.cached_content_token_count, 1000)
        longer = client().caches.update(name=cache.name, config={"ttl": "7200s"})
        self.assertGreater(longer.expire_time, cache.expire_time)
        self.assertIn(cache.name, [known.name for known in client().caches.list()])
        client().caches.delete(name=cache.name)

    def test_a_batch_is_started_and_fetched(self):
        batch = client().batches.create(
            model=MODEL, src=[{"contents": [{"role": "user", "parts": [{"text": HELLO}]}]}]
        )
        done = client().batches.get(name=batch.name)
        self.assertEqual(done.state.name, "JOB_STATE_SUCCEEDED")
        self.assertIn("hello", done.dest.inlined_responses[0].response.text.lower())
        self.assertIn(batch.name, [known.name for known in client().batches.list()])
        client().batches.cancel(name=batch.name)
        client().batches.delete(name=batch.name)


if __name__ == "__main__":
    unittest.main()
