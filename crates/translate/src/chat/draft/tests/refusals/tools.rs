//! Tools, and which of them are to be called.

use super::check_parameter_refused;

#[test]
fn tools_that_make_no_sense_are_refused_by_name_t1_to_t15() {
    const MISSING: &str = "missing_required_parameter";
    const INVALID: &str = "invalid_value";
    for (tools, param, code, wording) in [
        (r#"[{}]"#, "tools[0].type", MISSING, "is required"),
        (
            r#"[{"type":"file_search"}]"#,
            "tools[0].type",
            INVALID,
            "no tool of type `file_search`",
        ),
        (
            r#"[{"type":"function"}]"#,
            "tools[0].function",
            MISSING,
            "is required",
        ),
        (
            r#"[{"type":"function","function":{}}]"#,
            "tools[0].function.name",
            MISSING,
            "is required",
        ),
        (
            r#"[{"type":"function","function":{"name":""}}]"#,
            "tools[0].function.name",
            MISSING,
            "is required",
        ),
        (
            r#"[{"type":"function","function":{"name":"f"}},{"type":"custom","custom":{"name":"f"}}]"#,
            "tools[1].custom.name",
            INVALID,
            "`f` is declared twice",
        ),
        (
            r#"[{"type":"function","function":{"name":"f","parameters":[]}}]"#,
            "tools[0].function.parameters",
            "invalid_type",
            "a JSON Schema",
        ),
        (
            r#"[{"type":"custom"}]"#,
            "tools[0].custom",
            MISSING,
            "is required",
        ),
        (
            r#"[{"type":"custom","custom":{"name":"c","format":{}}}]"#,
            "tools[0].custom.format.type",
            MISSING,
            "is required",
        ),
        (
            r#"[{"type":"custom","custom":{"name":"c","format":{"type":"xml"}}}]"#,
            "tools[0].custom.format.type",
            INVALID,
            "`xml`",
        ),
        (
            r#"[{"type":"custom","custom":{"name":"c","format":{"type":"grammar"}}}]"#,
            "tools[0].custom.format.grammar",
            MISSING,
            "is required",
        ),
        (
            r#"[{"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"syntax":"peg"}}}}]"#,
            "tools[0].custom.format.grammar.syntax",
            INVALID,
            "`peg`",
        ),
        (
            r#"[{"type":"custom","custom":{"name":"c","format":{"type":"grammar","grammar":{"syntax":"lark"}}}}]"#,
            "tools[0].custom.format.grammar.definition",
            MISSING,
            "is required",
        ),
    ] {
        check_parameter_refused(&format!(r#""tools":{tools}"#), param, code, wording);
    }
    check_parameter_refused(
        r#""tools":[{"type":"function","function":{"name":"f"}}],"functions":[{"name":"g"}]"#,
        "functions",
        INVALID,
        "together with `tools`",
    );
    check_parameter_refused(
        r#""functions":[{"name":"f"},{"name":"f"}]"#,
        "functions[1].name",
        INVALID,
        "declared twice",
    );
    check_parameter_refused(
        r#""functions":[{"name":"f","parameters":5}]"#,
        "functions[0].parameters",
        "invalid_type",
        "a JSON Schema",
    );
    check_parameter_refused(
        r#""web_search_options":{"search_context_size":"huge"}"#,
        "web_search_options.search_context_size",
        INVALID,
        "`huge`",
    );
}

#[test]
fn choices_that_make_no_sense_are_refused_by_name_t7_to_t11() {
    const MISSING: &str = "missing_required_parameter";
    const INVALID: &str = "invalid_value";
    for (choice, field, code, wording) in [
        (r#""any""#, "", INVALID, "`none`, `auto`, `required`"),
        ("{}", "type", MISSING, "is required"),
        (r#"{"type":"web_search"}"#, "type", INVALID, "`web_search`"),
        (
            r#"{"type":"function"}"#,
            "function.name",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"function","function":{"name":"x"}}"#,
            "function.name",
            INVALID,
            "`x` is not among",
        ),
        (
            r#"{"type":"custom","custom":{"name":"x"}}"#,
            "custom.name",
            INVALID,
            "`x` is not among",
        ),
        (
            r#"{"type":"allowed_tools"}"#,
            "allowed_tools",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}"#,
            "allowed_tools.tools",
            MISSING,
            "at least one",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"tools":[{"type":"function","function":{"name":"f"}}]}}"#,
            "allowed_tools.mode",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"any","tools":[{"type":"function","function":{"name":"f"}}]}}"#,
            "allowed_tools.mode",
            INVALID,
            "`any`",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"x"}}]}}"#,
            "allowed_tools.tools[0].function.name",
            INVALID,
            "`x` is not among",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"web_search"}]}}"#,
            "allowed_tools.tools[0].type",
            INVALID,
            "`web_search` is not among",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"magic"}]}}"#,
            "allowed_tools.tools[0].type",
            INVALID,
            "`magic`",
        ),
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{}]}}"#,
            "allowed_tools.tools[0].type",
            MISSING,
            "is required",
        ),
    ] {
        let parameters = format!(
            r#""tools":[{{"type":"function","function":{{"name":"f"}}}},{{"type":"url_context"}}],"tool_choice":{choice}"#
        );
        let dot = if field.is_empty() { "" } else { "." };
        check_parameter_refused(
            &parameters,
            &format!("tool_choice{dot}{field}"),
            code,
            wording,
        );
    }
    for (parameters, param, wording) in [
        (
            r#""tool_choice":"required""#,
            "tool_choice",
            "nothing in `tools`",
        ),
        (
            r#""functions":[{"name":"f"}],"function_call":"required""#,
            "function_call",
            "`none`, `auto`",
        ),
        (
            r#""functions":[{"name":"f"}],"function_call":{"name":"g"}"#,
            "function_call.name",
            "`g` is not among",
        ),
        (
            r#""functions":[{"name":"f"}],"function_call":"none","tool_choice":"auto""#,
            "function_call",
            "contradicts `tool_choice`",
        ),
    ] {
        check_parameter_refused(parameters, param, INVALID, wording);
    }
}
