//! Requests by rule: what drafts they become. Fitting a draft to a model is tested where that is
//! done; how nonsense is refused is in `refusals`.

mod calls;
mod content;
mod google;
mod messages;
mod output;
mod parameters;
mod refusals;
mod signatures;
mod thinking;
mod tools;

use super::draft;
use crate::{ChatRequest, InvalidRequest, prompt::Draft};

/// Gives the draft of a body to `look`.
fn with_draft<T>(body: &str, look: impl FnOnce(Draft<'_>) -> T) -> Result<T, InvalidRequest> {
    let request = ChatRequest::parse(body.as_bytes())?;
    Ok(look(draft(&request)?))
}

/// Whether there is a draft of a body.
fn check(body: &str) -> Result<(), InvalidRequest> {
    with_draft(body, |_| ())
}

/// Gives the draft of a question with these parameters, `,"n":1` for instance, to `look`.
fn with_parameters<T>(parameters: &str, look: impl FnOnce(Draft<'_>) -> T) -> T {
    let body =
        format!(r#"{{"model":"m","messages":[{{"role":"user","content":"hi"}}]{parameters}}}"#);
    with_draft(&body, look).unwrap_or_else(|error| panic!("{parameters}: {error}"))
}

/// The instructions and the turns of a conversation, as Gemini would read them.
fn check_messages(messages: &str, instructions: &str, turns: &str) {
    let body = format!(r#"{{"model":"m","messages":{messages}}}"#);
    let found = with_draft(&body, |draft| {
        (json(&draft.instructions), json(&draft.turns))
    });
    let expected = (instructions.to_owned(), turns.to_owned());
    assert_eq!(found, Ok(expected), "{messages}");
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn tells_how_the_client_wants_its_answer_g21_g22() {
    for (parameters, stream, include_usage) in [
        ("", false, false),
        (r#","stream":true"#, true, false),
        (
            r#","stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}"#,
            true,
            true,
        ),
        (r#","stream":false,"stream_options":{}"#, false, false),
    ] {
        let body = format!(
            r#"{{"messages":[{{"role":"user","content":"a"}}],"model":"google/x"{parameters}}}"#
        );
        let request = ChatRequest::parse(body.as_bytes()).unwrap();
        assert_eq!(
            (request.model(), request.stream(), request.include_usage()),
            ("google/x", stream, include_usage)
        );
    }
}
