//! What a request asks for beside its messages and tools.

use super::check_parameter_refused;

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
