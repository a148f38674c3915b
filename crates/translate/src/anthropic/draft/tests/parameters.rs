//! Generation parameters by rule.

use super::with_draft;
use crate::prompt::{Amount, Draft, Effort, OutputFormat, ThinkingWish};

fn with_fields<T>(fields: &str, look: impl FnOnce(&Draft<'_>) -> T) -> T {
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":"Hi"}}],"max_tokens":4096{fields}}}"#
    );
    with_draft(&body, look).unwrap()
}

#[test]
fn sampling_is_passed_on_g1_g2_g3_g4_g6() {
    let fields = r#","temperature":0.25,"top_p":0.5,"top_k":40,"stop_sequences":["a","","b"]"#;
    with_fields(fields, |draft| {
        let sampling = &draft.sampling;
        assert_eq!(sampling.max_output_tokens, Some(4096));
        assert_eq!(
            (sampling.temperature, sampling.top_p),
            (Some(0.25), Some(0.5))
        );
        assert_eq!(sampling.top_k, Some(40));
        assert_eq!(sampling.stop, ["a", "b"]);
    });
    with_fields(
        r#","top_k":0,"temperature":null,"stop_sequences":null"#,
        |draft| {
            assert_eq!(draft.sampling.top_k, None);
            assert!(draft.sampling.stop.is_empty());
        },
    );
}

#[test]
fn nothing_is_kept_by_google_g13() {
    with_fields("", |draft| {
        assert!(!draft.store && draft.service_tier.is_none())
    });
}

#[test]
fn thinking_and_effort_are_one_wish_7_1() {
    let model_chooses = Some(Amount::Budget(-1));
    let nothing = Some(Amount::Effort(Effort::None));
    for (fields, amount, include_thoughts) in [
        ("", None, None),
        (
            r#","thinking":null,"output_config":{"effort":null}"#,
            None,
            None,
        ),
        (
            r#","thinking":{"type":"enabled","budget_tokens":2048}"#,
            Some(Amount::Budget(2048)),
            Some(true),
        ),
        // A budget over `max_tokens` is legal when thinking is interleaved with calls.
        (
            r#","thinking":{"type":"enabled","budget_tokens":99999999999}"#,
            Some(Amount::Budget(i32::MAX)),
            Some(true),
        ),
        (
            r#","thinking":{"type":"enabled","budget_tokens":2048,"display":"omitted"}"#,
            Some(Amount::Budget(2048)),
            Some(false),
        ),
        (
            r#","thinking":{"type":"enabled","budget_tokens":2048},"output_config":{"effort":"low"}"#,
            Some(Amount::Budget(2048)),
            Some(true),
        ),
        (
            r#","thinking":{"type":"adaptive"}"#,
            model_chooses,
            Some(true),
        ),
        (
            r#","thinking":{"type":"adaptive","display":"summarized"}"#,
            model_chooses,
            Some(true),
        ),
        (
            r#","thinking":{"type":"between_tools"}"#,
            model_chooses,
            Some(true),
        ),
        (
            r#","thinking":{"type":"adaptive"},"output_config":{"effort":"medium"}"#,
            Some(Amount::Effort(Effort::Medium)),
            Some(true),
        ),
        (r#","thinking":{"type":"disabled"}"#, nothing, Some(false)),
        (
            r#","thinking":{"type":"disabled"},"output_config":{"effort":"max"}"#,
            nothing,
            Some(false),
        ),
        (
            r#","output_config":{"effort":"low"}"#,
            Some(Amount::Effort(Effort::Low)),
            Some(false),
        ),
        (
            r#","output_config":{"effort":"high"}"#,
            Some(Amount::Effort(Effort::High)),
            Some(false),
        ),
        (
            r#","output_config":{"effort":"xhigh"}"#,
            Some(Amount::Effort(Effort::XHigh)),
            Some(false),
        ),
        (
            r#","output_config":{"effort":"max"}"#,
            Some(Amount::Effort(Effort::XHigh)),
            Some(false),
        ),
    ] {
        let expected = ThinkingWish {
            amount,
            include_thoughts,
        };
        with_fields(fields, |draft| {
            assert_eq!(draft.thinking, expected, "{fields}")
        });
    }
}

#[test]
fn a_schema_for_the_answer_is_passed_on_as_it_is_g17() {
    let schema = r#"{"type":"object","properties":{"n":{"maximum":1.50}}}"#;
    for place in [
        format!(r#","output_config":{{"format":{{"type":"json_schema","schema":{schema}}}}}"#),
        format!(r#","output_format":{{"type":"json_schema","schema":{schema}}}"#),
    ] {
        with_fields(&place, |draft| {
            assert!(matches!(&draft.output, OutputFormat::Schema(found) if found.get() == schema));
        });
    }
    with_fields(r#","output_config":{"format":null}"#, |draft| {
        assert!(matches!(draft.output, OutputFormat::Text));
    });
}

#[test]
fn what_has_no_effect_is_accepted() {
    let fields = r#","metadata":{"user_id":null},"service_tier":"standard_only","container":"c",
        "context_management":{"edits":[]},"speed":"fast","inference_geo":"us","mcp_servers":[],
        "diagnostics":{},"user_profile_id":"u","cache_control":{"type":"ephemeral"},"min_p":0.1"#;
    with_fields(fields, |_| ());
    with_fields(
        r#","service_tier":"auto","container":{"skills":[]},"stream":true"#,
        |_| (),
    );
}
