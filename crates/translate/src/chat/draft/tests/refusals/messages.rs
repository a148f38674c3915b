//! Messages, their parts, and calls in them.

use super::check_message_refused;

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
            r#"{"type":"file","file":{"file_data":"AAAA","video_metadata":"x"}}"#,
            "file.video_metadata",
            "invalid_type",
            "expected an object",
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
