//! Images, documents and search results by rule.

use super::parts;

fn check(block: &str, expected: &str) {
    assert_eq!(
        parts(&format!("[{block}]")),
        format!("[{expected}]"),
        "{block}"
    );
}

#[test]
fn images_become_data_p2_p3_p8() {
    for (source, expected) in [
        (
            r#"{"type":"base64","media_type":"image/jpeg","data":"AAAA"}"#,
            r#"{"inlineData":{"mimeType":"image/jpeg","data":"AAAA"}}"#,
        ),
        (
            r#"{"media_type":"image/JPG","data":"AA\nAA","type":"base64"}"#,
            r#"{"inlineData":{"mimeType":"image/jpeg","data":"AAAA"}}"#,
        ),
        (
            r#"{"type":"url","url":"https://example.com/a.webp"}"#,
            r#"{"fileData":{"mimeType":"image/webp","fileUri":"https://example.com/a.webp"}}"#,
        ),
        (
            r#"{"type":"url","url":"https://example.com/a"}"#,
            r#"{"fileData":{"mimeType":"image/jpeg","fileUri":"https://example.com/a"}}"#,
        ),
        (
            r#"{"type":"url","url":"data:image/png;base64,AAAA"}"#,
            r#"{"inlineData":{"mimeType":"image/png","data":"AAAA"}}"#,
        ),
        (
            r#"{"type":"file","file_id":"files/abc"}"#,
            r#"{"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}"#,
        ),
    ] {
        let block = format!(r#"{{"type":"image","transformations":{{}},"source":{source}}}"#);
        check(&block, expected);
    }
}

#[test]
fn documents_become_data_or_text_7_1() {
    for (source, expected) in [
        (
            r#"{"type":"base64","media_type":"application/pdf","data":"AAAA"}"#,
            r#"{"inlineData":{"mimeType":"application/pdf","data":"AAAA"}}"#,
        ),
        (
            r#"{"type":"url","url":"https://example.com/a"}"#,
            r#"{"fileData":{"mimeType":"application/pdf","fileUri":"https://example.com/a"}}"#,
        ),
        (
            r#"{"type":"file","file_id":"files/abc"}"#,
            r#"{"fileData":{"mimeType":"application/pdf","fileUri":"https://generativelanguage.googleapis.com/v1beta/files/abc"}}"#,
        ),
        (
            r#"{"type":"text","media_type":"text/plain","data":"Once"}"#,
            r#"{"text":"Once"}"#,
        ),
        (
            r#"{"type":"content","content":"Once"}"#,
            r#"{"text":"Once"}"#,
        ),
        (
            r#"{"type":"content","content":[{"type":"text","text":"Once"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]}"#,
            r#"{"text":"Once"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}"#,
        ),
    ] {
        check(
            &format!(r#"{{"type":"document","citations":{{"enabled":true}},"source":{source}}}"#),
            expected,
        );
    }
}

#[test]
fn title_and_context_go_before_a_document_7_1() {
    let source = r#""source":{"type":"text","media_type":"text/plain","data":"Once"}"#;
    for (fields, head) in [
        (r#""title":"Tale","context":"Old.","#, "Tale\\nOld.\\n"),
        (r#""title":"Tale","context":null,"#, "Tale\\n"),
        (r#""title":"","context":"Old.","#, "Old.\\n"),
    ] {
        check(
            &format!(r#"{{"type":"document",{fields}{source}}}"#),
            &format!(r#"{{"text":"{head}"}},{{"text":"Once"}}"#),
        );
    }
}

#[test]
fn search_results_become_text() {
    check(
        r#"{"type":"search_result","title":"T","source":"https://a","citations":{"enabled":true},
            "content":[{"type":"text","text":"x"},{"type":"text","text":"y"}]}"#,
        r#"{"text":"T\nhttps://a\nx\ny"}"#,
    );
}
