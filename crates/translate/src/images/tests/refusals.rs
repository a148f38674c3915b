//! How nonsense and impossible wishes are refused: by field, code and wording.

use super::*;

type Expected<'a> = (Option<&'a str>, &'a str, &'a str);

fn check(result: Result<Plan, InvalidRequest>, case: &str, (param, code, wording): Expected<'_>) {
    let error = result.unwrap_err();
    assert_eq!(error.param.as_deref(), param, "{case}: {error}");
    assert_eq!(error.code, Some(code), "{case}: {error}");
    assert!(error.message.contains(wording), "{case}: {error}");
}

#[test]
fn nonsense_in_json_is_refused_by_the_name_of_the_field() {
    for (body, expected) in [
        ("", (None, "invalid_json", "not valid JSON")),
        ("[]", (None, "invalid_type", "an object")),
        (
            r#"{"prompt":"p"}"#,
            (Some("model"), "missing_required_parameter", "required"),
        ),
        (
            r#"{"model":"","prompt":"p"}"#,
            (Some("model"), "missing_required_parameter", "required"),
        ),
        (
            r#"{"model":"m"}"#,
            (Some("prompt"), "missing_required_parameter", "required"),
        ),
        (
            r#"{"model":"m","prompt":"  "}"#,
            (Some("prompt"), "missing_required_parameter", "required"),
        ),
        (
            r#"{"model":"m","prompt":["p"]}"#,
            (Some("prompt"), "invalid_type", "a string"),
        ),
    ] {
        check(generate(GEMINI, body), body, expected);
    }
    for (field, value, code, wording) in [
        ("model", "7", "invalid_type", "a string"),
        ("n", "0", "invalid_value", "between 1 and 10"),
        ("n", "11", "invalid_value", "between 1 and 10"),
        ("n", "1.5", "invalid_type", "an integer"),
        ("n", "\"2\"", "invalid_type", "an integer"),
        ("size", "\"big\"", "invalid_value", "`1536x1024`"),
        ("size", "\"16:9\"", "invalid_value", "not a size"),
        ("size", "1024", "invalid_type", "a string"),
        ("quality", "\"ultra\"", "invalid_value", "unknown quality"),
        ("quality", "1", "invalid_type", "a string"),
        (
            "response_format",
            "\"png\"",
            "invalid_value",
            "`b64_json` or `url`",
        ),
        ("response_format", "{}", "invalid_type", "a string"),
        (
            "output_format",
            "\"bmp\"",
            "invalid_value",
            "`png` or `jpeg`",
        ),
        (
            "output_format",
            "\"webp\"",
            "unsupported_value",
            "PNG or JPEG",
        ),
        (
            "output_format",
            "\"gif\"",
            "unsupported_value",
            "PNG or JPEG",
        ),
        (
            "output_format",
            "\"svg\"",
            "unsupported_value",
            "PNG or JPEG",
        ),
        (
            "output_compression",
            "101",
            "invalid_value",
            "between 0 and 100",
        ),
        (
            "output_compression",
            "-1",
            "invalid_value",
            "between 0 and 100",
        ),
        ("output_compression", "\"80\"", "invalid_type", "an integer"),
        (
            "background",
            "\"transparent\"",
            "unsupported_value",
            "no transparent images",
        ),
        (
            "background",
            "\"blue\"",
            "invalid_value",
            "`auto` or `opaque`",
        ),
        ("moderation", "\"off\"", "invalid_value", "`auto` or `low`"),
        ("style", "\"bold\"", "invalid_value", "`vivid` or `natural`"),
        (
            "complexity",
            "\"max\"",
            "invalid_value",
            "`low` or `medium` or `high`",
        ),
        (
            "input_fidelity",
            "\"max\"",
            "invalid_value",
            "`low` or `high`",
        ),
        ("stream", "\"yes\"", "invalid_type", "a boolean"),
        ("partial_images", "4", "invalid_value", "between 0 and 3"),
        ("partial_images", "true", "invalid_type", "an integer"),
        ("frame_count", "2", "unsupported_parameter", "no animations"),
        ("svg", "{}", "unsupported_parameter", "no vector images"),
        ("mask", "\"x\"", "unsupported_parameter", "edits"),
        (
            "image",
            "\"x\"",
            "unsupported_parameter",
            "/v1/images/edits",
        ),
    ] {
        let body = if field == "model" {
            format!(r#"{{"prompt":"p","{field}":{value}}}"#)
        } else {
            format!(r#"{{"model":"m","prompt":"p","{field}":{value}}}"#)
        };
        let wording = if field == "mask" { "masks" } else { wording };
        check(generate(GEMINI, &body), &body, (Some(field), code, wording));
    }
    let body = r#"{"model":"m","prompt":"p","stream":true,"n":2}"#;
    check(
        generate(GEMINI, body),
        body,
        (Some("n"), "unsupported_value", "in a stream"),
    );
    let body = r#"{"model":"m","prompt":"p","stream":true}"#;
    let imagen = generate("imagen-4.0-generate-001", body);
    check(
        imagen,
        body,
        (Some("stream"), "unsupported_value", "Imagen"),
    );
}

#[test]
fn nonsense_in_a_form_is_refused_by_the_name_of_the_field() {
    let image: (&str, Option<&str>, &[u8]) = ("image", Some("a.png"), PNG);
    let model: (&str, Option<&str>, &[u8]) = ("model", None, b"m");
    let prompt: (&str, Option<&str>, &[u8]) = ("prompt", None, b"p");
    for (parts, expected) in [
        (
            vec![prompt, image],
            (Some("model"), "missing_required_parameter", "required"),
        ),
        (
            vec![model, image],
            (Some("prompt"), "missing_required_parameter", "required"),
        ),
        (
            vec![model, prompt],
            (Some("image"), "missing_required_parameter", "a file"),
        ),
        (
            vec![model, prompt, ("image", Some("a.png"), b"")],
            (Some("image"), "invalid_value", "empty file"),
        ),
        (
            vec![model, prompt, ("image", Some("a.txt"), b"hello")],
            (Some("image"), "invalid_value", "not an image"),
        ),
        (
            vec![model, prompt, image, ("image[]", Some("b"), b"hello")],
            (Some("image[]"), "invalid_value", "not an image"),
        ),
        (
            vec![model, prompt, image, ("mask", Some("m.png"), PNG)],
            (Some("mask"), "unsupported_parameter", "no masks"),
        ),
        (
            vec![model, prompt, image, ("markup", Some("m.png"), PNG)],
            (Some("markup"), "unsupported_parameter", "no overlays"),
        ),
        (
            vec![model, prompt, image, ("svg[model]", None, b"x")],
            (Some("svg"), "unsupported_parameter", "no vector"),
        ),
        (
            vec![model, prompt, image, ("n", None, b"two")],
            (Some("n"), "invalid_type", "an integer"),
        ),
        (
            vec![model, prompt, image, ("n", None, b"99")],
            (Some("n"), "invalid_value", "between 1 and 10"),
        ),
        (
            vec![model, prompt, image, ("stream", None, b"maybe")],
            (Some("stream"), "invalid_type", "`true` or `false`"),
        ),
        (
            vec![model, prompt, image, prompt],
            (Some("prompt"), "invalid_value", "given twice"),
        ),
        (
            vec![model, image, ("prompt", None, b"\xff")],
            (Some("prompt"), "invalid_value", "UTF-8"),
        ),
        (
            [vec![model, prompt], vec![image; 17]].concat(),
            (Some("image"), "array_above_max_length", "at most 16"),
        ),
    ] {
        let case = format!("{:?}", parts.last());
        check(edit(FORM, &form(&parts)), &case, expected);
    }
    check(
        edit(FORM, b"--4d2c\r\n"),
        "cut",
        (None, "invalid_value", "multipart body"),
    );
    check(
        edit("multipart/form-data", b""),
        "no boundary",
        (None, "invalid_value", "boundary"),
    );
}

#[test]
fn nonsense_in_an_edit_in_json_is_refused_by_the_name_of_the_field() {
    for (images, expected) in [
        (
            json!({}),
            (Some("images"), "missing_required_parameter", "image_url"),
        ),
        (
            json!({"images":[]}),
            (Some("images"), "invalid_value", "at least one"),
        ),
        (
            json!({"image":[]}),
            (Some("image"), "invalid_value", "at least one"),
        ),
        (
            json!({"images":"x","image":"x"}),
            (Some("images"), "invalid_type", "an array"),
        ),
        (
            json!({"images":["x"],"image":"x"}),
            (Some("image"), "invalid_value", "another name"),
        ),
        (
            json!({"images":[7]}),
            (Some("images[0]"), "invalid_type", "a string or an object"),
        ),
        (
            json!({"images":[{}]}),
            (
                Some("images[0]"),
                "invalid_value",
                "either `image_url` or `file_id`",
            ),
        ),
        (
            json!({"images":[{"image_url":"file:///etc/passwd"}]}),
            (Some("images[0].image_url"), "invalid_value", "data URL"),
        ),
        (
            json!({"images":[{"file_id":"file-abc"}]}),
            (
                Some("images[0].file_id"),
                "invalid_value",
                "not a file of Gemini",
            ),
        ),
        (
            json!({"images":["data:image/png;base64,!!"]}),
            (Some("images[0]"), "invalid_value", "not base64"),
        ),
        (
            json!({"image":{"image_url":"x","file_id":"files/a"}}),
            (Some("image"), "invalid_value", "either"),
        ),
        (
            json!({"image":7}),
            (Some("image"), "invalid_value", "expected an image"),
        ),
        (
            json!({"image":"x","mask":{"image_url":"x"}}),
            (Some("mask"), "unsupported_parameter", "no masks"),
        ),
        (
            json!({"images":vec!["x"; 17]}),
            (Some("images"), "invalid_value", "at most 16"),
        ),
    ] {
        let mut body = images.clone();
        body["model"] = json!("m");
        body["prompt"] = json!("p");
        let body = body.to_string();
        check(edit("application/json", body.as_bytes()), &body, expected);
    }
    let body = form(&[
        ("model", None, b"m"),
        ("prompt", None, b"p"),
        ("image", Some("a"), PNG),
    ]);
    let request = ImageEditRequest::parse(FORM, &body).unwrap();
    let imagen = plan_for("imagen-4.0-generate-001", &request);
    check(
        imagen,
        "imagen",
        (Some("model"), "unsupported_value", "cannot edit"),
    );
}
