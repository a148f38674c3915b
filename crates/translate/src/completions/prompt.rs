//! `prompt`: one text, or several that are completed each for itself.
//!
//! Tokens are of OpenAI's models and mean nothing to Gemini; they are told apart to be refused.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, IgnoredAny, SeqAccess, Visitor},
};

use crate::{
    invalid_request::{Code, Refusal},
    json::Text,
};

/// Most prompts in one request, each of which is a call to Gemini. `LangChain` sends 20 at once.
pub(super) const MAX_PROMPTS: usize = 32;

/// The field as it came.
#[derive(Debug)]
pub(super) enum Prompt<'a> {
    Texts(Vec<Text<'a>>),
    /// An array with a token, or an array of tokens, at this position.
    Tokens(usize),
}

impl Prompt<'_> {
    /// The texts, at least one.
    ///
    /// # Errors
    /// A [`Refusal`] for tokens and for an empty list.
    pub(super) fn texts(&self) -> Result<Vec<&str>, Refusal> {
        match self {
            Self::Texts(texts) if texts.is_empty() => Err(Refusal::new(
                Code::InvalidValue,
                "prompt",
                "must hold at least one text",
            )),
            Self::Texts(texts) => Ok(texts.iter().map(|text| &**text).collect()),
            Self::Tokens(position) => Err(Refusal::new(
                Code::UnsupportedValue,
                format!("prompt[{position}]"),
                "is made of tokens, which differ between models; send text",
            )),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Prompt<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PromptVisitor;

        impl<'de> Visitor<'de> for PromptVisitor {
            type Value = Prompt<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an array of strings")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Prompt::Texts(vec![Text::from(text)]))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Prompt::Texts(vec![Text::from(text.to_owned())]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
                let mut texts = Vec::new();
                while let Some(item) = array.next_element()? {
                    match item {
                        Item::Text(text) if texts.len() < MAX_PROMPTS => texts.push(text),
                        Item::Text(_) => {
                            return Err(A::Error::custom(format_args!(
                                "at most {MAX_PROMPTS} prompts are allowed"
                            )));
                        }
                        Item::Tokens => {
                            while array.next_element::<IgnoredAny>()?.is_some() {}
                            return Ok(Prompt::Tokens(texts.len()));
                        }
                    }
                }
                Ok(Prompt::Texts(texts))
            }
        }

        deserializer.deserialize_any(PromptVisitor)
    }
}

/// An element of the array.
enum Item<'a> {
    Text(Text<'a>),
    Tokens,
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
                Ok(Item::Text(Text::from(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Item::Text(Text::from(text.to_owned())))
            }

            fn visit_i64<E: Error>(self, _token: i64) -> Result<Self::Value, E> {
                Ok(Item::Tokens)
            }

            fn visit_u64<E: Error>(self, _token: u64) -> Result<Self::Value, E> {
                Ok(Item::Tokens)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut array: A) -> Result<Self::Value, A::Error> {
                while array.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Item::Tokens)
            }
        }

        deserializer.deserialize_any(ItemVisitor)
    }
}
