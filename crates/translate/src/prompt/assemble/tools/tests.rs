//! Tools and choices, by rule.

use serde_json::{Value, json, value::RawValue};

use super::*;
use crate::{InvalidRequest, model::capabilities};

const NOW: &str = "gemini-3.8-flash";
const BEFORE: &str = "gemini-2.5-flash";
const LONG_BEFORE: &str = "gemini-2.0-flash";

fn function(name: &str) -> Function<'_> {
    Function {
        name: name.into(),
        description: None,
        parameters: None,
    }
}

fn functions<'a>(names: &[&'a str]) -> Tools<'a> {
    Tools {
        functions: names.iter().map(|name| function(name)).collect(),
        ..Tools::default()
    }
}

fn fitted(model: &str, tools: Tools<'_>) -> Result<(Value, Value), InvalidRequest> {
    with_features(model, tools, Features::default())
}

fn with_features(
    model: &str,
    tools: Tools<'_>,
    features: Features,
) -> Result<(Value, Value), InvalidRequest> {
    let names = FunctionNames::new(tools.functions.iter().map(|function| &*function.name));
    let fitted = fit(tools, features, &names, capabilities(model))?;
    Ok((
        serde_json::to_value(fitted.tools).unwrap(),
        serde_json::to_value(fitted.config).unwrap(),
    ))
}

#[test]
fn functions_are_declared_in_one_entry_t1_t2_t5() {
    let mut tools = functions(&["b", "a tool", "c"]);
    tools.functions[0].description = Some("does b".into());
    tools.functions[2].description = Some("".into());
    let expected = json!([{"functionDeclarations": [
        {"name": "b", "description": "does b"}, {"name": "a_tool"}, {"name": "c"}
    ]}]);
    assert_eq!(fitted(NOW, tools), Ok((expected, json!({}))));
}

#[test]
fn schemas_are_in_the_language_of_the_model_t3_t4() {
    for (schema, verbatim, openapi) in [
        (
            r#"{"type":"object","properties":{"a":{"const":1.50}},"additionalProperties":false}"#,
            r#"{"type":"object","properties":{"a":{"const":1.50}},"additionalProperties":false}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING","enum":["1.50"]}}}"#,
        ),
        (r#"{"type":"object","properties":{}}"#, "", ""),
        ("{}", "", ""),
    ] {
        for (model, field, schema_sent) in [
            (NOW, "parametersJsonSchema", verbatim),
            (BEFORE, "parametersJsonSchema", verbatim),
            (LONG_BEFORE, "parametersJsonSchema", verbatim),
            ("unheard-of", "parametersJsonSchema", verbatim),
            ("gemini-1.5-flash", "parameters", openapi),
            ("gemma-4-31b-it", "parameters", openapi),
        ] {
            let mut tools = functions(&["f"]);
            let raw = RawValue::from_string(schema.to_owned()).unwrap();
            tools.functions[0].parameters = Some(Cow::Owned(raw));
            let names = FunctionNames::new(["f"]);
            let fitted = fit(tools, Features::default(), &names, capabilities(model)).unwrap();
            let sent = serde_json::to_string(&fitted.tools).unwrap();
            let field = if schema_sent.is_empty() {
                String::new()
            } else {
                format!(r#","{field}":{schema_sent}"#)
            };
            let expected = format!(r#"[{{"functionDeclarations":[{{"name":"f"{field}}}]}}]"#);
            assert_eq!(sent, expected, "{model}");
        }
    }
}

#[test]
fn choices_become_modes_t6_to_t11() {
    use ToolChoice::{Any, AnyOf, Auto, AutoOf, None};
    let config = |mode: &str, names: &[&str]| match (mode, names) {
        ("", _) => json!({}),
        (mode, []) => json!({"functionCallingConfig": {"mode": mode}}),
        (mode, names) => {
            json!({"functionCallingConfig": {"mode": mode, "allowedFunctionNames": names}})
        }
    };
    // (choice, strict, mode and names on models with VALIDATED, on those without)
    type Row<'a> = (
        ToolChoice<'a>,
        bool,
        (&'a str, &'a [&'a str]),
        (&'a str, &'a [&'a str]),
    );
    let rows: Vec<Row<'_>> = vec![
        (Auto, false, ("", &[]), ("", &[])),
        (Auto, true, ("VALIDATED", &[]), ("", &[])),
        (None, true, ("NONE", &[]), ("NONE", &[])),
        (Any, false, ("ANY", &[]), ("ANY", &[])),
        (Any, true, ("ANY", &[]), ("ANY", &[])),
        (
            AnyOf(vec!["a b".into()]),
            false,
            ("ANY", &["a_b"]),
            ("ANY", &["a_b"]),
        ),
        (
            AutoOf(vec!["a b".into()]),
            false,
            ("VALIDATED", &["a_b"]),
            ("", &[]),
        ),
        (AutoOf(vec![]), false, ("NONE", &[]), ("NONE", &[])),
    ];
    for (choice, strict, with, without) in rows {
        for (model, (mode, names)) in [(NOW, with), (BEFORE, with), (LONG_BEFORE, without)] {
            let mut tools = functions(&["c", "a b"]);
            tools.choice = match &choice {
                Auto => Auto,
                None => None,
                Any => Any,
                AnyOf(names) => AnyOf(names.clone()),
                AutoOf(names) => AutoOf(names.clone()),
            };
            tools.strict = strict;
            let (declared, found) = fitted(model, tools).unwrap();
            assert_eq!(found, config(mode, names), "{model} {choice:?}");
            // Where the choice cannot be told, only what was chosen is declared (T11).
            let filtered =
                model == LONG_BEFORE && matches!(&choice, AutoOf(names) if !names.is_empty());
            let declared = declared[0]["functionDeclarations"]
                .as_array()
                .unwrap()
                .len();
            assert_eq!(declared, if filtered { 1 } else { 2 }, "{model} {choice:?}");
        }
    }
}

#[test]
fn choices_that_cannot_be_kept_are_refused_t10() {
    use ToolChoice::{Any, AnyOf, AutoOf};
    for (names, choice, problem) in [
        (&["a"][..], AnyOf(vec!["a".into(), "b".into()]), "names `b`"),
        (&["a"], AutoOf(vec!["A".into()]), "names `A`"),
        (&["a"], AnyOf(vec![]), "allows no function"),
        (&[], AnyOf(vec!["a".into()]), "names `a`"),
        (&[], AutoOf(vec!["a".into()]), "names `a`"),
        (&[], Any, "there are no `tools`"),
    ] {
        let tools = Tools {
            choice,
            ..functions(names)
        };
        let error = fitted(NOW, tools).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("tool_choice"), "{problem}");
        assert!(error.message.contains(problem), "{error}");
    }
}

#[test]
fn without_tools_nothing_is_configured_t7() {
    for choice in [
        ToolChoice::Auto,
        ToolChoice::None,
        ToolChoice::AutoOf(vec![]),
    ] {
        let tools = Tools {
            choice,
            strict: true,
            ..Tools::default()
        };
        assert_eq!(fitted(NOW, tools), Ok((json!([]), json!({}))));
    }
}

#[test]
fn googles_tools_go_with_functions_since_3_only_t15() {
    let all = |names, choice| Tools {
        google_search: true,
        code_execution: true,
        url_context: true,
        choice,
        ..functions(names)
    };
    let googles = || json!([{"googleSearch": {}}, {"codeExecution": {}}, {"urlContext": {}}]);
    for model in [NOW, BEFORE] {
        for choice in [ToolChoice::Auto, ToolChoice::Any] {
            assert_eq!(fitted(model, all(&[], choice)), Ok((googles(), json!({}))));
        }
        let none = fitted(model, all(&[], ToolChoice::None));
        assert_eq!(none, Ok((json!([]), json!({}))));
    }
    let mut together = json!([{"functionDeclarations": [{"name": "f"}]}]);
    let alone = together.clone();
    let list = together.as_array_mut().unwrap();
    list.extend(googles().as_array().unwrap().clone());
    assert_eq!(
        fitted(NOW, all(&["f"], ToolChoice::Auto)),
        Ok((together, json!({"includeServerSideToolInvocations": true})))
    );
    for model in [BEFORE, LONG_BEFORE] {
        let found = fitted(model, all(&["f"], ToolChoice::Auto));
        assert_eq!(found, Ok((alone.clone(), json!({}))), "{model}");
    }
}

#[test]
fn the_suffix_adds_search_t15() {
    let features = Features {
        search: true,
        ..Features::default()
    };
    for (model, names, expected) in [
        (BEFORE, &[][..], json!([{"googleSearch": {}}])),
        (
            NOW,
            &["f"],
            json!([{"functionDeclarations": [{"name": "f"}]}, {"googleSearch": {}}]),
        ),
        (
            BEFORE,
            &["f"],
            json!([{"functionDeclarations": [{"name": "f"}]}]),
        ),
    ] {
        let (tools, _) = with_features(model, functions(names), features).unwrap();
        assert_eq!(tools, expected, "{model}");
    }
}

#[test]
fn functions_are_bounded_and_differ_sec_065() {
    let names: Vec<String> = (0..=MAX_FUNCTIONS)
        .map(|index| format!("f{index}"))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    assert!(fitted(NOW, functions(&names[1..])).is_ok());
    for (names, problem) in [
        (&names[..], "more than 512 functions"),
        (&["a", "b", "a"], "two functions named `a`"),
    ] {
        let error = fitted(NOW, functions(names)).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("tools"));
        assert!(error.message.contains(problem), "{error}");
    }
}
