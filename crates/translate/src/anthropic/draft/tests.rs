//! Requests by rule, up to the draft: what is made of it for a model is tested where that is done.

mod documents;
mod parameters;
mod refusals;
mod results;
mod tools;

use super::*;
use crate::{InvalidRequest, anthropic::MessagesRequest};

/// Reads a body and hands its draft to `look`.
fn with_draft<T>(body: &str, look: impl FnOnce(&Draft<'_>) -> T) -> Result<T, InvalidRequest> {
    let request = MessagesRequest::parse(body.as_bytes())?;
    Ok(draft(&request.fields).map(|draft| look(&draft))?)
}

/// The turns that messages become, as JSON.
fn turns(messages: &str) -> String {
    let body = format!(r#"{{"model":"m","max_tokens":9,"messages":[{messages}]}}"#);
    with_draft(&body, |draft| serde_json::to_string(&draft.turns).unwrap()).unwrap()
}

/// The parts that the content of a user's only message becomes.
fn parts(content: &str) -> String {
    let turns = turns(&format!(r#"{{"role":"user","content":{content}}}"#));
    let parts = turns.strip_prefix(r#"[{"role":"user","parts":"#).unwrap();
    parts.strip_suffix("}]").unwrap().to_owned()
}

/// The parts that the content of an assistant's message becomes, after a user's and before another.
fn model_parts(content: &str) -> String {
    let turns = turns(&format!(
        r#"{{"role":"user","content":"?"}},{{"role":"assistant","content":{content}}},{{"role":"user","content":"!"}}"#
    ));
    let rest = turns
        .strip_prefix(r#"[{"role":"user","parts":[{"text":"?"}]},"#)
        .unwrap();
    let rest = rest
        .strip_suffix(r#"{"role":"user","parts":[{"text":"!"}]}]"#)
        .unwrap();
    let parts = rest.strip_prefix(r#"{"role":"model","parts":"#);
    parts.map_or_else(String::new, |parts| {
        parts.strip_suffix("},").unwrap().to_owned()
    })
}

#[test]
fn strings_and_blocks_say_the_same() {
    let text = r#"{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}"#;
    assert_eq!(parts(r#""Hi""#), r#"[{"text":"Hi"}]"#);
    assert_eq!(parts(&format!("[{text}]")), r#"[{"text":"Hi"}]"#);
    assert_eq!(model_parts(r#""Hi""#), r#"[{"text":"Hi"}]"#);
    assert_eq!(
        model_parts(&format!("[{text},{text}]")),
        r#"[{"text":"Hi"},{"text":"Hi"}]"#
    );
}

#[test]
fn the_system_prompt_becomes_instructions_m1() {
    for (system, expected) in [
        (r#""Be brief.""#, r#"[{"text":"Be brief."}]"#),
        (
            r#"[{"type":"text","text":"A","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"text","text":""},{"type":"text","text":"B"}]"#,
            r#"[{"text":"A"},{"text":"B"}]"#,
        ),
        (r#""""#, "[]"),
        ("[]", "[]"),
        ("null", "[]"),
    ] {
        let body = format!(
            r#"{{"model":"m","max_tokens":9,"system":{system},"messages":[{{"role":"user","content":"Hi"}}]}}"#
        );
        let found = with_draft(&body, |draft| {
            serde_json::to_string(&draft.instructions).unwrap()
        });
        assert_eq!(found.unwrap(), expected, "{system}");
    }
}

#[test]
fn system_messages_keep_their_place_unless_they_come_first_m2() {
    let body = r#"{"model":"m","max_tokens":9,"system":"A","messages":[
        {"role":"system","content":"B"},
        {"role":"user","content":"Hi"},
        {"role":"system","content":[{"type":"text","text":"C"}]},
        {"role":"system","content":""}]}"#;
    let (instructions, turns) = with_draft(body, |draft| {
        let json = |value| serde_json::to_string(value).unwrap();
        (
            json(&draft.instructions),
            serde_json::to_string(&draft.turns).unwrap(),
        )
    })
    .unwrap();
    assert_eq!(instructions, r#"[{"text":"A"},{"text":"B"}]"#);
    assert_eq!(
        turns,
        r#"[{"role":"user","parts":[{"text":"Hi"}]},{"role":"user","parts":[{"text":"C"}]}]"#
    );
}

#[test]
fn a_user_that_says_nothing_is_a_blank_m16_and_an_assistant_is_dropped_m5() {
    for content in [r#""""#, "[]", r#"[{"type":"text","text":""}]"#] {
        assert_eq!(parts(content), r#"[{"text":" "}]"#, "{content}");
        assert_eq!(model_parts(content), "", "{content}");
    }
}

#[test]
fn thoughts_are_not_sent_back_m17() {
    assert_eq!(
        model_parts(
            r#"[{"type":"thinking","thinking":"hm","signature":"EqQBCkYIBRgCKkA"},
                {"type":"redacted_thinking","data":"EmwKAhgBEgy3va3pzix"},
                {"type":"text","text":"Yes"}]"#
        ),
        r#"[{"text":"Yes"}]"#
    );
    assert_eq!(
        model_parts(r#"[{"type":"thinking","thinking":"hm","signature":""}]"#),
        ""
    );
}

#[test]
fn signatures_of_ours_find_their_call_3_10() {
    let call = r#"{"type":"tool_use","id":"a","name":"f","input":{"x":1.50}}"#;
    let sent = r#"{"functionCall":{"id":"a","name":"f","args":{"x":1.50}}"#;
    for (before, signed) in [
        (
            r#"{"type":"thinking","thinking":"hm","signature":"gemini.call.Ci+/="},"#,
            true,
        ),
        (
            r#"{"type":"thinking","thinking":"","signature":"gemini.call.Ci+/="},"#,
            true,
        ),
        (
            r#"{"type":"redacted_thinking","data":"gemini.call.Ci+/="},"#,
            true,
        ),
        // A client that puts texts first, and one that thought again with another model.
        (
            r#"{"type":"thinking","thinking":"","signature":"gemini.call.Ci+/="},{"type":"thinking","thinking":"","signature":"EqQB"},"#,
            true,
        ),
        (
            r#"{"type":"thinking","thinking":"","signature":"Ci+/="},"#,
            false,
        ),
        (
            r#"{"type":"thinking","thinking":"","signature":"gemini.text.2.Ci+/="},"#,
            false,
        ),
        ("", false),
    ] {
        let expected = if signed {
            format!(r#"[{sent},"thoughtSignature":"Ci+/="}}]"#)
        } else {
            format!("[{sent}}}]")
        };
        assert_eq!(
            model_parts(&format!("[{before}{call}]")),
            expected,
            "{before}"
        );
    }
    // Only the next call gets it.
    assert_eq!(
        model_parts(&format!(
            r#"[{{"type":"thinking","thinking":"","signature":"gemini.call.Ci"}},{{"type":"text","text":"So"}},{call},{call}]"#
        )),
        format!(r#"[{{"text":"So"}},{sent},"thoughtSignature":"Ci"}},{sent}}}]"#)
    );
}

#[test]
fn signatures_of_texts_return_only_on_the_text_they_came_with_3_7() {
    let check = |text: &str, signed: bool| {
        let blocks = format!(
            r#"[{{"type":"thinking","thinking":"","signature":"gemini.text.4.Ci"}},{{"type":"text","text":"{text}"}}]"#
        );
        let signature = if signed {
            r#","thoughtSignature":"Ci""#
        } else {
            ""
        };
        let expected = format!(r#"[{{"text":"{text}"{signature}}}]"#);
        assert_eq!(model_parts(&blocks), expected);
    };
    check("Yes.", true);
    check("Yé.", true);
    check("Yes", false);
}

#[test]
fn code_that_another_service_ran_is_told_and_its_searches_are_dropped() {
    assert_eq!(
        model_parts(
            r#"[{"type":"server_tool_use","id":"s1","name":"web_search","input":{"query":"q"}},
                {"type":"web_search_tool_result","tool_use_id":"s1","content":[{"type":"web_search_result","url":"https://a","title":"A","encrypted_content":"x","page_age":null}]},
                {"type":"text","text":"Found.","citations":[{"type":"web_search_result_location"}]},
                {"type":"server_tool_use","id":"s2","name":"code_execution","input":{"code":"print(\"1\")"}},
                {"type":"code_execution_tool_result","tool_use_id":"s2","content":{"type":"code_execution_result","stdout":"1\n","stderr":"","return_code":0,"content":[]}},
                {"type":"server_tool_use","id":"s3","name":"bash_code_execution","input":{"command":"ls"}},
                {"type":"bash_code_execution_tool_result","tool_use_id":"s3","content":{"type":"bash_code_execution_tool_result_error","error_code":"unavailable"}},
                {"type":"web_fetch_tool_result","tool_use_id":"s4","content":{"type":"web_fetch_result","url":"https://a","content":{"type":"document"}}}]"#
        ),
        r#"[{"text":"Found."},{"text":"\n```python\nprint(\"1\")\n```\n"},{"text":"\n```output\n1\n```\n"},{"text":"\n```bash\nls\n```\n"}]"#
    );
}

#[test]
fn a_compacted_history_is_its_summary() {
    assert_eq!(
        model_parts(
            r#"[{"type":"compaction","content":"We spoke."},{"type":"compaction","content":null}]"#
        ),
        r#"[{"text":"We spoke."}]"#
    );
}
