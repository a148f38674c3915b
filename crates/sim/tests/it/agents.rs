//! Loops of tools as client libraries run them: whole and streamed, before and since Gemini 3.

use gemini_sim::Sim;
use serde_json::{Value, json};

use crate::client::post;

/// More than any loop here takes.
const MAX_STEPS: usize = 6;

fn tools() -> Value {
    let of = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]});
    json!([{"functionDeclarations": [
        {"name": "get_weather", "parametersJsonSchema": of("city")},
        {"name": "get_time", "parametersJsonSchema": of("zone")}
    ]}])
}

/// The parts that a client keeps of an answer: all of a stream, texts put together as they came.
async fn parts(sim: &Sim, model: &str, is_streamed: bool, contents: &[Value]) -> Vec<Value> {
    let body = json!({"contents": contents, "tools": tools()});
    let answers = if is_streamed {
        let target = format!("/v1beta/models/{model}:streamGenerateContent?alt=sse");
        post(sim, &target, &body).await.events()
    } else {
        let target = format!("/v1beta/models/{model}:generateContent");
        vec![post(sim, &target, &body).await.json()]
    };
    let parts = answers.iter().flat_map(|answer| {
        let parts = &answer["candidates"][0]["content"]["parts"];
        parts
            .as_array()
            .unwrap_or_else(|| panic!("{answer}"))
            .clone()
    });
    parts.collect()
}

/// Runs the loop; the names called in each step, and the last text.
async fn run(sim: &Sim, model: &str, is_streamed: bool, ask: &str) -> (Vec<Vec<String>>, String) {
    let mut contents = vec![json!({"role": "user", "parts": [{"text": ask}]})];
    let mut steps = Vec::new();
    for _ in 0..MAX_STEPS {
        let parts = parts(sim, model, is_streamed, &contents).await;
        let calls: Vec<Value> = parts
            .iter()
            .filter_map(|part| part.get("functionCall").cloned())
            .collect();
        if calls.is_empty() {
            let texts = parts.iter().filter_map(|part| part["text"].as_str());
            return (steps, texts.collect());
        }
        let results: Vec<Value> = calls
            .iter()
            .map(|call| {
                let mut result = json!({"name": call["name"], "response": {"result": format!("about {}", call["args"])}});
                if let Some(id) = call.get("id") {
                    result["id"] = id.clone();
                }
                json!({"functionResponse": result})
            })
            .collect();
        steps.push(
            calls
                .iter()
                .map(|call| call["name"].as_str().unwrap().to_owned())
                .collect(),
        );
        contents.push(json!({"role": "model", "parts": parts}));
        contents.push(json!({"role": "user", "parts": results}));
    }
    panic!("no end after {steps:?}");
}

#[tokio::test]
async fn parallel_and_consecutive_calls_come_to_an_end_on_every_generation() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let ask = "get_weather of \"Rome\" and get_time, then get_weather, then tell me";
    for model in [
        "gemini-2.5-flash",
        "gemini-3-flash-preview",
        "gemini-3.8-flash",
        "gemini-4-argon",
    ] {
        for is_streamed in [false, true] {
            let (steps, text) = run(&sim, model, is_streamed, ask).await;
            let case = format!("{model} {is_streamed}");
            assert_eq!(
                steps,
                [vec!["get_weather", "get_time"], vec!["get_weather"]],
                "{case}"
            );
            assert!(
                text.starts_with("The tools answered. get_weather: about {"),
                "{case}: {text}"
            );
        }
    }
}

#[tokio::test]
async fn a_call_that_comes_back_without_its_signature_is_refused_since_gemini_3() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    for (model, status) in [("gemini-2.5-flash", 200), ("gemini-3.5-flash", 400)] {
        let ask = json!({"role": "user", "parts": [{"text": "get_time"}]});
        let said = parts(&sim, model, false, std::slice::from_ref(&ask)).await;
        let call = said[0]["functionCall"].clone();
        let mut result = call.clone();
        result.as_object_mut().unwrap().remove("args");
        result["response"] = json!({});
        let contents = json!([
            ask,
            {"role": "model", "parts": [{"functionCall": call}]},
            {"role": "user", "parts": [{"functionResponse": result}]}
        ]);
        let target = format!("/v1beta/models/{model}:generateContent");
        let response = post(
            &sim,
            &target,
            &json!({"contents": contents, "tools": tools()}),
        )
        .await;
        assert_eq!(response.status, status, "{}", response.body);
    }
}

#[tokio::test]
async fn the_same_request_gets_the_same_calls_and_the_next_one_other_ids() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let model = "gemini-3.8-flash";
    let ask = |text: &str| vec![json!({"role": "user", "parts": [{"text": text}]})];
    let first = parts(&sim, model, false, &ask("get_time")).await;
    assert_eq!(first, parts(&sim, model, false, &ask("get_time")).await);
    let other = parts(&sim, model, false, &ask("get_time!")).await;
    assert_ne!(
        first[0]["functionCall"]["id"],
        other[0]["functionCall"]["id"]
    );
}
