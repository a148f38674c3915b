//! The table against the code: it lists what is read, says truly what has an effect, and nonsense is
//! refused in every field of it.

use std::collections::BTreeSet;

use super::{MESSAGE_PARAMETERS, PARAMETERS};
use crate::{
    ChatRequest, InvalidRequest,
    chat::{
        allowed_tools::{AllowedTool, AllowedTools},
        calls::{CalledCustom, CalledFunction, ToolCall},
        custom_tool::{CustomTool, Format, Grammar},
        draft::draft,
        google_extra::{ExtraBody, Google},
        message::{AnsweredAudio, File, ImageUrl, InputAudio, Message, Part, VideoUrl},
        output_media::{AudioOutput, ImageSettings},
        reasoning::{Reasoning, Thinking, ThinkingConfig},
        request::{Fields, StreamOptions},
        response_format::{JsonSchema, ResponseFormat},
        safety::Setting,
        signatures::{ExtraContent, ProviderFields, ReasoningDetail, Signed},
        tool_choice::{Choice, Named},
        tools::{FunctionTool, Tool, WebSearchOptions},
    },
    compatibility::{Becomes, Parameter, fields_of},
};

fn listed() -> impl Iterator<Item = &'static Parameter> {
    PARAMETERS.iter().chain(MESSAGE_PARAMETERS)
}

/// Every object that is read, by the path at which it is.
fn read_fields() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut add = |path: &str, fields: &[&str]| {
        all.extend(fields.iter().map(|field| format!("{path}{field}")));
    };
    add("", fields_of::<Fields<'_>>());
    add("stream_options.", fields_of::<StreamOptions>());
    add("messages[].", fields_of::<Message<'_>>());
    add("messages[].audio.", fields_of::<AnsweredAudio<'_>>());
    add("messages[].content[].", fields_of::<Part<'_>>());
    add(
        "messages[].content[].image_url.",
        fields_of::<ImageUrl<'_>>(),
    );
    add(
        "messages[].content[].input_audio.",
        fields_of::<InputAudio<'_>>(),
    );
    add("messages[].content[].file.", fields_of::<File<'_>>());
    add(
        "messages[].content[].video_url.",
        fields_of::<VideoUrl<'_>>(),
    );
    let call = "messages[].tool_calls[].";
    add(call, fields_of::<ToolCall<'_>>());
    add(&format!("{call}custom."), fields_of::<CalledCustom<'_>>());
    for function in [
        format!("{call}function."),
        "messages[].function_call.".to_owned(),
    ] {
        add(&function, fields_of::<CalledFunction<'_>>());
        let fields = format!("{function}provider_specific_fields.");
        add(&fields, fields_of::<ProviderFields<'_>>());
    }
    for signed in [call, "messages[]."] {
        let extra = format!("{signed}extra_content.");
        add(&extra, fields_of::<ExtraContent<'_>>());
        add(&format!("{extra}google."), fields_of::<Signed<'_>>());
        add(&format!("{extra}vertex."), fields_of::<Signed<'_>>());
        let fields = format!("{signed}provider_specific_fields.");
        add(&fields, fields_of::<ProviderFields<'_>>());
    }
    add(
        "messages[].reasoning_details[].",
        fields_of::<ReasoningDetail<'_>>(),
    );
    add("response_format.", fields_of::<ResponseFormat<'_>>());
    add(
        "response_format.json_schema.",
        fields_of::<JsonSchema<'_>>(),
    );
    add("audio.", fields_of::<AudioOutput<'_>>());
    add("image_config.", fields_of::<ImageSettings<'_>>());
    add("tools[].", fields_of::<Tool<'_>>());
    add("tools[].function.", fields_of::<FunctionTool<'_>>());
    add("tools[].custom.", fields_of::<CustomTool<'_>>());
    add("tools[].custom.format.", fields_of::<Format<'_>>());
    add("tools[].custom.format.grammar.", fields_of::<Grammar<'_>>());
    add("tool_choice.", fields_of::<Choice<'_>>());
    add(
        "tool_choice.allowed_tools.",
        fields_of::<AllowedTools<'_>>(),
    );
    let allowed = "tool_choice.allowed_tools.tools[].";
    add(allowed, fields_of::<AllowedTool<'_>>());
    for named in ["tool_choice.", allowed] {
        add(&format!("{named}function."), fields_of::<Named<'_>>());
        add(&format!("{named}custom."), fields_of::<Named<'_>>());
    }
    add("functions[].", fields_of::<FunctionTool<'_>>());
    add("function_call.", fields_of::<Named<'_>>());
    add("web_search_options.", fields_of::<WebSearchOptions<'_>>());
    add("reasoning.", fields_of::<Reasoning<'_>>());
    add("thinking.", fields_of::<Thinking<'_>>());
    add("google.", fields_of::<Google<'_>>());
    add("google.thinking_config.", fields_of::<ThinkingConfig<'_>>());
    add("extra_body.", fields_of::<ExtraBody<'_>>());
    add("safety_settings[].", fields_of::<Setting<'_>>());
    all
}

#[test]
fn every_field_that_is_read_is_listed_and_no_other() {
    let read = read_fields();
    let listed: BTreeSet<String> = listed().map(|it| it.name.to_owned()).collect();
    let lines = PARAMETERS.len() + MESSAGE_PARAMETERS.len();
    assert_eq!(listed.len(), lines, "a name is listed twice");
    // An object is listed by its fields, and Google's other spelling not at all.
    let is_object = |name: &str| {
        let inside = [format!("{name}."), format!("{name}[].")];
        let mut names = listed.iter();
        names.any(|listed| inside.iter().any(|inside| listed.starts_with(inside)))
    };
    let is_spelling = |name: &str| name.bytes().any(|byte| byte.is_ascii_uppercase());
    let missing: Vec<_> = read
        .iter()
        .filter(|name| !listed.contains(*name) && !is_object(name) && !is_spelling(name))
        .collect();
    assert!(missing.is_empty(), "read but not listed: {missing:#?}");
    let unread: Vec<_> = listed.difference(&read).collect();
    assert!(unread.is_empty(), "listed but not read: {unread:#?}");
}

/// A field of the body, with a value that makes sense, and what else must be there for that.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("max_completion_tokens", "5", ""),
    ("max_tokens", "5", ""),
    ("temperature", "0.5", ""),
    ("top_p", "0.5", ""),
    ("top_k", "5", ""),
    ("stop", r#""END""#, ""),
    ("seed", "5", ""),
    ("n", "2", ""),
    ("logprobs", "true", ""),
    ("top_logprobs", "5", r#","logprobs":true"#),
    ("presence_penalty", "1.5", ""),
    ("frequency_penalty", "-1.5", ""),
    ("response_format", r#"{"type":"json_object"}"#, ""),
    ("modalities", r#"["text","image"]"#, ""),
    (
        "audio",
        r#"{"voice":"alloy"}"#,
        r#","modalities":["audio"]"#,
    ),
    ("image_config", r#"{"aspect_ratio":"16:9"}"#, ""),
    (
        "tools",
        r#"[{"type":"function","function":{"name":"f"}}]"#,
        "",
    ),
    (
        "tool_choice",
        r#""required""#,
        r#","tools":[{"type":"function","function":{"name":"f"}}]"#,
    ),
    ("parallel_tool_calls", "false", ""),
    ("functions", r#"[{"name":"f"}]"#, ""),
    (
        "function_call",
        r#"{"name":"f"}"#,
        r#","functions":[{"name":"f"}]"#,
    ),
    ("web_search_options", "{}", ""),
    ("reasoning_effort", r#""low""#, ""),
    ("reasoning", r#"{"effort":"low"}"#, ""),
    ("include_reasoning", "true", ""),
    ("thinking", r#"{"type":"enabled"}"#, ""),
    ("enable_thinking", "true", ""),
    ("thinking_budget", "5", ""),
    ("google", r#"{"cached_content":"cachedContents/a"}"#, ""),
    (
        "extra_body",
        r#"{"google":{"cached_content":"cachedContents/a"}}"#,
        "",
    ),
    (
        "safety_settings",
        r#"[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"OFF"}]"#,
        "",
    ),
    ("service_tier", r#""flex""#, ""),
    ("store", "true", ""),
    ("verbosity", r#""low""#, ""),
    ("logit_bias", r#"{"50256":-100}"#, ""),
    ("prediction", r#"{"type":"content","content":"a"}"#, ""),
    ("moderation", r#"{"model":"a"}"#, ""),
    ("prompt_cache_key", r#""a""#, ""),
    ("prompt_cache_options", "{}", ""),
    ("prompt_cache_retention", r#""24h""#, ""),
    ("metadata", r#"{"a":"b"}"#, ""),
    ("safety_identifier", r#""a""#, ""),
    ("user", r#""a""#, ""),
];

/// What has its effect elsewhere: on the path, or on the answer.
const ELSEWHERE: [&str; 4] = ["model", "messages", "stream", "stream_options"];

fn drafted(more: &str) -> Result<String, InvalidRequest> {
    let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}}]{more}}}"#);
    let request = ChatRequest::parse(body.as_bytes())?;
    let draft = format!("{:?}", draft(&request)?);
    Ok(draft)
}

fn top(name: &str) -> &str {
    name.split(['.', '[']).next().unwrap()
}

#[test]
fn fields_have_an_effect_exactly_if_the_table_says_so() {
    let listed: BTreeSet<&str> = listed().map(|it| top(it.name)).collect();
    let shown = EXAMPLES.iter().map(|(name, ..)| *name).chain(ELSEWHERE);
    assert_eq!(listed, shown.collect(), "a field without example");
    for (name, value, needs) in EXAMPLES {
        let takes_effect = PARAMETERS
            .iter()
            .any(|it| top(it.name) == *name && matches!(it.becomes, Becomes::Translated(_)));
        let with = drafted(&format!(r#"{needs},"{name}":{value}"#)).unwrap();
        assert_eq!(with != drafted(needs).unwrap(), takes_effect, "{name}");
        let null = drafted(&format!(r#"{needs},"{name}":null"#)).unwrap();
        assert_eq!(null, drafted(needs).unwrap(), "{name} as null");
    }
}

#[test]
fn fields_that_are_not_listed_have_no_effect() {
    let without = drafted("").unwrap();
    for more in [
        r#","min_p":0.1,"repetition_penalty":1.1"#,
        r#","made_up":{"deep":[1]},"x":null"#,
    ] {
        assert_eq!(drafted(more).unwrap(), without, "{more}");
    }
}

/// Values that travel as they are and are looked at where they are used; `refusals` has nonsense in
/// each of them.
const RAW: [&str; 7] = [
    "functions[].parameters",
    "messages[].content[].file.video_metadata",
    "messages[].content[].video_metadata",
    "response_format.json_schema.schema",
    "response_format.schema",
    "response_format.response_schema",
    "tools[].function.parameters",
];

/// A body with this value at this path and nothing else but a model.
fn body_with(path: &str, value: &str) -> String {
    let json = path.rsplit('.').fold(value.to_owned(), |inner, segment| {
        match segment.strip_suffix("[]") {
            Some(field) => format!(r#"{{"{field}":[{inner}]}}"#),
            None => format!(r#"{{"{segment}":{inner}}}"#),
        }
    });
    let model = if path == "model" {
        ""
    } else {
        r#","model":"m""#
    };
    format!("{}{model}}}", json.strip_suffix('}').unwrap())
}

#[test]
fn a_wrong_type_is_refused_in_every_field_by_its_path() {
    for parameter in listed() {
        let name = parameter.name;
        if RAW.contains(&name) {
            continue;
        }
        let param = name.replace("[]", "[0]");
        // One of these is wrong for any field.
        let refused = |value: &str| {
            let body = body_with(name, value);
            let error = ChatRequest::parse(body.as_bytes()).err()?;
            let named = error.param.as_deref() == Some(&*param);
            (named && error.code == Some("invalid_type")).then_some(())
        };
        assert!(
            refused("5").or_else(|| refused(r#""x""#)).is_some(),
            "{name}"
        );
    }
}
