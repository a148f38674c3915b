//! What goes into which event, and with which ids, signatures and counts.

use serde_json::{Value, json};

use super::*;
use crate::script::Script;
use crate::signature;

const GEMINI_2: &str = "gemini-2.5-flash";
const GEMINI_3: &str = "gemini-3.5-flash";

fn scripted(content: Value) -> Answer {
    let script = json!([{"then": {"answer": content}}]);
    let script = Script::try_from(script).unwrap();
    match &script.rules()[0].then {
        crate::script::Then::Answer(answer) => (**answer).clone(),
        then => panic!("{then:?}"),
    }
}

fn envelope<'a>(model: &'a str, prompt: &'a [ModalityCount]) -> Envelope<'a> {
    Envelope {
        model: ModelTraits::of(model),
        response_id: "r",
        prompt,
        service_tier: "standard",
        seed: 7,
    }
}

fn streamed(model: &str, content: Value) -> Vec<Value> {
    let prompt = [ModalityCount::text(10)];
    let events = events(&scripted(content), envelope(model, &prompt));
    events
        .iter()
        .map(|event| serde_json::to_value(event).unwrap())
        .collect()
}

fn whole(model: &str, content: Value) -> Value {
    let prompt = [ModalityCount::text(10)];
    serde_json::to_value(unary(&scripted(content), envelope(model, &prompt))).unwrap()
}

/// Parts of each event of the first candidate, signatures as `true`.
fn parts(events: &[Value]) -> Vec<Value> {
    let parts = events.iter().map(|event| {
        let mut parts = event["candidates"][0]["content"]["parts"].clone();
        for part in parts.as_array_mut().into_iter().flatten() {
            if let Some(signature) = part.get_mut("thoughtSignature") {
                assert!(signature::is_genuine(signature.as_str().unwrap()));
                *signature = json!(true);
            }
        }
        parts
    });
    parts.collect()
}

fn finish_reasons(events: &[Value]) -> Vec<Option<&str>> {
    let reasons = events
        .iter()
        .map(|event| event["candidates"][0]["finishReason"].as_str());
    reasons.collect()
}

#[test]
fn gemini_3_sends_calls_one_by_one_signs_the_first_and_ends_empty() {
    let content = json!({"calls": [{"name": "f", "args": {"a": 1}, "id": "x"}, {"name": "g"}]});
    let events = streamed(GEMINI_3, content.clone());
    let mut parts = parts(&events);
    let id = parts[1][0]["functionCall"]["id"].take();
    assert_eq!(id.as_str().unwrap().len(), 8);
    assert_eq!(
        parts,
        [
            json!([{"functionCall": {"name": "f", "args": {"a": 1}, "id": "x"}, "thoughtSignature": true}]),
            json!([{"functionCall": {"name": "g", "args": {}, "id": null}}]),
            json!([{"text": ""}]),
        ]
    );
    assert_eq!(finish_reasons(&events), [None, None, Some("STOP")]);
    assert!(events[2]["candidates"][0].get("finishMessage").is_none());

    let whole = whole(GEMINI_3, content);
    assert_eq!(
        whole["candidates"][0]["content"]["parts"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        whole["candidates"][0]["finishMessage"],
        "Model generated function call(s)."
    );
}

#[test]
fn before_gemini_3_calls_come_together_without_ids() {
    let events = streamed(
        GEMINI_2,
        json!({"text": ["Let me see."], "calls": [{"name": "f"}, {"name": "g"}]}),
    );
    assert_eq!(
        parts(&events),
        [
            json!([{"text": "Let me see."}]),
            json!([
                {"functionCall": {"name": "f", "args": {}}, "thoughtSignature": true},
                {"functionCall": {"name": "g", "args": {}}}
            ]),
        ]
    );
    assert_eq!(finish_reasons(&events), [None, Some("STOP")]);
    assert_eq!(
        events[1]["candidates"][0]["finishMessage"],
        "Model generated function call(s)."
    );
    let oldest = streamed("gemini-2.0-flash", json!({"calls": [{"name": "f"}]}));
    assert_eq!(
        parts(&oldest),
        [json!([{"functionCall": {"name": "f", "args": {}}}])]
    );
}

#[test]
fn words_of_gemini_3_are_signed_by_an_empty_text_or_on_the_part() {
    let content = json!({"text": ["a", "b"]});
    assert_eq!(
        parts(&streamed(GEMINI_3, content.clone())),
        [
            json!([{"text": "a"}]),
            json!([{"text": "b"}]),
            json!([{"text": "", "thoughtSignature": true}]),
        ]
    );
    let whole = [whole(GEMINI_3, content.clone())];
    assert_eq!(
        parts(&whole),
        [json!([{"text": "ab", "thoughtSignature": true}])]
    );
    assert_eq!(
        parts(&streamed(GEMINI_2, content)),
        [json!([{"text": "a"}]), json!([{"text": "b"}])]
    );
}

#[test]
fn a_script_gives_signatures_and_ids_or_takes_them_away() {
    let given = json!({"calls": [{"name": "f", "id": "", "signature": ""}]});
    assert_eq!(
        parts(&streamed(GEMINI_3, given))[0],
        json!([{"functionCall": {"name": "f", "args": {}}}])
    );
    let call = streamed(
        GEMINI_2,
        json!({"calls": [{"name": "f", "id": "i", "signature": "c2ln"}]}),
    );
    let part = &call[0]["candidates"][0]["content"]["parts"][0];
    assert_eq!(
        (&part["thoughtSignature"], &part["functionCall"]["id"]),
        (&json!("c2ln"), &json!("i"))
    );
    assert_eq!(
        streamed(GEMINI_3, json!({"text": ["a"], "signature": ""})).len(),
        1
    );
    let text = whole(GEMINI_2, json!({"text": ["a"], "signature": "c2ln"}));
    assert_eq!(
        text["candidates"][0]["content"]["parts"],
        json!([{"text": "a", "thoughtSignature": "c2ln"}])
    );
}

#[test]
fn code_ends_a_stream_of_2_5_and_it_goes_on_x5() {
    let content = json!({
        "parts": [{"executableCode": {"language": "PYTHON", "code": "1"}}, {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "1"}}],
        "text": ["One."]
    });
    let events = streamed(GEMINI_2, content.clone());
    assert_eq!(finish_reasons(&events), [Some("STOP"), None, Some("STOP")]);
    assert!(
        events[0]["usageMetadata"]
            .get("toolUsePromptTokenCount")
            .is_none()
    );
    assert!(
        events[2]["usageMetadata"]["toolUsePromptTokenCount"]
            .as_u64()
            .unwrap()
            > 0
    );
    let events = streamed(GEMINI_3, content);
    assert_eq!(finish_reasons(&events), [None, None, None, Some("STOP")]);
}

#[test]
fn media_are_parts_of_their_own_and_counted_by_modality() {
    let image = whole(
        "gemini-3.1-flash-lite-image",
        json!({"text": ["See:"], "images": [{}]}),
    );
    let parts = parts(std::slice::from_ref(&image));
    assert_eq!(parts[0][1]["inlineData"]["mimeType"], "image/png");
    assert_eq!(parts[0][1]["thoughtSignature"], true);
    let usage = &image["usageMetadata"];
    assert_eq!(
        usage["candidatesTokensDetails"],
        json!([{"modality": "IMAGE", "tokenCount": 1290}])
    );
    assert_eq!(usage["candidatesTokenCount"], 1291);
    let sound = json!({"mime_type": "audio/L16;codec=pcm;rate=24000", "data": "AAAA"});
    let sound = whole("gemini-2.5-flash-preview-tts", json!({"media": [sound]}));
    assert_eq!(
        sound["usageMetadata"]["candidatesTokensDetails"][0]["modality"],
        "AUDIO"
    );
}

#[test]
fn candidates_are_told_apart_by_index_and_end_each_for_itself_x13() {
    let content = json!({"text": ["a", "b", "c"], "candidates": [{"text": ["x"], "finish_reason": "MAX_TOKENS"}]});
    let events = streamed(GEMINI_2, content.clone());
    let indexes: Vec<usize> = events
        .iter()
        .map(|event| event["candidates"].as_array().unwrap().len())
        .collect();
    assert_eq!(indexes, [2, 1, 1]);
    assert_eq!(events[0]["candidates"][1]["index"], 1);
    assert_eq!(events[0]["candidates"][1]["finishReason"], "MAX_TOKENS");
    let whole = whole(GEMINI_2, content);
    assert_eq!(
        whole["candidates"][1]["content"]["parts"],
        json!([{"text": "x"}])
    );
    assert_eq!(whole["usageMetadata"], events[2]["usageMetadata"]);
}

#[test]
fn what_an_answer_is_based_on_comes_with_its_end_n3() {
    let content = json!({
        "text": ["a", "b"], "grounding": {"groundingChunks": []}, "url_context": {"urlMetadata": []},
        "logprobs": {"chosenCandidates": []}, "finish_message": "done"
    });
    let events = streamed(GEMINI_2, content);
    assert!(
        events[0]["candidates"][0]
            .get("groundingMetadata")
            .is_none()
    );
    let end = &events[1]["candidates"][0];
    assert_eq!(end["groundingMetadata"], json!({"groundingChunks": []}));
    assert_eq!(end["urlContextMetadata"], json!({"urlMetadata": []}));
    assert_eq!(end["logprobsResult"], json!({"chosenCandidates": []}));
    assert_eq!(end["finishMessage"], "done");
}

#[test]
fn totals_grow_and_add_up_s1() {
    let content = json!({"thoughts": ["hm hm hm"], "thought_tokens": 9, "text": ["abcd"], "calls": [{"name": "f"}]});
    for model in [GEMINI_2, GEMINI_3] {
        let events = streamed(model, content.clone());
        let totals: Vec<u64> = events
            .iter()
            .map(|event| event["usageMetadata"]["totalTokenCount"].as_u64().unwrap())
            .collect();
        assert!(totals.is_sorted(), "{totals:?}");
        let last = &events.last().unwrap()["usageMetadata"];
        assert_eq!(last, &whole(model, content.clone())["usageMetadata"]);
        assert_eq!(last["thoughtsTokenCount"], 9);
        // 10 of the prompt, 9 thoughts, "abcd", "f" and "{}".
        assert_eq!(last["totalTokenCount"], 10 + 9 + 1 + 1 + 1);
    }
}
