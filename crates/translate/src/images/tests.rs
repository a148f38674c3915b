//! Images by rule: what is asked of Gemini, what is refused, and what becomes of answers.

mod answers;
mod refusals;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use super::{draft::draft, family::family, fields::Fields, wishes::Wishes};
use crate::{
    AnswerMeta, Exchange, Features, InvalidRequest, Method, ModelName, Plan, Signing, Target,
    compatibility::{Becomes, Parameter, fields_of},
    gemini::request::Modality,
    json::read_body,
};

const GEMINI: &str = "gemini-3.1-flash-image";

/// The smallest bytes that pass as a PNG and as a JPEG.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const JPEG: &[u8] = b"\xff\xd8\xff\xe0";

const FORM: &str = "multipart/form-data; boundary=4d2c";

fn meta() -> AnswerMeta {
    AnswerMeta {
        fallback_id: "fallback".to_owned(),
        created_unix_s: 1_764_000_000,
        model: "gpt-image-1".to_owned(),
    }
}

fn plan_for(model: &str, request: &dyn Exchange) -> Result<Plan, InvalidRequest> {
    let model: ModelName = model.parse().unwrap();
    request.plan(&Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: request.streams(),
    })
}

fn generate(model: &str, body: &str) -> Result<Plan, InvalidRequest> {
    plan_for(model, &ImageRequest::parse(body.as_bytes())?)
}

fn edit(content_type: &str, body: &[u8]) -> Result<Plan, InvalidRequest> {
    plan_for(GEMINI, &ImageEditRequest::parse(content_type, body)?)
}

fn contents(plan: &Plan) -> Value {
    let body: Value = serde_json::from_slice(&plan.bodies[0]).unwrap();
    body["contents"].clone()
}

/// A form of fields and files: (name, file name, content).
fn form(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, filename, content) in parts {
        let filename = filename.map_or(String::new(), |name| format!("; filename=\"{name}\""));
        let head =
            format!("--4d2c\r\nContent-Disposition: form-data; name=\"{name}\"{filename}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--4d2c--\r\n");
    body
}

#[test]
fn each_image_is_a_call_of_its_own_i1_i3() {
    let body = r#"{"model":"m","prompt":"a \"cat\"","n":3,"user":"u","seed":1}"#;
    let plan = generate(GEMINI, body).unwrap();
    assert_eq!(plan.method, Method::Generate);
    assert_eq!(plan.bodies.len(), 3);
    assert!(plan.bodies.iter().all(|body| *body == plan.bodies[0]));
    assert_eq!(
        contents(&plan),
        json!([{"role":"user","parts":[{"text":"a \"cat\""}]}])
    );
    assert_eq!(
        generate(GEMINI, r#"{"model":"m","prompt":"p"}"#)
            .unwrap()
            .bodies
            .len(),
        1
    );
}

#[test]
fn size_and_quality_are_a_shape_and_a_resolution_i1_i2() {
    let usual = "gemini-2.5-flash-image";
    let pro = "gemini-3-pro-image";
    for (model, wishes, ratio, resolution) in [
        (GEMINI, r#""size":"auto""#, None, None),
        (GEMINI, r#""size":null"#, None, None),
        (GEMINI, r#""size":"1024x1024""#, Some("1:1"), None),
        (GEMINI, r#""size":"1024x1536""#, Some("2:3"), None),
        (GEMINI, r#""size":"2048x2048""#, Some("1:1"), Some("2K")),
        (GEMINI, r#""size":"4096x4096""#, Some("1:1"), Some("4K")),
        (GEMINI, r#""size":"256x256""#, Some("1:1"), Some("512")),
        (GEMINI, r#""size":"512x2048""#, Some("1:4"), None),
        (pro, r#""size":"512x2048""#, Some("9:16"), None),
        (pro, r#""size":"256x256""#, Some("1:1"), None),
        (usual, r#""size":"4096x4096""#, Some("1:1"), None),
        (usual, r#""quality":"hd""#, None, None),
        (GEMINI, r#""quality":"hd""#, None, Some("2K")),
        (
            GEMINI,
            r#""quality":"high","size":"auto""#,
            None,
            Some("2K"),
        ),
        (
            GEMINI,
            r#""quality":"high","size":"1024x1024""#,
            Some("1:1"),
            None,
        ),
        (GEMINI, r#""quality":"medium""#, None, None),
        (
            "gemini-2.0-flash-exp-image",
            r#""size":"1024x1536""#,
            None,
            None,
        ),
    ] {
        let body = format!(r#"{{"model":"m","prompt":"p",{wishes}}}"#);
        let mut fields: Fields<'_> = read_body(body.as_bytes()).unwrap();
        let wishes = Wishes::read(&mut fields).unwrap();
        let draft = draft(&wishes, Vec::new(), family(model));
        assert_eq!(draft.modalities, [Modality::Text, Modality::Image]);
        assert_eq!(draft.image.aspect_ratio, ratio, "{model} {body}");
        assert_eq!(draft.image.image_size, resolution, "{model} {body}");
        assert!(draft.sampling.candidates.is_none() && !draft.store);
    }
}

#[test]
fn imagen_is_asked_in_calls_of_four_i6() {
    let body = r#"{"model":"m","prompt":"a cat","n":10,"size":"1792x1024"}"#;
    let plan = generate("imagen-4.0-generate-001", body).unwrap();
    assert_eq!(plan.method, Method::Predict);
    let bodies: Vec<Value> = plan
        .bodies
        .iter()
        .map(|body| serde_json::from_slice(body).unwrap())
        .collect();
    let expected = |count| json!({"instances":[{"prompt":"a cat"}],"parameters":{"sampleCount":count,"aspectRatio":"16:9"}});
    assert_eq!(bodies, [expected(4), expected(4), expected(2)]);

    let body = r#"{"model":"m","prompt":"p","quality":"high","output_format":"jpeg","output_compression":80}"#;
    let plan = generate("imagen-4.0-ultra-generate-001", body).unwrap();
    let body: Value = serde_json::from_slice(&plan.bodies[0]).unwrap();
    assert_eq!(
        body["parameters"],
        json!({"sampleCount":1,"sampleImageSize":"2K","outputOptions":{"mimeType":"image/jpeg","compressionQuality":80}})
    );
}

#[test]
fn uploaded_images_go_before_the_prompt_i7() {
    let body = form(&[
        ("model", None, b"gpt-image-1"),
        ("prompt", None, "mit Hut é".as_bytes()),
        ("image[]", Some("a.png"), PNG),
        ("image[]", Some("upload"), JPEG),
        ("n", None, b"2"),
        ("size", None, b"auto"),
        ("input_fidelity", None, b"high"),
        ("quality", None, b""),
    ]);
    let request = ImageEditRequest::parse(FORM, &body).unwrap();
    assert_eq!((request.model(), request.streams()), ("gpt-image-1", false));
    let plan = plan_for(GEMINI, &request).unwrap();
    assert_eq!(plan.bodies.len(), 2);
    assert_eq!(
        contents(&plan),
        json!([{"role":"user","parts":[
            {"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}},
            {"inlineData":{"mimeType":"image/jpeg","data":"/9j/4A=="}},
            {"text":"mit Hut é"},
        ]}])
    );
}

#[test]
fn images_of_a_json_body_are_urls_or_files_i7() {
    let data = "data:image/png;base64,iVBORw0KGgo=";
    let inline = json!({"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}});
    let linked = json!({"fileData":{"mimeType":"image/png","fileUri":"https://example.com/a.png"}});
    let file =
        json!({"fileData":{"fileUri":"https://generativelanguage.googleapis.com/v1beta/files/a1"}});
    for (images, expected) in [
        (
            json!({"images":[{"image_url":data},{"image_url":"https://example.com/a.png"},{"file_id":"files/a1"}]}),
            vec![&inline, &linked, &file],
        ),
        (json!({"images":[data]}), vec![&inline]),
        (json!({"image":data}), vec![&inline]),
        (json!({"image":[data, data]}), vec![&inline, &inline]),
        (json!({"image":{"image_url":data}}), vec![&inline]),
    ] {
        let mut body = images.clone();
        body["model"] = json!("m");
        body["prompt"] = json!("p");
        let plan = edit("application/json", body.to_string().as_bytes()).unwrap();
        let mut parts: Vec<Value> = expected.into_iter().cloned().collect();
        parts.push(json!({"text":"p"}));
        assert_eq!(contents(&plan)[0]["parts"], json!(parts), "{images}");
    }
}

#[test]
fn a_large_upload_is_not_sent_ten_times() {
    let mib = 1 << 20;
    for (n, body_bytes, fitting) in [
        (10, 5 * mib, None),
        (10, 6 * mib, Some("at most 9 at once")),
        (2, 27 * mib, None),
        (3, 27 * mib, Some("at most 2 at once")),
        (1, 200 * mib, None),
        (2, 200 * mib, Some("at most 1 at once")),
    ] {
        let refused = crate::exchange::check_repeated(n, body_bytes)
            .err()
            .map(InvalidRequest::from);
        let message = refused.as_ref().map(|error| error.message.as_str());
        assert_eq!(message.is_none(), fitting.is_none(), "{n} {body_bytes}");
        assert!(
            message
                .unwrap_or_default()
                .contains(fitting.unwrap_or_default())
        );
        assert!(refused.is_none_or(|error| error.param.as_deref() == Some("n")));
    }
}

#[test]
fn the_policy_names_every_field_that_is_read() {
    let known = |table: &[Parameter], name: &str| table.iter().any(|row| row.name == name);
    for field in fields_of::<Fields<'_>>() {
        assert!(known(PARAMETERS, field), "{field}");
    }
    for row in EDIT_PARAMETERS {
        assert!(
            fields_of::<Fields<'_>>().contains(&row.name),
            "{}",
            row.name
        );
    }
}

#[test]
fn what_the_policy_refuses_is_refused() {
    for row in PARAMETERS
        .iter()
        .filter(|row| matches!(row.becomes, Becomes::Refused(_)))
    {
        let body = format!(r#"{{"model":"m","prompt":"p","{}":"x"}}"#, row.name);
        let body = if row.name == "images" {
            body.replace("\"x\"", "[\"x\"]")
        } else {
            body
        };
        let error = generate(GEMINI, &body).unwrap_err();
        assert_eq!(error.param.as_deref(), Some(row.name), "{error}");
        assert_eq!(error.code, Some("unsupported_parameter"), "{error}");
    }
}
