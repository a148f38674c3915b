//! Settings by rule; what is wrong with them is in the table of `draft`.

use super::*;
use crate::prompt::Effort;

fn raw(json: &str) -> &RawValue {
    serde_json::from_str(json).unwrap()
}

#[test]
fn effort_and_summary_are_a_wish_to_think_r2() {
    let effort = |effort| Some(Amount::Effort(effort));
    for (json, amount, include_thoughts) in [
        ("{}", None, None),
        (r#"{"effort":null,"summary":null}"#, None, None),
        (r#"{"effort":"none"}"#, effort(Effort::None), Some(false)),
        (
            r#"{"effort":"minimal"}"#,
            effort(Effort::Minimal),
            Some(false),
        ),
        (
            r#"{"effort":"low","context":"all_turns"}"#,
            effort(Effort::Low),
            Some(false),
        ),
        (
            r#"{"effort":"medium","summary":"auto"}"#,
            effort(Effort::Medium),
            Some(true),
        ),
        (
            r#"{"effort":"high","generate_summary":"concise"}"#,
            effort(Effort::High),
            Some(true),
        ),
        (r#"{"effort":"xhigh"}"#, effort(Effort::XHigh), Some(false)),
        (r#"{"effort":"max"}"#, effort(Effort::XHigh), Some(false)),
        (r#"{"summary":"detailed"}"#, None, Some(true)),
    ] {
        let expected = ThinkingWish {
            amount,
            include_thoughts,
        };
        assert_eq!(read_reasoning(raw(json)), Ok(expected), "{json}");
    }
}

#[test]
fn formats_are_flat_g15_g16_g17() {
    for (json, expected) in [
        ("{}", "Text"),
        (r#"{"verbosity":"low"}"#, "Text"),
        (r#"{"format":{"type":"text"}}"#, "Text"),
        (r#"{"format":{"type":"json_object"}}"#, "Json"),
        (
            r#"{"format":{"type":"json_schema","name":"n","strict":true,"schema":{"type": "object"}}}"#,
            r#"{"type": "object"}"#,
        ),
    ] {
        let found = match read_text(raw(json)).unwrap() {
            OutputFormat::Text => "Text".to_owned(),
            OutputFormat::Json => "Json".to_owned(),
            OutputFormat::Schema(schema) => schema.get().to_owned(),
        };
        assert_eq!(found, expected, "{json}");
    }
}

#[test]
fn metadata_keeps_to_openais_limits() {
    let pairs = |count: usize| {
        let pairs: Vec<String> = (0..count).map(|n| format!(r#""k{n}":"v""#)).collect();
        format!("{{{}}}", pairs.join(","))
    };
    for (json, fits) in [
        ("{}".to_owned(), true),
        (pairs(16), true),
        (pairs(17), false),
        (format!(r#"{{"{}":"v"}}"#, "é".repeat(64)), true),
        (format!(r#"{{"{}":"v"}}"#, "k".repeat(65)), false),
        (format!(r#"{{"k":"{}"}}"#, "é".repeat(512)), true),
        (format!(r#"{{"k":"{}"}}"#, "v".repeat(513)), false),
    ] {
        assert_eq!(check_metadata(raw(&json)).is_ok(), fits, "{json:.80}");
    }
}
