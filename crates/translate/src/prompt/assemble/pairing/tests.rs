//! Conversations before and after, in a notation of their own:
//!
//! `u:` and `m:` start turns of the user and of the model; `f(1)` is a call of `f` with the id `1`,
//! `f=1:x` its result with the text `x`, anything else is text. `f()` and `f=:x` have no id.

use super::*;

/// A turn from the notation.
fn turn(text: &str) -> Content<'_> {
    let (role, parts) = text.split_once(':').unwrap();
    let parts = parts.split_whitespace().map(part).collect();
    match role {
        "u" => Content::user(parts),
        _ => Content::model(parts),
    }
}

fn part(text: &str) -> Part<'_> {
    let id = |id: &'static str| (!id.is_empty()).then_some(Cow::Borrowed(id));
    let leak = |text: &str| -> &'static str { text.to_owned().leak() };
    if let Some((name, given)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        return Data::FunctionCall(crate::gemini::request::FunctionCall {
            id: id(leak(given)),
            name: name.into(),
            args: values::empty_object(),
        })
        .into();
    }
    if let Some((name, result)) = text.split_once('=') {
        let (given, result) = result.split_once(':').unwrap();
        return Data::FunctionResponse(FunctionResponse {
            id: id(leak(given)),
            name: name.into(),
            response: values::result(result),
            parts: Vec::new(),
        })
        .into();
    }
    Part::text(text)
}

fn show(contents: &[Content<'_>]) -> Vec<String> {
    let show_part = |part: &Part<'_>| match &part.data {
        Data::Text(text) => text.replace(' ', "_"),
        Data::FunctionCall(call) => format!("{}({})", call.name, call.id.as_deref().unwrap_or("-")),
        Data::FunctionResponse(result) => {
            let response = result.response.get();
            let inner = response
                .strip_prefix(r#"{"result":""#)
                .and_then(|rest| rest.strip_suffix(r#""}"#));
            let response = inner.map_or(
                if response.contains("error") {
                    "MISSING"
                } else {
                    response
                },
                |text| text,
            );
            format!(
                "{}={}:{response}",
                result.name,
                result.id.as_deref().unwrap_or("-")
            )
        }
        Data::InlineData(_) | Data::InlineBytes(_) => "IMAGE".to_owned(),
        Data::FileData(_) => "FILE".to_owned(),
    };
    contents
        .iter()
        .map(|content| {
            let role = match content.role {
                Role::User => "u",
                Role::Model => "m",
            };
            let parts: Vec<String> = content.parts.iter().map(show_part).collect();
            format!("{role}: {}", parts.join(" "))
        })
        .collect()
}

fn check(turns: &[&str], expected: &[&str]) {
    let names = FunctionNames::new(["a tool", "f", "g"]);
    let turns: Vec<Content<'_>> = turns.iter().map(|text| turn(text)).collect();
    assert_eq!(show(&pair(turns, &names)), expected);
}

#[test]
fn results_of_several_messages_become_one_turn_in_the_order_of_the_calls_m6_m9_m10() {
    check(
        &[
            "u: hi",
            "m: ok f(1) g(2)",
            "u: g=2:b",
            "u: f=1:a",
            "m: done",
        ],
        &["u: hi", "m: ok f(1) g(2)", "u: f=1:a g=2:b", "m: done"],
    );
}

#[test]
fn a_loop_of_calls_stays_a_loop() {
    let turns = [
        "u: hi", "m: f(1)", "u: f=1:a", "m: f(2)", "u: f=2:b", "m: done", "u: more",
    ];
    check(&turns, &turns);
}

#[test]
fn a_conversation_without_calls_stays_as_it_is_m10() {
    let turns = ["u: a", "u: b", "m: c", "m: d", "u: e"];
    check(&turns, &turns);
}

#[test]
fn missing_results_become_errors_m9_m12() {
    check(
        &["u: hi", "m: f(1) g(2)", "u: g=2:b"],
        &["u: hi", "m: f(1) g(2)", "u: f=1:MISSING g=2:b"],
    );
    check(
        &["u: hi", "m: f(1)", "u: never mind"],
        &["u: hi", "m: f(1)", "u: f=1:MISSING", "u: never mind"],
    );
    check(
        &["u: hi", "m: f(1)"],
        &["u: hi", "m: f(1)", "u: f=1:MISSING"],
    );
    check(
        &["u: hi", "m: f(1)", "u: x", "m: y", "u: f=1:late"],
        &[
            "u: hi",
            "m: f(1)",
            "u: f=1:MISSING",
            "u: x",
            "m: y",
            "u: Result_of_f:_{\"result\":\"late\"}",
        ],
    );
}

#[test]
fn results_without_call_become_text_m9() {
    check(
        &["u: hi", "u: f=1:a", "m: ok"],
        &["u: hi", "u: Result_of_f:_{\"result\":\"a\"}", "m: ok"],
    );
    check(
        &["u: hi", "m: f(1)", "u: f=1:a f=1:again x=9:b"],
        &[
            "u: hi",
            "m: f(1)",
            "u: f=1:a Result_of_f:_{\"result\":\"again\"} Result_of_x:_{\"result\":\"b\"}",
        ],
    );
    check(&["u: =:a"], &["u: Result_of_a_call:_{\"result\":\"a\"}"]);
}

#[test]
fn text_beside_results_stays_beside_them_and_other_turns_follow_m9() {
    check(
        &[
            "u: hi",
            "m: f(1) g(2)",
            "u: before f=1:a after",
            "u: between",
            "u: g=2:b last",
            "m: ok",
        ],
        &[
            "u: hi",
            "m: f(1) g(2)",
            "u: f=1:a g=2:b before after",
            "u: between",
            "u: last",
            "m: ok",
        ],
    );
}

#[test]
fn ids_are_always_pairwise_t17() {
    check(
        &["u: hi", "m: f() g() f()", "u: f=:a", "u: g=:b", "u: f=:c"],
        &[
            "u: hi",
            "m: f(gempool-call-0) g(gempool-call-1) f(gempool-call-2)",
            "u: f=gempool-call-0:a g=gempool-call-1:b f=gempool-call-2:c",
        ],
    );
    check(
        &["u: hi", "m: f(1) f(1)", "u: f=1:a", "u: f=1:b"],
        &[
            "u: hi",
            "m: f(1) f(gempool-call-0)",
            "u: f=1:a f=gempool-call-0:b",
        ],
    );
    // One with and one without.
    check(
        &["u: hi", "m: f(1) f(2)", "u: f=2:b", "u: f=:a"],
        &["u: hi", "m: f(1) f(2)", "u: f=1:a f=2:b"],
    );
    // The same id in another turn is another call.
    check(
        &["u: hi", "m: f(1)", "u: f=1:a", "m: g(1)", "u: g=1:b"],
        &["u: hi", "m: f(1)", "u: f=1:a", "m: g(1)", "u: g=1:b"],
    );
}

#[test]
fn turns_of_the_model_around_a_call_become_one_m10() {
    check(
        &["u: hi", "m: a", "m: b", "m: f(1)", "u: f=1:x"],
        &["u: hi", "m: a b f(1)", "u: f=1:x"],
    );
    check(
        &[
            "u: hi",
            "m: thinking",
            "m: f(1)",
            "m: g(2)",
            "m: so",
            "u: f=1:a g=2:b",
            "m: x",
            "m: y",
        ],
        &[
            "u: hi",
            "m: thinking f(1) g(2) so",
            "u: f=1:a g=2:b",
            "m: x",
            "m: y",
        ],
    );
}

#[test]
fn names_are_those_that_gemini_knows_t2() {
    let mut call = turn("m: x(1)");
    let mut result = turn("u: x=1:a");
    if let Data::FunctionCall(call) = &mut call.parts[0].data {
        call.name = "a tool".into();
    }
    // A result need not know its function: the call does.
    if let Data::FunctionResponse(result) = &mut result.parts[0].data {
        result.name = "".into();
    }
    let names = FunctionNames::new(["a tool"]);
    let contents = pair(vec![turn("u: hi"), call, result], &names);
    assert_eq!(show(&contents), ["u: hi", "m: a_tool(1)", "u: a_tool=1:a"]);
}

#[test]
fn long_histories_are_linear_work() {
    let mut turns = vec![turn("u: hi")];
    let many: String = (0..2_000).map(|index| format!(" f({index})")).collect();
    let calls = format!("m:{many}");
    let results: String = (0..2_000)
        .rev()
        .map(|index| format!(" f={index}:r"))
        .collect();
    let results = format!("u:{results}");
    for _ in 0..20 {
        turns.push(turn(&calls));
        turns.push(turn(&results));
    }
    let contents = pair(turns, &FunctionNames::default());
    assert_eq!(contents.len(), 41);
    assert!(
        contents
            .iter()
            .skip(1)
            .all(|content| content.parts.len() == 2_000)
    );
}
