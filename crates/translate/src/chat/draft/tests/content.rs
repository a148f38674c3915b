//! Content parts (P1–P10).

use super::{check_messages, with_draft};
use crate::gemini::request::Data;

/// What one part of a user's message becomes.
fn check_part(part: &str, expected: &str) {
    check_messages(
        &format!(r#"[{{"role":"user","content":[{part}]}}]"#),
        "[]",
        &format!(r#"[{{"role":"user","parts":[{expected}]}}]"#),
    );
}

#[test]
fn texts_stay_texts_p1() {
    check_part(r#"{"type":"text","text":"a\u00e9"}"#, r#"{"text":"aé"}"#);
}

#[test]
fn images_as_data_urls_become_inline_data_p2() {
    check_part(
        r#"{"type":"image_url","image_url":{"url":"data:image\/jpg;base64,\/9j\/4AAQ"}}"#,
        r#"{"inlineData":{"mimeType":"image/jpeg","data":"/9j/4AAQ"}}"#,
    );
}

#[test]
fn images_and_videos_by_address_are_left_to_google_p3_p4_p10() {
    for (kind, url, more, mime_type) in [
        (
            "image_url",
            "https://a.b/c.png?x=1",
            "",
            r#""mimeType":"image/png","#,
        ),
        (
            "image_url",
            "https://a.b/c",
            "",
            r#""mimeType":"image/jpeg","#,
        ),
        (
            "image_url",
            "https://a.b/c",
            r#","format":"image/webp""#,
            r#""mimeType":"image/webp","#,
        ),
        (
            "image_url",
            "gs://a/c.heic",
            "",
            r#""mimeType":"image/heic","#,
        ),
        (
            "video_url",
            "https://a.b/c.mov",
            "",
            r#""mimeType":"video/mov","#,
        ),
        (
            "video_url",
            "https://a.b/c",
            "",
            r#""mimeType":"video/mp4","#,
        ),
        ("video_url", "https://www.youtube.com/watch?v=a", "", ""),
        (
            "image_url",
            "https://generativelanguage.googleapis.com/v1beta/files/a",
            "",
            "",
        ),
    ] {
        check_part(
            &format!(r#"{{"type":"{kind}","{kind}":{{"url":"{url}"{more}}}}}"#),
            &format!(r#"{{"fileData":{{{mime_type}"fileUri":"{url}"}}}}"#),
        );
    }
}

#[test]
fn details_of_images_become_resolutions_p5() {
    for (detail, level) in [
        ("low", Some("LOW")),
        ("medium", Some("MEDIUM")),
        ("high", Some("HIGH")),
        ("original", Some("HIGH")),
        ("auto", None),
    ] {
        let resolution = level.map_or(String::new(), |level| {
            format!(r#","mediaResolution":{{"level":"MEDIA_RESOLUTION_{level}"}}"#)
        });
        check_part(
            &format!(
                r#"{{"type":"image_url","image_url":{{"url":"data:image/png;base64,AAAA","detail":"{detail}"}}}}"#
            ),
            &format!(r#"{{"inlineData":{{"mimeType":"image/png","data":"AAAA"}}{resolution}}}"#),
        );
    }
}

#[test]
fn sounds_become_inline_data_p6() {
    for (format, mime_type) in [
        ("wav", "audio/wav"),
        ("mp3", "audio/mp3"),
        ("aiff", "audio/aiff"),
        ("aac", "audio/aac"),
        ("ogg", "audio/ogg"),
        ("flac", "audio/flac"),
        ("m4a", "audio/m4a"),
        ("webm", "audio/webm"),
        ("opus", "audio/opus"),
    ] {
        for data in ["AAAA", "data:;base64,AAAA"] {
            check_part(
                &format!(
                    r#"{{"type":"input_audio","input_audio":{{"data":"{data}","format":"{format}"}}}}"#
                ),
                &format!(r#"{{"inlineData":{{"mimeType":"{mime_type}","data":"AAAA"}}}}"#),
            );
        }
    }
}

#[test]
fn files_become_inline_data_p7() {
    for (file, mime_type) in [
        (
            r#""file_data":"data:application/pdf;base64,AAAA","filename":"a.csv""#,
            "application/pdf",
        ),
        (
            r#""file_data":"data:application/octet-stream;base64,AAAA","filename":"a.csv""#,
            "text/csv",
        ),
        (r#""file_data":"AAAA","filename":"a.csv""#, "text/csv"),
        (r#""file_data":"AAAA","filename":"a""#, "application/pdf"),
        (r#""file_data":"AAAA""#, "application/pdf"),
        (
            r#""file_data":"AAAA","filename":"a.csv","format":"text/plain""#,
            "text/plain",
        ),
    ] {
        check_part(
            &format!(r#"{{"type":"file","file":{{{file}}}}}"#),
            &format!(r#"{{"inlineData":{{"mimeType":"{mime_type}","data":"AAAA"}}}}"#),
        );
    }
}

#[test]
fn files_of_gemini_and_by_address_are_named_p8() {
    const FILE: &str = "https://generativelanguage.googleapis.com/v1beta/files/abc";
    for (file, expected) in [
        (r#""file_id":"files/abc""#, format!(r#""fileUri":"{FILE}""#)),
        (
            r#""file_id":"files/abc","filename":"a.pdf""#,
            format!(r#""mimeType":"application/pdf","fileUri":"{FILE}""#),
        ),
        (
            r#""file_id":"https://a.b/c.mp4","format":"video/mp4""#,
            r#""mimeType":"video/mp4","fileUri":"https://a.b/c.mp4""#.to_owned(),
        ),
        (
            r#""file_data":"https://a.b/c""#,
            r#""mimeType":"application/pdf","fileUri":"https://a.b/c""#.to_owned(),
        ),
    ] {
        check_part(
            &format!(r#"{{"type":"file","file":{{{file}}}}}"#),
            &format!(r#"{{"fileData":{{{expected}}}}}"#),
        );
    }
}

#[test]
fn what_of_a_video_is_looked_at_is_passed_on_p10() {
    let metadata = r#"{"fps":0.50,"start_offset":"1.5s","endOffset":"10s"}"#;
    let expected = format!(
        r#"{{"fileData":{{"mimeType":"video/mp4","fileUri":"https://a.b/c.mp4"}},"videoMetadata":{metadata}}}"#
    );
    check_part(
        &format!(
            r#"{{"type":"video_url","video_url":{{"url":"https://a.b/c.mp4"}},"video_metadata":{metadata}}}"#
        ),
        &expected,
    );
    check_part(
        &format!(
            r#"{{"type":"file","file":{{"file_id":"https://a.b/c.mp4","video_metadata":{metadata}}}}}"#
        ),
        &expected,
    );
}

#[test]
fn a_large_image_is_not_copied() {
    let body = format!(
        r#"{{"model":"m","messages":[{{"role":"user","content":[{{"type":"image_url","image_url":{{"url":"data:image/png;base64,{}"}}}}]}}]}}"#,
        "A".repeat(1 << 16)
    );
    with_draft(&body, |draft| {
        let Data::InlineData(blob) = &draft.turns[0].parts[0].data else {
            panic!("not inline");
        };
        assert!(body.as_bytes().as_ptr_range().contains(&blob.data.as_ptr()));
    })
    .unwrap();
}
