//! Each rule with what it refuses and what it lets through.

use serde_json::{Value, json};

use super::*;
use crate::signature;

mod config;
mod embedding;
mod tools;
mod turns;

/// What the real API answers to this request, `None` if it takes it.
fn refusal_of(method: Method, model: &str, body: &Value) -> Option<String> {
    let call = Call {
        method,
        model: Some(model.to_owned()),
        resource: None,
    };
    let is_scripted = |signature: &str| signature == "c2NyaXB0ZWQ=";
    let error = check_body(&call, body.to_string().as_bytes(), &is_scripted).err()?;
    let error = serde_json::to_value(error).unwrap();
    Some(error["error"]["message"].as_str().unwrap().to_owned())
}

/// Checks `(model, body, words of the refusal or "" if it is taken)` of unary generation.
fn check_cases(cases: &[(&str, Value, &str)]) {
    for (model, body, expected) in cases {
        check_case(Method::GenerateContent, model, body, expected);
    }
}

fn check_case(method: Method, model: &str, body: &Value, expected: &str) {
    let refusal = refusal_of(method, model, body);
    match (&refusal, expected) {
        (None, "") => {}
        (Some(message), expected) if !expected.is_empty() => {
            assert!(message.contains(expected), "{model} {body}: {message}");
        }
        _ => panic!("{model} {body}: {refusal:?} instead of {expected:?}"),
    }
}

/// A question with these fields beside it.
fn with(fields: Value) -> Value {
    let mut body = json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]});
    let fields = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

#[test]
fn bodies_that_are_no_message_are_refused() {
    let call = Call {
        method: Method::GenerateContent,
        model: Some("gemini-2.5-flash".to_owned()),
        resource: None,
    };
    for body in [
        "",
        "{",
        "[]",
        "null",
        "\"a\"",
        "{\"contents\": [}",
        "\u{feff}{}",
    ] {
        let error = check_body(&call, body.as_bytes(), &|_| false).unwrap_err();
        let text = serde_json::to_string(&error).unwrap();
        assert!(
            text.contains("Invalid JSON payload received."),
            "{body}: {text}"
        );
    }
}

/// Whatever comes, there is an answer: every value that JSON has in every place that a table has.
#[test]
fn no_body_makes_it_panic() {
    let values = [
        json!(null),
        json!(true),
        json!(-1e300),
        json!("x"),
        json!([]),
        json!([[{}]]),
        json!({}),
        json!({"parts": [{}], "functionDeclarations": [{"parameters": {"properties": {"a": 1}}}]}),
    ];
    let places = [
        "contents",
        "systemInstruction",
        "generationConfig",
        "safetySettings",
        "tools",
        "toolConfig",
        "cachedContent",
        "requests",
        "content",
        "instances",
        "parameters",
        "generateContentRequest",
    ];
    let methods = [
        Method::GenerateContent,
        Method::CountTokens,
        Method::EmbedContent,
        Method::BatchEmbedContents,
        Method::Predict,
    ];
    for method in methods {
        for place in places {
            for value in &values {
                for inner in &values {
                    let mut body = with(json!({}));
                    body[place] = json!([{"parts": [value, inner]}, value, {"name": inner}]);
                    refusal_of(method, "gemini-3.8-flash", &body);
                    body[place] = value.clone();
                    refusal_of(method, "gemini-3.8-flash", &body);
                }
            }
        }
    }
}

#[test]
fn contents_hold_turns_of_known_roles_with_data() {
    let contents = |contents: Value| json!({"contents": contents});
    let model = "gemini-2.5-flash";
    check_cases(&[
        (
            model,
            json!({}),
            "* GenerateContentRequest.contents: contents is not specified\n",
        ),
        (
            model,
            contents(json!([])),
            "contents: contents is not specified",
        ),
        (
            model,
            contents(json!([{"parts": []}])),
            "contents[0].parts: contents.parts must not be empty.",
        ),
        (
            model,
            contents(json!([{"parts": [{"text": "a"}, {"thought": true}]}])),
            "contents[0].parts[1].data: required oneof field 'data' must have one initialized field",
        ),
        (
            model,
            contents(json!([{"role": "assistant", "parts": [{"text": "a"}]}])),
            "contents[0].role: Please use a valid role: user, model.",
        ),
        (model, contents(json!([{"parts": [{"text": "a"}]}])), ""),
        (
            model,
            contents(json!({"role": "user", "parts": {"text": "a"}})),
            "",
        ),
    ]);
}

#[test]
fn a_user_who_says_nothing_is_refused_and_a_silent_model_is_not_m16() {
    let turn = |role: &str, parts: Value| json!({"role": role, "parts": parts});
    let ask = turn("user", json!([{"text": "a"}]));
    let model = "gemini-2.5-flash";
    check_cases(&[
        (
            model,
            json!({"contents": [turn("user", json!([{"text": ""}]))]}),
            "must not be empty",
        ),
        (
            model,
            json!({"contents": [turn("user", json!([{"text": ""}, {"text": "a"}]))]}),
            "",
        ),
        (
            model,
            json!({"contents": [turn("user", json!([{"text": " "}]))]}),
            "",
        ),
        (
            model,
            json!({"contents": [ask, turn("model", json!([{"text": ""}])), ask]}),
            "",
        ),
    ]);
}

#[test]
fn files_have_a_type_that_is_read_and_an_address_that_is_fetched() {
    let parts = |part: Value| json!({"contents": [{"parts": [{"text": "a"}, part]}]});
    let inline =
        |mime_type: &str| parts(json!({"inlineData": {"mimeType": mime_type, "data": "AAAA"}}));
    let file = |uri: &str| parts(json!({"fileData": {"fileUri": uri}}));
    let result = json!({"functionResponse": {"name": "f", "response": {}, "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA"}}]}});
    let with_result = json!({"contents": [
        {"parts": [{"text": "a"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "f"}, "thoughtSignature": signature::issue(1)}]},
        {"parts": [result]}
    ]});
    let detailed = parts(
        json!({"inlineData": {"mimeType": "image/png", "data": "AAAA"}, "mediaResolution": {"level": "MEDIA_RESOLUTION_LOW"}}),
    );
    check_cases(&[
        ("gemini-2.5-flash", inline("image/png"), ""),
        ("gemini-2.5-flash", inline("audio/wav; codecs=1"), ""),
        ("gemini-2.5-flash", inline("application/pdf"), ""),
        (
            "gemini-2.5-flash",
            inline("image/jpg"),
            "Unsupported MIME type: image/jpg",
        ),
        ("gemini-2.5-flash", inline(""), "Unsupported MIME type: "),
        ("gemini-2.5-flash", file("https://example.com/a.png"), ""),
        (
            "gemini-2.5-flash",
            file("files/abc"),
            "Invalid or unsupported file uri: files/abc",
        ),
        (
            "gemini-2.5-flash",
            file("https://"),
            "Invalid or unsupported file uri",
        ),
        (
            "gemini-2.5-flash-preview-tts",
            inline("image/png"),
            "Image input modality is not enabled for models/gemini-2.5-flash-preview-tts",
        ),
        (
            "gemma-3-27b-it",
            inline("audio/wav"),
            "Audio input modality is not enabled for models/gemma-3-27b-it",
        ),
        ("gemini-3-flash-preview", with_result.clone(), ""),
        (
            "gemini-2.5-flash",
            with_result,
            "Multimodal function responses are not supported",
        ),
        ("gemini-3-flash-preview", detailed.clone(), ""),
        (
            "gemini-2.5-flash",
            detailed,
            "Media resolution of a part is not supported",
        ),
    ]);
}

#[test]
fn what_a_cache_holds_is_not_sent_beside_it_g24() {
    let name = "cachedContents/abc";
    let model = "gemini-2.5-flash";
    let conflict = "CachedContent can not be used with GenerateContent request setting";
    check_cases(&[
        (model, with(json!({"cachedContent": name})), ""),
        (
            model,
            with(json!({"cachedContent": name, "tools": []})),
            conflict,
        ),
        (
            model,
            with(json!({"cachedContent": name, "toolConfig": {}})),
            conflict,
        ),
        (
            model,
            with(json!({"cachedContent": name, "systemInstruction": {"parts": {"text": "a"}}})),
            conflict,
        ),
    ]);
}

#[test]
fn safety_settings_have_known_categories_once_g23() {
    let set = |categories: &[&str]| {
        let settings: Vec<Value> = categories
            .iter()
            .map(|category| json!({"category": category, "threshold": "OFF"}))
            .collect();
        with(json!({"safetySettings": settings}))
    };
    let model = "gemini-2.5-flash";
    let predicate = "safety_settings[0]: element predicate failed: $.category in (HarmCategory.HARM_CATEGORY_HATE_SPEECH, ";
    check_cases(&[
        (
            model,
            set(&["HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_CIVIC_INTEGRITY"]),
            "",
        ),
        (model, set(&["HARM_CATEGORY_TOXICITY"]), predicate),
        (model, set(&["HARM_CATEGORY_UNSPECIFIED"]), predicate),
        (
            model,
            set(&["HARM_CATEGORY_MISCHIEF"]),
            "Invalid value at 'safety_settings[0].category' (type.googleapis.com/google.ai.generativelanguage.v1beta.HarmCategory), \"HARM_CATEGORY_MISCHIEF\"",
        ),
        (
            model,
            set(&["HARM_CATEGORY_HARASSMENT"; 2]),
            "is set more than once",
        ),
    ]);
}

#[test]
fn pictures_are_predicted_of_one_to_four_prompts_i6() {
    let model = "imagen-4.0-generate-001";
    for (body, expected) in [
        (
            json!({"instances": [{"prompt": "a"}], "parameters": {"sampleCount": 4}}),
            "",
        ),
        (json!({"instances": [{"prompt": "a"}]}), ""),
        (json!({}), "a prompt is not specified"),
        (json!({"instances": [{}]}), "a prompt is not specified"),
        (
            json!({"instances": [{"prompt": "a"}], "parameters": {"sampleCount": 5}}),
            "between 1 and 4",
        ),
        (json!({"prompt": "a"}), "Unknown name \"prompt\""),
    ] {
        check_case(Method::Predict, model, &body, expected);
    }
}
