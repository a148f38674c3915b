//! Embeddings and counting.

use super::*;

const MODEL: &str = "gemini-embedding-001";

fn request(text: &str) -> Value {
    json!({"model": "models/gemini-embedding-001", "content": {"parts": [{"text": text}]}})
}

#[test]
fn one_text_is_there_and_of_possible_length() {
    let sized = |dimensions: i64| json!({"content": {"parts": [{"text": "a"}]}, "outputDimensionality": dimensions});
    for (body, expected) in [
        (request("a"), ""),
        (sized(3_072), ""),
        (
            sized(0),
            "output_dimensionality must be in the range [1, 3072]",
        ),
        (sized(3_073), "output_dimensionality must be in the range"),
        (
            json!({}),
            "* EmbedContentRequest.content: contents is not specified\n",
        ),
        (
            request(""),
            "EmbedContentRequest.content contains an empty Part.",
        ),
        (json!({"content": {"parts": []}}), "contains an empty Part"),
        (
            json!({"content": {"parts": [{"text": "a"}]}, "taskType": "POETRY"}),
            "v1beta.TaskType), \"POETRY\"",
        ),
    ] {
        check_case(Method::EmbedContent, MODEL, &body, expected);
    }
}

#[test]
fn a_batch_names_its_model_each_time_and_ends_at_100_e1() {
    let batch = |requests: Vec<Value>| json!({"requests": requests});
    let other = json!({"model": "models/other", "content": {"parts": [{"text": "a"}]}});
    for (body, expected) in [
        (batch(vec![request("a"); 100]), ""),
        (
            batch(vec![request("a"); 101]),
            "* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch\n",
        ),
        (batch(vec![]), "requests is not specified"),
        (
            batch(vec![json!({"content": {"parts": [{"text": "a"}]}})]),
            "* BatchEmbedContentsRequest.requests[0].model: unexpected model name format\n",
        ),
        (
            batch(vec![other]),
            "requests[0].model: must be the model of the batch",
        ),
        (
            batch(vec![request("a"), request("")]),
            "contains an empty Part",
        ),
    ] {
        check_case(Method::BatchEmbedContents, MODEL, &body, expected);
    }
}

#[test]
fn what_is_counted_is_wrapped_with_its_model_or_not_at_all_s6_6() {
    let contents = json!([{"parts": [{"text": "a"}]}]);
    let wrapped = json!({"model": "models/gemini-2.5-flash", "contents": contents});
    for (body, expected) in [
        (json!({"contents": contents}), ""),
        (json!({"generateContentRequest": wrapped}), ""),
        (
            json!({"contents": contents, "generateContentRequest": wrapped}),
            "cannot both be set",
        ),
        (
            json!({"generateContentRequest": {"contents": contents}}),
            "unexpected model name format",
        ),
        (
            json!({"generateContentRequest": {"model": "models/m"}}),
            "contents is not specified",
        ),
        (
            json!({}),
            "* CountTokensRequest.contents: contents is not specified\n",
        ),
        (
            json!({"contents": contents, "tools": []}),
            "Unknown name \"tools\"",
        ),
    ] {
        check_case(Method::CountTokens, "gemini-2.5-flash", &body, expected);
    }
}
