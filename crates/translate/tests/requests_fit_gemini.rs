//! Whatever a client's conversation is, what goes up is a request that Gemini takes: in every dialect,
//! for every family of models.
//!
//! A dialect is one entry of `DIALECTS`, and its way of writing a conversation down.

// Clippy's allowances for tests reach helpers only where `cfg(test)` is said.
#![cfg(test)]

mod constraints;
mod conversations;

use std::{cell::Cell, collections::BTreeMap, fs, path::PathBuf};

use conversations::{Conversation, anthropic, chat, conversation, responses};
use gempool_translate::{
    ChatRequest, Exchange, Features, InvalidRequest, ModelName, Plan, Signing, Target,
    anthropic::MessagesRequest,
    native::{NativeCall, NativeMethod, NativeRequest},
    responses::ResponsesRequest,
};
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestError, TestRunner};
use serde_json::{Map, Value};

struct Dialect {
    name: &'static str,
    read: Read,
    write: fn(&Conversation) -> Vec<u8>,
}

type Read = fn(&[u8]) -> Result<Box<dyn Exchange + '_>, InvalidRequest>;

const DIALECTS: [Dialect; 3] = [
    Dialect {
        name: "chat",
        read: |body| Ok(Box::new(ChatRequest::parse(body)?)),
        write: chat::write,
    },
    Dialect {
        name: "messages",
        read: |body| Ok(Box::new(MessagesRequest::parse(body)?)),
        write: anthropic::write,
    },
    Dialect {
        name: "responses",
        read: |body| Ok(Box::new(ResponsesRequest::parse(body)?)),
        write: responses::write,
    },
];

/// One of every family that is treated in its own way.
const MODELS: [&str; 6] = [
    "gemini-2.0-flash",
    "gemini-2.5-flash",
    "gemini-3-flash-preview",
    "gemini-3.6-flash",
    "gemini-3.8-flash",
    "gemini-4-argon",
];

/// Conversations per dialect, each for every model.
const CASES: u32 = 400;

fn plan(exchange: &dyn Exchange, model: &str) -> Result<Plan, InvalidRequest> {
    let model: ModelName = model.parse()?;
    exchange.plan(&Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    })
}

#[test]
fn every_request_that_is_taken_is_one_that_gemini_takes() {
    for dialect in &DIALECTS {
        // The same cases on every run: a test that fails only sometimes is no test.
        let mut runner = TestRunner::new(Config {
            cases: CASES,
            failure_persistence: None,
            rng_seed: RngSeed::Fixed(20_261_124),
            ..Config::default()
        });
        let (taken, all) = (Cell::new(0_u32), Cell::new(0_u32));
        let outcome = runner.run(&conversation(), |conversation| {
            let body = (dialect.write)(&conversation);
            for model in MODELS {
                all.set(all.get() + 1);
                let planned = (dialect.read)(&body).and_then(|exchange| plan(&*exchange, model));
                match planned {
                    Ok(plan) => {
                        taken.set(taken.get() + 1);
                        plan.bodies
                            .iter()
                            .try_for_each(|sent| check(sent, model))
                            .map_err(TestCaseError::fail)?;
                    }
                    Err(refusal) if refusal.param.is_some() => {}
                    Err(refusal) => {
                        return Err(TestCaseError::fail(format!("no field named: {refusal}")));
                    }
                }
            }
            Ok(())
        });
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(reason, conversation)) => panic!(
                "{}: {reason}\n{}",
                dialect.name,
                String::from_utf8_lossy(&(dialect.write)(&conversation))
            ),
            Err(error) => panic!("{}: {error}", dialect.name),
        }
        let (taken, all) = (taken.get(), all.get());
        println!("{}: {taken} of {all} requests taken", dialect.name);
        assert!(
            taken > all / 4,
            "{} refuses nearly everything",
            dialect.name
        );
    }
}

/// The body is within the constraints, and the native API would pass it on as it is: nothing that we
/// write lacks what we add for native clients, or breaks what we demand of them.
fn check(sent: &[u8], model: &str) -> Result<(), String> {
    let text = String::from_utf8_lossy(sent);
    let request: Value =
        serde_json::from_slice(sent).map_err(|error| format!("{error}: {text}"))?;
    let breaches = constraints::breaches(&request, model);
    if !breaches.is_empty() {
        return Err(format!("{model}: {breaches:#?}\n{text}"));
    }
    let call = NativeCall {
        model,
        method: NativeMethod::Generate,
    };
    let native = NativeRequest::new(call, None, sent).map_err(|error| error.to_string())?;
    let again = plan(&native, model).map_err(|error| error.to_string())?;
    if again.bodies == [sent] {
        Ok(())
    } else {
        Err(format!("the native API changes {text}"))
    }
}

/// The constraints find what they are for; a check that finds nothing proves nothing.
#[test]
fn each_constraint_finds_its_breach() {
    let user = r#"{"role":"user","parts":[{"text":"a"}]}"#;
    let call = r#"{"role":"model","parts":[{"functionCall":{"id":"1","name":"f","args":{}}}]}"#;
    let result =
        r#"{"role":"user","parts":[{"functionResponse":{"id":"1","name":"f","response":{}}}]}"#;
    let cases = [
        ("U5", format!(r#""contents":[{user}],"top_k":1"#)),
        (
            "U5",
            format!(r#""contents":[{user}],"generationConfig":{{"user":1}}"#),
        ),
        ("M3", r#""contents":[]"#.to_owned()),
        (
            "M4",
            r#""contents":[{"role":"tool","parts":[{"text":"a"}]}]"#.to_owned(),
        ),
        (
            "M6",
            format!(r#""contents":[{user},{call},{}]"#, result.replace('1', "2")),
        ),
        (
            "M8",
            format!(
                r#""contents":[{user},{call},{}]"#,
                result.replace("{}", "[]")
            ),
        ),
        ("M9", format!(r#""contents":[{user},{call},{user}]"#)),
        ("M9", format!(r#""contents":[{user},{result}]"#)),
        (
            "M11",
            format!(r#""contents":[{user},{}]"#, user.replace("user", "model")),
        ),
        ("M12", format!(r#""contents":[{user},{call}]"#)),
        (
            "M16",
            r#""contents":[{"role":"user","parts":[]}]"#.to_owned(),
        ),
        (
            "T2",
            format!(r#""contents":[{user}],"tools":[{{"functionDeclarations":[{{"name":"1"}}]}}]"#),
        ),
        (
            "T7",
            format!(
                r#""contents":[{user}],"toolConfig":{{"functionCallingConfig":{{"mode":"ANY"}}}}"#
            ),
        ),
        (
            "T16",
            format!(
                r#""contents":[{user},{},{result}]"#,
                call.replace("{}", "7")
            ),
        ),
        ("§3.2", format!(r#""contents":[{user},{call},{result}]"#)),
        (
            "G2",
            format!(r#""contents":[{user}],"generationConfig":{{"temperature":1}}"#),
        ),
        (
            "G5",
            format!(r#""contents":[{user}],"generationConfig":{{"candidateCount":2}}"#),
        ),
        (
            "G6",
            format!(r#""contents":[{user}],"generationConfig":{{"stopSequences":[""]}}"#),
        ),
        (
            "G24",
            format!(r#""contents":[{user}],"cachedContent":"c","tools":[]"#),
        ),
        (
            "R1",
            format!(
                r#""contents":[{user}],"generationConfig":{{"thinkingConfig":{{"thinkingLevel":"LOW","thinkingBudget":1}}}}"#
            ),
        ),
    ];
    for (rule, request) in cases {
        let request = serde_json::from_str(&format!("{{{request}}}")).unwrap();
        let found = constraints::breaches(&request, "gemini-3.8-flash");
        assert!(
            found.iter().any(|breach| breach.starts_with(rule)),
            "{rule}: {found:?} in {request}"
        );
    }
}

/// The constraints are no stricter than Gemini: what it took once breaks none. Without the folder of
/// recorded requests beside the project this says so and passes.
#[test]
fn what_gemini_took_is_within_the_constraints() {
    let folder: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "..",
        "..",
        "..",
        "shared/fixtures",
    ]
    .iter()
    .collect();
    let Ok(index) = fs::read(folder.join("index.json")) else {
        println!("skipped: no recorded requests at {}", folder.display());
        return;
    };
    let index: Value = serde_json::from_slice(&index).unwrap();
    let mut checked = 0;
    let mut surprises = Vec::new();
    for fixture in index["fixtures"].as_array().unwrap() {
        let text = |key: &str| fixture[key].as_str().unwrap_or_default();
        let name = text("name");
        let generates = matches!(
            text("endpoint"),
            "generateContent" | "streamGenerateContent"
        );
        // Vertex AI, which is another API, knows other fields.
        if !generates || fixture["http_status"] != 200 || name.contains("vertex") {
            continue;
        }
        let Ok(body) = fs::read(folder.join(format!("{name}.request.json"))) else {
            continue;
        };
        let Ok(request) = serde_json::from_slice::<Value>(&body) else {
            continue;
        };
        let mut found = constraints::breaches(&camel(request), text("model"));
        // Long data was shortened when it was recorded.
        found.retain(|breach| !breach.ends_with("not base64"));
        if !found.is_empty() {
            surprises.push(format!("{name}: {found:?}"));
        }
        checked += 1;
    }
    assert!(surprises.is_empty(), "{surprises:#?}");
    println!("{checked} recorded requests are within the constraints");
    assert!(checked > 60, "only {checked} requests were found");
}

/// Names in the spelling that is checked: Gemini takes both (U4). Schemas and arguments are the
/// client's own, and become odd; nobody looks inside.
fn camel(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let renamed = fields.into_iter().map(|(name, value)| {
                let mut pieces = name.split('_');
                let first = pieces.next().unwrap_or_default().to_owned();
                let name = pieces.fold(first, |name, piece| {
                    let (head, tail) = piece.split_at(piece.len().min(1));
                    name + &head.to_uppercase() + tail
                });
                (name, camel(value))
            });
            Value::Object(renamed.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        other => other,
    }
}
