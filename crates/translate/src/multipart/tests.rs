//! Forms, whole: what real clients send, what is refused, and properties of any bytes.

use proptest::prelude::*;

use super::*;
use crate::InvalidRequest;

const TYPE: &str = "multipart/form-data; boundary=4d2c";

/// What Python's httpx sends for openai's SDK, shortened.
const HTTPX: &[u8] = b"--4d2c\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-1\r\n\
--4d2c\r\nContent-Disposition: form-data; name=\"include[]\"\r\n\r\nlogprobs\r\n\
--4d2c\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/x-wav\r\n\r\nRIFF\r\n--4d2\r\n\r\n\
\r\n--4d2c--\r\n";

fn names<'a>(form: &Form<'a>, name: &str) -> Vec<(String, &'a [u8])> {
    form.all(name)
        .map(|part| (part.name.to_string(), part.bytes))
        .collect()
}

#[test]
fn reads_what_pythons_sdk_sends() {
    let form = Form::parse(TYPE, HTTPX).unwrap();
    assert_eq!(form.text("model"), Ok(Some("whisper-1")));
    assert_eq!(form.text("prompt"), Ok(None));
    let include = ("include[]".to_owned(), &b"logprobs"[..]);
    assert_eq!(names(&form, "include"), [include]);
    let file = form.one("file").unwrap().unwrap();
    assert_eq!(file.filename.as_deref(), Some("a.wav"));
    assert_eq!(file.content_type, Some("audio/x-wav"));
    assert_eq!(file.bytes, b"RIFF\r\n--4d2\r\n\r\n");
}

#[test]
fn borrows_files_from_the_body() {
    let form = Form::parse(TYPE, HTTPX).unwrap();
    let file = form.one("file").unwrap().unwrap();
    assert!(HTTPX.as_ptr_range().contains(&file.bytes.as_ptr()));
}

#[test]
fn tolerates_a_leading_line_padding_and_an_epilogue() {
    let body =
        b"\r\n--4d2c \t\r\ncontent-disposition: form-data; name=a\r\n\r\n\r\n--4d2c--\r\nbye";
    let form = Form::parse(TYPE, body).unwrap();
    assert_eq!(form.text("a"), Ok(None), "empty is not given");
    assert_eq!(form.one("a").unwrap().unwrap().bytes, b"");
    assert!(
        Form::parse(TYPE, b"--4d2c--")
            .unwrap()
            .one("a")
            .unwrap()
            .is_none()
    );
}

#[test]
fn refuses_bodies_that_are_broken_or_ambiguous() {
    let part = "Content-Disposition: form-data; name=a";
    let many_headers = format!(
        "--4d2c\r\n{part}\r\n{}\r\nv\r\n--4d2c--",
        "X: y\r\n".repeat(16)
    );
    let long_header = format!(
        "--4d2c\r\n{part}\r\nX: {}\r\n\r\nv\r\n--4d2c--",
        "y".repeat(8192)
    );
    let many_parts = format!(
        "--4d2c{}--",
        format!("\r\n{part}\r\n\r\nv\r\n--4d2c").repeat(129)
    );
    for (body, problem) in [
        ("", "does not begin with its boundary"),
        ("--4d2", "does not begin"),
        ("hello\r\n--4d2c--", "does not begin"),
        ("--4d2c", "ends before its last boundary"),
        ("--4d2c\r\n", "ends inside the headers"),
        (&format!("--4d2c\r\n{part}"), "ends inside the headers"),
        (
            &format!("--4d2c\r\n{part}\r\n\r\nv"),
            "ends before its last boundary",
        ),
        (
            &format!("--4d2c\r\n{part}\r\n\r\nv\r\n--4d2c"),
            "ends before its last boundary",
        ),
        (
            &format!("--4d2c\n{part}\n\nv\n--4d2c--"),
            "its line goes on",
        ),
        (
            &format!("--4d2c\r\n{part}\r\n\r\nv\r\n--4d2cX\r\n--4d2c--"),
            "its line goes on",
        ),
        (
            "--4d2c\r\n\r\nv\r\n--4d2c--",
            "without a `Content-Disposition",
        ),
        (
            "--4d2c\r\nX: y\r\n\r\nv\r\n--4d2c--",
            "without a `Content-Disposition",
        ),
        (
            "--4d2c\r\nContent-Disposition: attachment\r\n\r\nv\r\n--4d2c--",
            "without a `Content-Disposition",
        ),
        (
            "--4d2c\r\nContent-Disposition: form-data\r\n\r\nv\r\n--4d2c--",
            "without a `name`",
        ),
        (
            "--4d2c\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nv\r\n--4d2c--",
            "without a `name`",
        ),
        (
            &format!("--4d2c\r\n{part}\r\n folded\r\n\r\nv\r\n--4d2c--"),
            "not a header",
        ),
        (
            &format!("--4d2c\r\n{part}\r\nX : y\r\n\r\nv\r\n--4d2c--"),
            "not a header",
        ),
        (
            &format!("--4d2c\r\n{part}\nX: y\r\n\r\nv\r\n--4d2c--"),
            "not a header",
        ),
        (
            &format!("--4d2c\r\n{part}\r\n{part}\r\n\r\nv\r\n--4d2c--"),
            "same header twice",
        ),
        (
            &format!("--4d2c\r\n{part}\r\nContent-Transfer-Encoding: base64\r\n\r\nv\r\n--4d2c--"),
            "transfer encoding",
        ),
        (&many_headers, "more than 16 headers"),
        (&long_header, "headers are too long"),
        (&many_parts, "more than 128 parts"),
    ] {
        let error = InvalidRequest::from(Form::parse(TYPE, body.as_bytes()).unwrap_err());
        assert!(error.message.contains(problem), "{body:.90}: {error}");
        assert_eq!(error.param, None);
    }
    let error = Form::parse(TYPE, b"--4d2c\r\n\xff: y\r\n\r\nv\r\n--4d2c--").unwrap_err();
    assert!(InvalidRequest::from(error).message.contains("not UTF-8"));
}

#[test]
fn a_form_cut_anywhere_is_refused() {
    let last_boundary = HTTPX.len() - b"--\r\n".len();
    for end in 0..=last_boundary + 1 {
        assert!(Form::parse(TYPE, &HTTPX[..end]).is_err(), "cut at {end}");
    }
    assert!(Form::parse(TYPE, &HTTPX[..last_boundary + 2]).is_ok());
}

fn body(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in parts {
        let head = format!("--4d2c\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--4d2c--\r\n");
    body
}

#[test]
fn reads_types_as_json_would() {
    let body = body(&[
        ("n", b"2"),
        ("temperature", b"0.5"),
        ("stream", b"True"),
        ("empty", b""),
    ]);
    let form = Form::parse(TYPE, &body).unwrap();
    assert_eq!(form.integer("n"), Ok(Some(2)));
    assert_eq!(form.number("n"), Ok(Some(2.0)));
    assert_eq!(form.number("temperature"), Ok(Some(0.5)));
    assert_eq!(form.boolean("stream"), Ok(Some(true)));
    assert_eq!(form.integer("empty"), Ok(None));
    assert_eq!(form.boolean("absent"), Ok(None));
}

#[test]
fn refuses_nonsense_by_the_name_of_the_field() {
    let body = body(&[
        ("n", b"two"),
        ("float", b"1.5"),
        ("nan", b"NaN"),
        ("huge", b"1e999"),
        ("stream", b"yes"),
        ("bytes", b"\xff\xfe"),
        ("twice", b"1"),
        ("twice", b"1"),
    ]);
    let form = Form::parse(TYPE, &body).unwrap();
    let check = |refusal: Refusal, param: &str, code: &str| {
        let error = InvalidRequest::from(refusal);
        assert_eq!(
            (error.param.as_deref(), error.code),
            (Some(param), Some(code))
        );
    };
    use crate::invalid_request::Refusal;
    check(form.integer("n").unwrap_err(), "n", "invalid_type");
    check(form.integer("float").unwrap_err(), "float", "invalid_type");
    check(form.number("nan").unwrap_err(), "nan", "invalid_type");
    check(form.number("huge").unwrap_err(), "huge", "invalid_type");
    check(
        form.boolean("stream").unwrap_err(),
        "stream",
        "invalid_type",
    );
    check(form.text("bytes").unwrap_err(), "bytes", "invalid_value");
    check(form.text("twice").unwrap_err(), "twice", "invalid_value");
}

#[test]
fn lists_come_with_and_without_brackets() {
    let body = body(&[
        ("image", b"1"),
        ("image[]", b"2"),
        ("image[1]", b"3"),
        ("image[x]", b"4"),
        ("images", b"5"),
        ("svg[model]", b"6"),
    ]);
    let form = Form::parse(TYPE, &body).unwrap();
    let found: Vec<&[u8]> = form.all("image").map(|part| part.bytes).collect();
    assert_eq!(found, [b"1", b"2", b"3"]);
    assert!(form.mentions("svg") && form.mentions("images") && !form.mentions("sv"));
}

proptest! {
    /// No bytes make it panic, with or without a boundary in front.
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Form::parse(TYPE, &bytes);
        let mut begun = b"--4d2c\r\nContent-Disposition: form-data; name=a".to_vec();
        begun.extend_from_slice(&bytes);
        let _ = Form::parse(TYPE, &begun);
    }

    /// Pieces of real syntax in any order.
    #[test]
    fn any_pieces_of_syntax_are_read_or_refused(pieces in prop::collection::vec(
        prop::sample::select(vec![
            "--4d2c", "--4d2c--", "\r\n", "\r", "\n", ":", ";", "\"", "\\", "=", "name", "filename",
            "Content-Disposition", "form-data", " ", "a", "\0", "é",
        ]), 0..60)) {
        let _ = Form::parse(TYPE, pieces.concat().as_bytes());
    }

    /// What is written is what is read, whatever is in it.
    #[test]
    fn content_survives(parts in prop::collection::vec(
        ("[a-z]{1,8}", prop::collection::vec(any::<u8>(), 0..80)), 0..9)) {
        let parts: Vec<(&str, &[u8])> =
            parts.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        prop_assume!(parts.iter().all(|(_, bytes)|
            memchr::memmem::find(bytes, b"\r\n--4d2c").is_none()));
        let body = body(&parts);
        let form = Form::parse(TYPE, &body).unwrap();
        for (name, _) in &parts {
            let expected: Vec<&[u8]> = parts
                .iter()
                .filter(|(other, _)| other == name)
                .map(|(_, bytes)| *bytes)
                .collect();
            let found: Vec<&[u8]> = form.all(name).map(|part| part.bytes).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
