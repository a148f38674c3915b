"""The official OpenAI Python SDK: chat completions, responses, embeddings, images, speech, transcription."""

import json
import os
import unittest

import openai
import pydantic

from support import (
    AGENT_MODEL,
    CITY_SCHEMA,
    EMBEDDING_MODEL,
    EXHAUSTED_MODEL,
    HELLO,
    KEY,
    MODEL,
    PNG_URL,
    RESULTS,
    TASK,
    TIMEOUT_S,
    URL,
    WRONG_KEY,
    tiny_png,
)

PROMPT = [{"role": "user", "content": HELLO}]
IMAGE_MODEL = os.environ["GEMPOOL_IMAGE_MODEL"]
SPEECH_MODEL = os.environ["GEMPOOL_SPEECH_MODEL"]
TOOLS = [
    {"type": "function", "function": {"name": name, "description": "For one city", "parameters": CITY_SCHEMA}}
    for name in RESULTS
]


class Person(pydantic.BaseModel):
    """What structured output has to be."""

    name: str
    age: int


def client(key: str = KEY) -> openai.OpenAI:
    """A client of the product, as its users make one."""
    return openai.OpenAI(base_url=URL + "/v1", api_key=key, max_retries=0, timeout=TIMEOUT_S)


class Chat(unittest.TestCase):
    """Chat completions."""

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
            client(WRONG_KEY).chat.completions.create(model=MODEL, messages=PROMPT)
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


class Agent(unittest.TestCase):
    """Tools in a loop, with a client that keeps unknown fields and with one that drops them."""

    def run_loop(self, model, replay, stream=False):
        messages = [{"role": "user", "content": TASK}]
        for _ in range(4):
            message = self.ask(model, messages, stream)
            if not message["tool_calls"]:
                return message["content"], messages
            messages.append(replay(message))
            for call in message["tool_calls"]:
                self.assertEqual(json.loads(call["function"]["arguments"]).keys(), {"city"})
                result = json.dumps(RESULTS[call["function"]["name"]])
                messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
        self.fail("the model calls for ever")

    def ask(self, model, messages, stream):
        answer = client().chat.completions.create(model=model, messages=messages, tools=TOOLS, stream=stream)
        if not stream:
            message = answer.choices[0].message.model_dump()
            self.assertEqual(answer.choices[0].finish_reason, "tool_calls" if message["tool_calls"] else "stop")
            return message
        content, calls = "", {}
        for chunk in answer:
            for choice in chunk.choices:
                content += choice.delta.content or ""
                for call in choice.delta.tool_calls or []:
                    # Each call comes whole, under an index of its own.
                    self.assertNotIn(call.index, calls)
                    calls[call.index] = call.model_dump()
        return {"role": "assistant", "content": content or None, "tool_calls": list(calls.values())}

    def test_parallel_calls_loop_whether_the_client_keeps_unknown_fields_or_drops_them(self):
        def keep(message):
            return message

        def drop(message):
            calls = [
                {"id": call["id"], "type": "function", "function": call["function"]} for call in message["tool_calls"]
            ]
            return {"role": "assistant", "content": message["content"], "tool_calls": calls}

        for model in (MODEL, AGENT_MODEL):
            for replay in (keep, drop):
                for stream in (False, True):
                    with self.subTest(model=model, replay=replay.__name__, stream=stream):
                        text, messages = self.run_loop(model, replay, stream)
                        self.assertIn("cloudless", text)
                        self.assertIn("half past four", text)
                        self.assertEqual(len(messages), 4, "both were called at once")

    def test_a_forced_tool_is_the_one_that_is_called(self):
        answer = client().chat.completions.create(
            model=AGENT_MODEL,
            messages=PROMPT,
            tools=TOOLS,
            tool_choice={"type": "function", "function": {"name": "get_time"}},
        )
        calls = answer.choices[0].message.tool_calls
        self.assertEqual([call.function.name for call in calls], ["get_time"])

    def test_tools_that_may_not_be_called_are_not(self):
        answer = client().chat.completions.create(
            model=AGENT_MODEL, messages=[{"role": "user", "content": TASK}], tools=TOOLS, tool_choice="none"
        )
        self.assertIsNone(answer.choices[0].message.tool_calls)
        self.assertEqual(answer.choices[0].finish_reason, "stop")


class Formats(unittest.TestCase):
    """Structured output, images in, thoughts, several choices."""

    def test_structured_output_is_parsed(self):
        for model in (MODEL, AGENT_MODEL):
            answer = client().chat.completions.parse(model=model, messages=PROMPT, response_format=Person)
            self.assertIsInstance(answer.choices[0].message.parsed, Person)

    def test_json_mode_gives_json(self):
        answer = client().chat.completions.create(
            model=MODEL, messages=PROMPT, response_format={"type": "json_object"}
        )
        json.loads(answer.choices[0].message.content)

    def test_an_image_is_seen(self):
        content = [{"type": "text", "text": "What is it?"}, {"type": "image_url", "image_url": {"url": PNG_URL}}]
        answer = client().chat.completions.create(model=MODEL, messages=[{"role": "user", "content": content}])
        self.assertIn("image/png", answer.choices[0].message.content)

    def test_thoughts_are_shown_where_they_are_asked_for(self):
        answer = client().chat.completions.create(model=AGENT_MODEL, messages=PROMPT, reasoning_effort="low")
        self.assertTrue(answer.choices[0].message.reasoning_content)
        self.assertGreater(answer.usage.completion_tokens_details.reasoning_tokens, 0)

    def test_several_choices_come_from_any_model(self):
        for model in (MODEL, AGENT_MODEL):
            answer = client().chat.completions.create(model=model, messages=PROMPT, n=2)
            self.assertEqual([choice.index for choice in answer.choices], [0, 1])

    def test_a_suffix_of_the_model_is_a_wish(self):
        answer = client().chat.completions.create(model=AGENT_MODEL + "-high", messages=PROMPT)
        self.assertEqual(answer.model, AGENT_MODEL + "-high")


class Responses(unittest.TestCase):
    """The Responses API, stateless."""

    def test_a_response_has_text_and_usage(self):
        answer = client().responses.create(model=MODEL, input=HELLO, instructions="Be brief.")
        self.assertIn("hello", answer.output_text.lower())
        self.assertEqual(answer.status, "completed")
        self.assertEqual(answer.usage.total_tokens, answer.usage.input_tokens + answer.usage.output_tokens)

    def test_a_stream_accumulates_to_the_response(self):
        with client().responses.stream(model=MODEL, input=HELLO) as stream:
            text, numbers = "", []
            for event in stream:
                numbers.append(event.sequence_number)
                if event.type == "response.output_text.delta":
                    text += event.delta
            final = stream.get_final_response()
        self.assertEqual(numbers, list(range(len(numbers))))
        self.assertEqual(final.output_text, text)
        self.assertIn("hello", text.lower())

    def test_tools_loop_without_stored_state(self):
        tools = [
            {"type": "function", "name": name, "parameters": CITY_SCHEMA, "strict": True} for name in RESULTS
        ]
        for model in (MODEL, AGENT_MODEL):
            for include in ([], ["reasoning.encrypted_content"]):
                items = [{"role": "user", "content": TASK}]
                for _ in range(4):
                    answer = client().responses.create(
                        model=model, input=items, tools=tools, store=False, include=include
                    )
                    calls = [item for item in answer.output if item.type == "function_call"]
                    if not calls:
                        break
                    items += [item.model_dump(exclude_none=True) for item in answer.output]
                    for call in calls:
                        output = json.dumps(RESULTS[call.name])
                        items.append({"type": "function_call_output", "call_id": call.call_id, "output": output})
                with self.subTest(model=model, include=include):
                    self.assertIn("cloudless", answer.output_text)
                    self.assertIn("half past four", answer.output_text)

    def test_structured_output_is_parsed(self):
        answer = client().responses.parse(model=MODEL, input=HELLO, text_format=Person)
        self.assertIsInstance(answer.output_parsed, Person)

    def test_an_image_is_seen(self):
        content = [{"type": "input_text", "text": "What?"}, {"type": "input_image", "image_url": PNG_URL}]
        answer = client().responses.create(model=MODEL, input=[{"role": "user", "content": content}])
        self.assertIn("image/png", answer.output_text)

    def test_stored_state_is_refused_by_name(self):
        with self.assertRaises(openai.BadRequestError) as caught:
            client().responses.create(model=MODEL, input=HELLO, previous_response_id="resp_1")
        self.assertEqual(caught.exception.param, "previous_response_id")


class OtherEndpoints(unittest.TestCase):
    """Embeddings, images, speech, transcription, completions, one model."""

    def test_embeddings_keep_order_and_length_beyond_one_batch(self):
        texts = [f"text {number}" for number in range(150)]
        answer = client().embeddings.create(model=EMBEDDING_MODEL, input=texts, dimensions=768)
        self.assertEqual([item.index for item in answer.data], list(range(150)))
        self.assertEqual({len(item.embedding) for item in answer.data}, {768})
        alone = client().embeddings.create(
            model=EMBEDDING_MODEL, input="text 149", dimensions=768, encoding_format="float"
        )
        for one, other in zip(answer.data[149].embedding, alone.data[0].embedding):
            self.assertAlmostEqual(one, other, places=5)
        self.assertAlmostEqual(sum(value * value for value in alone.data[0].embedding), 1, places=3)

    def test_an_image_comes_as_base64(self):
        answer = client().images.generate(model=IMAGE_MODEL, prompt="A red pixel", n=2, size="1024x1024")
        self.assertEqual(len(answer.data), 2)
        for image in answer.data:
            self.assertTrue(image.b64_json.startswith("iVBORw0KGgo"))

    def test_an_image_can_be_edited(self):
        answer = client().images.edit(model=IMAGE_MODEL, image=("a.png", tiny_png(), "image/png"), prompt="Bluer")
        self.assertTrue(answer.data[0].b64_json)

    def test_speech_is_a_wav_file(self):
        answer = client().audio.speech.create(
            model=SPEECH_MODEL, voice="alloy", input="Hello", response_format="wav"
        )
        self.assertEqual(answer.content[:4], b"RIFF")
        self.assertGreater(len(answer.content), 44)

    def test_sound_is_transcribed(self):
        answer = client().audio.transcriptions.create(model=MODEL, file=("a.wav", b"RIFF0000WAVE", "audio/wav"))
        self.assertTrue(answer.text)

    def test_legacy_completions_complete(self):
        answer = client().completions.create(model=MODEL, prompt=HELLO)
        self.assertIn("hello", answer.choices[0].text.lower())
        self.assertEqual(answer.object, "text_completion")

    def test_one_model_can_be_asked_for(self):
        self.assertEqual(client().models.retrieve(MODEL).id, MODEL)
        with self.assertRaises(openai.NotFoundError):
            client().models.retrieve("gemini-0-nothing")


if __name__ == "__main__":
    unittest.main()
