//! How requests that cannot be translated are refused: by field, code and wording.

use super::check;
use crate::ChatRequest;

/// The refused field and a piece of the wording.
fn check_refused(body: &str, param: Option<&str>, code: &str, wording: &str) {
    let error = check(body).unwrap_err();
    assert_eq!(error.param.as_deref(), param, "{body:.200}: {error}");
    assert_eq!(error.code, Some(code), "{body:.200}: {error}");
    assert!(error.message.contains(wording), "{body:.200}: {error}");
}

fn check_message_refused(message: &str, param: &str, code: &str, wording: &str) {
    let body =
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}},{message}]}}"#);
    check_refused(&body, Some(param), code, wording);
}

fn check_parameter_refused(parameter: &str, param: &str, code: &str, wording: &str) {
    let body =
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}}],{parameter}}}"#);
    check_refused(&body, Some(param), code, wording);
}

#[test]
fn parameters_out_of_range_are_refused_by_name() {
    for (parameter, param, code, wording) in [
        (r#""n":0"#, "n", "invalid_value", "between 1 and 8, not 0"),
        (r#""n":9"#, "n", "invalid_value", "between 1 and 8"),
        (
            r#""top_logprobs":21,"logprobs":true"#,
            "top_logprobs",
            "invalid_value",
            "between 0 and 20",
        ),
        (
            r#""top_logprobs":3"#,
            "top_logprobs",
            "invalid_value",
            "needs `logprobs`",
        ),
        (
            r#""max_tokens":0"#,
            "max_tokens",
            "invalid_value",
            "at least 1, not 0",
        ),
        (
            r#""max_completion_tokens":-5"#,
            "max_completion_tokens",
            "invalid_value",
            "not -5",
        ),
        (r#""top_k":0"#, "top_k", "invalid_value", "at least 1"),
        (
            r#""temperature":2.5"#,
            "temperature",
            "invalid_value",
            "between 0 and 2, not 2.5",
        ),
        (
            r#""temperature":-0.1"#,
            "temperature",
            "invalid_value",
            "between 0 and 2",
        ),
        (
            r#""top_p":1.1"#,
            "top_p",
            "invalid_value",
            "between 0 and 1",
        ),
        (
            r#""presence_penalty":2.5"#,
            "presence_penalty",
            "invalid_value",
            "between -2 and 2",
        ),
        (
            r#""frequency_penalty":-3"#,
            "frequency_penalty",
            "invalid_value",
            "between -2 and 2",
        ),
        (
            r#""service_tier":"gold""#,
            "service_tier",
            "invalid_value",
            "unknown tier `gold`",
        ),
        (
            r#""response_format":{"type":"xml"}"#,
            "response_format.type",
            "invalid_value",
            "`xml`",
        ),
        (
            r#""response_format":{}"#,
            "response_format.type",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#""stop":["a","b","c","d","e","f"]"#,
            "stop",
            "invalid_value",
            "at most 5",
        ),
    ] {
        check_parameter_refused(parameter, param, code, wording);
    }
}

#[test]
fn wrong_types_are_refused_by_name() {
    for (parameter, param, wording) in [
        (
            r#""temperature":"hot""#,
            "temperature",
            "expected a number, found a string",
        ),
        (
            r#""max_tokens":"9""#,
            "max_tokens",
            "expected an integer, found a string",
        ),
        (
            r#""max_tokens":1.5"#,
            "max_tokens",
            "expected an integer, found floating point `1.5`",
        ),
        (
            r#""stream":"true""#,
            "stream",
            "expected a boolean, found a string",
        ),
        (
            r#""stream_options":[true]"#,
            "stream_options",
            "expected an object, found an array",
        ),
        (
            r#""stream_options":{"include_usage":1}"#,
            "stream_options.include_usage",
            "expected a boolean",
        ),
        (
            r#""tools":{}"#,
            "tools",
            "expected an array, found an object",
        ),
        (
            r#""response_format":"text""#,
            "response_format",
            "expected an object, found a string",
        ),
    ] {
        check_parameter_refused(parameter, param, "invalid_type", wording);
    }
    check_parameter_refused(
        r#""stop":5"#,
        "stop",
        "invalid_type",
        "a string or an array",
    );
    for (message, param, wording) in [
        ("7", "messages[1]", "expected an object"),
        (
            r#"["user","hi"]"#,
            "messages[1]",
            "expected an object, found an array",
        ),
        (
            r#"{"role":5}"#,
            "messages[1].role",
            "expected a string, found integer `5`",
        ),
        (
            r#"{"role":"user","content":5}"#,
            "messages[1].content",
            "a string or an array",
        ),
        (
            r#"{"role":"user","content":{"type":"text"}}"#,
            "messages[1].content",
            "found an object",
        ),
        (
            r#"{"role":"user","content":["hi"]}"#,
            "messages[1].content[0]",
            "expected an object, found a string",
        ),
        (
            r#"{"role":"user","content":[{"type":"image_url","image_url":"data:"}]}"#,
            "messages[1].content[0].image_url",
            "expected an object",
        ),
    ] {
        check_message_refused(message, param, "invalid_type", wording);
    }
    check_refused(
        r#"{"model":5,"messages":[]}"#,
        Some("model"),
        "invalid_type",
        "expected a string",
    );
    check_refused(
        r#"{"model":"m","messages":"hi"}"#,
        Some("messages"),
        "invalid_type",
        "expected an array",
    );
    check_refused(
        "[]",
        None,
        "invalid_type",
        "the request body: expected an object",
    );
}

#[test]
fn fields_given_twice_are_refused_by_name() {
    check_parameter_refused(
        r#""seed":1,"seed":2"#,
        "seed",
        "invalid_value",
        "is given twice",
    );
    let twice = r#"{"role":"user","role":"user","content":"a"}"#;
    check_message_refused(twice, "messages[1].role", "invalid_value", "is given twice");
}

#[test]
fn messages_that_make_no_sense_are_refused_by_name() {
    for (message, param, code, wording) in [
        (
            r#"{"content":"x"}"#,
            "messages[1].role",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#"{"role":"wizard","content":"x"}"#,
            "messages[1].role",
            "invalid_value",
            "unknown role `wizard`; use one of",
        ),
        (
            r#"{"role":"user"}"#,
            "messages[1].content",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#"{"role":"system","content":null}"#,
            "messages[1].content",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#"{"role":"user","content":[{}]}"#,
            "messages[1].content[0].type",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#"{"role":"user","content":[{"type":"poem"}]}"#,
            "messages[1].content[0].type",
            "invalid_value",
            "unknown type `poem`",
        ),
        (
            r#"{"role":"user","content":[{"type":"text"}]}"#,
            "messages[1].content[0].text",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#"{"role":"user","content":[{"type":"image_url","image_url":{}}]}"#,
            "messages[1].content[0].image_url.url",
            "missing_required_parameter",
            "is required",
        ),
        (
            r#"{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,?"}}]}"#,
            "messages[1].content[0].image_url.url",
            "invalid_value",
            "not base64",
        ),
        (
            r#"{"role":"system","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}"#,
            "messages[1].content[0].type",
            "invalid_value",
            "cannot hold",
        ),
        (
            r#"{"role":"user","content":[{"type":"refusal","refusal":"no"}]}"#,
            "messages[1].content[0].type",
            "invalid_value",
            "cannot hold",
        ),
    ] {
        check_message_refused(message, param, code, wording);
    }
}

#[test]
fn formats_and_modalities_that_make_no_sense_are_refused_by_name_g15_to_g20() {
    const MISSING: &str = "missing_required_parameter";
    const INVALID: &str = "invalid_value";
    for (parameter, param, code, wording) in [
        (
            r#""response_format":{"type":"json_schema"}"#,
            "response_format.json_schema",
            MISSING,
            "is required",
        ),
        (
            r#""response_format":{"type":"json_schema","json_schema":{"schema":[]}}"#,
            "response_format.json_schema.schema",
            "invalid_type",
            "a JSON Schema",
        ),
        (
            r#""response_format":{"type":"json_object","schema":5}"#,
            "response_format.schema",
            "invalid_type",
            "a JSON Schema",
        ),
        (
            r#""response_format":{"type":"json_object","response_schema":"x"}"#,
            "response_format.response_schema",
            "invalid_type",
            "a JSON Schema",
        ),
        (
            r#""modalities":["text","smell"]"#,
            "modalities[1]",
            INVALID,
            "`smell`",
        ),
        (
            r#""audio":{"format":"mp3"}"#,
            "audio.format",
            "unsupported_value",
            "use `wav` or `pcm16`",
        ),
        (
            r#""audio":{"format":"midi"}"#,
            "audio.format",
            INVALID,
            "`midi`",
        ),
        (
            r#""audio":{"voice":"two words"}"#,
            "audio.voice",
            INVALID,
            "not the name of a voice",
        ),
        (
            r#""image_config":{"aspect_ratio":"2:1"}"#,
            "image_config.aspect_ratio",
            INVALID,
            "`2:1`",
        ),
        (
            r#""google":{"image_config":{"image_size":"8K"}}"#,
            "google.image_config.image_size",
            INVALID,
            "`8K`",
        ),
        (r#""verbosity":"loud""#, "verbosity", INVALID, "`loud`"),
        (
            r#""prompt_cache_retention":"1y""#,
            "prompt_cache_retention",
            INVALID,
            "`1y`",
        ),
    ] {
        check_parameter_refused(parameter, param, code, wording);
    }
}

#[test]
fn thinking_that_makes_no_sense_is_refused_by_name_r1_g25() {
    const INVALID: &str = "invalid_value";
    for (parameter, param, wording) in [
        (r#""reasoning_effort":"huge""#, "reasoning_effort", "`huge`"),
        (
            r#""reasoning":{"effort":"huge"}"#,
            "reasoning.effort",
            "`huge`",
        ),
        (
            r#""reasoning":{"max_tokens":-1}"#,
            "reasoning.max_tokens",
            "between 0",
        ),
        (
            r#""reasoning":{"max_tokens":5,"effort":"low"}"#,
            "reasoning.max_tokens",
            "cannot be combined with `reasoning.effort`",
        ),
        (
            r#""reasoning":{"exclude":true},"include_reasoning":true"#,
            "include_reasoning",
            "cannot be combined with `reasoning.exclude`",
        ),
        (
            r#""reasoning_effort":"low","reasoning":{"effort":"high"}"#,
            "reasoning.effort",
            "cannot be combined with `reasoning_effort`",
        ),
        (
            r#""thinking":{"type":"sometimes"}"#,
            "thinking.type",
            "`sometimes`",
        ),
        (
            r#""thinking":{"type":"enabled","budget_tokens":-5}"#,
            "thinking.budget_tokens",
            "between 0",
        ),
        (
            r#""thinking":{"type":"disabled"},"reasoning_effort":"high""#,
            "thinking.type",
            "cannot be combined",
        ),
        (
            r#""thinking_budget":-2"#,
            "thinking_budget",
            "between -1 and 2147483647, not -2",
        ),
        (
            r#""enable_thinking":false,"reasoning_effort":"low""#,
            "enable_thinking",
            "cannot be combined",
        ),
        (
            r#""google":{"thinking_config":{"thinking_budget":9000000000}}"#,
            "google.thinking_config.thinking_budget",
            "between -1",
        ),
        (
            r#""google":{"thinking_config":{"thinking_level":"deep"}}"#,
            "google.thinking_config.thinking_level",
            "`deep`",
        ),
        (
            r#""google":{"thinking_config":{"thinking_level":"low","thinking_budget":0}}"#,
            "google.thinking_config.thinking_level",
            "cannot be combined with `google.thinking_config.thinking_budget`",
        ),
        (
            r#""reasoning_effort":"low","extra_body":{"google":{"thinking_config":{"thinking_budget":5}}}"#,
            "extra_body.google.thinking_config.thinking_budget",
            "cannot be combined with `reasoning_effort`",
        ),
        (
            r#""google":{"thinking_config":{}},"extra_body":{"google":{"thinking_config":{}}}"#,
            "extra_body.google.thinking_config",
            "is given already, as `google.thinking_config`",
        ),
    ] {
        check_parameter_refused(parameter, param, INVALID, wording);
    }
    check_parameter_refused(
        r#""thinking":{}"#,
        "thinking.type",
        "missing_required_parameter",
        "is required",
    );
}

#[test]
fn settings_of_google_that_make_no_sense_are_refused_by_name_g23_g24() {
    const INVALID: &str = "invalid_value";
    for (parameter, param, wording) in [
        (
            r#""google":{"cached_content":"abc"}"#,
            "google.cached_content",
            "`cachedContents/abc123`",
        ),
        (
            r#""google":{"cached_content":"cachedContents/../files/x"}"#,
            "google.cached_content",
            "not the name of a cache",
        ),
        (
            r#""google":{"cached_content":"cachedContents/"}"#,
            "google.cached_content",
            "not the name of a cache",
        ),
        (
            r#""google":{"cached_content":"cachedContents/a"},"extra_body":{"google":{"cached_content":"cachedContents/a"}}"#,
            "extra_body.google.cached_content",
            "is given already",
        ),
        (
            r#""safety_settings":[{"category":"HARM_CATEGORY_BOREDOM","threshold":"OFF"}]"#,
            "safety_settings[0].category",
            "`HARM_CATEGORY_BOREDOM`",
        ),
        (
            r#""extra_body":{"safety_settings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"SOME"}]}"#,
            "extra_body.safety_settings[0].threshold",
            "`SOME`",
        ),
        (
            r#""google":{"safety_settings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"},{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}]}"#,
            "google.safety_settings[1].category",
            "is set twice",
        ),
        (
            r#""safety_settings":[],"google":{"safety_settings":[]}"#,
            "google.safety_settings",
            "is given already, as `safety_settings`",
        ),
        (
            r#""google":{"cached_content":"cachedContents/a","cachedContent":"cachedContents/a"}"#,
            "google.cached_content",
            "is given twice",
        ),
    ] {
        check_parameter_refused(parameter, param, INVALID, wording);
    }
    check_parameter_refused(
        r#""safety_settings":[{"category":"HARM_CATEGORY_HARASSMENT"}]"#,
        "safety_settings[0].threshold",
        "missing_required_parameter",
        "is required",
    );
}

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
        (
            r#"{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"url_context"}]}}"#,
            "allowed_tools.tools",
            INVALID,
            "no function",
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
        (r#""tool_choice":"required""#, "tool_choice", "no function"),
        (
            r#""tools":[{"type":"web_search"}],"tool_choice":"required""#,
            "tool_choice",
            "no function",
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

#[test]
fn calls_and_results_that_make_no_sense_are_refused_by_name_m6_t16() {
    const MISSING: &str = "missing_required_parameter";
    const INVALID: &str = "invalid_value";
    for (message, field, code, wording) in [
        (
            r#"{"role":"tool","content":"x","tool_call_id":"1"}"#,
            "tool_call_id",
            INVALID,
            "has the id `1`",
        ),
        (
            r#"{"role":"tool","content":"x"}"#,
            "tool_call_id",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"function","content":"x"}"#,
            "name",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}"#,
            "tool_calls[0].id",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"id":""}]}"#,
            "tool_calls[0].id",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"id":"a"}]}"#,
            "tool_calls[0].function.name",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"id":"a","function":{"name":""}}]}"#,
            "tool_calls[0].function.name",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"id":"a","type":"magic"}]}"#,
            "tool_calls[0].type",
            INVALID,
            "`magic`",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"input":"x"}}]}"#,
            "tool_calls[0].custom.name",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","tool_calls":[{"id":"a","type":"custom","custom":{"name":"x"}}]}"#,
            "tool_calls[0].custom.input",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","function_call":{}}"#,
            "function_call.name",
            MISSING,
            "is required",
        ),
        (
            r#"{"role":"assistant","function_call":{"name":"f"},"tool_calls":[{"id":"a","function":{"name":"f"}}]}"#,
            "function_call",
            INVALID,
            "together with `tool_calls`",
        ),
        (
            r#"{"role":"assistant","images":[{"image_url":{"url":"x"}}]}"#,
            "images[0].image_url.url",
            INVALID,
            "a data URL",
        ),
    ] {
        let param = format!("messages[1].{field}");
        check_message_refused(message, &param, code, wording);
    }
}

#[test]
fn signatures_that_are_none_are_refused_where_they_are() {
    for (message, field) in [
        (
            r#""tool_calls":[{"id":"a","function":{"name":"f"},"extra_content":{"google":{"thought_signature":"?"}}}]"#,
            "tool_calls[0].extra_content.google.thought_signature",
        ),
        (
            r#""tool_calls":[{"id":"a","function":{"name":"f","thought_signature":"?"}}]"#,
            "tool_calls[0].function.thought_signature",
        ),
        (
            r#""tool_calls":[{"id":"a__thought__?","function":{"name":"f"}}]"#,
            "tool_calls[0].id",
        ),
        (
            r#""function_call":{"name":"f","provider_specific_fields":{"thought_signature":"?"}}"#,
            "function_call.provider_specific_fields.thought_signature",
        ),
        (
            r#""extra_content":{"vertex":{"thought_signature":"?"}}"#,
            "extra_content.vertex.thought_signature",
        ),
        (
            r#""provider_specific_fields":{"thought_signatures":["c2ln","?"]}"#,
            "provider_specific_fields.thought_signatures[1]",
        ),
        (
            r#""reasoning_details":[{"type":"reasoning.encrypted","data":"?"}]"#,
            "reasoning_details[0].data",
        ),
    ] {
        let message = format!(r#"{{"role":"assistant",{message}}}"#);
        let param = format!("messages[1].{field}");
        check_message_refused(&message, &param, "invalid_value", "not base64");
    }
}

#[test]
fn attachments_that_make_no_sense_are_refused_by_name_p2_to_p10() {
    const MISSING: &str = "missing_required_parameter";
    const INVALID: &str = "invalid_value";
    for (part, field, code, wording) in [
        (
            r#"{"type":"image_url","image_url":{"url":"ftp://a.b/c"}}"#,
            "image_url.url",
            INVALID,
            "an https URL",
        ),
        (
            r#"{"type":"image_url","image_url":{"url":"http://a.b/c"}}"#,
            "image_url.url",
            INVALID,
            "use https",
        ),
        (
            r#"{"type":"image_url","image_url":{"url":"https://a.b","detail":"ultra"}}"#,
            "image_url.detail",
            INVALID,
            "`ultra`",
        ),
        (
            r#"{"type":"image_url","image_url":{"url":"https://a.b","format":"png"}}"#,
            "image_url.format",
            INVALID,
            "not a media type",
        ),
        (
            r#"{"type":"input_audio"}"#,
            "input_audio.data",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"input_audio","input_audio":{"data":"AAAA"}}"#,
            "input_audio.format",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"input_audio","input_audio":{"data":"AAAA","format":"midi"}}"#,
            "input_audio.format",
            INVALID,
            "`midi`",
        ),
        (
            r#"{"type":"input_audio","input_audio":{"data":"?","format":"wav"}}"#,
            "input_audio.data",
            INVALID,
            "not base64",
        ),
        (
            r#"{"type":"input_audio","input_audio":{"data":"","format":"wav"}}"#,
            "input_audio.data",
            INVALID,
            "no data",
        ),
        (r#"{"type":"file"}"#, "file", MISSING, "is required"),
        (
            r#"{"type":"file","file":{}}"#,
            "file.file_data",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"file","file":{"file_data":"AAAA","file_id":"files/a"}}"#,
            "file.file_id",
            INVALID,
            "together with `file_data`",
        ),
        (
            r#"{"type":"file","file":{"file_data":"?"}}"#,
            "file.file_data",
            INVALID,
            "not base64",
        ),
        (
            r#"{"type":"file","file":{"file_id":"file-abc"}}"#,
            "file.file_id",
            INVALID,
            "not a file of Gemini",
        ),
        (
            r#"{"type":"file","file":{"file_data":"AAAA","format":"pdf"}}"#,
            "file.format",
            INVALID,
            "not a media type",
        ),
        (
            r#"{"type":"video_url"}"#,
            "video_url.url",
            MISSING,
            "is required",
        ),
        (
            r#"{"type":"video_url","video_url":{"url":"https://a.b"},"video_metadata":{"fps":0}}"#,
            "video_metadata.fps",
            INVALID,
            "above 0",
        ),
        (
            r#"{"type":"video_url","video_url":{"url":"https://a.b"},"video_metadata":{"startOffset":"5"}}"#,
            "video_metadata.start_offset",
            INVALID,
            "`12.5s`",
        ),
        (
            r#"{"type":"video_url","video_url":{"url":"https://a.b"},"video_metadata":{"speed":2}}"#,
            "video_metadata.speed",
            INVALID,
            "unknown field `speed`",
        ),
        (
            r#"{"type":"video_url","video_url":{"url":"https://a.b"},"video_metadata":5}"#,
            "video_metadata",
            "invalid_type",
            "expected an object",
        ),
    ] {
        let message = format!(r#"{{"role":"user","content":[{part}]}}"#);
        let param = format!("messages[1].content[0].{field}");
        check_message_refused(&message, &param, code, wording);
    }
}

#[test]
fn missing_fields_are_refused_by_name() {
    const MISSING: &str = "missing_required_parameter";
    check_refused("{}", Some("model"), MISSING, "`model`: is required");
    check_refused(
        r#"{"model":null,"messages":[]}"#,
        Some("model"),
        MISSING,
        "is required",
    );
    check_refused(
        r#"{"model":"","messages":[]}"#,
        Some("model"),
        MISSING,
        "is required",
    );
    check_refused(r#"{"model":"m"}"#, Some("messages"), MISSING, "is required");
    check_refused(
        r#"{"model":"m","messages":[]}"#,
        Some("messages"),
        "invalid_value",
        "at least one message",
    );
}

#[test]
fn bodies_that_are_not_json_are_refused() {
    for body in [
        "",
        "hello",
        r#"{"model":"m","#,
        r#"{"model":"m",}"#,
        r#"{"model":"m"} {}"#,
        r#"{"temperature":1e999}"#,
    ] {
        let error = ChatRequest::parse(body.as_bytes()).unwrap_err();
        assert_eq!(
            (error.code, error.param),
            (Some("invalid_json"), None),
            "{body}: {}",
            error.message
        );
    }
    let error = ChatRequest::parse(b"{\"model\":\"\xff\"}").unwrap_err();
    assert_eq!(
        error.message,
        "the request body is not valid UTF-8, first at byte 10"
    );
    let deep = format!(r#"{{"model":"m","x":{}"#, "[".repeat(1_000_000));
    check_refused(&deep, None, "invalid_json", "nests deeper than 64 levels");
}

#[test]
fn limits_hold_sec065() {
    let messages = |count: usize| {
        let list = vec![r#"{"role":"user","content":"a"}"#; count].join(",");
        format!(r#"{{"model":"m","messages":[{list}]}}"#)
    };
    assert!(check(&messages(2048)).is_ok());
    check_refused(
        &messages(2049),
        Some("messages"),
        "invalid_value",
        "at most 2048 items",
    );

    let images = |count: usize| {
        let image = r#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}"#;
        let list = vec![image; count].join(",");
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":[{list}]}}]}}"#)
    };
    assert!(check(&images(64)).is_ok());
    check_refused(
        &images(65),
        Some("messages[0].content[64]"),
        "array_above_max_length",
        "at most 64 images",
    );
    let files = |count: usize| {
        let file = r#"{"type":"file","file":{"file_data":"AAAA"}}"#;
        let list = vec![file; count].join(",");
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":[{list}]}}]}}"#)
    };
    assert!(check(&files(64)).is_ok());
    check_refused(
        &files(65),
        Some("messages[0].content[64]"),
        "array_above_max_length",
        "at most 64 files",
    );
}

#[test]
fn refusals_and_debug_repeat_no_prompt() {
    let body = r#"{"model":"m","messages":"my secret prompt"}"#;
    let error = check(body).unwrap_err();
    assert!(!error.message.contains("secret"));
    let body = r#"{"model":"m","messages":[{"role":"user","content":"my secret prompt"}]}"#;
    let request = ChatRequest::parse(body.as_bytes()).unwrap();
    assert!(!format!("{request:?}").contains("secret"));
}
