"""The official OpenAI Python SDK against a running gempool.

Started by tests/it/python_sdk.rs, which also checks what reached the upstream. It reads where the
product is from the environment: GEMPOOL_URL, GEMPOOL_KEY, GEMPOOL_MODEL (answers), and
GEMPOOL_EXHAUSTED_MODEL (every key is over its quota). It starts nothing and never retries, so that
each call is one request.
"""

import os
import unittest

import openai

MODEL = os.environ["GEMPOOL_MODEL"]
EXHAUSTED_MODEL = os.environ["GEMPOOL_EXHAUSTED_MODEL"]
PROMPT = [{"role": "user", "content": "Say hello to the SDK"}]


def client(key: str = os.environ["GEMPOOL_KEY"]) -> openai.OpenAI:
    """A client of the product, as its users make one."""
    return openai.OpenAI(base_url=os.environ["GEMPOOL_URL"] + "/v1", api_key=key, max_retries=0, timeout=20)


class Sdk(unittest.TestCase):
    """What users of the SDK see."""

    def test_unary_completion_has_text_finish_reason_and_usage(self):
        answer = client().chat.completions.create(model=MODEL, messages=PROMPT)
        self.assertIn("hello", answer.choices[0].message.content.lower())
        self.assertEqual(answer.choices[0].finish_reason, "stop")
        self.assertEqual(answer.choices[0].message.role, "assistant")
        self.assertEqual(answer.model, MODEL)
        self.assertTrue(answer.id.startswith("chatcmpl-"))
        self.assertGreater(answer.usage.prompt_tokens, 0)
        self.assertEqual(answer.usage.total_tokens, answer.usage.prompt_tokens + answer.usage.completion_tokens)

    def test_stream_yields_the_same_text_and_then_usage(self):
        unary = client().chat.completions.create(model=MODEL, messages=PROMPT)
        chunks = list(
            client().chat.completions.create(
                model=MODEL, messages=PROMPT, stream=True, stream_options={"include_usage": True}
            )
        )
        text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
        self.assertEqual(text, unary.choices[0].message.content)
        finish_reasons = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices]
        self.assertEqual([reason for reason in finish_reasons if reason], ["stop"])
        self.assertEqual(chunks[-1].choices, [])
        self.assertGreater(chunks[-1].usage.completion_tokens, 0)
        self.assertEqual([chunk.usage for chunk in chunks[:-1]], [None] * (len(chunks) - 1))

    def test_models_can_be_listed(self):
        models = {model.id: model for model in client().models.list()}
        self.assertIn(MODEL, models)
        self.assertEqual(models[MODEL].object, "model")
        self.assertEqual(models[MODEL].owned_by, "google")

    def test_wrong_key_is_an_authentication_error(self):
        with self.assertRaises(openai.AuthenticationError) as caught:
            client("sk-pool-not-this-one").chat.completions.create(model=MODEL, messages=PROMPT)
        self.assertEqual(caught.exception.code, "invalid_api_key")
        self.assertNotIn("not-this-one", str(caught.exception))

    def test_bad_request_names_the_field(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            client().chat.completions.create(model=MODEL, messages=PROMPT, temperature=9)
        self.assertEqual(caught.exception.param, "temperature")
        self.assertEqual(caught.exception.type, "invalid_request_error")

    def test_exhausted_keys_are_a_rate_limit_error_that_says_when(self):
        with self.assertRaises(openai.RateLimitError) as caught:
            client().chat.completions.create(model=EXHAUSTED_MODEL, messages=PROMPT)
        self.assertGreater(int(caught.exception.response.headers["retry-after"]), 0)

    def test_exhausted_keys_are_a_rate_limit_error_for_a_stream_too(self):
        with self.assertRaises(openai.RateLimitError):
            client().chat.completions.create(model=EXHAUSTED_MODEL, messages=PROMPT, stream=True)


if __name__ == "__main__":
    unittest.main()
