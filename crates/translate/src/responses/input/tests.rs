//! Input items by rule, as the contents they become.

use crate::{InvalidRequest, prompt::Draft, responses::ResponsesRequest};

use super::super::draft::draft;

/// Reads a request with these items and tells what is made of it.
fn read<T>(items: &str, tell: impl Fn(&Draft<'_>) -> T) -> Result<T, InvalidRequest> {
    let body = format!(r#"{{"model":"m","input":{items}}}"#);
    let request = ResponsesRequest::parse(body.as_bytes())?;
    Ok(tell(&draft(&request)?))
}

/// The contents, one turn a line.
fn turns(items: &str) -> String {
    let lines = read(items, |draft| {
        let turns = draft.turns.iter();
        turns
            .map(|turn| serde_json::to_string(turn).unwrap() + "\n")
            .collect()
    });
    lines.unwrap()
}

fn unsigned(items: &str) -> Vec<String> {
    let body = format!(r#"{{"model":"m","input":{items}}}"#);
    let request = ResponsesRequest::parse(body.as_bytes()).unwrap();
    request.unsigned().into_iter().map(str::to_owned).collect()
}

#[test]
fn a_string_is_one_user_turn() {
    assert_eq!(
        turns(r#""hi""#),
        "{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}\n"
    );
    assert_eq!(
        turns(r#""""#),
        "{\"role\":\"user\",\"parts\":[{\"text\":\" \"}]}\n"
    );
}

#[test]
fn messages_with_and_without_type_keep_their_order_m4_m5_m10_m14() {
    insta::assert_snapshot!(turns(r#"[
        {"role":"user","content":"a"},
        {"type":"message","role":"user","content":[{"type":"input_text","text":"b"},{"type":"input_text","text":""}]},
        {"id":"msg_1","type":"message","status":"completed","role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"c","annotations":[],"logprobs":[]},{"type":"refusal","refusal":"no"}]},
        {"role":"assistant","content":"d"},
        {"role":"assistant","content":[]},
        {"role":"user","content":[]}
    ]"#), @r#"
    {"role":"user","parts":[{"text":"a"}]}
    {"role":"user","parts":[{"text":"b"}]}
    {"role":"model","parts":[{"text":"c"},{"text":"no"},{"text":"d"}]}
    {"role":"user","parts":[{"text":" "}]}
    "#);
}

#[test]
fn leading_system_messages_instruct_and_later_ones_keep_their_place_m1_m2() {
    let items = r#"[{"role":"developer","content":"a"},{"role":"system","content":[{"type":"input_text","text":"b"}]},
        {"role":"user","content":"hi"},{"role":"developer","content":"c"},{"role":"system","content":""}]"#;
    insta::assert_snapshot!(turns(items), @r#"
    {"role":"user","parts":[{"text":"hi"}]}
    {"role":"user","parts":[{"text":"c"}]}
    "#);
    let body = format!(r#"{{"model":"m","instructions":"first","input":{items}}}"#);
    let request = ResponsesRequest::parse(body.as_bytes()).unwrap();
    let instructions = draft(&request).unwrap().instructions;
    assert_eq!(
        serde_json::to_string(&instructions).unwrap(),
        r#"[{"text":"first"},{"text":"a"},{"text":"b"}]"#
    );
}

#[test]
fn calls_and_results_of_a_step_are_two_turns_m6_m8_t16_t17() {
    insta::assert_snapshot!(turns(r#"[
        {"role":"user","content":"hi"},
        {"role":"assistant","content":[{"type":"output_text","text":"Let me see."}]},
        {"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":"{\"n\":1.0}","status":"completed"},
        {"type":"function_call","call_id":"b","name":"g","arguments":""},
        {"type":"function_call_output","call_id":"a","output":"{\"t\":20.50}"},
        {"type":"function_call_output","call_id":"b","output":[{"type":"input_text","text":"x"},{"type":"input_text","text":"y"}]},
        {"type":"function_call","call_id":"c","name":"f","arguments":"not json"},
        {"type":"function_call_output","call_id":"c","output":[]},
        {"role":"user","content":"thanks"}
    ]"#), @r#"
    {"role":"user","parts":[{"text":"hi"}]}
    {"role":"model","parts":[{"text":"Let me see."},{"functionCall":{"id":"a","name":"f","args":{"n":1.0}}},{"functionCall":{"id":"b","name":"g","args":{}}}]}
    {"role":"user","parts":[{"functionResponse":{"id":"a","name":"f","response":{"t":20.50}}},{"functionResponse":{"id":"b","name":"g","response":{"result":"x\ny"}}}]}
    {"role":"model","parts":[{"functionCall":{"id":"c","name":"f","args":{"raw":"not json"}}}]}
    {"role":"user","parts":[{"functionResponse":{"id":"c","name":"f","response":{"result":""}}}]}
    {"role":"user","parts":[{"text":"thanks"}]}
    "#);
}

#[test]
fn custom_tools_are_functions_with_one_text_t12() {
    insta::assert_snapshot!(turns(r#"[
        {"type":"custom_tool_call","id":"ctc_1","call_id":"a","name":"patch","input":"+\"x\""},
        {"type":"custom_tool_call_output","call_id":"a","output":"done"},
        {"type":"function_call","call_id":"b","name":"find","namespace":"crm","arguments":"{}"},
        {"type":"function_call_output","call_id":"b","output":"7"}
    ]"#), @r#"
    {"role":"model","parts":[{"functionCall":{"id":"a","name":"patch","args":{"input":"+\"x\""}}}]}
    {"role":"user","parts":[{"functionResponse":{"id":"a","name":"patch","response":{"result":"done"}}}]}
    {"role":"model","parts":[{"functionCall":{"id":"b","name":"crm.find","args":{}}}]}
    {"role":"user","parts":[{"functionResponse":{"id":"b","name":"crm.find","response":{"result":7}}}]}
    "#);
}

#[test]
fn a_result_may_name_its_function_itself() {
    assert_eq!(
        turns(r#"[{"type":"function_call_output","call_id":"a","name":"f","output":"x"}]"#),
        "{\"role\":\"user\",\"parts\":[{\"functionResponse\":{\"id\":\"a\",\"name\":\"f\",\"response\":{\"result\":\"x\"}}}]}\n"
    );
}

#[test]
fn signatures_of_ours_return_to_their_call_wherever_they_stand_s3_10() {
    let items = r#"[
        {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"hm"}],"content":[{"type":"reasoning_text","text":"hm"}],"encrypted_content":"gempool-call-signature-1:b:Cg=="},
        {"type":"reasoning","summary":[],"encrypted_content":"gAAAAABother"},
        {"type":"reasoning","id":"rs_3","summary":[],"encrypted_content":null},
        {"type":"function_call","call_id":"a","name":"f","arguments":"{}"},
        {"type":"custom_tool_call","call_id":"b","name":"g","input":"x"},
        {"type":"function_call","call_id":"c","name":"f","arguments":"{}"}
    ]"#;
    insta::assert_snapshot!(turns(items), @r#"{"role":"model","parts":[{"functionCall":{"id":"a","name":"f","args":{}}},{"functionCall":{"id":"b","name":"g","args":{"input":"x"}},"thoughtSignature":"Cg=="},{"functionCall":{"id":"c","name":"f","args":{}}}]}"#);
    assert_eq!(unsigned(items), ["a", "c"]);
    assert_eq!(unsigned(r#""hi""#), [""; 0]);
}

#[test]
fn media_become_inline_or_file_data_p2_p3_p5_p6_p7_p8() {
    insta::assert_snapshot!(turns(r#"[{"role":"user","content":[
        {"type":"input_image","image_url":"data:image/png;base64,AA==","detail":"low"},
        {"type":"input_image","image_url":"https://a.example/x.png","detail":"auto"},
        {"type":"input_image","file_id":"files/abc"},
        {"type":"input_file","file_data":"data:application/pdf;base64,AA==","filename":"a.pdf"},
        {"type":"input_file","file_data":"AA==","filename":"a.csv"},
        {"type":"input_file","file_url":"https://a.example/x.pdf"},
        {"type":"input_file","file_id":"files/abc","filename":"x.txt"},
        {"type":"input_audio","input_audio":{"data":"AA==","format":"mp3"}}
    ]}]"#), @r#"{"role":"user","parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="},"mediaResolution":{"level":"MEDIA_RESOLUTION_LOW"}},{"fileData":{"mimeType":"image/png","fileUri":"https://a.example/x.png"}},{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},{"inlineData":{"mimeType":"application/pdf","data":"AA=="}},{"inlineData":{"mimeType":"text/csv","data":"AA=="}},{"fileData":{"mimeType":"application/pdf","fileUri":"https://a.example/x.pdf"}},{"fileData":{"mimeType":"text/plain","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}},{"inlineData":{"mimeType":"audio/mp3","data":"AA=="}}]}"#);
}

#[test]
fn images_of_results_go_with_them_p9() {
    insta::assert_snapshot!(turns(r#"[
        {"type":"function_call","call_id":"a","name":"shot","arguments":"{}"},
        {"type":"function_call_output","call_id":"a","output":[
            {"type":"input_image","image_url":"data:image/png;base64,AA=="},
            {"type":"input_text","text":"{\"ok\":true}"},
            {"type":"input_file","file_url":"https://a.example/x.pdf"}]}
    ]"#), @r#"
    {"role":"model","parts":[{"functionCall":{"id":"a","name":"shot","args":{}}}]}
    {"role":"user","parts":[{"functionResponse":{"id":"a","name":"shot","response":{"ok":true},"parts":[{"inlineData":{"mimeType":"image/png","data":"AA=="}}]}},{"fileData":{"mimeType":"application/pdf","fileUri":"https://a.example/x.pdf"}}]}
    "#);
}

#[test]
fn what_servers_did_is_left_out_and_pictures_go_back() {
    insta::assert_snapshot!(turns(r#"[
        {"role":"user","content":"draw"},
        {"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search","query":"x"}},
        {"type":"code_interpreter_call","id":"ci_1","code":"1","container_id":"c","outputs":[],"status":"completed"},
        {"type":"file_search_call","id":"fs_1","queries":["x"],"results":null,"status":"completed"},
        {"type":"mcp_call","id":"m","name":"x","server_label":"s","arguments":"{}","output":"y"},
        {"type":"mcp_list_tools","id":"m","server_label":"s","tools":[]},
        {"type":"image_generation_call","id":"ig_1","status":"completed","result":"AA==","output_format":"jpeg"},
        {"type":"image_generation_call","id":"ig_2","status":"completed","result":null},
        {"type":"item_reference","id":"rs_1"},
        {"id":"rs_2"},
        {"role":"user","content":"bigger"}
    ]"#), @r#"
    {"role":"user","parts":[{"text":"draw"}]}
    {"role":"model","parts":[{"inlineData":{"mimeType":"image/jpeg","data":"AA=="}}]}
    {"role":"user","parts":[{"text":"bigger"}]}
    "#);
}

#[test]
fn what_is_wrong_is_named() {
    let call = r#"{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}"#;
    for (item, path, code) in [
        (r#"{}"#, "role", "missing_required_parameter"),
        (
            r#"{"role":"user"}"#,
            "content",
            "missing_required_parameter",
        ),
        (r#"{"role":"tool","content":"x"}"#, "role", "invalid_value"),
        (r#"{"role":"user","content":7}"#, "content", "invalid_type"),
        (
            r#"{"role":"user","content":{"type":"input_text"}}"#,
            "content",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":["x"]}"#,
            "content[0]",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":[{}]}"#,
            "content[0].type",
            "missing_required_parameter",
        ),
        (
            r#"{"role":"user","content":[{"type":"image_url"}]}"#,
            "content[0].type",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_text"}]}"#,
            "content[0].text",
            "missing_required_parameter",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_text","text":1}]}"#,
            "content[0].text",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":[{"type":"refusal","refusal":"x"}]}"#,
            "content[0].type",
            "invalid_value",
        ),
        (
            r#"{"role":"system","content":[{"type":"input_image","image_url":"data:image/png;base64,AA=="}]}"#,
            "content[0].type",
            "invalid_value",
        ),
        (
            r#"{"role":"assistant","content":[{"type":"input_image","image_url":"data:image/png;base64,AA=="}]}"#,
            "content[0].type",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_image"}]}"#,
            "content[0].image_url",
            "missing_required_parameter",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_image","image_url":"x"}]}"#,
            "content[0].image_url",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_image","image_url":{"url":"x"}}]}"#,
            "content[0].image_url",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_image","file_id":"file-1"}]}"#,
            "content[0].file_id",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_image","image_url":"https://a.example/","detail":"huge"}]}"#,
            "content[0].detail",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_file"}]}"#,
            "content[0].file_data",
            "missing_required_parameter",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_file","file_data":"é"}]}"#,
            "content[0].file_data",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_file","file_url":"ftp://x"}]}"#,
            "content[0].file_url",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_file","file_id":"file-1"}]}"#,
            "content[0].file_id",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_audio"}]}"#,
            "content[0].input_audio",
            "missing_required_parameter",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA=="}}]}"#,
            "content[0].input_audio.format",
            "missing_required_parameter",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"AA==","format":"midi"}}]}"#,
            "content[0].input_audio.format",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"é","format":"wav"}}]}"#,
            "content[0].input_audio.data",
            "invalid_value",
        ),
        (
            r#"{"role":"user","content":"x","id":7}"#,
            "id",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":"x","status":7}"#,
            "status",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":"x","phase":[]}"#,
            "phase",
            "invalid_type",
        ),
        (
            r#"{"type":"reasoning","summary":"x"}"#,
            "summary",
            "invalid_type",
        ),
        (
            r#"{"role":"assistant","content":[{"type":"output_text","text":"x","annotations":{}}]}"#,
            "content[0].annotations",
            "invalid_type",
        ),
        (
            r#"{"role":"assistant","content":[{"type":"output_text","text":"x","logprobs":[7]}]}"#,
            "content[0].logprobs[0]",
            "invalid_type",
        ),
        (
            r#"{"role":"user","content":[{"type":"input_text","text":"x","prompt_cache_breakpoint":7}]}"#,
            "content[0].prompt_cache_breakpoint",
            "invalid_type",
        ),
        (r#"{"type":"wizard"}"#, "type", "invalid_value"),
        (r#"{"type":7}"#, "type", "invalid_type"),
        (
            r#"{"type":"function_call","call_id":"x","name":"f"}"#,
            "arguments",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function_call","call_id":"x","name":"f","arguments":{}}"#,
            "arguments",
            "invalid_type",
        ),
        (
            r#"{"type":"function_call","name":"f","arguments":"{}"}"#,
            "call_id",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function_call","call_id":7,"name":"f","arguments":"{}"}"#,
            "call_id",
            "invalid_type",
        ),
        (
            r#"{"type":"function_call","call_id":"x","arguments":"{}"}"#,
            "name",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function_call","call_id":"x","name":"","arguments":"{}"}"#,
            "name",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function_call","call_id":"x","name":"f","namespace":1,"arguments":"{}"}"#,
            "namespace",
            "invalid_type",
        ),
        (
            r#"{"type":"custom_tool_call","call_id":"x","name":"f"}"#,
            "input",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function_call_output","call_id":"a"}"#,
            "output",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"function_call_output","call_id":"a","output":{"x":1}}"#,
            "output",
            "invalid_type",
        ),
        (
            r#"{"type":"function_call_output","call_id":"a","output":[{"type":"x"}]}"#,
            "output[0].type",
            "invalid_value",
        ),
        (
            r#"{"type":"function_call_output","call_id":"?","output":"x"}"#,
            "call_id",
            "invalid_value",
        ),
        (
            r#"{"type":"function_call_output","output":"x"}"#,
            "call_id",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"reasoning","encrypted_content":7}"#,
            "encrypted_content",
            "invalid_type",
        ),
        (
            r#"{"type":"image_generation_call","result":"é"}"#,
            "result",
            "invalid_value",
        ),
        (
            r#"{"type":"item_reference","id":"msg_1"}"#,
            "id",
            "unsupported_value",
        ),
        (
            r#"{"type":"item_reference"}"#,
            "id",
            "missing_required_parameter",
        ),
        (
            r#"{"type":"compaction","encrypted_content":"x"}"#,
            "type",
            "unsupported_value",
        ),
        (
            r#"{"type":"computer_call_output","call_id":"x","output":{"type":"computer_screenshot"}}"#,
            "type",
            "unsupported_value",
        ),
        (
            r#"{"type":"shell_call_output","call_id":"x","output":[{"stdout":"x"}]}"#,
            "type",
            "unsupported_value",
        ),
        (
            r#"{"type":"tool_search_call","arguments":{"q":1}}"#,
            "type",
            "unsupported_value",
        ),
    ] {
        let error = read(&format!("[{call},{item}]"), |_| ()).unwrap_err();
        assert_eq!(
            error.param.as_deref(),
            Some(&*format!("input[1].{path}")),
            "{item}: {error}"
        );
        assert_eq!(error.code, Some(code), "{item}: {error}");
    }
}

#[test]
fn more_images_than_the_limit_are_refused() {
    let image = r#"{"type":"input_image","image_url":"data:image/png;base64,AA=="}"#;
    let items = |count: usize| {
        format!(
            r#"[{{"role":"user","content":[{}]}}]"#,
            vec![image; count].join(",")
        )
    };
    assert!(read(&items(64), |_| ()).is_ok());
    let error = read(&items(65), |_| ()).unwrap_err();
    assert_eq!(error.param.as_deref(), Some("input[0].content[64]"));
}

#[test]
fn a_large_image_is_borrowed_from_the_body() {
    use crate::gemini::request::Data;
    use std::borrow::Cow;

    let image = "A".repeat(1 << 20);
    let items = format!(
        r#"[{{"role":"user","content":[{{"type":"input_image","image_url":"data:image/png;base64,{image}"}}]}},
            {{"type":"function_call","call_id":"a","name":"f","arguments":"{{}}"}},
            {{"type":"function_call_output","call_id":"a","output":[{{"type":"input_image","image_url":"data:image/png;base64,{image}"}}]}}]"#
    );
    let borrowed = read(&items, |draft| {
        let first = &draft.turns[0].parts[0].data;
        let Data::FunctionResponse(response) = &draft.turns[2].parts[0].data else {
            panic!("a result");
        };
        matches!(first, Data::InlineData(blob) if matches!(blob.data, Cow::Borrowed(_)))
            && matches!(response.parts[0].inline_data.data, Cow::Borrowed(_))
    });
    assert_eq!(borrowed, Ok(true));
}
