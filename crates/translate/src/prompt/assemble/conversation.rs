//! Makes a conversation one that Gemini accepts: never empty, never ending where it must not.
//!
//! Calls and results are `pairing`'s.

use crate::{
    gemini::request::{BLANK, Content, Data, Part, Role},
    model::LastTurn,
};

/// What asks a model that refuses to continue its own turn to go on all the same (M11).
const CONTINUE: &str = "Continue.";

/// Drops texts that say nothing and carry nothing, and what is empty without them: a turn of the
/// model goes, one of the user becomes blank (M5, M16).
pub(super) fn tidy(contents: &mut Vec<Content<'_>>) {
    contents.retain_mut(|content| {
        content.parts.retain(|part| {
            let is_empty = matches!(&part.data, Data::Text(text) if text.is_empty());
            !is_empty || part.thought_signature.is_some()
        });
        if content.parts.is_empty() && content.role == Role::User {
            content.parts.push(Part::text(BLANK));
        }
        !content.parts.is_empty()
    });
    // A call must follow the user (M9); histories that were cut short start with one.
    if contents.first().is_some_and(calls) {
        contents.insert(0, Content::user(vec![Part::text(BLANK)]));
    }
}

fn calls(content: &Content<'_>) -> bool {
    let mut parts = content.parts.iter();
    parts.any(|part| matches!(part.data, Data::FunctionCall(_)))
}

/// Puts instructions at the head of the conversation, for models that take them only there.
pub(super) fn instruct<'a>(contents: &mut Vec<Content<'a>>, instructions: Vec<Part<'a>>) {
    if instructions.is_empty() {
        return;
    }
    match contents.first_mut() {
        Some(first) if first.role == Role::User && !answers(first) => {
            first.parts.splice(0..0, instructions);
        }
        _ => contents.insert(0, Content::user(instructions)),
    }
}

/// Whether a turn holds results, which must stay first in it.
fn answers(content: &Content<'_>) -> bool {
    let mut parts = content.parts.iter();
    parts.any(|part| matches!(part.data, Data::FunctionResponse(_)))
}

/// Gives a conversation the last turn that the model wants.
pub(super) fn close(contents: &mut Vec<Content<'_>>, last_turn: LastTurn) {
    let ends_with_model = contents
        .last()
        .is_some_and(|content| content.role == Role::Model);
    if contents.is_empty() {
        contents.push(Content::user(vec![Part::text(BLANK)]));
    } else if ends_with_model && last_turn == LastTurn::UserOnly {
        contents.push(Content::user(vec![Part::text(CONTINUE)]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{gemini::request::FunctionCall, prompt::values};

    fn json(contents: &[Content<'_>]) -> String {
        serde_json::to_string(contents).unwrap()
    }

    #[test]
    fn nothing_is_empty_m3_m5_m16() {
        let signed = |text: &'static str| Part {
            thought_signature: Some("s".into()),
            ..Part::text(text)
        };
        let mut contents = vec![
            Content::user(vec![Part::text(""), Part::text("")]),
            Content::model(vec![Part::text("")]),
            Content::user(vec![]),
            Content::model(vec![]),
            Content::model(vec![Part::text(""), Part::text("a"), signed("")]),
        ];
        tidy(&mut contents);
        assert_eq!(
            json(&contents),
            r#"[{"role":"user","parts":[{"text":" "}]},{"role":"user","parts":[{"text":" "}]},{"role":"model","parts":[{"text":"a"},{"text":"","thoughtSignature":"s"}]}]"#
        );
        for last_turn in [LastTurn::Anyone, LastTurn::UserOnly] {
            let mut empty = Vec::new();
            close(&mut empty, last_turn);
            assert_eq!(json(&empty), r#"[{"role":"user","parts":[{"text":" "}]}]"#);
        }
    }

    #[test]
    fn a_call_never_comes_first_m9() {
        let call = || {
            Part::from(Data::FunctionCall(FunctionCall {
                id: None,
                name: "f".into(),
                args: values::empty_object(),
            }))
        };
        let mut contents = vec![
            Content::model(vec![Part::text("")]),
            Content::model(vec![Part::text("a"), call()]),
        ];
        tidy(&mut contents);
        assert!(
            json(&contents)
                .starts_with(r#"[{"role":"user","parts":[{"text":" "}]},{"role":"model","#)
        );
        let mut contents = vec![Content::model(vec![Part::text("a")])];
        tidy(&mut contents);
        assert_eq!(contents.len(), 1);
    }

    #[test]
    fn late_models_are_asked_to_go_on_m11() {
        for (last_turn, asked) in [(LastTurn::Anyone, false), (LastTurn::UserOnly, true)] {
            let mut contents = vec![
                Content::user(vec![Part::text("a")]),
                Content::model(vec![Part::text("b")]),
            ];
            close(&mut contents, last_turn);
            assert_eq!(
                json(&contents).ends_with(r#"{"role":"user","parts":[{"text":"Continue."}]}]"#),
                asked
            );
            contents.push(Content::user(vec![Part::text("c")]));
            let turns = contents.len();
            close(&mut contents, last_turn);
            assert_eq!(contents.len(), turns);
        }
    }

    #[test]
    fn instructions_can_stand_in_the_prompt_g19() {
        let instructions = || vec![Part::text("i"), Part::text("j")];
        for (contents, expected) in [
            (
                vec![],
                r#"[{"role":"user","parts":[{"text":"i"},{"text":"j"}]}]"#,
            ),
            (
                vec![Content::user(vec![Part::text("a")])],
                r#"[{"role":"user","parts":[{"text":"i"},{"text":"j"},{"text":"a"}]}]"#,
            ),
            (
                vec![Content::model(vec![Part::text("b")])],
                r#"[{"role":"user","parts":[{"text":"i"},{"text":"j"}]},{"role":"model","parts":[{"text":"b"}]}]"#,
            ),
        ] {
            let mut contents = contents;
            instruct(&mut contents, instructions());
            assert_eq!(json(&contents), expected);
            let turns = json(&contents);
            instruct(&mut contents, Vec::new());
            assert_eq!(json(&contents), turns);
        }
    }
}
