//! Bodies and the resources in them.

use super::*;

const FILES: &str = "https://generativelanguage.googleapis.com/v1beta/files/";

fn found(body: &str) -> Vec<String> {
    resources_in(body.as_bytes()).unwrap()
}

#[test]
fn files_and_caches_are_found_wherever_gemini_would_look_for_them_u12() {
    for (body, expected) in [
        (
            format!(r#"{{"contents":[{{"parts":[{{"fileData":{{"fileUri":"{FILES}abc"}}}}]}}]}}"#),
            vec!["files/abc"],
        ),
        (
            format!(r#"{{"contents":{{"parts":{{"file_data":{{"file_uri":"{FILES}abc?x#y"}}}}}}}}"#),
            vec!["files/abc"],
        ),
        (
            r#"{"cachedContent":"cachedContents/x","contents":[{"parts":[{"fileData":{"fileUri":"files/a"}},{"fileData":{"fileUri":"files/a"}}]}]}"#.to_owned(),
            vec!["cachedContents/x", "files/a"],
        ),
        (r#"{"cached_content":"cachedContents/x"}"#.to_owned(), vec!["cachedContents/x"]),
        (
            r#"{"batch":{"inputConfig":{"fileName":"files/jsonl"}}}"#.to_owned(),
            vec!["files/jsonl"],
        ),
        (
            r#"{"contents":[{"parts":[{"functionResponse":{"response":{"fileUri":"no"},"parts":[{"fileData":{"fileUri":"files/r"}}]}}]}]}"#.to_owned(),
            vec!["files/r"],
        ),
        (
            r#"{"generateContentRequest":{"systemInstruction":{"parts":[{"fileData":{"fileUri":"HTTPS://GenerativeLanguage.googleapis.com/v1/files/b"}}]}}}"#.to_owned(),
            vec!["files/b"],
        ),
    ] {
        assert_eq!(found(&body), expected, "{body}");
    }
}

#[test]
fn no_spelling_hides_a_resource_sec016() {
    for body in [
        r#"{"file\u0055ri":"files/abc"}"#,
        r#"{"\u0066ileUri":"files\/abc"}"#,
        r#"{"fileUri":"\u0066iles/abc"}"#,
        r#"{"fileUri":"https:\/\/generativelanguage.googleapis.com\/v1beta\/files\/abc"}"#,
        r#"{"a":{"a":[[{"fileUri":"files/abc"}]]},"fileUri":"files/abc"}"#,
        r#"{"fileUri":" files/abc "}"#,
    ] {
        assert_eq!(found(body), ["files/abc"], "{body}");
    }
    // Not in a form that anybody could have been given: it is told as it is, and unknown to all.
    for odd in [
        "https://generativelanguage.googleapis.com/v1beta/%66iles/abc",
        "https://generativelanguage.googleapis.com/v1beta/corpora/abc",
        "files/abc/../def",
        "corpora/x",
    ] {
        assert_eq!(found(&format!(r#"{{"fileUri":"{odd}"}}"#)), [odd]);
    }
}

#[test]
fn what_is_elsewhere_or_only_said_is_no_resource() {
    for body in [
        r#"{"contents":[{"parts":[{"text":"look at \"fileUri\": files/abc"}]}]}"#,
        r#"{"fileUri":"https://youtu.be/abc"}"#,
        r#"{"fileUri":"https://example.com/v1beta/files/abc"}"#,
        r#"{"fileUri":"gs://bucket/files/abc"}"#,
        r#"{"fileUri":null,"fileName":""}"#,
        r#"{"functionCall":{"name":"open","args":{"fileUri":"files/abc","cachedContent":1}}}"#,
        r#"{"functionDeclarations":[{"parameters":{"properties":{"fileUri":{"type":"STRING"}}}}]}"#,
        r#"{"responseJsonSchema":{"properties":{"file_name":"files/x"}}}"#,
    ] {
        assert_eq!(found(body), Vec::<String>::new(), "{body}");
    }
}

#[test]
fn what_cannot_be_read_or_is_too_much_is_refused() {
    let many: Vec<String> = (0..=MAX_RESOURCES)
        .map(|n| format!(r#"{{"fileUri":"files/{n}"}}"#))
        .collect();
    for body in [
        r#"{"fileUri":"files/a","#.to_owned(),
        r#"{"fileUri":7}"#.to_owned(),
        format!("[{}]", many.join(",")),
    ] {
        assert!(resources_in(body.as_bytes()).is_err(), "{body}");
    }
    assert_eq!(
        found(&format!("[{}]", many[1..].join(","))).len(),
        MAX_RESOURCES
    );
}
