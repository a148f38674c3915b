//! Speech by rule: what is asked of Gemini, what is refused, and what becomes of answers.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::*;
use crate::{
    AnswerMeta, Exchange, Features, InvalidRequest, Method, Signing, Target, UnaryAnswer,
    UpstreamFault, compatibility::fields_of, gemini::request::Modality, recorded::recorded, wav,
};

const MODEL: &str = "gemini-2.5-flash-preview-tts";

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "fallback".to_owned(),
        created_unix_s: 7,
        model: "tts-1".to_owned(),
    }
}

fn body(fields: &str) -> String {
    format!(r#"{{"model":"tts-1","input":"Hello.","voice":"alloy"{fields}}}"#)
}

fn contents(body: &str) -> Result<Value, InvalidRequest> {
    let model = MODEL.parse().unwrap();
    let plan = SpeechRequest::parse(body.as_bytes())?.plan(&Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    })?;
    assert_eq!((plan.method, plan.bodies.len()), (Method::Generate, 1));
    let sent: Value = serde_json::from_slice(&plan.bodies[0]).unwrap();
    assert!(sent.get("systemInstruction").is_none());
    Ok(sent["contents"].clone())
}

#[test]
fn text_is_spoken_by_geminis_voice_6_4() {
    for (voice, expected) in [
        (r#""alloy""#, "Kore"),
        (r#""Puck""#, "Puck"),
        (r#""zephyr""#, "Zephyr"),
        (r#""Betelgeuse""#, "Betelgeuse"),
    ] {
        let body =
            format!(r#"{{"model":"m","input":"x","voice":{voice},"speed":1.25,"user":"u"}}"#);
        let request = SpeechRequest::parse(body.as_bytes()).unwrap();
        let draft = request.draft().unwrap();
        assert_eq!(draft.voice.as_deref(), Some(expected));
        assert_eq!(draft.modalities, [Modality::Audio]);
    }
}

#[test]
fn instructions_go_before_the_text_6_4() {
    for (fields, text) in [
        ("", "Hello."),
        (r#","instructions":null"#, "Hello."),
        (r#","instructions":"  ""#, "Hello."),
        (
            r#","instructions":"Say cheerfully""#,
            "Say cheerfully: Hello.",
        ),
        (
            r#","instructions":"Speak slowly. ""#,
            "Speak slowly: Hello.",
        ),
        (r#","instructions":"Whisper:""#, "Whisper: Hello."),
    ] {
        let expected = json!([{"role":"user","parts":[{"text":text}]}]);
        assert_eq!(contents(&body(fields)).unwrap(), expected, "{fields}");
    }
}

#[test]
fn nonsense_is_refused_by_the_name_of_the_field() {
    for (body, param, code, wording) in [
        ("", None, "invalid_json", "not valid JSON"),
        (
            r#"{"input":"x","voice":"alloy"}"#,
            Some("model"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":"m","voice":"alloy"}"#,
            Some("input"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":"m","voice":"alloy","input":" "}"#,
            Some("input"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":"m","voice":"alloy","input":["x"]}"#,
            Some("input"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"m","input":"x"}"#,
            Some("voice"),
            "missing_required_parameter",
            "`alloy`",
        ),
        (
            r#"{"model":"m","input":"x","voice":"two words"}"#,
            Some("voice"),
            "invalid_value",
            "not the name of a voice",
        ),
        (
            r#"{"model":"m","input":"x","voice":{"id":"voice_1"}}"#,
            Some("voice"),
            "unsupported_value",
            "custom voices",
        ),
        (
            r#"{"model":"m","input":"x","voice":7}"#,
            Some("voice"),
            "invalid_type",
            "a string or an object",
        ),
        (
            &body(r#","model":7"#),
            Some("model"),
            "invalid_value",
            "given twice",
        ),
        (
            &body(r#","instructions":7"#),
            Some("instructions"),
            "invalid_type",
            "a string",
        ),
        (
            &body(r#","speed":0.2"#),
            Some("speed"),
            "invalid_value",
            "between 0.25 and 4",
        ),
        (
            &body(r#","speed":4.1"#),
            Some("speed"),
            "invalid_value",
            "between 0.25 and 4",
        ),
        (
            &body(r#","speed":"fast""#),
            Some("speed"),
            "invalid_type",
            "a number",
        ),
        (
            &body(r#","response_format":"mp3""#),
            Some("response_format"),
            "unsupported_value",
            "use `wav` or `pcm`",
        ),
        (
            &body(r#","response_format":"opus""#),
            Some("response_format"),
            "unsupported_value",
            "`opus`",
        ),
        (
            &body(r#","response_format":"aac""#),
            Some("response_format"),
            "unsupported_value",
            "`aac`",
        ),
        (
            &body(r#","response_format":"flac""#),
            Some("response_format"),
            "unsupported_value",
            "`flac`",
        ),
        (
            &body(r#","response_format":"midi""#),
            Some("response_format"),
            "invalid_value",
            "unknown format",
        ),
        (
            &body(r#","response_format":1"#),
            Some("response_format"),
            "invalid_type",
            "a string",
        ),
        (
            &body(r#","stream_format":"ws""#),
            Some("stream_format"),
            "invalid_value",
            "`audio` or `sse`",
        ),
        (
            &body(r#","stream_format":true"#),
            Some("stream_format"),
            "invalid_type",
            "a string",
        ),
    ] {
        let error = contents(body).unwrap_err();
        assert_eq!(error.param.as_deref(), param, "{body}: {error}");
        assert_eq!(error.code, Some(code), "{body}: {error}");
        assert!(error.message.contains(wording), "{body}: {error}");
    }
}

fn render(fields: &str, answer: &str) -> Result<UnaryAnswer, UpstreamFault> {
    let body = body(fields);
    SpeechRequest::parse(body.as_bytes())
        .unwrap()
        .render(&[answer.as_bytes()], &meta())
}

fn spoken(mime_type: &str, pieces: &[&[u8]], reason: &str) -> String {
    let parts: Vec<Value> = pieces
        .iter()
        .map(|piece| json!({"inlineData":{"mimeType":mime_type,"data":STANDARD.encode(piece)}}))
        .collect();
    json!({
        "candidates":[{"content":{"parts":parts},"finishReason":reason}],
        "usageMetadata":{"promptTokenCount":11,"candidatesTokenCount":111,"totalTokenCount":122,
            "candidatesTokensDetails":[{"modality":"AUDIO","tokenCount":111}]},
    })
    .to_string()
}

const L16: &str = "audio/L16;codec=pcm;rate=24000";

#[test]
fn unasked_a_wav_file_is_given_6_4() {
    let upstream = spoken(L16, &[b"\x01\x00\x02", b"\x00\x03\x00"], "STOP");
    for fields in [
        "",
        r#","response_format":null"#,
        r#","response_format":"wav""#,
    ] {
        let answer = render(fields, &upstream).unwrap();
        assert_eq!(answer.content_type, "audio/wav");
        assert_eq!(answer.body[..44], wav::header(Some(6), 24_000));
        assert_eq!(answer.body[44..], *b"\x01\x00\x02\x00\x03\x00");
        assert!(!answer.empty);
        assert_eq!(
            (
                answer.usage.total_tokens,
                answer.usage.completion_audio_tokens
            ),
            (122, 111)
        );
    }
}

#[test]
fn the_rate_is_geminis_6_4() {
    let upstream = spoken("audio/L16;codec=pcm;rate=48000", &[b"ab"], "STOP");
    assert_eq!(
        render("", &upstream).unwrap().body[..44],
        wav::header(Some(2), 48_000)
    );
}

#[test]
fn pcm_is_bare_samples_6_4() {
    let upstream = spoken(L16, &[b"ab", b"cd"], "STOP");
    let answer = render(r#","response_format":"pcm""#, &upstream).unwrap();
    assert_eq!(
        (answer.body.as_slice(), answer.content_type),
        (&b"abcd"[..], "audio/pcm")
    );
}

#[test]
fn sound_with_a_header_of_its_own_is_passed_on_or_refused() {
    let wav = spoken("audio/wav", &[b"RIFF"], "STOP");
    assert_eq!(render("", &wav).unwrap().body, b"RIFF");
    let mp3 = spoken("audio/mp3", &[b"ID3"], "STOP");
    for (fields, upstream) in [("", &mp3), (r#","response_format":"pcm""#, &wav)] {
        let fault = render(fields, upstream).unwrap_err();
        assert!(
            matches!(fault, UpstreamFault::Unusable { reason, .. } if reason == "unsupported_output")
        );
    }
}

#[test]
fn an_answer_without_sound_is_a_fault_6_4() {
    let reason = |upstream: &str| match render("", upstream).unwrap_err() {
        UpstreamFault::Unusable { reason, .. } => reason,
        UpstreamFault::Empty => "empty".to_owned(),
        other => format!("{other:?}"),
    };
    for (upstream, expected) in [
        (r#"{"candidates":[{"finishReason":"OTHER"}]}"#, "empty"),
        (
            r#"{"candidates":[{"finishReason":"OTHER","finishMessage":"Internal."}]}"#,
            "other",
        ),
        (r#"{"candidates":[{"finishReason":"STOP"}]}"#, "empty"),
        (r#"{}"#, "empty"),
        (
            r#"{"candidates":[{"content":{"parts":[{"text":"I see."}]},"finishReason":"STOP"}]}"#,
            "no_sound",
        ),
        (
            r#"{"candidates":[{"finishReason":"SAFETY"}]}"#,
            "content_policy_violation",
        ),
        (
            r#"{"promptFeedback":{"blockReason":"OTHER"}}"#,
            "content_policy_violation",
        ),
        (
            r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16","data":"?"}}]},"finishReason":"STOP"}]}"#,
            "Malformed",
        ),
        (&spoken(L16, &[b"ab"], "MAX_TOKENS"), "max_tokens"),
        (r#"{"candidates":["#, "Truncated"),
    ] {
        assert_eq!(reason(upstream), expected, "{upstream}");
    }
}

#[test]
fn sound_is_given_although_gemini_does_not_explain_its_end() {
    assert_eq!(
        render("", &spoken(L16, &[b"ab"], "OTHER"))
            .unwrap()
            .body
            .len(),
        46
    );
}

fn run<'a>(
    fields: &str,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> (String, Result<(), UpstreamFault>) {
    let body = body(fields);
    let request = SpeechRequest::parse(body.as_bytes()).unwrap();
    assert!(request.streams());
    let mut stream = request.stream_translator(&meta()).unwrap();
    let mut out = Vec::new();
    let result = pieces
        .into_iter()
        .try_for_each(|piece| stream.push(piece, &mut out))
        .and_then(|()| stream.finish(&mut out));
    (String::from_utf8(out).unwrap(), result)
}

fn outcome(fields: &str, events: &[&str]) -> (String, Result<(), UpstreamFault>) {
    let input: String = events
        .iter()
        .map(|event| format!("data: {event}\r\n\r\n"))
        .collect();
    let bytes = input.as_bytes();
    let whole = run(fields, [bytes]);
    assert_eq!(run(fields, bytes.chunks(1)), whole, "byte by byte");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(run(fields, [left, right]), whole, "split at {at}");
    }
    whole
}

const PIECES: [&str; 3] = [
    r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"YWI="}}]}}]}"#,
    r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"audio/L16;codec=pcm;rate=24000","data":"Y2RlZg=="}}]}}]}"#,
    r#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":2,"candidatesTokenCount":3,"totalTokenCount":5}}"#,
];

#[test]
fn pieces_stream_as_events() {
    let (out, result) = outcome(r#","stream_format":"sse","response_format":"pcm""#, &PIECES);
    assert_eq!(result, Ok(()));
    insta::assert_snapshot!(out.replace("\n\n", "\n"), @r#"
    event: speech.audio.delta
    data: {"type":"speech.audio.delta","audio":"YWJjZGVm"}
    event: speech.audio.done
    data: {"type":"speech.audio.done","usage":{"input_tokens":2,"output_tokens":3,"total_tokens":5}}
    "#);
    let (out, _) = outcome(r#","stream_format":"sse""#, &PIECES);
    let audio: Vec<u8> = out
        .lines()
        .filter_map(|line| line.strip_prefix("data: "))
        .map(|data| serde_json::from_str::<Value>(data).unwrap())
        .filter_map(|data| Some(STANDARD.decode(data["audio"].as_str()?).unwrap()))
        .flatten()
        .collect();
    assert_eq!(audio[..44], wav::header(None, 24_000));
    assert_eq!(audio[44..], *b"abcdef");
}

#[test]
fn a_stream_without_all_of_the_sound_does_not_look_whole() {
    let sse = r#","stream_format":"sse""#;
    let cut = PIECES[2].replace("STOP", "MAX_TOKENS");
    let filtered = PIECES[2].replace("STOP", "PROHIBITED_CONTENT");
    for (events, code) in [
        (vec![PIECES[0], &cut], "max_tokens"),
        (vec![PIECES[0], &filtered], "content_policy_violation"),
        (vec![&filtered], "content_policy_violation"),
        (
            vec![r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#],
            "content_policy_violation",
        ),
        (
            vec![
                r#"{"candidates":[{"content":{"parts":[{"text":"Hm."}]},"finishReason":"STOP"}]}"#,
            ],
            "no_sound",
        ),
    ] {
        let (out, _) = outcome(sse, &events);
        assert!(
            out.contains("event: error\n") && !out.contains("speech.audio.done"),
            "{out}"
        );
        assert!(
            out.contains(&format!(r#""code":"{code}""#)),
            "{code}: {out}"
        );
    }
    assert_eq!(outcome(sse, &PIECES[..2]).1, Err(UpstreamFault::Truncated));
    assert_eq!(
        outcome(sse, &[r#"{"candidates":[{"finishReason":"STOP"}]}"#]).1,
        Err(UpstreamFault::Empty)
    );
}

#[test]
fn a_recorded_answer_becomes_a_wav_file() {
    let Some(upstream) = recorded("tts_2_5_flash_preview.json") else {
        return;
    };
    let upstream = String::from_utf8(upstream).unwrap();
    let wav = render("", &upstream).unwrap();
    let pcm = render(r#","response_format":"pcm""#, &upstream).unwrap();
    assert_eq!(wav.body[44..], pcm.body);
    assert_eq!(wav.body.len() % 2, 0);
    assert_eq!(wav.usage.total_tokens, 122);
}

#[test]
fn the_policy_names_every_field_that_is_read() {
    let names: Vec<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
    for field in fields_of::<request::Fields<'_>>() {
        assert!(names.contains(field), "{field}");
    }
}
