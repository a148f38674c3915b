//! Which part carries which signature, by model and history.

use std::collections::BTreeMap;

use super::*;
use crate::{
    Features, ModelName,
    gemini::request::{Blob, FunctionCall, FunctionResponse, Part},
    model::capabilities,
    prompt::values,
};

const NOW: &str = "gemini-3.8-flash";
const BEFORE: &str = "gemini-2.5-flash";
const PICTURES: &str = "gemini-3-pro-image-preview";

fn call<'a>(id: &'a str, signature: Option<&'a str>) -> Part<'a> {
    Part {
        thought_signature: signature.map(Into::into),
        ..Data::FunctionCall(FunctionCall {
            id: Some(id.into()),
            name: "f".into(),
            args: values::empty_object(),
        })
        .into()
    }
}

fn result(id: &str) -> Part<'_> {
    Data::FunctionResponse(FunctionResponse {
        id: Some(id.into()),
        name: "f".into(),
        response: values::empty_object(),
        parts: Vec::new(),
    })
    .into()
}

fn signed_text<'a>(signature: &'a str) -> Part<'a> {
    Part {
        thought_signature: Some(signature.into()),
        ..Part::text("t")
    }
}

fn picture(signature: Option<&str>) -> Part<'_> {
    Part {
        thought_signature: signature.map(Into::into),
        ..Data::InlineData(Blob {
            mime_type: "image/png".into(),
            data: "AA==".into(),
        })
        .into()
    }
}

/// An agent's history: an earlier turn with a call, then a turn with two steps, the second with
/// parallel calls.
fn history<'a>(first: Option<&'a str>, second: Option<&'a str>) -> Vec<Content<'a>> {
    vec![
        Content::user(vec![Part::text("hi")]),
        Content::model(vec![call("0", first)]),
        Content::user(vec![result("0")]),
        Content::model(vec![Part::text("done")]),
        Content::user(vec![Part::text("more")]),
        Content::model(vec![Part::text("let me see"), call("1", first)]),
        Content::user(vec![result("1"), Part::text("a reminder")]),
        Content::model(vec![call("2", second), call("3", None)]),
        Content::user(vec![result("2"), result("3")]),
    ]
}

/// Signatures of the model's parts, `-` for none and `!` for the stand-in; whether any is real.
fn sign_all(
    model: &str,
    contents: Vec<Content<'_>>,
    kept: &[(&str, &str)],
    signing: Signing,
) -> (String, bool) {
    let model: ModelName = model.parse().unwrap();
    let kept = kept
        .iter()
        .map(|(id, kept)| ((*id).to_owned(), (*kept).to_owned()));
    let signatures: BTreeMap<String, String> = kept.collect();
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &signatures,
        signing,
        streamed: false,
    };
    let mut contents = contents;
    let signed = sign(
        &mut contents,
        capabilities(model.as_str()).signatures,
        &target,
    );
    let parts = contents
        .iter()
        .filter(|content| content.role == Role::Model)
        .flat_map(|content| &content.parts);
    let shown: Vec<&str> = parts
        .map(|part| match part.thought_signature.as_deref() {
            None => "-",
            Some(STAND_IN) => "!",
            Some(signature) => signature,
        })
        .collect();
    (shown.join(" "), signed)
}

fn check(
    model: &str,
    contents: Vec<Content<'_>>,
    kept: &[(&str, &str)],
    signing: Signing,
    expected: &str,
    signed: bool,
) {
    let found = sign_all(model, contents, kept, signing);
    assert_eq!(found, (expected.to_owned(), signed), "{model} {signing:?}");
}

#[test]
fn each_step_of_the_turn_has_a_signature_on_its_first_call_s3_2_s3_6() {
    // The earlier turn's call, "done", "let me see", the first step's call, the parallel ones.
    check(
        NOW,
        history(None, None),
        &[],
        Signing::Kept,
        "- - - ! ! -",
        false,
    );
    check(
        NOW,
        history(Some("A"), Some("B")),
        &[],
        Signing::Kept,
        "A - - A B -",
        true,
    );
    check(
        NOW,
        history(None, Some("B")),
        &[],
        Signing::Kept,
        "- - - ! B -",
        true,
    );
    check(
        NOW,
        history(Some(""), None),
        &[],
        Signing::Kept,
        "- - - ! ! -",
        false,
    );
    for model in ["gemini-3-pro-preview", "gemini-flash-latest", "unheard-of"] {
        check(
            model,
            history(None, None),
            &[],
            Signing::Kept,
            "- - - ! ! -",
            false,
        );
    }
}

#[test]
fn what_a_client_lost_comes_from_what_was_kept_s3_5() {
    let kept = [("0", "K0"), ("1", "K1"), ("9", "K9")];
    check(
        NOW,
        history(None, None),
        &kept,
        Signing::Kept,
        "K0 - - K1 ! -",
        true,
    );
    check(
        NOW,
        history(Some("A"), None),
        &kept,
        Signing::Kept,
        "A - - A ! -",
        true,
    );
    check(
        BEFORE,
        history(None, None),
        &kept,
        Signing::Kept,
        "K0 - - K1 - -",
        true,
    );
}

#[test]
fn a_refused_signature_is_replaced_everywhere_s3_8() {
    let kept = [("2", "K2")];
    let mut contents = history(Some("A"), None);
    contents[3] = Content::model(vec![signed_text("T")]);
    check(
        NOW,
        contents,
        &kept,
        Signing::Replaced,
        "! - - ! ! -",
        false,
    );
    check(
        BEFORE,
        history(Some("A"), None),
        &kept,
        Signing::Replaced,
        "- - - - - -",
        false,
    );
}

#[test]
fn signatures_of_texts_go_back_as_they_came_s3_7() {
    let contents = || {
        vec![
            Content::user(vec![Part::text("hi")]),
            Content::model(vec![signed_text("T+/=_-"), signed_text("U")]),
            Content::user(vec![signed_text("forged")]),
        ]
    };
    check(NOW, contents(), &[], Signing::Kept, "T+/=_- U", true);
    check(BEFORE, contents(), &[], Signing::Kept, "T+/=_- U", true);
    check(NOW, contents(), &[], Signing::Replaced, "- -", false);
}

#[test]
fn models_without_signatures_are_sent_none_s3_9() {
    let kept = [("0", "K0")];
    for model in [
        "gemini-2.0-flash",
        "gemma-4-31b-it",
        "gemma-3-27b-it",
        "gemini-3.8-flash-tts",
        "gemini-2.5-flash-image",
    ] {
        check(
            model,
            history(Some("A"), None),
            &kept,
            Signing::Kept,
            "- - - - - -",
            false,
        );
    }
}

#[test]
fn a_stand_in_of_the_client_is_no_signature_s3_6() {
    for stand_in in STAND_INS {
        let (_, signed) = sign_all(NOW, history(Some(stand_in), None), &[], Signing::Kept);
        assert!(!signed, "{stand_in}");
    }
}

#[test]
fn image_models_want_every_part_of_theirs_signed() {
    let contents = |signature| {
        vec![
            Content::user(vec![Part::text("draw"), picture(None)]),
            Content::model(vec![Part::text("here"), picture(signature), Part::text("")]),
            Content::user(vec![Part::text("again")]),
        ]
    };
    check(PICTURES, contents(None), &[], Signing::Kept, "! ! -", false);
    check(
        PICTURES,
        contents(Some("P")),
        &[],
        Signing::Kept,
        "! P -",
        true,
    );
    check(
        PICTURES,
        contents(Some("P")),
        &[],
        Signing::Replaced,
        "! ! -",
        false,
    );
    check(NOW, contents(Some("P")), &[], Signing::Kept, "- P -", true);
}
