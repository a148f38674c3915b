//! Tools and which of them are to be called (T1–T15).

use super::with_parameters;
use crate::{
    ChatRequest,
    prompt::{ToolChoice, Tools},
};

/// The tools in one line: functions with their schemas, then what is on besides.
fn line(tools: &Tools<'_>) -> String {
    let functions = tools.functions.iter().map(|function| {
        let description = function.description.as_deref().unwrap_or_default();
        let schema = function.parameters.as_deref().map_or("", |raw| raw.get());
        format!("{}({description}){schema}", function.name)
    });
    let switches = [
        (tools.strict, "strict"),
        (tools.google_search, "search"),
        (tools.code_execution, "code"),
        (tools.url_context, "url"),
    ];
    let switches = switches.into_iter().filter(|(on, _)| *on);
    let all: Vec<String> = functions
        .chain(switches.map(|(_, name)| name.to_owned()))
        .collect();
    all.join(" ")
}

fn check(parameters: &str, expected: &str) {
    let found = with_parameters(parameters, |draft| line(&draft.tools));
    assert_eq!(found, expected, "{parameters}");
}

#[test]
fn functions_keep_name_description_and_schema_to_the_letter_t1_to_t5() {
    check("", "");
    check(r#","tools":[]"#, "");
    check(
        r#","tools":[{"type":"function","function":{"name":"my.tool/1","description":"d","parameters":{ "type":"object","x":1.50 }}},
            {"type":"function","function":{"name":"g"}},
            {"type":"function","function":{"name":"h","description":null,"parameters":null,"strict":false}}]"#,
        r#"my.tool/1(d){ "type":"object","x":1.50 } g() h()"#,
    );
}

#[test]
fn one_strict_function_is_enough_t6() {
    check(
        r#","tools":[{"type":"function","function":{"name":"f","strict":true}},{"type":"function","function":{"name":"g"}}]"#,
        "f() g() strict",
    );
}

#[test]
fn custom_tools_are_wrapped_t12() {
    check(
        r#","tools":[{"type":"custom","custom":{"name":"sql","description":"runs SQL"}}]"#,
        r#"sql(runs SQL){"properties":{"input":{"description":"The input, as plain text.","type":"string"}},"required":["input"],"type":"object"}"#,
    );
    check(
        r#","tools":[{"type":"custom","custom":{"name":"sql","format":{"type":"grammar","grammar":{"syntax":"lark","definition":"start: \"a\""}}}}]"#,
        r#"sql(){"properties":{"input":{"description":"The input, as plain text that matches this grammar (lark):\nstart: \"a\"","type":"string"}},"required":["input"],"type":"object"}"#,
    );
}

#[test]
fn the_older_functions_are_tools_t14() {
    check(
        r#","functions":[{"name":"f","description":"d","parameters":{"type":"object"}}]"#,
        r#"f(d){"type":"object"}"#,
    );
}

#[test]
fn tools_of_google_are_known_by_many_names_t15() {
    for (tool, expected) in [
        (r#"{"type":"google_search"}"#, "search"),
        (r#"{"type":"googleSearch"}"#, "search"),
        (r#"{"google_search":{}}"#, "search"),
        (r#"{"googleSearch":{}}"#, "search"),
        (r#"{"type":"web_search"}"#, "search"),
        (
            r#"{"type":"web_search_preview","user_location":{}}"#,
            "search",
        ),
        (
            r#"{"type":"web_search_20250305","name":"web_search"}"#,
            "search",
        ),
        (r#"{"type":"code_execution"}"#, "code"),
        (r#"{"codeExecution":{}}"#, "code"),
        (
            r#"{"type":"code_interpreter","container":{"type":"auto"}}"#,
            "code",
        ),
        (r#"{"type":"url_context"}"#, "url"),
        (r#"{"urlContext":{}}"#, "url"),
    ] {
        check(&format!(r#","tools":[{tool}]"#), expected);
    }
    check(r#","web_search_options":{}"#, "search");
    check(
        r#","web_search_options":{"search_context_size":"low","user_location":{"type":"approximate","approximate":{"city":"Rome"}}},"tool_choice":"none""#,
        "search",
    );
}

/// The choice among the functions `f` and `g` and the custom tool `c`, and what stays of Google's
/// search and code execution.
fn check_choice(choice: &str, expected: &ToolChoice<'_>, google: &str) {
    let parameters = format!(
        r#","tools":[{{"type":"function","function":{{"name":"f"}}}},{{"type":"function","function":{{"name":"g"}}}},{{"type":"custom","custom":{{"name":"c"}}}},{{"type":"web_search"}},{{"type":"code_interpreter"}}]{choice}"#
    );
    with_parameters(&parameters, |draft| {
        let mut tools = draft.tools;
        tools.functions.clear();
        assert_eq!(
            (&tools.choice, &*line(&tools)),
            (expected, google),
            "{choice}"
        );
    });
}

#[test]
fn choices_are_read_in_every_form_t7_to_t12() {
    use ToolChoice::{Any, AnyOf, Auto, AutoOf, None};
    const ALLOWED: &str = r#","tool_choice":{"type":"allowed_tools","allowed_tools":"#;
    check_choice("", &Auto, "search code");
    check_choice(r#","tool_choice":null"#, &Auto, "search code");
    check_choice(r#","tool_choice":"auto""#, &Auto, "search code");
    check_choice(r#","tool_choice":"none""#, &None, "");
    check_choice(r#","tool_choice":"required""#, &Any, "search code");
    check_choice(
        r#","tool_choice":{"type":"function","function":{"name":"g"}}"#,
        &AnyOf(vec!["g".into()]),
        "",
    );
    check_choice(
        r#","tool_choice":{"type":"custom","custom":{"name":"c"}}"#,
        &AnyOf(vec!["c".into()]),
        "",
    );
    check_choice(
        &format!(
            r#"{ALLOWED}{{"mode":"auto","tools":[{{"type":"function","function":{{"name":"f"}}}},{{"type":"web_search"}}]}}}}"#
        ),
        &AutoOf(vec!["f".into()]),
        "search",
    );
    check_choice(
        &format!(
            r#"{ALLOWED}{{"mode":"required","tools":[{{"type":"function","function":{{"name":"f"}}}},{{"type":"custom","custom":{{"name":"c"}}}}]}}}}"#
        ),
        &AnyOf(vec!["f".into(), "c".into()]),
        "",
    );
    check_choice(
        &format!(r#"{ALLOWED}{{"mode":"auto","tools":[{{"type":"code_interpreter"}}]}}}}"#),
        &AutoOf(Vec::new()),
        "code",
    );
    check_choice(
        &format!(r#"{ALLOWED}{{"mode":"required","tools":[{{"type":"web_search"}}]}}}}"#),
        &AutoOf(Vec::new()),
        "search",
    );
}

#[test]
fn the_older_choice_is_one_t14() {
    for (choice, expected) in [
        (r#""none""#, ToolChoice::None),
        (r#""auto""#, ToolChoice::Auto),
        (r#"{"name":"f"}"#, ToolChoice::AnyOf(vec!["f".into()])),
    ] {
        let parameters = format!(r#","functions":[{{"name":"f"}}],"function_call":{choice}"#);
        with_parameters(&parameters, |draft| {
            assert_eq!(draft.tools.choice, expected, "{choice}");
        });
    }
}

#[test]
fn without_functions_there_is_no_choice_t7() {
    for choice in [
        r#","tool_choice":"auto""#,
        r#","tool_choice":"none","function_call":"none""#,
        r#","tools":[],"tool_choice":"none""#,
        r#","functions":[],"function_call":"auto","parallel_tool_calls":false"#,
        r#","tools":[{"type":"web_search"}],"tool_choice":"required""#,
    ] {
        with_parameters(choice, |draft| {
            assert_eq!(draft.tools.choice, ToolChoice::Auto, "{choice}");
        });
    }
}

#[test]
fn answers_are_told_what_was_declared_t12_t14() {
    let read = |tools: &str| {
        let body =
            format!(r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],{tools}}}"#);
        let request = ChatRequest::parse(body.as_bytes()).unwrap();
        let fields = request.fields();
        let names: Vec<String> = fields.callable_names().map(str::to_owned).collect();
        let custom: Vec<String> = fields.custom_names().map(str::to_owned).collect();
        (names, custom, fields.calls_in_older_form())
    };
    let list = |names: &[&str]| -> Vec<String> { names.iter().map(|&name| name.into()).collect() };
    assert_eq!(
        read(
            r#""tools":[{"type":"function","function":{"name":"f"}},{"type":"web_search"},{"type":"custom","custom":{"name":"c"}},{}]"#
        ),
        (list(&["f", "c"]), list(&["c"]), false)
    );
    assert_eq!(
        read(r#""functions":[{"name":"f"}]"#),
        (list(&["f"]), list(&[]), true)
    );
}
