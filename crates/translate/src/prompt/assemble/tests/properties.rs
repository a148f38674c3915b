//! Whatever a draft holds, the request keeps Gemini's published constraints.

use std::collections::BTreeSet;

use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{Config, RngSeed},
};

use super::{fields::unknown_fields, *};
use crate::gemini::request::FileData;

const MODELS: [&str; 14] = [
    "gemini-1.5-flash",
    "gemini-2.0-flash",
    "gemini-2.5-flash",
    "gemini-2.5-pro",
    "gemini-2.5-flash-image",
    "gemini-2.5-flash-preview-tts",
    "gemini-3-pro-preview",
    "gemini-3-pro-image-preview",
    "gemini-3.5-flash",
    "gemini-3.8-flash",
    "gemini-4-argon",
    "gemini-flash-latest",
    "gemma-3-27b-it",
    "gemma-4-31b-it",
];

/// Names of functions, legal and not.
const NAMES: [&str; 6] = ["f", "a b", "a_b", "a/b", "7", "天气"];

const IDS: [Option<&str>; 5] = [None, Some(""), Some("1"), Some("2"), Some("3")];

const SCHEMAS: [&str; 5] = [
    "{}",
    r#"{"type":"object","properties":{"a":{"type":["string","null"],"const":"x"}},"required":["a","b"]}"#,
    r##"{"$ref":"#/definitions/A","definitions":{"A":{"properties":{"next":{"$ref":"#/definitions/A"}}}}}"##,
    r#"{"oneOf":[{"type":"integer","exclusiveMinimum":1},{"enum":[1,2]}],"$schema":"x"}"#,
    "true",
];

fn raw(json: &str) -> std::borrow::Cow<'static, RawValue> {
    std::borrow::Cow::Owned(RawValue::from_string(json.to_owned()).unwrap())
}

fn blob() -> Blob<'static> {
    Blob {
        mime_type: "image/png".into(),
        data: "AA==".into(),
    }
}

/// A part of either role, by its kind.
fn part(kind: u8, id: Option<&'static str>, name: &'static str, signed: bool) -> Part<'static> {
    let data = match kind {
        0 => Data::Text("".into()),
        1 => Data::Text("text".into()),
        2 => Data::InlineData(blob()),
        3 => Data::FileData(FileData {
            mime_type: None,
            file_uri: "https://example.com/cat.png".into(),
        }),
        // Calls of the model, results of the user.
        4 | 5 => Data::FunctionCall(FunctionCall {
            id: id.map(Into::into),
            name: name.into(),
            args: values::empty_object(),
        }),
        _ => Data::FunctionResponse(FunctionResponse {
            id: id.map(Into::into),
            name: name.into(),
            response: values::result("ok"),
            parts: Vec::from_iter((kind > 7).then(|| FunctionResponsePart {
                inline_data: blob(),
            })),
        }),
    };
    Part {
        thought_signature: signed.then(|| "c2ln".into()),
        media_resolution: (kind == 2).then_some(MediaResolution {
            level: ResolutionLevel::High,
        }),
        ..data.into()
    }
}

fn turn() -> impl Strategy<Value = Content<'static>> {
    let parts = |kinds: &'static [u8]| {
        let with = (select(kinds), select(&IDS), select(&NAMES), any::<bool>());
        prop::collection::vec(
            with.prop_map(|(kind, id, name, signed)| part(kind, id, name, signed)),
            0..4,
        )
    };
    prop_oneof![
        parts(&[0, 1, 2, 3, 6, 7, 8]).prop_map(Content::user),
        parts(&[0, 1, 2, 4, 5]).prop_map(Content::model),
    ]
}

fn tools() -> impl Strategy<Value = Tools<'static>> {
    let names = prop::sample::subsequence(&NAMES, 0..NAMES.len());
    let some = prop::sample::subsequence(&NAMES, 0..3);
    (names, some, 0..5_u8, any::<[bool; 4]>(), any::<Index>()).prop_map(
        |(names, some, choice, [strict, search, code, urls], schema)| {
            let some = some.into_iter().map(Into::into).collect();
            let functions = names.into_iter().map(|name| Function {
                name: name.into(),
                description: Some("d".into()),
                parameters: Some(raw(schema.get::<&str>(&SCHEMAS))),
            });
            Tools {
                functions: functions.collect(),
                choice: match choice {
                    0 => ToolChoice::Auto,
                    1 => ToolChoice::None,
                    2 => ToolChoice::Any,
                    3 => ToolChoice::AnyOf(some),
                    _ => ToolChoice::AutoOf(some),
                },
                strict,
                google_search: search,
                code_execution: code,
                url_context: urls,
            }
        },
    )
}

fn thinking() -> impl Strategy<Value = ThinkingWish> {
    let amount = prop_oneof![
        Just(None),
        select(&[Effort::None, Effort::Minimal, Effort::Medium, Effort::XHigh][..])
            .prop_map(|effort| Some(Amount::Effort(effort))),
        any::<i32>().prop_map(|tokens| Some(Amount::Budget(tokens))),
        Just(Some(Amount::Level(ThinkingLevel::Minimal))),
    ];
    (amount, any::<Option<bool>>()).prop_map(|(amount, include_thoughts)| ThinkingWish {
        amount,
        include_thoughts,
    })
}

fn draft() -> impl Strategy<Value = Draft<'static>> {
    let modalities = prop::collection::vec(
        select(&[Modality::Text, Modality::Image, Modality::Audio][..]),
        0..2,
    );
    let wishes = (
        0..3_u8,
        modalities,
        any::<Option<u16>>(),
        select(&[None, None, None, None, None, Some(1), Some(3), Some(9)][..]),
    );
    (
        prop::collection::vec(turn(), 0..8),
        tools(),
        thinking(),
        wishes,
        any::<[bool; 4]>(),
    )
        .prop_map(|(turns, tools, thinking, wishes, [instructed, a, b, c])| {
            let (format, modalities, tokens, candidates) = wishes;
            Draft {
                instructions: Vec::from_iter(instructed.then(|| Part::text("i"))),
                turns,
                tools,
                output: match format {
                    0 => OutputFormat::Text,
                    1 => OutputFormat::Json,
                    _ => OutputFormat::Schema(raw(SCHEMAS[1])),
                },
                thinking,
                sampling: Sampling {
                    max_output_tokens: tokens.map(u32::from),
                    temperature: Some(0.0),
                    top_p: Some(0.0),
                    candidates,
                    logprobs: Some(0),
                    ..Sampling::default()
                },
                modalities,
                voice: Some("Kore".into()),
                cached_content: (a && b && c && !instructed).then(|| "cachedContents/x".into()),
                ..Draft::default()
            }
        })
}

fn features() -> impl Strategy<Value = Features> {
    let thinking = select(
        &[
            None,
            Some(ThinkingOverride::Off),
            Some(ThinkingOverride::On),
            Some(ThinkingOverride::Budget(77)),
        ][..],
    );
    (any::<[bool; 2]>(), thinking).prop_map(|([search, image], thinking)| Features {
        search,
        image,
        thinking,
        ..Features::default()
    })
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value[field].as_array().map_or(&[], Vec::as_slice)
}

fn having<'a>(content: &'a Value, field: &'a str) -> Vec<&'a Value> {
    let parts = list(content, "parts").iter();
    parts
        .map(|part| &part[field])
        .filter(|data| !data.is_null())
        .collect()
}

/// Every part has exactly one piece of data, and no turn is empty.
fn check_parts(request: &Value) -> Result<(), TestCaseError> {
    const DATA: [&str; 5] = [
        "text",
        "inlineData",
        "fileData",
        "functionCall",
        "functionResponse",
    ];
    let contents = list(request, "contents");
    prop_assert!(!contents.is_empty());
    for content in contents {
        prop_assert!(content["role"] == "user" || content["role"] == "model");
        prop_assert!(!list(content, "parts").is_empty());
        for part in list(content, "parts") {
            let data = DATA
                .iter()
                .filter(|data| part.get(**data).is_some())
                .count();
            prop_assert_eq!(data, 1, "{}", part);
            prop_assert!(part["text"] != "" || part.get("thoughtSignature").is_some());
        }
    }
    Ok(())
}

/// Results follow calls, as many, with the same ids and names, in one turn, first in it (M9, T17).
fn check_pairs(request: &Value) -> Result<(), TestCaseError> {
    let contents = list(request, "contents");
    let key = |data: &Value| (data["id"].to_string(), data["name"].to_string());
    for (index, content) in contents.iter().enumerate() {
        let calls: Vec<_> = having(content, "functionCall")
            .into_iter()
            .map(key)
            .collect();
        let results: Vec<_> = having(content, "functionResponse")
            .into_iter()
            .map(key)
            .collect();
        let ids: BTreeSet<_> = calls.iter().map(|(id, _)| id).collect();
        prop_assert_eq!(ids.len(), calls.len());
        if !calls.is_empty() {
            prop_assert_eq!(&content["role"], "model");
            prop_assert!(index > 0 && contents[index - 1]["role"] == "user");
            let next = contents.get(index + 1).cloned().unwrap_or_default();
            prop_assert_eq!(&next["role"], "user");
            let answers: Vec<_> = having(&next, "functionResponse")
                .into_iter()
                .map(key)
                .collect();
            prop_assert_eq!(&calls, &answers);
        }
        if !results.is_empty() {
            prop_assert_eq!(&content["role"], "user");
            prop_assert!(index > 0 && !having(&contents[index - 1], "functionCall").is_empty());
            let first = list(content, "parts").iter().take(results.len());
            prop_assert!(
                first
                    .into_iter()
                    .all(|part| part.get("functionResponse").is_some())
            );
        }
    }
    Ok(())
}

/// Names are legal and differ, choices name what is declared, and only where they may (T2, T7, T11).
fn check_tools(request: &Value) -> Result<(), TestCaseError> {
    let declared: Vec<&str> = list(request, "tools")
        .iter()
        .flat_map(|tool| list(tool, "functionDeclarations"))
        .map(|declaration| declaration["name"].as_str().unwrap())
        .collect();
    let legal = |name: &str| {
        name.len() <= 64
            && name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
            && name
                .chars()
                .all(|char| char.is_ascii_alphanumeric() || "_:.-".contains(char))
    };
    let all: BTreeSet<&str> = declared.iter().copied().collect();
    prop_assert_eq!(all.len(), declared.len());
    prop_assert!(declared.iter().all(|name| legal(name)), "{:?}", declared);
    for content in list(request, "contents") {
        for call in having(content, "functionCall") {
            prop_assert!(legal(call["name"].as_str().unwrap()));
        }
    }
    let config = &request["toolConfig"]["functionCallingConfig"];
    prop_assert!(config.is_null() || !declared.is_empty());
    prop_assert!(request.get("toolConfig").is_none() || !list(request, "tools").is_empty());
    let allowed = list(config, "allowedFunctionNames");
    prop_assert!(allowed.is_empty() || config["mode"] == "ANY" || config["mode"] == "VALIDATED");
    prop_assert!(
        allowed
            .iter()
            .all(|name| all.contains(name.as_str().unwrap()))
    );
    Ok(())
}

/// What the family refuses is not there.
fn check_family(model: &str, request: &Value) -> Result<(), TestCaseError> {
    let config = &request["generationConfig"];
    let thinking = &config["thinkingConfig"];
    let (level, budget) = (
        thinking.get("thinkingLevel"),
        thinking.get("thinkingBudget"),
    );
    let three =
        model.starts_with("gemini-3") || model.starts_with("gemini-4") || model.contains("latest");
    let image_or_speech = model.contains("image") || model.contains("tts");
    prop_assert!(budget.is_none() || model.contains("2.5") && !image_or_speech);
    prop_assert!(level.is_none() || (three && !image_or_speech) || model.starts_with("gemma-4"));
    if !three {
        let mixed = !config["responseMimeType"].is_null() && !list(request, "tools").is_empty();
        prop_assert!(!mixed, "G18");
        let tools = list(request, "tools");
        let both = tools.len() > 1
            && tools
                .iter()
                .any(|tool| tool.get("functionDeclarations").is_some());
        prop_assert!(!both, "T15");
    }
    let contents = list(request, "contents");
    let late = ["gemini-3.5", "gemini-3.8", "gemini-4", "latest"]
        .iter()
        .any(|late| model.contains(late));
    prop_assert!(
        !late || contents.last().is_some_and(|last| last["role"] == "user"),
        "M11"
    );
    let text = request.to_string();
    if model.contains("gemini-1") || model.contains("gemini-2.0") || model.contains("gemma") {
        prop_assert!(!text.contains("thoughtSignature") && !text.contains("example.com"));
    }
    if three {
        check_signatures(contents)?;
    }
    Ok(())
}

/// Every step since the user last said something is signed on its first call (§3.2).
fn check_signatures(contents: &[Value]) -> Result<(), TestCaseError> {
    let steps = contents.iter().rev().take_while(|content| {
        content["role"] == "model" || !having(content, "functionResponse").is_empty()
    });
    for step in steps {
        let mut parts = list(step, "parts").iter();
        if let Some(call) = parts.find(|part| part.get("functionCall").is_some()) {
            prop_assert!(call.get("thoughtSignature").is_some(), "{}", step);
        }
    }
    Ok(())
}

/// The same cases on every run: a test that fails only sometimes is no test.
fn config() -> Config {
    Config {
        cases: 2_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_121),
        ..Config::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_draft_becomes_a_legal_request_or_an_error_that_names_a_field(
        model in select(&MODELS),
        draft in draft(),
        features in features(),
        streamed in any::<bool>(),
    ) {
        let around = Circumstances { features, streamed, ..Circumstances::default() };
        match bodies(model, draft, &around) {
            Err(error) => prop_assert!(error.param.is_some(), "{}", error),
            Ok((requests, _)) => {
                let request = &requests[0];
                prop_assert_eq!(unknown_fields(request), Vec::<String>::new());
                check_parts(request)?;
                check_pairs(request)?;
                check_tools(request)?;
                check_family(model, request)?;
                let cached = request.get("cachedContent").is_some();
                let own = ["systemInstruction", "tools", "toolConfig"].iter().any(|field| request.get(*field).is_some());
                prop_assert!(!(cached && own), "G24");
            }
        }
    }
}
