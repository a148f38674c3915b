//! Results of tools by rule.

use super::turns;

/// The user's parts that `blocks` become, after a call `a` of `f` and a call `b` of `g`.
fn result_parts(blocks: &str) -> String {
    let turns = turns(&format!(
        r#"{{"role":"assistant","content":[{{"type":"tool_use","id":"a","name":"f","input":{{}}}},{{"type":"tool_use","id":"b","name":"g","input":{{}}}}]}},
           {{"role":"user","content":[{blocks}]}}"#
    ));
    let (_, parts) = turns.split_once(r#"{"role":"user","parts":"#).unwrap();
    parts.strip_suffix("}]").unwrap().to_owned()
}

/// The function response that a result of `fields` becomes, from its `response` on.
fn response(fields: &str) -> String {
    let parts = result_parts(&format!(
        r#"{{"type":"tool_result","tool_use_id":"a"{fields}}}"#
    ));
    let head = r#"[{"functionResponse":{"id":"a","name":"f","response":"#;
    let rest = parts.strip_prefix(head).unwrap();
    rest.strip_suffix("}}]").unwrap().to_owned()
}

#[test]
fn a_result_is_an_object_with_the_name_of_its_call_m6_m8() {
    for (fields, expected) in [
        ("", r#"{"result":""}"#),
        (r#","content":null"#, r#"{"result":""}"#),
        (r#","content":"""#, r#"{"result":""}"#),
        (r#","content":[]"#, r#"{"result":""}"#),
        (r#","content":"sunny""#, r#"{"result":"sunny"}"#),
        (r#","content":"{\"t\":20.50}""#, r#"{"t":20.50}"#),
        (
            r#","content":[{"type":"text","text":"[1]"}]"#,
            r#"{"result":[1]}"#,
        ),
        (
            r#","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]"#,
            r#"{"result":"a\nb"}"#,
        ),
        (r#","content":"no","is_error":false"#, r#"{"result":"no"}"#),
        (r#","content":"no","is_error":true"#, r#"{"error":"no"}"#),
        (r#","is_error":true"#, r#"{"error":""}"#),
        (
            r#","content":[{"type":"tool_reference","tool_name":"get_weather"}]"#,
            r#"{"result":"tool: get_weather"}"#,
        ),
        (
            r#","content":[{"type":"search_result","title":"T","source":"https://a","content":[{"type":"text","text":"x"}]}]"#,
            r#"{"result":"T\nhttps://a\nx"}"#,
        ),
        (
            r#","content":[{"type":"document","title":"T","source":{"type":"text","media_type":"text/plain","data":"x"}}]"#,
            r#"{"result":"T\n\nx"}"#,
        ),
    ] {
        assert_eq!(response(fields), expected, "{fields}");
    }
}

#[test]
fn images_and_documents_go_with_the_result_p9() {
    assert_eq!(
        response(
            r#","content":[{"type":"text","text":"see"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
                {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}}]"#
        ),
        r#"{"result":"see"},"parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}},{"inlineData":{"mimeType":"application/pdf","data":"BBBB"}}]"#
    );
}

#[test]
fn what_only_has_an_address_follows_the_results_p9() {
    assert_eq!(
        result_parts(
            r#"{"type":"text","text":"Look:"},
               {"type":"tool_result","tool_use_id":"b","content":[{"type":"image","source":{"type":"url","url":"https://example.com/a.png"}}]},
               {"type":"tool_result","tool_use_id":"a","content":"x"},
               {"type":"text","text":"Well?"}"#
        ),
        r#"[{"functionResponse":{"id":"b","name":"g","response":{}}},{"functionResponse":{"id":"a","name":"f","response":{"result":"x"}}},{"text":"Look:"},{"fileData":{"mimeType":"image/png","fileUri":"https://example.com/a.png"}},{"text":"Well?"}]"#
    );
}
