"""The official Anthropic Python SDK: messages, streams, tools, images, counting, errors."""

import json
import unittest

import anthropic

from support import (
    AGENT_MODEL,
    CITY_SCHEMA,
    EXHAUSTED_MODEL,
    HELLO,
    KEY,
    MODEL,
    PERSON_SCHEMA,
    PNG_BASE64,
    RESULTS,
    TASK,
    TIMEOUT_S,
    URL,
    WRONG_KEY,
)

PROMPT = [{"role": "user", "content": HELLO}]
TOOLS = [{"name": name, "description": "For one city", "input_schema": CITY_SCHEMA} for name in RESULTS]


def client(key: str = KEY) -> anthropic.Anthropic:
    """A client of the product, as its users make one."""
    return anthropic.Anthropic(base_url=URL, api_key=key, max_retries=0, timeout=TIMEOUT_S)


def text_of(message) -> str:
    """All text of a message."""
    return "".join(block.text for block in message.content if block.type == "text")


class Messages(unittest.TestCase):
    """What users of the SDK see."""

    def test_a_message_has_text_stop_reason_and_usage(self):
        message = client().messages.create(model=MODEL, max_tokens=500, system="Be brief.", messages=PROMPT)
        self.assertIn("hello", text_of(message).lower())
        self.assertEqual((message.role, message.type, message.stop_reason), ("assistant", "message", "end_turn"))
        self.assertGreater(message.usage.input_tokens, 0)
        self.assertGreater(message.usage.output_tokens, 0)

    def test_a_stream_accumulates_to_the_message(self):
        with client().messages.stream(model=MODEL, max_tokens=500, messages=PROMPT) as stream:
            text = "".join(stream.text_stream)
            final = stream.get_final_message()
        self.assertEqual(text, text_of(final))
        self.assertIn("hello", text.lower())
        self.assertEqual(final.stop_reason, "end_turn")
        self.assertGreater(final.usage.output_tokens, 0)

    def test_tools_loop_with_and_without_the_thinking_that_was_sent(self):
        def keep(content):
            return [block.model_dump(exclude_none=True) for block in content]

        def drop(content):
            return [block for block in keep(content) if block["type"] in ("text", "tool_use")]

        for model in (MODEL, AGENT_MODEL):
            for thinking in ({"type": "disabled"}, {"type": "enabled", "budget_tokens": 1024}):
                for replay in (keep, drop):
                    with self.subTest(model=model, thinking=thinking["type"], replay=replay.__name__):
                        self.run_loop(model, thinking, replay)

    def run_loop(self, model, thinking, replay):
        messages = [{"role": "user", "content": TASK}]
        for turn in range(4):
            with client().messages.stream(
                model=model, max_tokens=4000, messages=messages, tools=TOOLS, thinking=thinking
            ) as stream:
                answer = stream.get_final_message()
            calls = [block for block in answer.content if block.type == "tool_use"]
            if not calls:
                break
            self.assertEqual(answer.stop_reason, "tool_use")
            messages.append({"role": "assistant", "content": replay(answer.content)})
            results = [
                {"type": "tool_result", "tool_use_id": call.id, "content": json.dumps(RESULTS[call.name])}
                for call in calls
            ]
            messages.append({"role": "user", "content": results})
        self.assertEqual(turn, 1, "both were called at once")
        self.assertIn("cloudless", text_of(answer))
        self.assertIn("half past four", text_of(answer))

    def test_structured_output_is_json_of_the_schema(self):
        message = client().messages.create(
            model=MODEL,
            max_tokens=500,
            messages=PROMPT,
            output_config={"format": {"type": "json_schema", "schema": PERSON_SCHEMA}},
        )
        self.assertEqual(json.loads(text_of(message)).keys(), {"name", "age"})

    def test_an_image_is_seen(self):
        image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG_BASE64}}
        content = [image, {"type": "text", "text": "What is it?"}]
        message = client().messages.create(
            model=MODEL, max_tokens=500, messages=[{"role": "user", "content": content}]
        )
        self.assertIn("image/png", text_of(message))

    def test_tokens_can_be_counted(self):
        count = client().messages.count_tokens(model=MODEL, messages=PROMPT, tools=TOOLS, system="Be brief.")
        self.assertGreater(count.input_tokens, 0)

    def test_models_can_be_listed(self):
        models = {model.id: model for model in client().models.list(limit=1000)}
        self.assertIn(MODEL, models)
        self.assertEqual(models[MODEL].type, "model")

    def test_errors_have_their_classes(self):
        ask = {"model": MODEL, "max_tokens": 50, "messages": PROMPT}
        with self.assertRaises(anthropic.AuthenticationError):
            client(WRONG_KEY).messages.create(**ask)
        with self.assertRaises(anthropic.BadRequestError) as caught:
            client().messages.create(**ask, extra_body={"temperature": 9})
        self.assertIn("temperature", str(caught.exception))
        self.assertEqual(caught.exception.body["error"]["type"], "invalid_request_error")
        with self.assertRaises(anthropic.RateLimitError) as caught:
            client().messages.create(**ask | {"model": EXHAUSTED_MODEL})
        self.assertGreater(int(caught.exception.response.headers["retry-after"]), 0)
        with self.assertRaises(anthropic.NotFoundError):
            client().messages.create(**ask | {"model": "gemini-0-nothing"})


if __name__ == "__main__":
    unittest.main()
