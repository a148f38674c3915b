//! A checked generation request, as the one who answers reads it.
//!
//! It only reads: what is answered is in `content`.

use serde_json::Value;

use crate::model_traits::{ModelTraits, Thinking};
use crate::proto_json::decode_base64;

/// A request and whom it asks.
#[derive(Clone, Copy)]
pub(crate) struct Question<'a> {
    /// In the form of `proto_json`.
    pub(crate) body: &'a Value,
    pub(crate) model: ModelTraits<'a>,
    pub(crate) is_streamed: bool,
    /// What looks random in the answer follows from it.
    pub(crate) seed: u64,
}

/// A function that may be called.
#[derive(Clone, Copy)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: Option<&'a Value>,
}

/// Whether functions may or must be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Calling {
    Never,
    Freely,
    Always,
}

/// A file in a prompt.
#[derive(Clone, Copy)]
pub(crate) enum File<'a> {
    Inline {
        mime_type: &'a str,
        data: &'a str,
    },
    At {
        mime_type: Option<&'a str>,
        uri: &'a str,
    },
}

/// The items of a list, none where there is no list.
pub(crate) fn list<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let list = value.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// All text of a content, in order.
pub(crate) fn text_of(content: &Value) -> String {
    let texts = list(content, "parts").iter();
    texts
        .filter_map(|part| part.get("text").and_then(Value::as_str))
        .collect()
}

fn is_of_model(content: &Value) -> bool {
    content.get("role").and_then(Value::as_str) == Some("model")
}

impl<'a> Question<'a> {
    /// A field of `generationConfig`.
    pub(crate) fn config(&self, name: &str) -> Option<&'a Value> {
        self.body.get("generationConfig")?.get(name)
    }

    fn turns(&self) -> &'a [Value] {
        list(self.body, "contents")
    }

    /// The parts of the last turn.
    pub(crate) fn last_parts(&self) -> &'a [Value] {
        self.turns().last().map_or(&[], |last| list(last, "parts"))
    }

    /// The text of the last turn, whoever's it is.
    pub(crate) fn last_text(&self) -> String {
        self.turns().last().map(text_of).unwrap_or_default()
    }

    /// Results of calls in the last turn.
    pub(crate) fn results(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        let parts = self.last_parts().iter();
        parts.filter_map(|part| part.get("functionResponse"))
    }

    fn asked_at(&self) -> Option<usize> {
        self.turns().iter().rposition(|content| {
            let has = |name| {
                list(content, "parts")
                    .iter()
                    .any(|part| part.get(name).is_some())
            };
            !is_of_model(content) && !has("functionResponse")
        })
    }

    /// What the user last asked, results of calls aside.
    pub(crate) fn asked_text(&self) -> String {
        let asked = self.asked_at().and_then(|at| self.turns().get(at));
        asked.map(text_of).unwrap_or_default()
    }

    /// Turns of the model with calls since then; contents that follow each other are one turn.
    pub(crate) fn steps_done(&self) -> usize {
        let since = self
            .turns()
            .iter()
            .skip(self.asked_at().unwrap_or_default());
        let mut steps = 0;
        let mut is_counted = false;
        for content in since {
            let mut parts = list(content, "parts").iter();
            if !is_of_model(content) {
                is_counted = false;
            } else if !is_counted && parts.any(|part| part.get("functionCall").is_some()) {
                is_counted = true;
                steps += 1;
            }
        }
        steps
    }

    /// The functions that may be called now.
    pub(crate) fn functions(&self) -> Vec<Function<'a>> {
        let config = self.body.pointer("/toolConfig/functionCallingConfig");
        let allowed = config.map_or(&[][..], |config| list(config, "allowedFunctionNames"));
        let tools = list(self.body, "tools").iter();
        let declared = tools.flat_map(|tool| list(tool, "functionDeclarations"));
        let functions = declared.map(|declaration| {
            let name = declaration.get("name").and_then(Value::as_str);
            Function {
                name: name.unwrap_or_default(),
                parameters: declaration
                    .get("parametersJsonSchema")
                    .or_else(|| declaration.get("parameters")),
            }
        });
        functions
            .filter(|function| {
                allowed.is_empty()
                    || allowed
                        .iter()
                        .any(|name| name.as_str() == Some(function.name))
            })
            .collect()
    }

    pub(crate) fn calling(&self) -> Calling {
        let mode = self.body.pointer("/toolConfig/functionCallingConfig/mode");
        match mode.and_then(Value::as_str) {
            Some("NONE") => Calling::Never,
            Some("ANY") => Calling::Always,
            _ => Calling::Freely,
        }
    }

    /// A tool that Google runs.
    pub(crate) fn tool(&self, name: &str) -> Option<&'a Value> {
        list(self.body, "tools")
            .iter()
            .find_map(|tool| tool.get(name))
    }

    /// Whether the answer shows what Google's tools were asked and said (T15).
    pub(crate) fn shows_server_side_tools(&self) -> bool {
        let flag = self
            .body
            .pointer("/toolConfig/includeServerSideToolInvocations");
        flag.and_then(Value::as_bool).unwrap_or(false)
    }

    /// Files of the last turn, also those in results of calls.
    pub(crate) fn files(&self) -> Vec<File<'a>> {
        let in_results = self.results().flat_map(|result| list(result, "parts"));
        let parts = self.last_parts().iter().chain(in_results);
        parts.filter_map(File::of).collect()
    }

    /// Whether `modality` is among those asked for.
    pub(crate) fn wants(&self, modality: &str) -> bool {
        let wanted = self.config("responseModalities").and_then(Value::as_array);
        wanted.is_some_and(|wanted| wanted.iter().any(|name| name.as_str() == Some(modality)))
    }

    /// Whether the model thinks before it answers this.
    pub(crate) fn makes_think(&self) -> bool {
        let config = self.config("thinkingConfig");
        let budget = config.and_then(|config| config.get("thinkingBudget"));
        match (self.model.thinking(), budget.and_then(Value::as_i64)) {
            (Thinking::None, _) | (_, Some(0)) => false,
            (
                Thinking::Budget {
                    is_on_by_default, ..
                },
                None,
            ) => is_on_by_default,
            _ => true,
        }
    }

    /// Whether thoughts are to be shown.
    pub(crate) fn shows_thoughts(&self) -> bool {
        let config = self.config("thinkingConfig");
        let shows = config.and_then(|config| config.get("includeThoughts"));
        shows.and_then(Value::as_bool).unwrap_or(false)
    }
}

impl<'a> File<'a> {
    fn of(part: &'a Value) -> Option<Self> {
        let text = |pointer: &str| part.pointer(pointer).and_then(Value::as_str);
        if part.get("inlineData").is_some() {
            return Some(Self::Inline {
                mime_type: text("/inlineData/mimeType").unwrap_or_default(),
                data: text("/inlineData/data").unwrap_or_default(),
            });
        }
        Some(Self::At {
            mime_type: text("/fileData/mimeType"),
            uri: text("/fileData/fileUri")?,
        })
    }

    pub(crate) fn is_audio(&self) -> bool {
        match self {
            Self::Inline { mime_type, .. } => mime_type.starts_with("audio/"),
            Self::At { mime_type, .. } => mime_type.is_some_and(|kind| kind.starts_with("audio/")),
        }
    }

    /// `image/png of 68 bytes`, `application/pdf at https://…`.
    pub(crate) fn description(&self) -> String {
        match self {
            Self::Inline { mime_type, data } => {
                let bytes = decode_base64(data).map_or(0, |bytes| bytes.len());
                format!("{mime_type} of {bytes} bytes")
            }
            Self::At { mime_type, uri } => match mime_type {
                Some(mime_type) => format!("{mime_type} at {uri}"),
                None => format!("a file at {uri}"),
            },
        }
    }
}
