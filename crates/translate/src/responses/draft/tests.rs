//! Requests as a whole: what is wished of the model, and what is refused.

use super::*;
use crate::{InvalidRequest, gemini::request::ServiceTier};

fn read<T>(fields: &str, tell: impl Fn(&Draft<'_>) -> T) -> Result<T, InvalidRequest> {
    let body = format!(r#"{{"model":"m","input":"hi"{fields}}}"#);
    let request = ResponsesRequest::parse(body.as_bytes())?;
    Ok(tell(&draft(&request)?))
}

#[test]
fn numbers_steer_sampling_g1_g2_g3_g10() {
    let fields = r#","max_output_tokens":100,"temperature":0.7,"top_p":1,"top_logprobs":3,"include":["message.output_text.logprobs"]"#;
    let sampling = |draft: &Draft<'_>| {
        let sampling = &draft.sampling;
        (
            sampling.max_output_tokens,
            sampling.temperature,
            sampling.top_p,
            sampling.logprobs,
        )
    };
    assert_eq!(
        read(fields, sampling),
        Ok((Some(100), Some(0.7), Some(1.0), Some(3)))
    );
    assert_eq!(read("", sampling), Ok((None, None, None, None)));
    let unasked = r#","top_logprobs":3"#;
    assert_eq!(
        read(unasked, sampling).unwrap().3,
        None,
        "nobody would see them"
    );
    let chosen_only = r#","include":["message.output_text.logprobs"]"#;
    assert_eq!(read(chosen_only, sampling).unwrap().3, Some(0));
}

#[test]
fn tiers_map_to_googles_g14() {
    for (tier, expected) in [
        ("auto", None),
        ("default", None),
        ("scale", None),
        ("flex", Some(ServiceTier::Flex)),
        ("priority", Some(ServiceTier::Priority)),
        ("fast", Some(ServiceTier::Priority)),
        ("ultrafast", Some(ServiceTier::Priority)),
    ] {
        let found = read(&format!(r#","service_tier":"{tier}""#), |draft| {
            draft.service_tier
        });
        assert_eq!(found, Ok(expected), "{tier}");
    }
}

#[test]
fn google_stores_only_if_told_to_g13() {
    for (fields, expected) in [
        ("", false),
        (r#","store":false"#, false),
        (r#","store":true"#, true),
    ] {
        assert_eq!(read(fields, |draft| draft.store), Ok(expected), "{fields}");
    }
}

#[test]
fn what_asks_for_nothing_passes() {
    for fields in [
        r#","previous_response_id":null,"conversation":null,"prompt":null,"background":false"#,
        r#","tools":[],"tool_choice":"auto","parallel_tool_calls":false,"max_tool_calls":3"#,
        r#","stream_options":{"include_obfuscation":false},"truncation":"auto","metadata":{}"#,
        r#","include":[],"text":{},"reasoning":{},"user":"u","safety_identifier":"s""#,
        r#","include":["web_search_call.action.sources","file_search_call.results"]"#,
        r#","prompt_cache_key":"k","prompt_cache_retention":"24h","prompt_cache_options":{}"#,
        r#","context_management":[{"type":"compaction"}],"moderation":{},"min_p":0.1"#,
        r#","include":null,"text":null,"reasoning":null,"tools":null,"metadata":null"#,
    ] {
        assert_eq!(read(fields, |_| ()), Ok(()), "{fields}");
    }
}

#[test]
fn what_needs_state_is_refused_with_what_to_do_instead_s8_1() {
    for (field, value, wording) in [
        (
            "previous_response_id",
            r#""resp_1""#,
            "whole conversation in `input`",
        ),
        (
            "conversation",
            r#""conv_1""#,
            "whole conversation in `input`",
        ),
        (
            "conversation",
            r#"{"id":"conv_1"}"#,
            "whole conversation in `input`",
        ),
        ("prompt", r#"{"id":"pmpt_1"}"#, "`instructions`"),
        ("background", "true", "`stream: true`"),
    ] {
        let error = read(&format!(r#","{field}":{value}"#), |_| ()).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(field), "{error}");
        assert_eq!(error.code, Some("unsupported_parameter"), "{error}");
        assert!(error.message.contains(wording), "{error}");
    }
}

#[test]
fn every_field_of_the_wrong_kind_is_refused_by_name() {
    for (field, value, param) in [
        ("instructions", "7", "instructions"),
        ("instructions", r#"["x"]"#, "instructions"),
        ("tools", "{}", "tools"),
        ("tool_choice", "[]", "tool_choice"),
        ("parallel_tool_calls", r#""yes""#, "parallel_tool_calls"),
        ("max_tool_calls", "0", "max_tool_calls"),
        ("max_tool_calls", "1.5", "max_tool_calls"),
        ("text", r#""text""#, "text"),
        ("text", r#"{"format":"text"}"#, "text.format"),
        ("text", r#"{"format":{}}"#, "text.format.type"),
        ("text", r#"{"format":{"type":"xml"}}"#, "text.format.type"),
        (
            "text",
            r#"{"format":{"type":"json_schema"}}"#,
            "text.format.schema",
        ),
        (
            "text",
            r#"{"format":{"type":"json_schema","schema":"x"}}"#,
            "text.format.schema",
        ),
        (
            "text",
            r#"{"format":{"type":"json_schema","json_schema":{}}}"#,
            "text.format.schema",
        ),
        (
            "text",
            r#"{"format":{"type":"text","name":7}}"#,
            "text.format.name",
        ),
        (
            "text",
            r#"{"format":{"type":"text","description":7}}"#,
            "text.format.description",
        ),
        (
            "text",
            r#"{"format":{"type":"text","strict":"x"}}"#,
            "text.format.strict",
        ),
        ("text", r#"{"verbosity":"chatty"}"#, "text.verbosity"),
        ("text", r#"{"verbosity":1}"#, "text.verbosity"),
        ("reasoning", r#""low""#, "reasoning"),
        ("reasoning", r#"{"effort":"extreme"}"#, "reasoning.effort"),
        ("reasoning", r#"{"effort":3}"#, "reasoning.effort"),
        ("reasoning", r#"{"context":7}"#, "reasoning.context"),
        ("reasoning", r#"{"mode":7}"#, "reasoning.mode"),
        ("reasoning", r#"{"summary":"long"}"#, "reasoning.summary"),
        (
            "reasoning",
            r#"{"generate_summary":"long"}"#,
            "reasoning.generate_summary",
        ),
        ("include", r#""x""#, "include"),
        ("include", r#"["x"]"#, "include[0]"),
        ("include", "[7]", "include[0]"),
        ("max_output_tokens", "0", "max_output_tokens"),
        ("max_output_tokens", "-1", "max_output_tokens"),
        ("max_output_tokens", "1.5", "max_output_tokens"),
        ("max_output_tokens", r#""9""#, "max_output_tokens"),
        ("temperature", "2.1", "temperature"),
        ("temperature", "-0.1", "temperature"),
        ("temperature", r#""hot""#, "temperature"),
        ("top_p", "1.1", "top_p"),
        ("top_p", "[]", "top_p"),
        ("top_logprobs", "21", "top_logprobs"),
        ("top_logprobs", "-1", "top_logprobs"),
        ("top_logprobs", "true", "top_logprobs"),
        ("truncation", r#""never""#, "truncation"),
        ("truncation", "1", "truncation"),
        ("service_tier", r#""gold""#, "service_tier"),
        ("service_tier", "1", "service_tier"),
        ("store", "1", "store"),
        ("stream", r#""yes""#, "stream"),
        ("stream_options", "true", "stream_options"),
        ("metadata", "[]", "metadata"),
        ("metadata", r#"{"a":1}"#, "metadata.a"),
        ("user", "7", "user"),
        ("safety_identifier", "7", "safety_identifier"),
        ("prompt_cache_key", "7", "prompt_cache_key"),
        (
            "prompt_cache_retention",
            r#""1y""#,
            "prompt_cache_retention",
        ),
        ("previous_response_id", "7", "previous_response_id"),
        ("background", r#""yes""#, "background"),
        ("background_options", "7", "background_options"),
        ("context_management", "{}", "context_management"),
        ("context_management", "[7]", "context_management[0]"),
        ("prompt_cache_options", "[]", "prompt_cache_options"),
        ("moderation", "true", "moderation"),
        ("image", r#""x""#, "image"),
        ("access_programs", r#""x""#, "access_programs"),
    ] {
        let error = read(&format!(r#","{field}":{value}"#), |_| ()).unwrap_err();
        assert_eq!(
            error.param.as_deref(),
            Some(param),
            "{field}: {value}: {error}"
        );
        assert!(!error.message.contains("request body"), "{error}");
    }
}

#[test]
fn a_body_that_is_no_request_is_refused() {
    for (body, param) in [
        ("", None),
        ("[]", None),
        ("{", None),
        ("{}", Some("model")),
        (r#"{"model":""}"#, Some("model")),
        (r#"{"model":7,"input":"hi"}"#, Some("model")),
        (r#"{"model":"m"}"#, Some("input")),
        (r#"{"model":"m","input":null}"#, Some("input")),
        (r#"{"model":"m","input":[]}"#, Some("input")),
        (r#"{"model":"m","input":7}"#, Some("input")),
        (r#"{"model":"m","input":["x"]}"#, Some("input[0]")),
        (
            r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#,
            Some("input"),
        ),
        (r#"{"model":"m","input":"a","input":"b"}"#, Some("input")),
    ] {
        let error = ResponsesRequest::parse(body.as_bytes()).unwrap_err();
        assert_eq!(error.param.as_deref(), param, "{body}: {error}");
    }
    let item = r#"{"role":"user","content":"a"}"#;
    let body = format!(
        r#"{{"model":"m","input":[{}]}}"#,
        vec![item; 6145].join(",")
    );
    let error = ResponsesRequest::parse(body.as_bytes()).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("input"));
}

#[test]
fn debug_shows_no_text_of_the_client() {
    let body = r#"{"model":"m","input":"secret","instructions":"secret","user":"secret","tools":[{"type":"function","name":"secret"}]}"#;
    let request = ResponsesRequest::parse(body.as_bytes()).unwrap();
    assert!(!format!("{request:?}").contains("secret"));
}
