//! Values that make no sense, or are too many.

use super::{MISSING, TYPE, UNSUPPORTED, VALUE, check_answer_block, check_block, check_field};

#[test]
fn values_that_make_no_sense_are_refused_by_name() {
    for (field, param, wording) in [
        (r#""messages":[]"#, "messages", "at least one message"),
        (
            r#""messages":[{"role":"wizard","content":"a"}]"#,
            "messages[0].role",
            "unknown role `wizard`",
        ),
        (r#""max_tokens":0"#, "max_tokens", "at least 1"),
        (r#""max_tokens":-5"#, "max_tokens", "at least 1"),
        (r#""temperature":1.5"#, "temperature", "between 0 and 1"),
        (r#""temperature":-0.1"#, "temperature", "between 0 and 1"),
        (r#""top_p":2"#, "top_p", "between 0 and 1"),
        (r#""top_k":-1"#, "top_k", "at least 0"),
        (
            r#""stop_sequences":["1","2","3","4","5","6"]"#,
            "stop_sequences",
            "at most 5",
        ),
        (
            r#""thinking":{"type":"deep"}"#,
            "thinking.type",
            "unknown type `deep`",
        ),
        (
            r#""thinking":{"type":"enabled","budget_tokens":1023}"#,
            "thinking.budget_tokens",
            "at least 1024",
        ),
        (
            r#""thinking":{"type":"adaptive","display":"all"}"#,
            "thinking.display",
            "unknown display",
        ),
        (
            r#""output_config":{"effort":"huge"}"#,
            "output_config.effort",
            "unknown effort `huge`",
        ),
        (
            r#""output_config":{"format":{"type":"xml"}}"#,
            "output_config.format.type",
            "unknown type `xml`",
        ),
        (
            r#""service_tier":"gold""#,
            "service_tier",
            "unknown tier `gold`",
        ),
        (
            r#""tools":[{"type":"teleport_20260101"}]"#,
            "tools[0].type",
            "unknown type",
        ),
        (
            r#""tools":[{"name":"f","input_schema":{}},{"name":"f","input_schema":{}}]"#,
            "tools[1].name",
            "already",
        ),
        (
            r#""tool_choice":{"type":"any"}"#,
            "tool_choice",
            "no `tools`",
        ),
        (
            r#""tool_choice":{"type":"tool","name":"f"}"#,
            "tool_choice",
            "no `tools`",
        ),
        (
            r#""tool_choice":{"type":"required"}"#,
            "tool_choice.type",
            "unknown type",
        ),
        (
            r#""tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool","name":"g"}"#,
            "tool_choice.name",
            "no tool `g`",
        ),
        (
            r#""system":[{"type":"image"}]"#,
            "system[0].type",
            "cannot stand here",
        ),
        (
            r#""messages":[{"role":"user","content":"a"},{"role":"system","content":[{"type":"image"}]}]"#,
            "messages[1].content[0].type",
            "cannot stand here",
        ),
    ] {
        check_field(field, param, VALUE, wording);
    }
    for (block, path, wording) in [
        (r#"{"type":"poem"}"#, ".type", "unknown type `poem`"),
        (r#"{"type":"thinking"}"#, ".type", "role `assistant`"),
        (r#"{"type":"tool_use"}"#, ".type", "role `assistant`"),
        (r#"{"type":"tool_reference"}"#, ".type", "cannot stand here"),
        (
            r#"{"type":"image","source":{"type":"ftp"}}"#,
            ".source.type",
            "unknown type `ftp`",
        ),
        (
            r#"{"type":"image","source":{"type":"base64","media_type":"text/html","data":"AAAA"}}"#,
            ".source.media_type",
            "not the media type of an image",
        ),
        (
            r#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"?"}}"#,
            ".source.data",
            "not base64",
        ),
        (
            r#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":""}}"#,
            ".source.data",
            "no data",
        ),
        (
            r#"{"type":"image","source":{"type":"url","url":"file:///etc/passwd"}}"#,
            ".source.url",
            "URL",
        ),
        (
            r#"{"type":"image","source":{"type":"file","file_id":"file_011CNha8iCJcU1wXNR6q4V8w"}}"#,
            ".source.file_id",
            "Gemini",
        ),
        (
            r#"{"type":"document","source":{"type":"base64","media_type":"text/csv","data":"AAAA"}}"#,
            ".source.media_type",
            "must be `application/pdf`",
        ),
        (
            r#"{"type":"document","source":{"type":"text","media_type":"text/html","data":"a"}}"#,
            ".source.media_type",
            "must be `text/plain`",
        ),
        (
            r#"{"type":"document","source":{"type":"content","content":[{"type":"tool_use"}]}}"#,
            ".source.content[0].type",
            "cannot stand here",
        ),
        (
            r#"{"type":"search_result","title":"T","source":"s","content":[{"type":"image"}]}"#,
            ".content[0].type",
            "cannot stand here",
        ),
        (
            r#"{"type":"tool_result","tool_use_id":"zz"}"#,
            ".tool_use_id",
            "`zz` is not the id of an earlier",
        ),
    ] {
        check_block(block, path, VALUE, wording);
    }
    for (block, path, wording) in [
        (r#"{"type":"poem"}"#, ".type", "unknown type `poem`"),
        (r#"{"type":"image"}"#, ".type", "role `user`"),
        (r#"{"type":"tool_result"}"#, ".type", "role `user`"),
    ] {
        check_answer_block(block, path, VALUE, wording);
    }
    for (block, path, code, wording) in [
        (
            r#"{"type":"search_result","title":"T","source":{},"content":[]}"#,
            ".source",
            TYPE,
            "a string",
        ),
        (
            r#"{"type":"image","source":"https://a"}"#,
            ".source",
            TYPE,
            "an object",
        ),
        (
            r#"{"type":"document","source":{"type":"content","content":{}}}"#,
            ".source.content",
            TYPE,
            "found an object",
        ),
    ] {
        check_block(block, path, code, wording);
    }
}

#[test]
fn results_hold_what_results_hold() {
    let check = |content: &str, path: &str, code: &str, wording: &str| {
        let field = format!(
            r#""messages":[{{"role":"assistant","content":[{{"type":"tool_use","id":"a","name":"f","input":{{}}}}]}},
               {{"role":"user","content":[{{"type":"tool_result","tool_use_id":"a","content":{content}}}]}}]"#
        );
        check_field(
            &field,
            &format!("messages[1].content[0].content{path}"),
            code,
            wording,
        );
    };
    check("{}", "", TYPE, "found an object");
    check(
        r#"[{"type":"tool_use"}]"#,
        "[0].type",
        VALUE,
        "cannot hold `tool_use`",
    );
    check(r#"[{"type":"text"}]"#, "[0].text", MISSING, "is required");
    check(
        r#"[{"type":"tool_reference"}]"#,
        "[0].tool_name",
        MISSING,
        "is required",
    );
    check(
        r#"[{"type":"image","source":{"type":"base64"}}]"#,
        "[0].source.media_type",
        MISSING,
        "is required",
    );
}

#[test]
fn what_gemini_has_no_counterpart_of_is_refused_by_name() {
    for kind in [
        "computer_20250124",
        "computer_toolset_20260801",
        "browser_toolset_20260801",
        "mcp_toolset",
        "advisor_20260301",
    ] {
        let field = format!(r#""tools":[{{"type":"{kind}","name":"x"}}]"#);
        check_field(&field, "tools[0].type", UNSUPPORTED, "no counterpart");
    }
    check_field(
        r#""mcp_servers":[{"type":"url","url":"https://a","name":"a"}]"#,
        "mcp_servers",
        "unsupported_parameter",
        "connect to them in the client",
    );
    check_block(
        r#"{"type":"container_upload","file_id":"f"}"#,
        ".type",
        UNSUPPORTED,
        "no container",
    );
}

#[test]
fn limits_hold_sec065() {
    let many = |item: &str, count: usize| vec![item; count].join(",");
    let message = r#"{"role":"user","content":"a"}"#;
    check_field(
        &format!(r#""messages":[{}]"#, many(message, 2049)),
        "messages",
        VALUE,
        "at most 2048",
    );
    check_field(
        &format!(r#""tools":[{}]"#, many("{}", 513)),
        "tools",
        VALUE,
        "at most 512",
    );
    let text = r#"{"type":"text","text":"a"}"#;
    let field = format!(
        r#""messages":[{{"role":"user","content":[{}]}}]"#,
        many(text, 513)
    );
    check_field(&field, "messages[0].content", VALUE, "at most 512");
    let image =
        r#"{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}"#;
    let field = format!(
        r#""messages":[{{"role":"user","content":[{}]}}]"#,
        many(image, 65)
    );
    check_field(
        &field,
        "messages[0].content[64]",
        "array_above_max_length",
        "at most 64 images",
    );
}
