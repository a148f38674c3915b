//! Tools and tool choice by rule.

use super::with_draft;
use crate::prompt::{ToolChoice, Tools};

fn with_tools<T>(fields: &str, look: impl FnOnce(&Tools<'_>) -> T) -> T {
    let body = format!(
        r#"{{"model":"m","max_tokens":9,"messages":[{{"role":"user","content":"Hi"}}],{fields}}}"#
    );
    with_draft(&body, |draft| look(&draft.tools)).unwrap()
}

#[test]
fn tools_of_the_client_are_functions_with_their_schema_as_it_is_t1_t3() {
    let tools = r#""tools":[
        {"name":"f","description":"F","input_schema":{"type":"object","properties":{"n":{"type":"number","maximum":1.50}}},
         "cache_control":{"type":"ephemeral"},"eager_input_streaming":true,"defer_loading":true,"input_examples":[{"n":1}],"allowed_callers":["direct"]},
        {"type":"custom","name":"g.h","input_schema":{}}]"#;
    with_tools(tools, |tools| {
        let found: Vec<_> = tools
            .functions
            .iter()
            .map(|function| {
                let parameters = function.parameters.as_ref().map(|schema| schema.get());
                (&*function.name, function.description.as_deref(), parameters)
            })
            .collect();
        let schema = r#"{"type":"object","properties":{"n":{"type":"number","maximum":1.50}}}"#;
        assert_eq!(
            found,
            [("f", Some("F"), Some(schema)), ("g.h", None, Some("{}"))]
        );
        assert!(!tools.strict && !tools.google_search);
    });
}

#[test]
fn one_strict_tool_makes_all_strict_t6() {
    let tools =
        r#""tools":[{"name":"f","input_schema":{}},{"name":"g","input_schema":{},"strict":true}]"#;
    assert!(with_tools(tools, |tools| tools.strict));
}

#[test]
fn server_tools_become_googles_7_1() {
    for (tool, search, fetch, code) in [
        (
            r#"{"type":"web_search_20250305","name":"web_search","max_uses":5,"allowed_domains":["a.com"],"user_location":{"type":"approximate"}}"#,
            true,
            false,
            false,
        ),
        (
            r#"{"type":"web_search_20990101","name":"web_search"}"#,
            true,
            false,
            false,
        ),
        (
            r#"{"type":"web_fetch_20260318","name":"web_fetch","citations":{"enabled":true},"max_content_tokens":9,"use_cache":false}"#,
            false,
            true,
            false,
        ),
        (
            r#"{"type":"code_execution_20260521","name":"code_execution"}"#,
            false,
            false,
            true,
        ),
        (
            r#"{"type":"tool_search_tool_bm25","name":"tool_search_tool_bm25"}"#,
            false,
            false,
            false,
        ),
        (
            r#"{"type":"tool_search_tool_regex_20251119","name":"tool_search_tool_regex"}"#,
            false,
            false,
            false,
        ),
    ] {
        with_tools(&format!(r#""tools":[{tool}]"#), |tools| {
            assert_eq!(
                (tools.google_search, tools.url_context, tools.code_execution),
                (search, fetch, code),
                "{tool}"
            );
            assert!(tools.functions.is_empty(), "{tool}");
        });
    }
}

#[test]
fn tools_that_models_know_by_heart_get_a_schema_7_1() {
    for (kind, name, has, has_not) in [
        ("bash_20241022", "bash", "restart", "path"),
        ("bash_20250124", "bash", "command", "path"),
        (
            "text_editor_20241022",
            "str_replace_editor",
            "undo_edit",
            "insert_text",
        ),
        (
            "text_editor_20250124",
            "str_replace_editor",
            "undo_edit",
            "insert_text",
        ),
        (
            "text_editor_20250429",
            "str_replace_based_edit_tool",
            "insert_text",
            "undo_edit",
        ),
        (
            "text_editor_20250728",
            "str_replace_based_edit_tool",
            "insert_text",
            "undo_edit",
        ),
        ("memory_20250818", "memory", "old_path", "restart"),
    ] {
        for name_field in [format!(r#","name":"{name}""#), String::new()] {
            let tools = format!(r#""tools":[{{"type":"{kind}"{name_field},"max_characters":9}}]"#);
            with_tools(&tools, |tools| {
                let function = &tools.functions[0];
                assert_eq!(function.name, name);
                assert!(function.description.is_some());
                let schema = function.parameters.as_ref().unwrap().get();
                assert!(schema.contains(has) && !schema.contains(has_not), "{kind}");
            });
        }
    }
}

#[test]
fn tool_choice_in_all_forms_t7_t10() {
    let functions = r#"{"name":"f","input_schema":{}},{"name":"g","input_schema":{}}"#;
    let search = r#"{"type":"web_search_20250305","name":"web_search"}"#;
    for (tools, choice, expected) in [
        (functions, r#"{"type":"auto"}"#, ToolChoice::Auto),
        (
            functions,
            r#"{"type":"auto","disable_parallel_tool_use":true}"#,
            ToolChoice::Auto,
        ),
        (functions, r#"{"type":"none"}"#, ToolChoice::None),
        (functions, r#"{"type":"any"}"#, ToolChoice::Any),
        (
            functions,
            r#"{"type":"tool","name":"g"}"#,
            ToolChoice::AnyOf(vec!["g".into()]),
        ),
        (functions, "null", ToolChoice::Auto),
        // Google's tools cannot be demanded.
        (
            search,
            r#"{"type":"tool","name":"web_search"}"#,
            ToolChoice::Auto,
        ),
        (search, r#"{"type":"any"}"#, ToolChoice::Auto),
        ("", r#"{"type":"auto"}"#, ToolChoice::Auto),
        ("", r#"{"type":"none"}"#, ToolChoice::None),
    ] {
        let fields = format!(r#""tools":[{tools}],"tool_choice":{choice}"#);
        with_tools(&fields, |tools| {
            assert_eq!(tools.choice, expected, "{choice}")
        });
    }
}
