//! Values of wrong types.

use super::{TYPE, VALUE, check_answer_block, check_block, check_field};

#[test]
fn fields_of_wrong_types_are_refused_by_name() {
    for (field, wrong, expected) in [
        ("model", "5", "a string"),
        ("messages", "{}", "an array"),
        ("system", "5", "a string or an array"),
        ("tools", "{}", "an array"),
        ("tool_choice", r#""auto""#, "an object"),
        ("max_tokens", r#""9""#, "an integer"),
        ("max_tokens", "1.5", "an integer"),
        ("temperature", r#""hot""#, "a number"),
        ("top_p", "[]", "a number"),
        ("top_k", "0.5", "an integer"),
        ("stop_sequences", r#""a""#, "an array"),
        ("thinking", r#""enabled""#, "an object"),
        ("output_config", "true", "an object"),
        ("output_format", "[]", "an object"),
        ("service_tier", "1", "a string"),
        ("stream", r#""true""#, "a boolean"),
        ("mcp_servers", "{}", "an array"),
        ("cache_control", r#""on""#, "an object"),
        ("container", "5", "a string or an object"),
        ("context_management", "[]", "an object"),
        ("diagnostics", "1", "an object"),
        ("inference_geo", "{}", "a string"),
        ("metadata", r#""me""#, "an object"),
        ("speed", "2", "a string"),
        ("user_profile_id", "7", "a string"),
    ] {
        check_field(
            &format!(r#""{field}":{wrong}"#),
            field,
            TYPE,
            &format!("expected {expected}"),
        );
    }
    for (field, param, expected) in [
        (
            r#""stop_sequences":["a",5]"#,
            "stop_sequences[1]",
            "a string",
        ),
        (r#""messages":["hi"]"#, "messages[0]", "an object"),
        (r#""messages":[{"role":5}]"#, "messages[0].role", "a string"),
        (
            r#""messages":[{"role":"user","content":5}]"#,
            "messages[0].content",
            "a string or an array",
        ),
        (
            r#""messages":[{"role":"user","content":{"type":"text"}}]"#,
            "messages[0].content",
            "found an object",
        ),
        (
            r#""messages":[{"role":"assistant","content":{}}]"#,
            "messages[0].content",
            "found an object",
        ),
        (r#""system":{}"#, "system", "found an object"),
        (r#""system":["a"]"#, "system[0]", "an object"),
        (r#""thinking":{"type":1}"#, "thinking.type", "a string"),
        (
            r#""thinking":{"budget_tokens":"a"}"#,
            "thinking.budget_tokens",
            "an integer",
        ),
        (
            r#""thinking":{"display":true}"#,
            "thinking.display",
            "a string",
        ),
        (
            r#""output_config":{"effort":3}"#,
            "output_config.effort",
            "a string",
        ),
        (
            r#""output_config":{"format":"json"}"#,
            "output_config.format",
            "an object",
        ),
        (
            r#""output_config":{"format":{"type":1}}"#,
            "output_config.format.type",
            "a string",
        ),
        (
            r#""output_config":{"format":{"type":"json_schema","schema":[]}}"#,
            "output_config.format.schema",
            "an object",
        ),
        (
            r#""output_format":{"type":"json_schema","schema":"{}"}"#,
            "output_format.schema",
            "an object",
        ),
        (r#""tools":["f"]"#, "tools[0]", "an object"),
        (r#""tools":[{"type":1}]"#, "tools[0].type", "a string"),
        (r#""tools":[{"name":1}]"#, "tools[0].name", "a string"),
        (
            r#""tools":[{"description":1}]"#,
            "tools[0].description",
            "a string",
        ),
        (
            r#""tools":[{"name":"f","input_schema":"{}"}]"#,
            "tools[0].input_schema",
            "an object",
        ),
        (
            r#""tools":[{"strict":"yes"}]"#,
            "tools[0].strict",
            "a boolean",
        ),
        (
            r#""tools":[{"cache_control":1}]"#,
            "tools[0].cache_control",
            "an object",
        ),
        (
            r#""tools":[{"defer_loading":1}]"#,
            "tools[0].defer_loading",
            "a boolean",
        ),
        (
            r#""tools":[{"eager_input_streaming":1}]"#,
            "tools[0].eager_input_streaming",
            "a boolean",
        ),
        (
            r#""tools":[{"input_examples":[1]}]"#,
            "tools[0].input_examples[0]",
            "an object",
        ),
        (
            r#""tools":[{"allowed_callers":[1]}]"#,
            "tools[0].allowed_callers[0]",
            "a string",
        ),
        (
            r#""tools":[{"max_characters":"a"}]"#,
            "tools[0].max_characters",
            "an integer",
        ),
        (
            r#""tools":[{"max_uses":"a"}]"#,
            "tools[0].max_uses",
            "an integer",
        ),
        (
            r#""tools":[{"allowed_domains":"a"}]"#,
            "tools[0].allowed_domains",
            "an array",
        ),
        (
            r#""tools":[{"blocked_domains":[1]}]"#,
            "tools[0].blocked_domains[0]",
            "a string",
        ),
        (
            r#""tools":[{"user_location":"Rome"}]"#,
            "tools[0].user_location",
            "an object",
        ),
        (
            r#""tools":[{"citations":true}]"#,
            "tools[0].citations",
            "an object",
        ),
        (
            r#""tools":[{"max_content_tokens":1.5}]"#,
            "tools[0].max_content_tokens",
            "an integer",
        ),
        (
            r#""tools":[{"use_cache":1}]"#,
            "tools[0].use_cache",
            "a boolean",
        ),
        (
            r#""tools":[{"response_inclusion":1}]"#,
            "tools[0].response_inclusion",
            "a string",
        ),
        (
            r#""tool_choice":{"type":1}"#,
            "tool_choice.type",
            "a string",
        ),
        (
            r#""tool_choice":{"name":1}"#,
            "tool_choice.name",
            "a string",
        ),
        (
            r#""tool_choice":{"disable_parallel_tool_use":1}"#,
            "tool_choice.disable_parallel_tool_use",
            "a boolean",
        ),
    ] {
        check_field(field, param, TYPE, expected);
    }
}

#[test]
fn blocks_of_wrong_types_are_refused_by_name() {
    for (field, wrong, expected) in [
        ("type", "5", "a string"),
        ("text", "5", "a string"),
        ("source", "5", "a string or an object"),
        ("title", "5", "a string"),
        ("context", "5", "a string"),
        ("content", "5", "a string or an array"),
        ("id", "5", "a string"),
        ("name", "5", "a string"),
        ("tool_use_id", "5", "a string"),
        ("is_error", r#""no""#, "a boolean"),
        ("tool_name", "5", "a string"),
        ("signature", "5", "a string"),
        ("data", "5", "a string"),
        ("thinking", "5", "a string"),
        ("cache_control", "5", "an object"),
        ("caller", "5", "an object"),
        ("transformations", "5", "an object"),
        ("toolset_name", "5", "a string"),
    ] {
        check_block(
            &format!(r#"{{"{field}":{wrong}}}"#),
            &format!(".{field}"),
            TYPE,
            expected,
        );
    }
    check_block(
        r#"{"citations":5}"#,
        ".citations",
        VALUE,
        "expected an array or an object",
    );
    for field in ["type", "media_type", "data", "url", "file_id"] {
        check_block(
            &format!(r#"{{"source":{{"{field}":5}}}}"#),
            &format!(".source.{field}"),
            TYPE,
            "a string",
        );
    }
    check_block(
        r#"{"source":{"content":5}}"#,
        ".source.content",
        TYPE,
        "a string or an array",
    );
    for field in ["stdout", "stderr"] {
        check_block(
            &format!(r#"{{"content":{{"{field}":5}}}}"#),
            &format!(".content.{field}"),
            TYPE,
            "a string",
        );
    }
    for input in ["5", r#""{}""#, "[]"] {
        let block = format!(r#"{{"type":"tool_use","id":"a","name":"f","input":{input}}}"#);
        check_answer_block(&block, ".input", TYPE, "an object");
    }
    check_answer_block(
        r#"{"type":"compaction","content":[]}"#,
        ".content",
        TYPE,
        "a string",
    );
}
