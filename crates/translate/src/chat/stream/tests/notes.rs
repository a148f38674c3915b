//! What Gemini notes beside the text: citations, log probabilities, model and tier.

use super::*;

#[test]
fn citations_come_once_before_the_end_in_characters_n1_n3() {
    let grounding = r#""groundingMetadata":{"groundingChunks":[{"web":{"uri":"https://r/1","title":"a.org"}}],"groundingSupports":[{"segment":{"startIndex":7,"endIndex":11,"text":"Welt"},"groundingChunkIndices":[0]}]}"#;
    let noted = format!(
        r#""candidates":[{{"content":{{"parts":[{{"text":"Welt"}}]}},"finishReason":"STOP",{grounding}}}]"#
    );
    let repeated = format!(r#""candidates":[{{"finishReason":"STOP",{grounding}}}]"#);
    let out = shown(
        &[&text("Grü "), &text("x "), &noted, &repeated],
        &Style::default(),
    );
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"Grü "},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"x "},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"Welt"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"annotations":[{"type":"url_citation","url_citation":{"start_index":6,"end_index":10,"url":"https://r/1","title":"a.org"}}]},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn empty_grounding_is_nothing_n2() {
    let event = r#""candidates":[{"content":{"parts":[{"text":"a"}]},"finishReason":"STOP","groundingMetadata":{}}]"#;
    let out = shown(&[event], &Style::default());
    assert!(!out.contains("annotations"), "{out}");
}

#[test]
fn log_probabilities_follow_their_tokens_n5() {
    let event = r#""candidates":[{"content":{"parts":[{"text":"Hi"}]},"finishReason":"STOP","avgLogprobs":-0.1,"logprobsResult":{"chosenCandidates":[{"token":"Hi","logProbability":-1.0489701e-05}]}}]"#;
    let silent = r#""candidates":[{"logprobsResult":{"chosenCandidates":[{"token":"x"}]}}]"#;
    let out = shown(&[silent, event], &Style::default());
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"logprobs":{"content":[{"token":"Hi","logprob":-1.0489701e-05,"bytes":[72,105],"top_logprobs":[]}],"refusal":null},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn chunks_name_tier_and_model_that_the_first_event_names_a1_g14() {
    let first = r#""candidates":[{"content":{"parts":[{"text":"a"}]}}],"modelVersion":"gemini-3.8-flash","usageMetadata":{"promptTokenCount":1,"serviceTier":"standard"}"#;
    let (out, _) = run(
        stream(&Style::default()),
        [events(&[first, STOP]).as_bytes()],
    );
    let head = r#""model":"m","service_tier":"default","system_fingerprint":"gemini-3.8-flash","choices":["#;
    assert_eq!(out.matches(head).count(), 3, "{out}");
}
