//! Reads an event stream as an OpenAI client does, and judges whether it was whole.

use http::HeaderMap;
use serde_json::Value;

use super::client::{Response, assert_openai_error};
use super::secrets::Canaries;

/// How a body ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// With the terminating chunk (or the declared length).
    Clean,
    /// With a reset or a missing terminating chunk.
    Broken(String),
}

/// One item of a stream.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// `data: {json}`.
    Event(Value),
    /// `data: [DONE]`.
    Done,
    /// `: text`, which clients ignore.
    Comment(String),
}

/// An event stream under way. Dropping it is a client that hangs up.
pub(crate) struct EventStream {
    pub(crate) headers: HeaderMap,
    response: Response,
    pending: Vec<u8>,
    end: Option<End>,
}

impl EventStream {
    pub(crate) fn new(response: Response) -> Self {
        Self {
            headers: response.headers.clone(),
            response,
            pending: Vec::new(),
            end: None,
        }
    }

    /// The next item; `None` once the body has ended.
    pub(crate) async fn next(&mut self) -> Option<Item> {
        loop {
            if let Some(length) = self.pending.windows(2).position(|pair| pair == b"\n\n") {
                let block: Vec<u8> = self.pending.drain(..length + 2).collect();
                Canaries::keys().assert_absent("a stream", &block);
                return Some(parse(&String::from_utf8(block).expect("a stream is UTF-8")));
            }
            if self.end.is_some() {
                assert!(self.pending.is_empty(), "half an event: {:?}", self.pending);
                return None;
            }
            match self.response.next().await {
                Ok(bytes) => self.pending.extend_from_slice(&bytes),
                Err(end) => {
                    if end != End::Clean {
                        // What a broken connection cut off is lost to any client.
                        self.pending.clear();
                    }
                    self.end = Some(end);
                }
            }
        }
    }

    /// The text of the next content delta, skipping what has none.
    pub(crate) async fn next_text(&mut self) -> String {
        loop {
            match self.next().await.expect("the stream goes on") {
                Item::Event(event) => match delta(&event)["content"].as_str() {
                    Some(text) if !text.is_empty() => return text.to_owned(),
                    _ => assert!(
                        event["error"].is_null(),
                        "an error instead of text: {event}"
                    ),
                },
                Item::Comment(_) => {}
                Item::Done => panic!("no text before the end"),
            }
        }
    }

    /// Reads to the end of the body.
    pub(crate) async fn read_to_end(mut self) -> Transcript {
        let mut items = Vec::new();
        while let Some(item) = self.next().await {
            items.push(item);
        }
        Transcript {
            headers: self.headers,
            items,
            end: self.end.unwrap_or(End::Clean),
        }
    }
}

fn parse(block: &str) -> Item {
    let line = block.trim_end_matches('\n');
    assert!(!line.contains('\n'), "one event is one line: {block:?}");
    if let Some(comment) = line.strip_prefix(':') {
        return Item::Comment(comment.trim().to_owned());
    }
    match line.strip_prefix("data: ") {
        Some("[DONE]") => Item::Done,
        Some(json) => Item::Event(
            serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}: {json}")),
        ),
        None => panic!("neither data nor comment: {block:?}"),
    }
}

fn delta(event: &Value) -> &Value {
    &event["choices"][0]["delta"]
}

/// A stream that has ended.
#[derive(Debug)]
pub(crate) struct Transcript {
    pub(crate) headers: HeaderMap,
    pub(crate) items: Vec<Item>,
    pub(crate) end: End,
}

impl Transcript {
    /// All JSON events, in order.
    pub(crate) fn events(&self) -> impl Iterator<Item = &Value> {
        self.items.iter().filter_map(|item| match item {
            Item::Event(event) => Some(event),
            Item::Done | Item::Comment(_) => None,
        })
    }

    /// The whole answer.
    pub(crate) fn text(&self) -> String {
        self.events()
            .filter_map(|event| delta(event)["content"].as_str())
            .collect()
    }

    /// Number of comments, which are heartbeats.
    pub(crate) fn comments(&self) -> usize {
        self.items
            .iter()
            .filter(|item| matches!(item, Item::Comment(_)))
            .count()
    }

    /// All finish reasons given.
    pub(crate) fn finish_reasons(&self) -> Vec<&str> {
        self.events()
            .filter_map(|event| event["choices"][0]["finish_reason"].as_str())
            .collect()
    }

    /// Checks the marks of a whole stream: role first, one id, one finish reason, `[DONE]`, clean end.
    pub(crate) fn assert_complete(&self) {
        assert_eq!(self.end, End::Clean, "{self:?}");
        assert_eq!(self.items.last(), Some(&Item::Done), "{self:?}");
        let dones = self
            .items
            .iter()
            .filter(|item| **item == Item::Done)
            .count();
        assert_eq!(dones, 1, "{self:?}");
        assert_eq!(self.finish_reasons().len(), 1, "{self:?}");
        let first = self.events().next().expect("an event");
        assert_eq!(delta(first)["role"], "assistant", "{first}");
        for event in self.events() {
            assert!(event["error"].is_null(), "{event}");
            for field in ["id", "created", "model", "object"] {
                assert_eq!(event[field], first[field], "`{field}` changes: {event}");
            }
            assert_eq!(event["object"], "chat.completion.chunk");
        }
    }

    /// Checks the marks of a broken stream and returns its `error` object: the last event says so in
    /// band, and nothing makes the stream look finished.
    pub(crate) fn assert_broken(&self) -> Value {
        assert!(
            !self.items.contains(&Item::Done),
            "a broken stream says [DONE]: {self:?}"
        );
        assert!(
            self.finish_reasons().is_empty(),
            "a broken stream looks finished: {self:?}"
        );
        let last = self.events().last().expect("an event");
        assert_openai_error(last);
        last["error"].clone()
    }
}
