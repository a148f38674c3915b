//! Runs recorded answers of Gemini through every dialect, if there is a folder of them beside the
//! project. The folder is not part of the project; without it these tests say so and pass.
//!
//! `fixtures` finds the bodies, `upstream` reads what is in them without the crate's own code,
//! `dialect` says what a dialect has to provide, and `checks` compares the two. A dialect adds a
//! file of its own and a line in [`DIALECTS`].

// Clippy's allowances for tests reach functions under `cfg(test)`, which an integration test is only
// when it says so; hence the attribute on every module.
#[cfg(test)]
mod chat;
#[cfg(test)]
mod checks;
#[cfg(test)]
mod completions;
#[cfg(test)]
mod dialect;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod messages;
#[cfg(test)]
#[path = "../response_events/mod.rs"]
mod response_events;
#[cfg(test)]
mod responses;
#[cfg(test)]
mod upstream;

use std::{
    collections::BTreeSet,
    io::{Write, stderr},
};

use dialect::Dialect;
use fixtures::Fixture;
use gempool_translate::{
    ChatRequest, Exchange,
    anthropic::{CountTokensRequest, MessagesRequest},
    models_from_gemini,
    responses::ResponsesRequest,
};
use serde_json::Value;

/// Every dialect that answers from `generateContent`.
const DIALECTS: &[&Dialect] = &[
    &chat::DIALECT,
    &completions::DIALECT,
    &messages::DIALECT,
    &responses::DIALECT,
];

/// Fewer recorded answers than this would mean that they were not found.
const MIN_ANSWERS: usize = 100;

#[test]
fn every_recorded_answer_keeps_its_meaning_in_every_dialect() {
    let Some(fixtures) = fixtures::load() else {
        return;
    };
    let answers: Vec<&Fixture> = fixtures.iter().filter(|one| one.is_answer()).collect();
    assert!(answers.len() >= MIN_ANSWERS, "only {}", answers.len());
    for dialect in DIALECTS {
        let mut kinds = BTreeSet::new();
        let mut failures = Vec::new();
        let mut cases = 0;
        for fixture in &answers {
            kinds.insert(fixture.kind.as_str());
            for (case, failure) in checks::run(dialect, fixture) {
                cases += 1;
                let name = &fixture.name;
                failures.extend(failure.map(|problem| format!("{name}, {case}: {problem}")));
            }
        }
        let name = dialect.name;
        say(&format!(
            "{name}: {cases} cases of {} kinds, {} failed",
            kinds.len(),
            failures.len()
        ));
        assert!(failures.is_empty(), "{name}: {failures:#?}");
    }
}

#[test]
fn every_recorded_count_is_told_by_anthropics_endpoint() {
    let Some(fixtures) = fixtures::load() else {
        return;
    };
    let counts = fixtures.iter().filter(|one| one.kind == "count-tokens");
    let mut told = 0;
    for fixture in counts {
        let upstream: Value = serde_json::from_slice(&fixture.body).unwrap();
        let request = br#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
        let request = CountTokensRequest::parse(request).unwrap();
        let answer = request.render(&[&fixture.body], &dialect::meta()).unwrap();
        let answer: Value = serde_json::from_slice(&answer.body).unwrap();
        assert_eq!(
            answer["input_tokens"], upstream["totalTokens"],
            "{}",
            fixture.name
        );
        told += 1;
    }
    assert!(told > 0);
}

#[test]
fn every_recorded_body_is_read_or_refused() {
    let Some(fixtures) = fixtures::load() else {
        return;
    };
    for fixture in fixtures {
        let _ = ChatRequest::parse(&fixture.body);
        let _ = MessagesRequest::parse(&fixture.body);
        let _ = CountTokensRequest::parse(&fixture.body);
        let _ = ResponsesRequest::parse(&fixture.body);
        let models = models_from_gemini(&fixture.body);
        if fixture.kind == "models" {
            assert!(!models.unwrap().models.is_empty(), "{}", fixture.name);
        }
    }
}

/// Past the capture of the test harness: how much was run is worth knowing when all is well.
fn say(line: &str) {
    let _ = writeln!(stderr(), "corpus: {line}");
}
