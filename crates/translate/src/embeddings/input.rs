//! What is to be embedded: a text or a list of texts (E2).
//!
//! Token ids are recognized only to be refused in words that help: they are those of a tokenizer that
//! Gemini does not have.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};

use crate::{
    invalid_request::{Code, Refusal},
    json::Text,
};

/// Most texts in a request: OpenAI's own limit (openai-python 3.54.0, `embedding_create_params`).
pub(super) const MAX_INPUTS: usize = 2048;

/// The field as it came.
#[derive(Debug)]
pub(super) struct Input<'a> {
    texts: Vec<Text<'a>>,
    shape: Shape,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    One,
    List,
    /// A list in which a token id, or a list of them, was found first at this index.
    Tokens(usize),
}

/// An element of a list.
enum Item<'a> {
    Text(Text<'a>),
    Tokens,
}

impl<'a> Input<'a> {
    /// The texts, none of them empty.
    ///
    /// # Errors
    /// A [`Refusal`] for token ids, an empty list, and an empty text.
    pub(super) fn into_texts(self) -> Result<Texts<'a>, Refusal> {
        match self.shape {
            Shape::Tokens(0) => {
                return Err(Refusal::new(
                    Code::InvalidType,
                    "input",
                    "holds token ids, which mean nothing to Gemini's models",
                )
                .with_hint("send texts (in LangChain: `check_embedding_ctx_length=False`)"));
            }
            Shape::Tokens(index) => {
                return Err(Refusal::new(
                    Code::InvalidType,
                    format!("input[{index}]"),
                    "expected a string",
                ));
            }
            Shape::One | Shape::List => {}
        }
        let texts = Texts {
            texts: self.texts,
            is_list: self.shape == Shape::List,
        };
        if texts.texts.is_empty() {
            return Err(Refusal::new(
                Code::InvalidValue,
                "input",
                "must hold at least one text",
            ));
        }
        match texts.texts.iter().position(|text| text.is_empty()) {
            Some(index) => Err(Refusal::new(
                Code::InvalidValue,
                texts.path(index),
                "must not be empty",
            )),
            None => Ok(texts),
        }
    }
}

/// Texts that can be embedded.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    texts: Vec<Text<'a>>,
    is_list: bool,
}

impl<'a> Texts<'a> {
    /// In the client's order; at least one.
    pub(super) fn as_slice(&self) -> &[Text<'a>] {
        &self.texts
    }

    /// How a refusal calls the text at `index`.
    pub(super) fn path(&self, index: usize) -> String {
        if self.is_list {
            format!("input[{index}]")
        } else {
            "input".to_owned()
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Input<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InputVisitor;

        impl<'de> Visitor<'de> for InputVisitor {
            type Value = Input<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(one(text.into()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(one(text.to_owned().into()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut texts = Vec::new();
                while let Some(item) = list.next_element()? {
                    match item {
                        Item::Text(_) if texts.len() == MAX_INPUTS => {
                            return Err(A::Error::custom(format_args!(
                                "at most {MAX_INPUTS} items are allowed"
                            )));
                        }
                        Item::Text(text) => texts.push(text),
                        Item::Tokens => {
                            skip_rest(list)?;
                            let shape = Shape::Tokens(texts.len());
                            return Ok(Input { texts, shape });
                        }
                    }
                }
                let shape = Shape::List;
                Ok(Input { texts, shape })
            }
        }

        deserializer.deserialize_any(InputVisitor)
    }
}

fn one(text: Text<'_>) -> Input<'_> {
    Input {
        texts: vec![text],
        shape: Shape::One,
    }
}

fn skip_rest<'de, A: SeqAccess<'de>>(mut list: A) -> Result<(), A::Error> {
    while list.next_element::<IgnoredAny>()?.is_some() {}
    Ok(())
}

impl<'de: 'a, 'a> Deserialize<'de> for Item<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ItemVisitor;

        impl<'de> Visitor<'de> for ItemVisitor {
            type Value = Item<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Item::Text(text.into()))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Item::Text(text.to_owned().into()))
            }

            fn visit_u64<E: Error>(self, _token: u64) -> Result<Self::Value, E> {
                Ok(Item::Tokens)
            }

            fn visit_i64<E: Error>(self, _token: i64) -> Result<Self::Value, E> {
                Ok(Item::Tokens)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, tokens: A) -> Result<Self::Value, A::Error> {
                skip_rest(tokens)?;
                Ok(Item::Tokens)
            }
        }

        deserializer.deserialize_any(ItemVisitor)
    }
}
