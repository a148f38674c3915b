//! Embeddings by rule: what is asked of Gemini, and what becomes of its answers.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::{
    Features, Signing,
    compatibility::{Becomes, fields_of},
    recorded::recorded,
};

fn plan(model: &str, body: &str) -> Result<Vec<Value>, InvalidRequest> {
    let model = model.parse().unwrap();
    let target = Target {
        model: &model,
        features: Features::default(),
        safety: &[],
        signatures: &BTreeMap::new(),
        signing: Signing::Kept,
        streamed: false,
    };
    let plan = EmbeddingsRequest::parse(body.as_bytes())?.plan(&target)?;
    assert_eq!(plan.method, Method::BatchEmbed);
    let bodies = plan.bodies.iter();
    Ok(bodies
        .map(|body| serde_json::from_slice(body).unwrap())
        .collect())
}

fn check_plan(model: &str, body: &str, expected: Value) {
    assert_eq!(plan(model, body).unwrap(), [expected], "{body}");
}

fn check_refused(body: &str, param: Option<&str>, code: &str, wording: &str) {
    let error = plan("gemini-embedding-001", body).unwrap_err();
    assert_eq!(error.param.as_deref(), param, "{body:.90}: {error}");
    assert_eq!(error.code, Some(code), "{body:.90}: {error}");
    assert!(error.message.contains(wording), "{body:.90}: {error}");
}

fn render(body: &str, answers: &[&str]) -> Result<String, UpstreamFault> {
    let answers: Vec<&[u8]> = answers.iter().map(|answer| answer.as_bytes()).collect();
    render_bytes(body, &answers).map(|answer| String::from_utf8(answer.body).unwrap())
}

fn render_bytes(body: &str, answers: &[&[u8]]) -> Result<UnaryAnswer, UpstreamFault> {
    let meta = AnswerMeta {
        fallback_id: String::new(),
        created_unix_s: 0,
        model: "text-embedding-3-small".to_owned(),
    };
    EmbeddingsRequest::parse(body.as_bytes())
        .unwrap()
        .render(answers, &meta)
}

#[test]
fn one_text_is_a_batch_of_one_e1_e2() {
    let request = json!({"requests":[
        {"model":"models/gemini-embedding-001","content":{"parts":[{"text":"Hé \"you\""}]}}
    ]});
    check_plan(
        "models/gemini-embedding-001",
        r#"{"model":"x","input":"Hé \"you\"","user":"u","input_type":"query"}"#,
        request.clone(),
    );
    check_plan(
        "gemini-embedding-001",
        r#"{"model":"x","input":["Hé \"you\""]}"#,
        request,
    );
}

#[test]
fn dimensions_go_into_every_request_e3() {
    check_plan(
        "gemini-embedding-2",
        r#"{"model":"x","input":["a","b"],"dimensions":768,"encoding_format":"float"}"#,
        json!({"requests":[
            {"model":"models/gemini-embedding-2","content":{"parts":[{"text":"a"}]},"outputDimensionality":768},
            {"model":"models/gemini-embedding-2","content":{"parts":[{"text":"b"}]},"outputDimensionality":768},
        ]}),
    );
}

#[test]
fn tasks_are_a_field_on_older_models_e6() {
    let expected = json!({"requests":[{
        "model":"models/gemini-embedding-001","content":{"parts":[{"text":"a"}]},
        "taskType":"RETRIEVAL_DOCUMENT","title":"T"
    }]});
    for extra in [
        r#""task_type":"RETRIEVAL_DOCUMENT","title":"T""#,
        r#""taskType":"retrieval_document","title":"T""#,
        r#""google":{"task_type":"RETRIEVAL_DOCUMENT","title":"T"}"#,
        r#""extra_body":{"task_type":"RETRIEVAL_DOCUMENT","title":"T"}"#,
        r#""extra_body":{"google":{"taskType":"RETRIEVAL_DOCUMENT","title":"T"}}"#,
    ] {
        let body = format!(r#"{{"model":"x","input":"a",{extra}}}"#);
        check_plan("gemini-embedding-001", &body, expected.clone());
    }
}

#[test]
fn tasks_are_words_before_the_text_on_newer_models_e6() {
    for (extra, text) in [
        (
            r#""task_type":"RETRIEVAL_QUERY""#,
            "task: search result | query: a",
        ),
        (
            r#""task_type":"RETRIEVAL_DOCUMENT""#,
            "title: none | text: a",
        ),
        (
            r#""task_type":"RETRIEVAL_DOCUMENT","title":"T""#,
            "title: T | text: a",
        ),
        (
            r#""task_type":"SEMANTIC_SIMILARITY""#,
            "task: sentence similarity | query: a",
        ),
        (
            r#""task_type":"CLASSIFICATION""#,
            "task: classification | query: a",
        ),
        (r#""task_type":"CLUSTERING""#, "task: clustering | query: a"),
        (
            r#""task_type":"QUESTION_ANSWERING""#,
            "task: question answering | query: a",
        ),
        (
            r#""task_type":"FACT_VERIFICATION""#,
            "task: fact checking | query: a",
        ),
        (
            r#""task_type":"CODE_RETRIEVAL_QUERY""#,
            "task: code retrieval | query: a",
        ),
        (r#""task_type":"TASK_TYPE_UNSPECIFIED""#, "a"),
        (r#""task_type":null"#, "a"),
    ] {
        for model in ["gemini-embedding-2", "gemini-embedding-7-next"] {
            let body = format!(r#"{{"model":"x","input":"a",{extra}}}"#);
            let name = format!("models/{model}");
            check_plan(
                model,
                &body,
                json!({"requests":[{"model":name,"content":{"parts":[{"text":text}]}}]}),
            );
        }
    }
}

#[test]
fn batches_hold_at_most_100_texts_in_order_e1() {
    for (count, expected) in [
        (1, vec![1]),
        (100, vec![100]),
        (101, vec![100, 1]),
        (2048, {
            let mut sizes = vec![100; 20];
            sizes.push(48);
            sizes
        }),
    ] {
        let texts: Vec<String> = (0..count).map(|index| index.to_string()).collect();
        let body = json!({"model":"x","input":texts}).to_string();
        let bodies = plan("gemini-embedding-001", &body).unwrap();
        let requests: Vec<&Vec<Value>> = bodies
            .iter()
            .map(|body| body["requests"].as_array().unwrap())
            .collect();
        let sizes: Vec<usize> = requests.iter().map(|requests| requests.len()).collect();
        assert_eq!(sizes, expected);
        let sent: Vec<&str> = requests
            .iter()
            .flat_map(|requests| requests.iter())
            .map(|request| request["content"]["parts"][0]["text"].as_str().unwrap())
            .collect();
        assert_eq!(sent, texts);
    }
}

#[test]
fn batches_hold_at_most_4_mib_e1() {
    // Six texts of 1.9 MB and a quote each, which doubles in JSON.
    let text = format!("\"{}", "x".repeat(1_900_000));
    let body = json!({"model":"x","input":[text, text, text, text, text, "y"]}).to_string();
    let model: crate::ModelName = "gemini-embedding-001".parse().unwrap();
    let request = EmbeddingsRequest::parse(body.as_bytes()).unwrap();
    let bodies = batches::write_bodies(&request, model.as_str()).unwrap();
    assert_eq!(bodies.len(), 3);
    for body in bodies {
        assert!(body.len() <= 4_194_304);
        assert!(serde_json::from_slice::<Value>(&body).is_ok());
    }
}

#[test]
fn nonsense_is_refused_by_the_name_of_the_field() {
    let too_many = json!({"model":"x","input":vec!["a"; 2049]}).to_string();
    let too_long = json!({"model":"x","input":["a", "x".repeat(4_194_304)]}).to_string();
    let tokens = json!({"model":"x","input":vec![15339; 4000]}).to_string();
    for (body, param, code, wording) in [
        ("", None, "invalid_json", "not valid JSON"),
        ("[]", None, "invalid_type", "an object"),
        (
            r#"{"input":"a"}"#,
            Some("model"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":"","input":"a"}"#,
            Some("model"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":7,"input":"a"}"#,
            Some("model"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x"}"#,
            Some("input"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":"x","input":null}"#,
            Some("input"),
            "missing_required_parameter",
            "required",
        ),
        (
            r#"{"model":"x","input":""}"#,
            Some("input"),
            "invalid_value",
            "must not be empty",
        ),
        (
            r#"{"model":"x","input":[]}"#,
            Some("input"),
            "invalid_value",
            "at least one",
        ),
        (
            r#"{"model":"x","input":["a",""]}"#,
            Some("input[1]"),
            "invalid_value",
            "must not be empty",
        ),
        (
            r#"{"model":"x","input":7}"#,
            Some("input"),
            "invalid_type",
            "a string or an array",
        ),
        (
            r#"{"model":"x","input":{"text":"a"}}"#,
            Some("input"),
            "invalid_type",
            "a string or an array",
        ),
        (
            r#"{"model":"x","input":["a",null]}"#,
            Some("input[1]"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x","input":["a",{}]}"#,
            Some("input[1]"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x","input":["a",7]}"#,
            Some("input[1]"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x","input":[15339,1917]}"#,
            Some("input"),
            "invalid_type",
            "token ids",
        ),
        (
            r#"{"model":"x","input":[[15339],[1917]]}"#,
            Some("input"),
            "invalid_type",
            "send texts",
        ),
        (&tokens, Some("input"), "invalid_type", "token ids"),
        (&too_many, Some("input"), "invalid_value", "at most 2048"),
        (&too_long, Some("input[1]"), "invalid_value", "4 MiB"),
        (
            r#"{"model":"x","input":"a","dimensions":0}"#,
            Some("dimensions"),
            "invalid_value",
            "at least 1",
        ),
        (
            r#"{"model":"x","input":"a","dimensions":-5}"#,
            Some("dimensions"),
            "invalid_value",
            "at least 1",
        ),
        (
            r#"{"model":"x","input":"a","dimensions":3073}"#,
            Some("dimensions"),
            "invalid_value",
            "at most 3072",
        ),
        (
            r#"{"model":"x","input":"a","dimensions":1.5}"#,
            Some("dimensions"),
            "invalid_type",
            "an integer",
        ),
        (
            r#"{"model":"x","input":"a","dimensions":"768"}"#,
            Some("dimensions"),
            "invalid_type",
            "an integer",
        ),
        (
            r#"{"model":"x","input":"a","encoding_format":"int8"}"#,
            Some("encoding_format"),
            "invalid_value",
            "`base64`",
        ),
        (
            r#"{"model":"x","input":"a","encoding_format":1}"#,
            Some("encoding_format"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x","input":"a","task_type":"QUERY"}"#,
            Some("task_type"),
            "invalid_value",
            "RETRIEVAL_QUERY",
        ),
        (
            r#"{"model":"x","input":"a","task_type":7}"#,
            Some("task_type"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x","input":"a","google":{"task_type":"Q"}}"#,
            Some("google.task_type"),
            "invalid_value",
            "unknown task",
        ),
        (
            r#"{"model":"x","input":"a","google":[]}"#,
            Some("google"),
            "invalid_type",
            "an object",
        ),
        (
            r#"{"model":"x","input":"a","extra_body":{"google":{"title":7}}}"#,
            Some("extra_body.google.title"),
            "invalid_type",
            "a string",
        ),
        (
            r#"{"model":"x","input":"a","title":"T"}"#,
            Some("title"),
            "invalid_value",
            "RETRIEVAL_DOCUMENT",
        ),
        (
            r#"{"model":"x","input":"a","title":"T","task_type":"CLUSTERING"}"#,
            Some("title"),
            "invalid_value",
            "RETRIEVAL_DOCUMENT",
        ),
        (
            r#"{"model":"x","input":"a","input":"b"}"#,
            Some("input"),
            "invalid_value",
            "given twice",
        ),
    ] {
        check_refused(body, param, code, wording);
    }
}

#[test]
fn limits_of_dimensions_are_the_models_e3() {
    for (model, dimensions, right) in [
        ("text-embedding-004", 768, true),
        ("text-embedding-004", 769, false),
        ("gemini-embedding-2-preview", 3072, true),
        ("gemini-embedding-2-preview", 3073, false),
        ("gemini-embedding-3", 4096, true),
    ] {
        let body = format!(r#"{{"model":"x","input":"a","dimensions":{dimensions}}}"#);
        assert_eq!(plan(model, &body).is_ok(), right, "{model} {dimensions}");
    }
}

#[test]
fn answers_of_all_calls_are_one_list_e1_e7() {
    let answers = [
        r#"{"embeddings": [
            {"values": [ 1.0, 0 ]},
            {"values": [3, 4]}
        ]}"#,
        r#"{"embeddings":[{"values":[0,-1]}]}"#,
    ];
    let body = r#"{"model":"x","input":["Hello","you there","é"]}"#;
    insta::assert_snapshot!(
        render(body, &answers).unwrap(),
        @r#"{"object":"list","data":[{"object":"embedding","index":0,"embedding":[1.0,0]},{"object":"embedding","index":1,"embedding":[0.6,0.8]},{"object":"embedding","index":2,"embedding":[0,-1]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":4,"total_tokens":4}}"#
    );
}

#[test]
fn base64_is_given_where_it_is_asked_for_e4() {
    let body = r#"{"model":"x","input":"a","encoding_format":"base64"}"#;
    let found = render(body, &[r#"{"embeddings":[{"values":[0.6,0.8]}]}"#]).unwrap();
    assert!(found.contains(r#""embedding":"mpkZP83MTD8=""#), "{found}");
}

#[test]
fn tokens_are_geminis_where_it_counts_them_e5() {
    let two = r#"{"model":"x","input":["abcdefgh","i"]}"#;
    let counted = r#"{"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":8,"promptTokenDetails":[{"modality":"TEXT","tokenCount":8}]}}"#;
    let uncounted = r#"{"embeddings":[{"values":[1]}]}"#;
    let odd = r#"{"embeddings":[{"values":[1]}],"usageMetadata":{"promptTokenCount":"many"}}"#;
    for (answers, tokens) in [
        ([counted, counted], 16),
        ([uncounted, uncounted], 3),
        // Counted in part is not counted: an estimate of the whole is nearer.
        ([counted, uncounted], 3),
        ([counted, odd], 3),
    ] {
        let expected = format!(r#""usage":{{"prompt_tokens":{tokens},"total_tokens":{tokens}}}}}"#);
        let found = render(two, &answers).unwrap();
        assert!(found.ends_with(&expected), "{found}");
    }
    let answers = [counted.as_bytes(), counted.as_bytes()];
    let usage = render_bytes(two, &answers).unwrap().usage;
    assert_eq!((usage.prompt_tokens, usage.total_tokens), (16, 16));
}

#[test]
fn wrong_answers_are_faults() {
    let body = r#"{"model":"x","input":["a","b"]}"#;
    for (answer, fault) in [
        (
            r#"{"embeddings":[{"values":[1]}]}"#,
            UpstreamFault::Malformed,
        ),
        (
            r#"{"embeddings":[{"values":[1]},{"values":[1]},{"values":[1]}]}"#,
            UpstreamFault::Malformed,
        ),
        (
            r#"{"embeddings":[{"values":[1]},{}]}"#,
            UpstreamFault::Malformed,
        ),
        (
            r#"{"embeddings":[{"values":[1]},{"values":["1"]}]}"#,
            UpstreamFault::Malformed,
        ),
        (r#"{"embeddings":[[],[]]}"#, UpstreamFault::Malformed),
        (
            r#"{"this":[{"is":{"not":[{"a":"valid"}]}}]}"#,
            UpstreamFault::Malformed,
        ),
        ("{}", UpstreamFault::Malformed),
        ("[]", UpstreamFault::Malformed),
        ("<html>", UpstreamFault::Malformed),
        (r#"{"embeddings":[{"values":[1"#, UpstreamFault::Truncated),
    ] {
        assert_eq!(render(body, &[answer]), Err(fault), "{answer}");
    }
    let report = r#"{"error":{"code":404,"message":"models/x is not found"}}"#;
    assert!(matches!(
        render(body, &[report]),
        Err(UpstreamFault::Reported {
            status: Some(404),
            ..
        })
    ));
    assert_eq!(render(body, &[]), Err(UpstreamFault::Malformed));
}

#[test]
fn recorded_answers_become_unit_vectors_e3() {
    for (file, count, is_unit) in [
        ("embed_001_3072.json", 1, true),
        ("embed_001_multi_768.json", 3, false),
        ("embed_004_batch.json", 1, true),
        ("embed_2_768.json", 1, true),
        ("embed_2_llm_batch.json", 2, true),
        ("embed_2_multimodal.json", 1, true),
    ] {
        let Some(upstream) = recorded(file) else {
            return;
        };
        let body = json!({"model":"x","input":vec!["a"; count]}).to_string();
        let answer = render_bytes(&body, &[&upstream]).unwrap();
        let sent: Value = serde_json::from_slice(&answer.body).unwrap();
        let upstream: Value = serde_json::from_slice(&upstream).unwrap();
        for index in 0..count {
            let values = &sent["data"][index]["embedding"];
            let length: f64 = values
                .as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_f64().unwrap().powi(2))
                .sum();
            assert!((length - 1.0).abs() < 1e-5, "{file}: {length}");
            let same = *values == upstream["embeddings"][index]["values"];
            assert_eq!(same, is_unit, "{file}");
        }
    }
}

#[test]
fn the_policy_names_every_field_that_is_read() {
    for field in fields_of::<request::Fields<'_>>() {
        let known = PARAMETERS.iter().find(|parameter| parameter.name == *field);
        let taken = known.is_some_and(|known| matches!(known.becomes, Becomes::Translated(_)));
        // serde also lists aliases.
        assert!(taken || *field == "taskType", "{field}");
    }
}
