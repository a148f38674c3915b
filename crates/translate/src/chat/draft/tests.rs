//! Requests by rule: what becomes of them. How nonsense is refused is in `refusals`.

mod refusals;

use std::collections::BTreeMap;

use crate::{ChatRequest, Exchange, Features, InvalidRequest, ModelName, Signing, Target};

const MODEL: &str = "gemini-2.5-flash";

/// The body for Gemini.
fn plan(request: &ChatRequest<'_>, model: &str) -> Result<Vec<u8>, InvalidRequest> {
    let model: ModelName = model.parse()?;
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: request.stream(),
    };
    let mut plan = request.plan(&target)?;
    assert_eq!(plan.bodies.len(), 1);
    Ok(plan.bodies.remove(0))
}

fn translate_for(model: &str, body: &str) -> Result<String, InvalidRequest> {
    let request = ChatRequest::parse(body.as_bytes())?;
    let json = String::from_utf8(plan(&request, model)?).unwrap();
    // Every body ends with the choice about storing; the tables show what else there is.
    let rest = json.strip_suffix(r#","store":false}"#).unwrap();
    Ok(format!("{rest}}}"))
}

/// The whole Gemini body for a conversation.
fn check_messages(messages: &str, expected: &str) {
    let body = format!(r#"{{"model":"m","messages":{messages}}}"#);
    assert_eq!(
        translate_for(MODEL, &body).as_deref(),
        Ok(expected),
        "{messages}"
    );
}

/// What the parameters add to the Gemini body.
fn check_parameters(model: &str, parameters: &str, expected: &str) {
    let body =
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}}]{parameters}}}"#);
    let expected =
        format!(r#"{{"contents":[{{"role":"user","parts":[{{"text":"hi"}}]}}]{expected}}}"#);
    assert_eq!(
        translate_for(model, &body),
        Ok(expected),
        "{model} {parameters}"
    );
}

#[test]
fn nothing_is_stored_at_google_unless_asked_for_g13() {
    for (asked, sent) in [
        ("", false),
        (r#","store":false"#, false),
        (r#","store":true"#, true),
    ] {
        let body =
            format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}}]{asked}}}"#);
        let request = ChatRequest::parse(body.as_bytes()).unwrap();
        let json = plan(&request, MODEL).unwrap();
        let json: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(json["store"], sent, "{asked}");
    }
}

#[test]
fn leading_system_messages_become_the_instruction_m1() {
    check_messages(
        r#"[{"role":"system","content":"Be brief."},
            {"role":"developer","content":[{"type":"text","text":"Speak "},{"type":"text","text":"French."}]},
            {"role":"user","content":"Hi \"you\"\n","name":"ann"}]"#,
        r#"{"contents":[{"role":"user","parts":[{"text":"Hi \"you\"\n"}]}],"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"Speak "},{"text":"French."}]}}"#,
    );
}

#[test]
fn later_system_messages_keep_their_place_m2() {
    check_messages(
        r#"[{"role":"user","content":"a"},{"role":"system","content":"Now in verse."},{"role":"system","content":""},{"role":"user","content":"b"}]"#,
        r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"Now in verse."}]},{"role":"user","parts":[{"text":"b"}]}]}"#,
    );
}

#[test]
fn contents_are_never_empty_m3_m5_m16() {
    const BLANK: &str = r#"{"contents":[{"role":"user","parts":[{"text":" "}]}]"#;
    check_messages(
        r#"[{"role":"system","content":"s"}]"#,
        &format!(r#"{BLANK},"systemInstruction":{{"parts":[{{"text":"s"}}]}}}}"#),
    );
    for messages in [
        r#"[{"role":"user","content":""}]"#,
        r#"[{"role":"user","content":[]}]"#,
        r#"[{"role":"user","content":[{"type":"text","text":""}]}]"#,
        r#"[{"role":"assistant","content":null}]"#,
        r#"[{"role":"assistant"}]"#,
    ] {
        check_messages(messages, &format!("{BLANK}}}"));
    }
}

#[test]
fn assistants_become_the_model_m5_m14_m17() {
    check_messages(
        r#"[{"role":"user","content":"a"},
            {"role":"assistant","content":"b","reasoning_content":"secret","tool_calls":[],"function_call":null,"refusal":null},
            {"role":"assistant","content":null,"refusal":"I won't."},
            {"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},
            {"role":"user","content":"c"}]"#,
        r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},{"role":"model","parts":[{"text":"I won't."}]},{"role":"model","parts":[{"text":"no"}]},{"role":"user","parts":[{"text":"c"}]}]}"#,
    );
}

#[test]
fn a_last_turn_of_the_model_is_continued_where_it_must_be_m11() {
    let body = r#"{"model":"m","messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#;
    let prefill = r#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]}"#;
    assert_eq!(
        translate_for("gemini-2.5-flash", body),
        Ok(format!("{prefill}]}}"))
    );
    let continued = format!(r#"{prefill},{{"role":"user","parts":[{{"text":"Continue."}}]}}]}}"#);
    assert_eq!(translate_for("gemini-3.8-flash", body), Ok(continued));
}

#[test]
fn images_as_data_urls_become_inline_data_p1_p2() {
    check_messages(
        r#"[{"role":"user","content":[
            {"type":"text","text":"What is it?"},
            {"type":"image_url","image_url":{"url":"data:image\/jpg;base64,\/9j\/4AAQ","detail":"low"}}]}]"#,
        r#"{"contents":[{"role":"user","parts":[{"text":"What is it?"},{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQ"}}]}]}"#,
    );
}

#[test]
fn parameters_become_the_generation_config() {
    for (parameters, expected) in [
        ("", ""),
        // G1
        (
            r#","max_tokens":10"#,
            r#","generationConfig":{"maxOutputTokens":10}"#,
        ),
        (
            r#","max_tokens":10,"max_completion_tokens":20"#,
            r#","generationConfig":{"maxOutputTokens":20}"#,
        ),
        (
            r#","max_tokens":9000000000"#,
            r#","generationConfig":{"maxOutputTokens":65536}"#,
        ),
        // G2, G3, G4
        (
            r#","temperature":0,"top_p":0.9,"top_k":40"#,
            r#","generationConfig":{"temperature":0.0,"topP":0.9,"topK":40}"#,
        ),
        (r#","top_p":0"#, ""),
        // G6
        (
            r#","stop":"END""#,
            r#","generationConfig":{"stopSequences":["END"]}"#,
        ),
        (
            r#","stop":["a","","b\n"]"#,
            r#","generationConfig":{"stopSequences":["a","b\n"]}"#,
        ),
        (r#","stop":"""#, ""),
        (r#","stop":null"#, ""),
        // G7
        (r#","seed":42"#, r#","generationConfig":{"seed":42}"#),
        (r#","seed":4294967297"#, r#","generationConfig":{"seed":1}"#),
        (r#","seed":-1"#, r#","generationConfig":{"seed":-1}"#),
        (
            r#","seed":2147483648"#,
            r#","generationConfig":{"seed":-2147483648}"#,
        ),
        // G13, G14
        (r#","store":false"#, ""),
        (r#","service_tier":"flex""#, r#","serviceTier":"flex""#),
        (r#","service_tier":"auto""#, ""),
    ] {
        check_parameters(MODEL, parameters, expected);
    }
}

#[test]
fn late_models_get_no_sampling_parameters_g2() {
    let parameters = r#","temperature":0.2,"top_p":0.5,"top_k":3,"seed":1"#;
    check_parameters(
        "gemini-3.8-flash",
        parameters,
        r#","generationConfig":{"seed":1}"#,
    );
}

#[test]
fn the_output_limit_depends_on_streaming_g1() {
    let unary = r#","generationConfig":{"maxOutputTokens":32768}"#;
    check_parameters("gemini-4-argon", r#","max_tokens":60000"#, unary);
    let streaming = r#","generationConfig":{"maxOutputTokens":60000}"#;
    check_parameters(
        "gemini-4-argon",
        r#","max_tokens":60000,"stream":true"#,
        streaming,
    );
    let unknown = r#","generationConfig":{"maxOutputTokens":2147483647}"#;
    check_parameters(
        "gemini-flash-latest",
        r#","max_tokens":9000000000"#,
        unknown,
    );
}

#[test]
fn what_asks_for_nothing_is_ignored() {
    for parameters in [
        r#","n":1,"presence_penalty":0,"frequency_penalty":0.0,"logprobs":false,"top_logprobs":0"#,
        r#","tools":[],"tool_choice":"none","functions":null,"function_call":"none","parallel_tool_calls":true"#,
        r#","response_format":{"type":"text"},"modalities":["text"],"audio":null,"reasoning_effort":null"#,
        r#","logit_bias":{"5":-100},"user":"u","metadata":{"a":"b"},"prediction":{},"verbosity":"low","safety_identifier":"s","prompt_cache_key":"k""#,
        r#","temperature":null,"max_tokens":null,"stream":null,"stream_options":null,"seed":null,"store":null"#,
        r#","min_p":0.1,"repetition_penalty":1.1,"made_up":{"deep":[1]}"#,
    ] {
        check_parameters(MODEL, parameters, "");
    }
}

#[test]
fn tells_how_the_client_wants_its_answer_g21_g22() {
    for (parameters, stream, include_usage) in [
        ("", false, false),
        (r#","stream":true"#, true, false),
        (
            r#","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}"#,
            true,
            true,
        ),
        (r#","stream":false,"stream_options":{}"#, false, false),
    ] {
        let body = format!(
            r#"{{"messages":[{{"role":"user","content":"a"}}],"model":"google/x"{parameters}}}"#
        );
        let request = ChatRequest::parse(body.as_bytes()).unwrap();
        assert_eq!(
            (request.model(), request.stream(), request.include_usage()),
            ("google/x", stream, include_usage)
        );
    }
}
