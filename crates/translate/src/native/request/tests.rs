//! Native requests by rule: what goes up, and what is refused.

use std::collections::BTreeMap;

use super::*;
use crate::{Method, Signing, ThinkingOverride};

fn request<'a>(
    model: &'a str,
    method: NativeMethod,
    body: &'a str,
) -> Result<NativeRequest<'a>, InvalidRequest> {
    NativeRequest::new(NativeCall { model, method }, None, body.as_bytes())
}

fn plan_for(
    request: &NativeRequest<'_>,
    model: &str,
    features: Features,
    signing: Signing,
) -> Result<Plan, InvalidRequest> {
    request.plan(&Target {
        model: &model.parse().unwrap(),
        features,
        safety: &[],
        signatures: &BTreeMap::new(),
        signing,
        streamed: request.streams(),
    })
}

/// The one body that goes up for a call of `client` that is served by `model`.
fn upstream(client: &str, model: &str, method: NativeMethod, body: &str) -> String {
    let request = request(client, method, body).unwrap();
    let kept = plan_for(&request, model, Features::default(), Signing::Kept).unwrap();
    let replaced = plan_for(&request, model, Features::default(), Signing::Replaced).unwrap();
    assert_eq!(kept, replaced, "signatures are the client's business");
    assert_eq!(kept.method, method.upstream());
    assert!(!kept.signed && kept.bodies.len() == 1);
    let sent = String::from_utf8(kept.bodies.into_iter().next().unwrap()).unwrap();
    assert!(serde_json::from_str::<serde::de::IgnoredAny>(&sent).is_ok());
    sent
}

const M: &str = "gemini-3.8-flash";

#[test]
fn store_is_false_unless_the_client_said_something_g13() {
    for (body, expected) in [
        ("{}", r#"{"store":false}"#),
        (" { } ", r#" {"store":false } "#),
        (r#"{"contents":[]}"#, r#"{"store":false,"contents":[]}"#),
        (r#"{"store":null}"#, r#"{"store":false}"#),
        (
            "{\"a\": 1.50, \"store\" : null }\n",
            "{\"a\": 1.50, \"store\" : false }\n",
        ),
        (r#"{"store":true}"#, r#"{"store":true}"#),
        (r#"{"store":false}"#, r#"{"store":false}"#),
        (r#"{"st\u006fre":true}"#, r#"{"st\u006fre":true}"#),
        (r#"{"store":"odd"}"#, r#"{"store":"odd"}"#),
        (
            r#"{"x":{"store":true}}"#,
            r#"{"store":false,"x":{"store":true}}"#,
        ),
    ] {
        for method in [NativeMethod::Generate, NativeMethod::StreamGenerate] {
            assert_eq!(upstream(M, M, method, body), expected);
        }
    }
}

#[test]
fn every_other_byte_goes_up_as_it_came_u4_u5() {
    let body = "{\n \"contents\":[{\"parts\":[{\"inline_data\":{\"mime_type\":\"image/png\",\"data\":\"_-8=\"}},{\"functionCall\":{\"args\":{\"n\":1.000000000000000000001,\"n\":2}},\"thoughtSignature\":\"c2ln\"}]}],\t\"cachedContent\":null,\"unknown\":[1e400],\"generation_config\":{}}";
    let sent = upstream(M, M, NativeMethod::Generate, body);
    assert_eq!(sent.replace("{\"store\":false,", "{"), body);
    for method in [
        NativeMethod::CountTokens,
        NativeMethod::Embed,
        NativeMethod::BatchEmbed,
        NativeMethod::Predict,
    ] {
        assert_eq!(upstream(M, M, method, body), body);
    }
}

#[test]
fn a_model_named_in_the_body_follows_the_path_where_that_is_an_alias_e1() {
    let e = "gemini-embedding-2";
    for (client, method, body, expected) in [
        (
            "emb",
            NativeMethod::BatchEmbed,
            r#"{"requests":[{"model":"models/emb","content":{}},{"model": "emb"},{"model":"models/other"},{}]}"#,
            r#"{"requests":[{"model":"models/gemini-embedding-2","content":{}},{"model": "models/gemini-embedding-2"},{"model":"models/other"},{}]}"#,
        ),
        (
            "google/gemini-embedding-2",
            NativeMethod::Embed,
            r#"{"model":"models\/google\/gemini-embedding-2","content":{}}"#,
            r#"{"model":"models/gemini-embedding-2","content":{}}"#,
        ),
        (
            "emb",
            NativeMethod::CountTokens,
            r#"{"generateContentRequest":{"contents":[],"model":"models/emb"}}"#,
            r#"{"generateContentRequest":{"contents":[],"model":"models/gemini-embedding-2"}}"#,
        ),
        (
            "emb",
            NativeMethod::CountTokens,
            r#"{"generate_content_request":{"model":"models/emb"}}"#,
            r#"{"generate_content_request":{"model":"models/gemini-embedding-2"}}"#,
        ),
        // Shapes that only Google can judge.
        (
            "emb",
            NativeMethod::BatchEmbed,
            r#"{"requests":{"model":"models/emb"}}"#,
            r#"{"requests":{"model":"models/emb"}}"#,
        ),
        (
            "emb",
            NativeMethod::Embed,
            r#"{"model":null,"content":7}"#,
            r#"{"model":null,"content":7}"#,
        ),
    ] {
        assert_eq!(upstream(client, e, method, body), expected);
    }
    let same = r#"{"requests":[{"model":"models/gemini-embedding-2"}]}"#;
    assert_eq!(upstream(e, e, NativeMethod::BatchEmbed, same), same);
    assert_eq!(
        upstream(
            "models/gemini-embedding-2",
            e,
            NativeMethod::BatchEmbed,
            same
        ),
        same
    );
}

#[test]
fn nonsense_is_refused_before_anything_is_sent() {
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(70), "]".repeat(70));
    for (body, param) in [
        ("", None),
        ("null", None),
        ("[]", None),
        ("[{}]", None),
        ("\"contents\"", None),
        ("7", None),
        ("{", None),
        ("{}{}", None),
        ("{\"contents\":[}", None),
        ("{\"a\":\"\n\"}", None),
        ("\u{feff}{}", None),
        (&deep, None),
        (r#"{"store":false,"store":true}"#, Some("store")),
    ] {
        let error = request(M, NativeMethod::Generate, body)
            .map(|_| ())
            .unwrap_err();
        assert_eq!(error.param.as_deref(), param, "{body}: {error}");
    }
    let call = NativeCall {
        model: M,
        method: NativeMethod::StreamGenerate,
    };
    let error = NativeRequest::new(call, None, b"{\"a\":\"\xff\"}")
        .map(|_| ())
        .unwrap_err();
    assert!(error.message.contains("UTF-8"));
    let error = NativeRequest::new(call, Some("alt=proto"), b"{}")
        .map(|_| ())
        .unwrap_err();
    assert_eq!(error.param.as_deref(), Some("alt"));
}

#[test]
fn a_suffix_that_would_do_nothing_is_refused() {
    let request = request("gemini-3.8-flash-search", NativeMethod::Generate, "{}").unwrap();
    for features in [
        Features {
            search: true,
            ..Features::default()
        },
        Features {
            thinking: Some(ThinkingOverride::Low),
            ..Features::default()
        },
    ] {
        let error = plan_for(&request, M, features, Signing::Kept).unwrap_err();
        assert_eq!(error.param.as_deref(), Some("model"));
        assert!(error.message.contains("`tools`"));
    }
}

#[test]
fn only_stream_generate_content_streams_u1() {
    let meta = AnswerMeta {
        fallback_id: String::new(),
        created_unix_s: 0,
        model: String::new(),
    };
    for (method, streams) in [
        (NativeMethod::Generate, false),
        (NativeMethod::StreamGenerate, true),
        (NativeMethod::CountTokens, false),
        (NativeMethod::Embed, false),
        (NativeMethod::BatchEmbed, false),
        (NativeMethod::Predict, false),
    ] {
        assert_eq!(method.upstream() == Method::Generate, {
            let sent = upstream(M, M, method, "{}");
            sent != "{}"
        });
        let request = request("alias", method, "{}").unwrap();
        assert_eq!(request.streams(), streams);
        assert_eq!(request.stream_translator(&meta).is_some(), streams);
        assert_eq!(request.framing() != Framing::Whole, streams);
        assert_eq!(request.model(), "alias");
        assert!(request.unsigned_calls().is_empty());
    }
}

#[test]
fn methods_are_rendered_by_their_kind() {
    let meta = AnswerMeta {
        fallback_id: String::new(),
        created_unix_s: 0,
        model: String::new(),
    };
    let counted = &br#"{"totalTokens":8}"#[..];
    let count = request(M, NativeMethod::CountTokens, "{}").unwrap();
    assert_eq!(count.render(&[counted], &meta).unwrap().body, counted);
    // To `generateContent` that is no answer at all.
    let generate = request(M, NativeMethod::Generate, "{}").unwrap();
    assert_eq!(
        generate.render(&[counted], &meta),
        Err(UpstreamFault::Empty)
    );
    assert_eq!(generate.render(&[], &meta), Err(UpstreamFault::Truncated));
}
