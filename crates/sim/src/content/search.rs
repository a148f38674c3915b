//! Answers with sources: the web searched, pages read (N1, N2).
//!
//! The text is not ASCII on purpose: offsets are of UTF-8 bytes.

use serde_json::{Value, json};

use super::echo;
use crate::hash;
use crate::question::Question;
use crate::script::Answer;
use crate::signature;

/// What is found, by the site that says it.
const FINDINGS: [(&str, &str); 2] = [
    (
        "example.com",
        "Zürich liegt am Zürichsee – says the first source.",
    ),
    ("example.org", "東京 is Tōkyō, says the second."),
];

/// Where Google sends those who click on a source.
const REDIRECT: &str = "https://vertexaisearch.cloud.google.com/grounding-api-redirect/";

/// Parts that show the search where that is wished for, and the words.
pub(super) fn answer(question: Question<'_>) -> (Vec<Value>, String) {
    let mut parts = Vec::new();
    if question.shows_server_side_tools() {
        let tool = match question.tool("googleSearch") {
            Some(_) => "GOOGLE_SEARCH_WEB",
            None => "URL_CONTEXT",
        };
        let id = hash::characters(question.seed, b"abcdefghijklmnopqrstuvwxyz0123456789", 8);
        for (name, seed) in [("toolCall", 4), ("toolResponse", 5)] {
            parts.push(json!({
                name: {"toolType": tool, "id": id},
                "thoughtSignature": signature::issue(question.seed ^ seed),
            }));
        }
    }
    let mut text = echo(question);
    for (_, finding) in FINDINGS {
        text.push(' ');
        text.push_str(finding);
    }
    (parts, text)
}

/// The answer with what it is based on. What a limit has cut off is not supported.
pub(super) fn grounded(question: Question<'_>, mut answer: Answer) -> Answer {
    let text = answer.text.concat();
    let pages = pages(question);
    let mut chunks = Vec::new();
    let mut supports = Vec::new();
    if let Some(first) = pages.first() {
        // The whole answer is from the page, as recorded.
        chunks.push(json!({"web": {"uri": first, "title": "Example Domain"}}));
        supports.push(json!({
            "segment": {"endIndex": text.len(), "text": text},
            "groundingChunkIndices": [0]
        }));
    }
    if question.tool("googleSearch").is_some() {
        for (site, finding) in FINDINGS {
            let token = hash::characters(question.seed, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", 24);
            let index = chunks.len();
            chunks
                .push(json!({"web": {"uri": format!("{REDIRECT}{token}{index}"), "title": site}}));
            if let Some(start) = text.find(finding) {
                supports.push(json!({
                    "segment": {"startIndex": start, "endIndex": start + finding.len(), "text": finding},
                    "groundingChunkIndices": [index]
                }));
            }
        }
        answer.grounding = Some(json!({
            "searchEntryPoint": {"renderedContent": "<div class=\"container\"></div>"},
            "groundingChunks": chunks,
            "groundingSupports": supports,
            "webSearchQueries": [question.asked_text()],
        }));
    } else if !chunks.is_empty() {
        answer.grounding = Some(json!({"groundingChunks": chunks, "groundingSupports": supports}));
    }
    if !pages.is_empty() {
        let read = pages.iter().map(|page| {
            json!({"retrievedUrl": page, "urlRetrievalStatus": "URL_RETRIEVAL_STATUS_SUCCESS"})
        });
        answer.url_context = Some(json!({"urlMetadata": read.collect::<Vec<_>>()}));
    }
    answer
}

/// Addresses in the question, where pages may be read.
fn pages(question: Question<'_>) -> Vec<String> {
    if question.tool("urlContext").is_none() {
        return Vec::new();
    }
    let asked = question.asked_text();
    let addresses = asked
        .split_whitespace()
        .filter(|word| word.starts_with("https://"));
    addresses
        .map(|address| {
            address
                .trim_end_matches(['.', ',', ')', '?', '!'])
                .to_owned()
        })
        .collect()
}
