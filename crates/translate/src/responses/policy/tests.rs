//! The table against what the code reads and does.

use super::*;
use crate::{
    compatibility::{Becomes, fields_of},
    responses::{ResponsesRequest, item::Item, request::Fields, tools::Tool, value::Part},
};

fn top_level(name: &str) -> bool {
    !name.contains(['.', '['])
}

#[test]
fn every_field_that_is_read_is_in_the_table() {
    for (parent, fields) in [
        ("", fields_of::<Fields<'_>>()),
        ("input[].", fields_of::<Item<'_>>()),
        ("input[].content[].", fields_of::<Part<'_>>()),
        ("tools[].", fields_of::<Tool<'_>>()),
    ] {
        assert!(!fields.is_empty(), "{parent}");
        for field in fields {
            let path = format!("{parent}{field}");
            let listed = PARAMETERS.iter().any(|parameter| {
                let rest = parameter.name.strip_prefix(&path);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            });
            assert!(listed, "{path}");
        }
    }
}

#[test]
fn no_name_is_listed_twice() {
    let mut names: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
}

#[test]
fn refused_fields_are_refused_and_others_are_not() {
    for parameter in PARAMETERS
        .iter()
        .filter(|parameter| top_level(parameter.name))
    {
        let value = match parameter.name {
            "model" | "input" => continue,
            "background" | "stream" | "store" | "parallel_tool_calls" => "true",
            "tools" | "include" | "context_management" => "[]",
            "metadata" | "prompt" | "moderation" | "image" | "text" | "reasoning" => "{}",
            "access_programs"
            | "background_options"
            | "prompt_cache_options"
            | "stream_options" => "{}",
            "max_output_tokens" | "max_tool_calls" | "temperature" | "top_p" | "top_logprobs" => {
                "1"
            }
            "truncation" | "service_tier" | "tool_choice" => r#""auto""#,
            "prompt_cache_retention" => r#""24h""#,
            _ => r#""x""#,
        };
        let body = format!(
            r#"{{"model":"m","input":"hi","{}":{value}}}"#,
            parameter.name
        );
        let refused = ResponsesRequest::parse(body.as_bytes()).is_err();
        let expected = matches!(parameter.becomes, Becomes::Refused(_));
        assert_eq!(refused, expected, "{}", parameter.name);
    }
}
