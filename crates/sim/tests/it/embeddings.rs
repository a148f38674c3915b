//! Embeddings of both models (E1, E3, E5).

use gemini_sim::Sim;
use serde_json::{Value, json};

use crate::client::post;

fn request(model: &str, text: &str, dimensions: usize) -> Value {
    json!({
        "model": format!("models/{model}"),
        "content": {"parts": [{"text": text}]},
        "outputDimensionality": dimensions
    })
}

async fn embed(sim: &Sim, model: &str, texts: &[&str], dimensions: usize) -> Value {
    let requests: Vec<Value> = texts
        .iter()
        .map(|text| request(model, text, dimensions))
        .collect();
    let target = format!("/v1beta/models/{model}:batchEmbedContents");
    post(sim, &target, &json!({"requests": requests}))
        .await
        .json()
}

fn values(embedding: &Value) -> Vec<f64> {
    let values = embedding["values"].as_array().unwrap().iter();
    values.map(|value| value.as_f64().unwrap()).collect()
}

#[tokio::test]
async fn they_have_the_length_asked_for_depend_on_the_text_and_come_in_order() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    let model = "gemini-embedding-001";
    let batch = embed(&sim, model, &["one", "two", "one"], 8).await;
    let vectors = batch["embeddings"].as_array().unwrap();
    assert_eq!(vectors.len(), 3);
    assert_eq!(values(&vectors[0]).len(), 8);
    assert_eq!(vectors[0], vectors[2]);
    assert_ne!(vectors[0], vectors[1]);

    let target = format!("/v1beta/models/{model}:embedContent");
    let single = post(&sim, &target, &request(model, "two", 8)).await.json();
    assert_eq!(single, json!({"embedding": vectors[1]}));
}

#[tokio::test]
async fn only_full_vectors_of_the_first_model_are_of_unit_length_and_only_the_second_tells_usage() {
    let sim = Sim::builder().start("127.0.0.1:0").await.unwrap();
    for (model, dimensions, length, has_usage) in [
        ("gemini-embedding-001", 3_072, 1.0, false),
        ("gemini-embedding-001", 768, 0.588, false),
        ("gemini-embedding-2", 3_072, 1.0, true),
        ("gemini-embedding-2", 768, 1.0, true),
    ] {
        let answer = embed(&sim, model, &["one two three"], dimensions).await;
        let squares = values(&answer["embeddings"][0])
            .into_iter()
            .map(|value| value * value);
        let found = squares.sum::<f64>().sqrt();
        assert!(
            (found - length).abs() < 1e-3,
            "{model} {dimensions}: {found}"
        );
        let usage = &answer["usageMetadata"];
        assert_eq!(usage.is_object(), has_usage, "{model}");
        if has_usage {
            let details = json!([{"modality": "TEXT", "tokenCount": 4}]);
            assert_eq!(
                usage,
                &json!({"promptTokenCount": 4, "promptTokenDetails": details})
            );
        }
    }
}
