"""Google's own Python SDK on the native paths: the answers are Google's own bytes."""

import functools
import json
import unittest

from google import genai
from google.genai import errors, types

from support import (
    AGENT_MODEL,
    EMBEDDING_MODEL,
    EXHAUSTED_MODEL,
    HELLO,
    KEY,
    MODEL,
    RESULTS,
    TASK,
    TIMEOUT_S,
    URL,
    WRONG_KEY,
    tiny_png,
)


@functools.cache
def client(key: str = KEY) -> genai.Client:
    """A client of the product, as its users make one. Kept, because it closes when it is forgotten."""
    options = types.HttpOptions(base_url=URL, timeout=TIMEOUT_S * 1000)
    return genai.Client(api_key=key, vertexai=False, http_options=options)


def get_weather(city: str) -> dict:
    """The weather of a city."""
    return RESULTS["get_weather"]


def get_time(city: str) -> dict:
    """The time of a city."""
    return RESULTS["get_time"]


class GoogleGenAi(unittest.TestCase):
    """What users of the SDK see."""

    def test_an_answer_has_text_and_usage(self):
        answer = client().models.generate_content(model=MODEL, contents=HELLO)
        self.assertIn("hello", answer.text.lower())
        self.assertGreater(answer.usage_metadata.total_token_count, 0)

    def test_a_stream_has_the_same_text(self):
        pieces = [piece.text or "" for piece in client().models.generate_content_stream(model=MODEL, contents=HELLO)]
        whole = client().models.generate_content(model=MODEL, contents=HELLO)
        self.assertEqual("".join(pieces), whole.text)

    def test_the_sdk_calls_functions_by_itself(self):
        for model in (MODEL, AGENT_MODEL):
            config = types.GenerateContentConfig(tools=[get_weather, get_time])
            answer = client().models.generate_content(model=model, contents=TASK, config=config)
            with self.subTest(model=model):
                self.assertIn("cloudless", answer.text)
                self.assertIn("half past four", answer.text)

    def test_structured_output_is_json(self):
        config = types.GenerateContentConfig(
            response_mime_type="application/json",
            response_json_schema={"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        )
        answer = client().models.generate_content(model=MODEL, contents=HELLO, config=config)
        self.assertIn("name", json.loads(answer.text))

    def test_an_image_is_seen(self):
        image = types.Part.from_bytes(data=tiny_png(), mime_type="image/png")
        answer = client().models.generate_content(model=MODEL, contents=[image, "What is it?"])
        self.assertIn("image/png", answer.text)

    def test_texts_become_vectors_and_tokens_are_counted(self):
        answer = client().models.embed_content(model=EMBEDDING_MODEL, contents=["a", "b"])
        self.assertEqual(len(answer.embeddings), 2)
        self.assertGreater(client().models.count_tokens(model=MODEL, contents=HELLO).total_tokens, 0)

    def test_models_can_be_listed_and_asked_for(self):
        names = [model.name for model in client().models.list()]
        self.assertIn("models/" + MODEL, names)
        self.assertEqual(client().models.get(model=MODEL).name, "models/" + MODEL)

    def test_errors_are_googles(self):
        for key, model, code, status in [
            (WRONG_KEY, MODEL, 401, "UNAUTHENTICATED"),
            (KEY, EXHAUSTED_MODEL, 429, "RESOURCE_EXHAUSTED"),
            (KEY, "gemini-0-nothing", 404, "NOT_FOUND"),
        ]:
            with self.assertRaises(errors.ClientError) as caught:
                client(key).models.generate_content(model=model, contents=HELLO)
            self.assertEqual((caught.exception.code, caught.exception.status), (code, status))


if __name__ == "__main__":
    unittest.main()
