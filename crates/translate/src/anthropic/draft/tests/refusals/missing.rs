//! Fields that must be there.

use super::{MISSING, check, check_answer_block, check_block, check_field};

#[test]
fn missing_fields_are_refused_by_name() {
    check("{}", "model", MISSING, "is required");
    for (field, param) in [
        (r#""model":null"#, "model"),
        (r#""model":"""#, "model"),
        (r#""messages":null"#, "messages"),
        (r#""max_tokens":null"#, "max_tokens"),
        (r#""messages":[{"content":"a"}]"#, "messages[0].role"),
        (r#""messages":[{"role":"user"}]"#, "messages[0].content"),
        (
            r#""messages":[{"role":"assistant","content":null}]"#,
            "messages[0].content",
        ),
        (r#""system":[{}]"#, "system[0].type"),
        (r#""system":[{"type":"text"}]"#, "system[0].text"),
        (r#""thinking":{}"#, "thinking.type"),
        (r#""thinking":{"type":"enabled"}"#, "thinking.budget_tokens"),
        (
            r#""output_config":{"format":{}}"#,
            "output_config.format.type",
        ),
        (
            r#""output_format":{"type":"json_schema"}"#,
            "output_format.schema",
        ),
        (r#""tools":[{}]"#, "tools[0].name"),
        (r#""tools":[{"name":""}]"#, "tools[0].name"),
        (r#""tools":[{"name":"f"}]"#, "tools[0].input_schema"),
        (r#""tool_choice":{}"#, "tool_choice.type"),
        (
            r#""tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"tool"}"#,
            "tool_choice.name",
        ),
    ] {
        check_field(field, param, MISSING, "is required");
    }
    for (block, path) in [
        ("{}", ".type"),
        (r#"{"type":"text"}"#, ".text"),
        (r#"{"type":"image"}"#, ".source"),
        (r#"{"type":"image","source":{}}"#, ".source.type"),
        (
            r#"{"type":"image","source":{"type":"base64"}}"#,
            ".source.media_type",
        ),
        (
            r#"{"type":"image","source":{"type":"base64","media_type":"image/png"}}"#,
            ".source.data",
        ),
        (r#"{"type":"image","source":{"type":"url"}}"#, ".source.url"),
        (
            r#"{"type":"image","source":{"type":"file"}}"#,
            ".source.file_id",
        ),
        (r#"{"type":"document"}"#, ".source"),
        (r#"{"type":"document","source":{}}"#, ".source.type"),
        (
            r#"{"type":"document","source":{"type":"base64"}}"#,
            ".source.data",
        ),
        (
            r#"{"type":"document","source":{"type":"text"}}"#,
            ".source.data",
        ),
        (
            r#"{"type":"document","source":{"type":"url"}}"#,
            ".source.url",
        ),
        (
            r#"{"type":"document","source":{"type":"content"}}"#,
            ".source.content",
        ),
        (
            r#"{"type":"document","source":{"type":"content","content":[{"type":"text"}]}}"#,
            ".source.content[0].text",
        ),
        (r#"{"type":"search_result"}"#, ".title"),
        (r#"{"type":"search_result","title":"T"}"#, ".source"),
        (
            r#"{"type":"search_result","title":"T","source":"s"}"#,
            ".content",
        ),
        (
            r#"{"type":"search_result","title":"T","source":"s","content":[{}]}"#,
            ".content[0].type",
        ),
        (r#"{"type":"tool_result"}"#, ".tool_use_id"),
    ] {
        check_block(block, path, MISSING, "is required");
    }
    for (block, path) in [
        (r#"{"type":"tool_use"}"#, ".id"),
        (r#"{"type":"tool_use","id":"a"}"#, ".name"),
        (r#"{"type":"tool_use","id":"a","name":"f"}"#, ".input"),
        (
            r#"{"type":"tool_use","id":"","name":"f","input":{}}"#,
            ".id",
        ),
    ] {
        check_answer_block(block, path, MISSING, "is required");
    }
}
