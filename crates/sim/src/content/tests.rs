//! What is answered to what.

use serde_json::{Value, json};

use super::*;
use crate::call::{Call, Method};
use crate::check::check_body;
use crate::hash::fnv1a;
use crate::model_traits::ModelTraits;
use crate::signature;

const GEMINI_2: &str = "gemini-2.5-flash";
const GEMINI_3: &str = "gemini-3.5-flash";

/// The answer to a request that the real API would take.
fn answer_to(method: Method, model: &str, body: &Value) -> Answer {
    let call = Call {
        method,
        model: Some(model.to_owned()),
        resource: None,
    };
    let text = body.to_string();
    let body = check_body(&call, text.as_bytes(), &|_| false);
    let body = body.unwrap_or_else(|error| panic!("{text}: {error:?}"));
    DefaultAnswer::default().answer_to(Question {
        body: &body,
        model: ModelTraits::of(model),
        is_streamed: method == Method::StreamGenerateContent,
        seed: fnv1a(text.as_bytes()),
    })
}

fn answer(model: &str, body: &Value) -> Answer {
    answer_to(Method::GenerateContent, model, body)
}

fn text(model: &str, body: &Value) -> String {
    answer(model, body).text.concat()
}

fn ask(text: &str, fields: Value) -> Value {
    let mut body = json!({"contents": [{"role": "user", "parts": [{"text": text}]}]});
    let fields = fields.as_object().unwrap().clone();
    body.as_object_mut().unwrap().extend(fields);
    body
}

fn tools() -> Value {
    let city =
        json!({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]});
    json!([{"functionDeclarations": [
        {"name": "get_weather", "parametersJsonSchema": city},
        {"name": "getTime", "parameters": {"type": "OBJECT", "properties": {"zone": {"type": "STRING", "enum": ["UTC", "CET"]}}}},
        {"name": "nothing"}
    ]}])
}

fn calls(model: &str, body: &Value) -> Vec<(String, Value)> {
    let calls = answer(model, body).calls.into_iter();
    calls
        .map(|call| (call.name, Value::Object(call.args)))
        .collect()
}

fn call(name: &str, args: Value) -> (String, Value) {
    (name.to_owned(), args)
}

#[test]
fn plain_prompts_are_echoed_within_limits() {
    let cases = [
        (json!({}), "You said: alpha beta gamma", "STOP"),
        (json!({"maxOutputTokens": 3}), "You said: al", "MAX_TOKENS"),
        (
            json!({"stopSequences": [" beta"]}),
            "You said: alpha",
            "STOP",
        ),
    ];
    for (config, text, finish_reason) in cases {
        let answer = answer(
            GEMINI_2,
            &ask("alpha beta gamma", json!({"generationConfig": config})),
        );
        assert_eq!(answer.text.concat(), text);
        assert_eq!(answer.finish_reason.as_deref(), Some(finish_reason));
    }
}

#[test]
fn declared_functions_are_called_when_mentioned() {
    let body = |text: &str| ask(text, json!({"tools": tools()}));
    let cases = [
        (
            "What is the weather in Paris?",
            vec![call("get_weather", json!({"city": "Paris"}))],
        ),
        (
            "call get_weather for \"Rome\" and \"Oslo\": get_weather",
            vec![
                call("get_weather", json!({"city": "Rome"})),
                call("get_weather", json!({"city": "Oslo"})),
            ],
        ),
        (
            "Weather and time, please, in Berlin",
            vec![
                call("get_weather", json!({"city": "Berlin"})),
                call("getTime", json!({"zone": "UTC"})),
            ],
        ),
        ("nothing", vec![call("nothing", json!({}))]),
        ("hello", vec![]),
    ];
    for (text, expected) in cases {
        for model in [GEMINI_2, GEMINI_3] {
            assert_eq!(calls(model, &body(text)), expected, "{model} {text}");
        }
    }
}

#[test]
fn calls_are_forced_forbidden_and_restricted_by_mode() {
    let body = |text: &str, calling: Value| {
        ask(
            text,
            json!({"tools": tools(), "toolConfig": {"functionCallingConfig": calling}}),
        )
    };
    let only = |name: &str| json!({"mode": "ANY", "allowedFunctionNames": [name]});
    let cases = [
        ("hello", json!({"mode": "ANY"}), vec!["get_weather"]),
        ("what time is it", json!({"mode": "ANY"}), vec!["getTime"]),
        ("hello", only("nothing"), vec!["nothing"]),
        ("weather", only("nothing"), vec!["nothing"]),
        ("weather", json!({"mode": "NONE"}), vec![]),
        ("hello", json!({"mode": "VALIDATED"}), vec![]),
        ("weather", json!({"mode": "VALIDATED"}), vec!["get_weather"]),
    ];
    for (text, calling, expected) in cases {
        let names: Vec<String> = calls(GEMINI_3, &body(text, calling.clone()))
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, expected, "{text} {calling}");
    }
}

/// Asks, plays the functions, asks again, until there are words.
#[test]
fn an_agent_comes_to_its_end_step_by_step() {
    let mut contents = vec![
        json!({"role": "user", "parts": [{"text": "get_weather then getTime then say hello"}]}),
    ];
    let mut steps = Vec::new();
    for _ in 0..5 {
        let answer = answer(GEMINI_3, &json!({"contents": contents, "tools": tools()}));
        if answer.calls.is_empty() {
            let text = answer.text.concat();
            assert_eq!(text, "The tools answered. getTime: 12:00");
            break;
        }
        let name = answer.calls[0].name.clone();
        let signature = signature::issue(steps.len() as u64);
        contents.push(json!({"role": "model", "parts": [{"functionCall": {"name": name}, "thoughtSignature": signature}]}));
        contents.push(json!({"role": "user", "parts": [{"functionResponse": {"name": name, "response": {"result": "12:00"}}}]}));
        steps.push(name);
    }
    assert_eq!(steps, ["get_weather", "getTime"]);
}

#[test]
fn results_of_all_calls_are_told() {
    let call = |name: &str| json!({"functionCall": {"name": name}});
    let result = |name: &str, response: Value| json!({"functionResponse": {"name": name, "response": response}});
    let body = json!({"tools": tools(), "contents": [
        {"parts": [{"text": "weather and time"}]},
        {"role": "model", "parts": [call("get_weather"), call("getTime"), call("nothing")]},
        {"parts": [
            result("get_weather", json!({"result": {"degrees": 21}})),
            result("getTime", json!({"output": "noon"})),
            result("nothing", json!({"error": "no", "code": 1})),
            {"text": "and now?"}
        ]}
    ]});
    assert_eq!(
        text(GEMINI_2, &body),
        "The tools answered. get_weather: {\"degrees\":21}; getTime: noon; \
         nothing: {\"code\":1,\"error\":\"no\"} You said: and now?"
    );
}

#[test]
fn json_fits_its_schema_and_knows_the_question_g16_g17() {
    let json_mode = |text: &str, fields: Value| {
        let mut config = json!({"responseMimeType": "application/json"});
        config
            .as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        ask(text, json!({"generationConfig": config}))
    };
    let schema = json!({"type": "object", "properties": {
        "city": {"type": "string"}, "people": {"type": "integer"}, "tags": {"type": "array", "items": {"type": "string"}}
    }, "required": ["city", "people", "tags"], "additionalProperties": false});
    let prompt = "How do the 3 of Genoa live?";
    let expected = json!({"city": "Genoa", "people": 3, "tags": ["Genoa"]});
    for name in ["responseJsonSchema", "_responseJsonSchema"] {
        let text = text(GEMINI_2, &json_mode(prompt, json!({name: schema})));
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), expected);
    }
    let openapi =
        json!({"responseSchema": {"type": "OBJECT", "properties": {"city": {"type": "STRING"}}}});
    assert_eq!(
        text(GEMINI_2, &json_mode(prompt, openapi)),
        "{\"city\":\"Genoa\"}"
    );
    assert_eq!(
        text(GEMINI_2, &json_mode("hi", json!({}))),
        "{\"reply\":\"You said: hi\"}"
    );
    let choice = json!({"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["b", "a"]}});
    assert_eq!(
        text(GEMINI_2, &ask("hi", json!({"generationConfig": choice}))),
        "b"
    );
}

#[test]
fn json_mode_and_tools_go_together_on_gemini_3_g18() {
    let config = json!({"responseMimeType": "application/json", "responseJsonSchema": {"properties": {"answer": {"type": "string"}}}});
    let fields = json!({"tools": tools(), "generationConfig": config});
    let first = answer(GEMINI_3, &ask("weather", fields.clone()));
    assert_eq!(first.calls.len(), 1);
    let mut second = ask("weather", fields);
    second["contents"] = json!([
        {"parts": [{"text": "weather"}]},
        {"role": "model", "parts": [{"functionCall": {"name": "get_weather"}, "thoughtSignature": signature::issue(1)}]},
        {"parts": [{"functionResponse": {"name": "get_weather", "response": {"result": "quite Sunny"}}}]}
    ]);
    assert_eq!(text(GEMINI_3, &second), "{\"answer\":\"Sunny\"}");
}

#[test]
fn files_are_described_wherever_they_are() {
    let file = |mime_type: &str| json!({"inlineData": {"mimeType": mime_type, "data": "AAAAAA"}});
    let prompt = |parts: Value| json!({"contents": [{"role": "user", "parts": parts}]});
    let cases = [
        (
            json!([{"text": "see"}, file("image/png")]),
            "You said: see (and sent 1 file: image/png of 4 bytes)",
        ),
        (
            json!([file("image/png"), file("application/pdf")]),
            "You sent 2 files: image/png of 4 bytes, application/pdf of 4 bytes.",
        ),
        (
            json!([{"text": "see"}, {"fileData": {"fileUri": "https://example.com/a.png"}}]),
            "You said: see (and sent 1 file: a file at https://example.com/a.png)",
        ),
        (
            json!([{"text": "Transcribe this."}, file("audio/wav")]),
            "This is what the simulator heard in audio/wav of 4 bytes.",
        ),
        (
            json!([{"text": "hm"}, file("audio/wav")]),
            "You said: hm (and sent 1 file: audio/wav of 4 bytes)",
        ),
    ];
    for (parts, expected) in cases {
        assert_eq!(text(GEMINI_2, &prompt(parts)), expected);
    }
}

#[test]
fn thoughts_are_counted_where_the_model_thinks() {
    let thinking = |config: Value| {
        ask(
            "hi",
            json!({"generationConfig": {"thinkingConfig": config}}),
        )
    };
    let cases = [
        (GEMINI_2, json!({}), true, 0),
        (GEMINI_2, json!({"includeThoughts": true}), true, 1),
        (GEMINI_2, json!({"thinkingBudget": 0}), false, 0),
        ("gemini-2.5-flash-lite", json!({}), false, 0),
        (
            "gemini-2.5-flash-lite",
            json!({"thinkingBudget": 512, "includeThoughts": true}),
            true,
            1,
        ),
        ("gemini-2.0-flash", json!({}), false, 0),
        (
            "gemini-4-argon",
            json!({"thinkingLevel": "LOW", "includeThoughts": true}),
            true,
            1,
        ),
        ("unknown", json!({}), true, 0),
    ];
    for (model, config, thinks, shown) in cases {
        let answer = answer(model, &thinking(config.clone()));
        assert_eq!(answer.thought_tokens.is_some(), thinks, "{model} {config}");
        assert_eq!(answer.thoughts.len(), shown, "{model} {config}");
    }
}

#[test]
fn sources_support_bytes_of_the_text_n1() {
    let body = ask("über Zürich", json!({"tools": [{"googleSearch": {}}]}));
    let answer = answer(GEMINI_2, &body);
    let text = answer.text.concat();
    let grounding = answer.grounding.unwrap();
    let supports = grounding["groundingSupports"].as_array().unwrap();
    assert_eq!(supports.len(), 2);
    for support in supports {
        let segment = &support["segment"];
        let at = |name: &str| usize::try_from(segment[name].as_u64().unwrap()).unwrap();
        let (start, end) = (at("startIndex"), at("endIndex"));
        assert_eq!(
            text.as_bytes()[start..end],
            *segment["text"].as_str().unwrap().as_bytes()
        );
        assert_ne!(text.chars().count(), text.len());
    }
    assert_eq!(grounding["webSearchQueries"], json!(["über Zürich"]));
    assert_eq!(
        grounding["groundingChunks"][1]["web"]["title"],
        "example.org"
    );
}

#[test]
fn pages_that_are_read_are_named_and_a_limit_cuts_sources() {
    let read = ask(
        "Read https://example.com/a, please",
        json!({"tools": [{"urlContext": {}}]}),
    );
    let read = answer(GEMINI_2, &read);
    assert_eq!(
        read.url_context.unwrap()["urlMetadata"][0]["retrievedUrl"],
        "https://example.com/a"
    );
    let support = &read.grounding.unwrap()["groundingSupports"][0]["segment"];
    assert!(support.get("startIndex").is_none());

    let cut = ask(
        "hi",
        json!({"tools": [{"googleSearch": {}}], "generationConfig": {"maxOutputTokens": 4}}),
    );
    let cut = answer(GEMINI_2, &cut);
    assert_eq!(cut.grounding.unwrap()["groundingSupports"], json!([]));
}

#[test]
fn server_side_tools_are_shown_on_request_t15() {
    let body = ask(
        "hi",
        json!({
            "tools": [{"googleSearch": {}}], "toolConfig": {"includeServerSideToolInvocations": true}
        }),
    );
    let answer = answer(GEMINI_3, &body);
    assert_eq!(answer.parts[0]["toolCall"]["toolType"], "GOOGLE_SEARCH_WEB");
    assert_eq!(
        answer.parts[1]["toolResponse"]["id"],
        answer.parts[0]["toolCall"]["id"]
    );
}

#[test]
fn code_is_run_with_the_numbers_of_the_question() {
    let body = ask("Add 17 and 4", json!({"tools": [{"codeExecution": {}}]}));
    let old = answer(GEMINI_2, &body);
    assert_eq!(
        old.parts,
        [
            json!({"executableCode": {"language": "PYTHON", "code": "print(sum([17, 4]))\n"}}),
            json!({"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "21\n"}})
        ]
    );
    assert_eq!(old.text.concat(), "The code printed 21.");
    let new = answer(GEMINI_3, &body);
    assert_eq!(
        new.parts[0]["executableCode"]["id"],
        new.parts[1]["codeExecutionResult"]["id"]
    );
    assert!(signature::is_genuine(
        new.parts[0]["thoughtSignature"].as_str().unwrap()
    ));
}

#[test]
fn pictures_and_speech_come_from_their_models_i1_g19() {
    let config = |config: Value| ask("a cat", json!({"generationConfig": config}));
    let image = "gemini-2.5-flash-image";
    for (config, texts, pictures) in [
        (config(json!({})), 1, 1),
        (
            config(json!({"responseModalities": ["TEXT", "IMAGE"]})),
            1,
            1,
        ),
        (config(json!({"responseModalities": ["IMAGE"]})), 0, 1),
        (config(json!({"responseModalities": ["TEXT"]})), 1, 0),
    ] {
        let answer = answer(image, &config);
        assert_eq!(
            (answer.text.len(), answer.media.len()),
            (texts, pictures),
            "{config}"
        );
    }
    let speech = config(json!({"responseModalities": ["AUDIO"]}));
    let tts = "gemini-2.5-flash-preview-tts";
    let whole = answer(tts, &speech);
    assert_eq!(whole.media.len(), 1);
    assert_eq!(whole.media[0].mime_type, "audio/L16;codec=pcm;rate=24000");
    let streamed = answer_to(Method::StreamGenerateContent, tts, &speech);
    assert_eq!(streamed.media.len(), 4);
}

#[test]
fn several_candidates_and_log_probabilities_come_where_they_exist_g5_g9() {
    let two = answer(
        GEMINI_2,
        &ask("hi", json!({"generationConfig": {"candidateCount": 2}})),
    );
    assert_eq!(two.candidates.len(), 1);
    assert_eq!(two.candidates[0].text, two.text);
    let config = json!({"responseLogprobs": true, "logprobs": 2});
    let scored = answer(
        "gemini-2.0-flash",
        &ask("hi", json!({"generationConfig": config})),
    );
    let logprobs = scored.logprobs.unwrap();
    let tokens = logprobs["chosenCandidates"].as_array().unwrap();
    let text: String = tokens
        .iter()
        .map(|token| token["token"].as_str().unwrap())
        .collect();
    assert_eq!(text, "You said: hi");
    assert_eq!(
        logprobs["topCandidates"][0]["candidates"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}
