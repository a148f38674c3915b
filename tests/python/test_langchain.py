"""LangChain over its OpenAI integration, which drops fields that it does not know."""

import unittest

import openai
import pydantic
from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

from support import (
    AGENT_MODEL,
    EMBEDDING_MODEL,
    HELLO,
    KEY,
    MODEL,
    PNG_URL,
    RESULTS,
    TASK,
    TIMEOUT_S,
    URL,
    WRONG_KEY,
)


class Person(pydantic.BaseModel):
    """A person."""

    name: str
    age: int


@tool
def get_weather(city: str) -> dict:
    """The weather of a city."""
    return RESULTS["get_weather"]


@tool
def get_time(city: str) -> dict:
    """The time of a city."""
    return RESULTS["get_time"]


TOOLS = {"get_weather": get_weather, "get_time": get_time}


def model(name: str = MODEL, key: str = KEY) -> ChatOpenAI:
    """A model as users of LangChain make one."""
    return ChatOpenAI(model=name, base_url=URL + "/v1", api_key=key, max_retries=0, timeout=TIMEOUT_S)


class LangChain(unittest.TestCase):
    """What users of LangChain see."""

    def test_it_chats_and_streams(self):
        self.assertIn("hello", model().invoke(HELLO).content.lower())
        text = "".join(chunk.content for chunk in model().stream(HELLO))
        self.assertIn("hello", text.lower())

    def test_tools_loop(self):
        for name in (MODEL, AGENT_MODEL):
            agent = model(name).bind_tools(list(TOOLS.values()))
            messages = [HumanMessage(TASK)]
            for _ in range(4):
                answer = agent.invoke(messages)
                messages.append(answer)
                if not answer.tool_calls:
                    break
                for call in answer.tool_calls:
                    result = TOOLS[call["name"]].invoke(call["args"])
                    messages.append(ToolMessage(str(result), tool_call_id=call["id"]))
            with self.subTest(model=name):
                self.assertIn("cloudless", answer.content)
                self.assertIn("half past four", answer.content)

    def test_structured_output_is_parsed(self):
        person = model().with_structured_output(Person, method="json_schema").invoke(HELLO)
        self.assertIsInstance(person, Person)

    def test_an_image_is_seen(self):
        content = [{"type": "text", "text": "What?"}, {"type": "image_url", "image_url": {"url": PNG_URL}}]
        self.assertIn("image/png", model().invoke([HumanMessage(content)]).content)

    def test_texts_become_vectors(self):
        embeddings = OpenAIEmbeddings(
            model=EMBEDDING_MODEL, base_url=URL + "/v1", api_key=KEY, check_embedding_ctx_length=False, max_retries=0
        )
        self.assertEqual(len(embeddings.embed_documents(["a", "b"])), 2)

    def test_a_wrong_key_is_the_sdks_own_error(self):
        with self.assertRaises(openai.AuthenticationError):
            model(key=WRONG_KEY).invoke(HELLO)


if __name__ == "__main__":
    unittest.main()
