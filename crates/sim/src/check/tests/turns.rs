//! Calls, results, signatures and last words.

use super::*;

const GEMINI_2: &str = "gemini-2.5-flash";
const GEMINI_3: &str = "gemini-3.5-flash";

fn ask() -> Value {
    json!({"role": "user", "parts": [{"text": "a"}]})
}

fn say() -> Value {
    json!({"role": "model", "parts": [{"text": "b"}]})
}

fn part(name: &str, id: Option<&str>) -> Value {
    match id {
        Some(id) => json!({"name": name, "id": id}),
        None => json!({"name": name}),
    }
}

/// A turn of calls by name and id, the first signed.
fn call(calls: &[(&str, Option<&str>)]) -> Value {
    let mut parts: Vec<Value> = calls
        .iter()
        .map(|(name, id)| json!({"functionCall": part(name, *id)}))
        .collect();
    parts[0]["thoughtSignature"] = json!(signature::issue(1));
    json!({"role": "model", "parts": parts})
}

fn results(results: &[(&str, Option<&str>)]) -> Value {
    let parts: Vec<Value> = results
        .iter()
        .map(|(name, id)| {
            let mut result = part(name, *id);
            result["response"] = json!({"result": 1});
            json!({"functionResponse": result})
        })
        .collect();
    json!({"role": "user", "parts": parts})
}

fn contents(turns: &[Value]) -> Value {
    json!({"contents": turns})
}

fn unsigned(mut content: Value) -> Value {
    content["parts"][0]
        .as_object_mut()
        .unwrap()
        .remove("thoughtSignature");
    content
}

fn signed_with(mut content: Value, signature: &str) -> Value {
    content["parts"][0]["thoughtSignature"] = json!(signature);
    content
}

#[test]
fn calls_and_results_come_in_order_number_and_pairs_m9() {
    let a = ("a", Some("1"));
    let b = ("b", Some("2"));
    let order =
        "function call turn comes immediately after a user turn or after a function response turn";
    let response_order = "function response turn comes immediately after a function call turn";
    let count = "number of function response parts is equal to the number of function call parts";
    let pairs = "names and ids of function response parts";
    let anonymous = ("a", None);
    let late = json!({"role": "user", "parts": [results(&[a])["parts"][0], {"text": "and"}]});
    check_cases(&[
        (GEMINI_3, contents(&[ask(), call(&[a]), results(&[a])]), ""),
        (
            GEMINI_3,
            contents(&[ask(), call(&[a, b]), results(&[b, a])]),
            "",
        ),
        (
            GEMINI_3,
            contents(&[ask(), call(&[a]), results(&[a]), call(&[b]), results(&[b])]),
            "",
        ),
        (GEMINI_3, contents(&[ask(), call(&[a]), late]), ""),
        (GEMINI_3, contents(&[ask(), ask(), say(), say(), ask()]), ""),
        (
            GEMINI_2,
            contents(&[ask(), call(&[anonymous]), results(&[anonymous])]),
            "",
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a]), results(&[anonymous])]),
            "",
        ),
        (GEMINI_2, contents(&[call(&[a]), results(&[a])]), order),
        (
            GEMINI_2,
            contents(&[say(), call(&[a]), results(&[a])]),
            order,
        ),
        (GEMINI_2, contents(&[ask(), results(&[a])]), response_order),
        (
            GEMINI_2,
            contents(&[ask(), say(), results(&[a])]),
            response_order,
        ),
        (GEMINI_2, contents(&[results(&[a])]), response_order),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a, b]), results(&[a])]),
            count,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a]), results(&[a, b])]),
            count,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a, b]), results(&[a]), results(&[b])]),
            count,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a]), call(&[b]), results(&[a])]),
            count,
        ),
        (GEMINI_2, contents(&[ask(), call(&[a]), ask()]), count),
        (GEMINI_2, contents(&[ask(), call(&[a])]), count),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a]), results(&[("a", Some("9"))])]),
            pairs,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a]), results(&[("1", None)])]),
            pairs,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[a, a]), results(&[a, b])]),
            pairs,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[anonymous]), results(&[a])]),
            pairs,
        ),
        (
            GEMINI_2,
            contents(&[ask(), call(&[("", None)]), results(&[("", None)])]),
            "contents[1].parts[0].function_call.name: Name cannot be empty.",
        ),
    ]);
}

#[test]
fn the_first_call_of_each_step_since_the_last_question_is_signed_s3_2() {
    let a = ("a", Some("1"));
    let step = [call(&[a]), results(&[a])];
    let unsigned_step = [unsigned(call(&[a])), results(&[a])];
    let missing = |position: usize| {
        format!(
            "Function call is missing a thought_signature in functionCall parts. This is required \
             for tools to work correctly, and missing thought_signature may lead to degraded model \
             performance. Additional data, function call `default_api:a` , position {position}."
        )
    };
    let signed_later = {
        let mut content = unsigned(call(&[a, ("b", Some("2"))]));
        content["parts"][1]["thoughtSignature"] = json!(signature::issue(1));
        contents(&[ask(), content, results(&[a, ("b", Some("2"))])])
    };
    check_cases(&[
        (
            GEMINI_3,
            contents(&[&[ask()], &step[..], &step[..]].concat()),
            "",
        ),
        (
            GEMINI_3,
            contents(&[&[ask()], &unsigned_step[..]].concat()),
            &missing(2),
        ),
        (
            GEMINI_3,
            contents(&[&[ask()], &step[..], &unsigned_step[..]].concat()),
            &missing(4),
        ),
        (GEMINI_3, signed_later, &missing(2)),
        // What came as events of one stream is one step.
        (
            GEMINI_3,
            contents(&[
                ask(),
                say(),
                call(&[a]),
                unsigned(call(&[("b", None)])),
                say(),
                results(&[a, ("b", None)]),
            ]),
            "",
        ),
        // Of earlier turns nothing is asked.
        (
            GEMINI_3,
            contents(&[&[ask()], &unsigned_step[..], &[say(), ask()]].concat()),
            "",
        ),
        (
            GEMINI_2,
            contents(&[&[ask()], &unsigned_step[..]].concat()),
            "",
        ),
        (
            "some-model",
            contents(&[&[ask()], &unsigned_step[..]].concat()),
            "",
        ),
    ]);
}

#[test]
fn signatures_are_ours_scripted_or_documented_dummies_s3_6_s3_8() {
    let a = ("a", Some("1"));
    let signed =
        |signature: &str| contents(&[ask(), signed_with(call(&[a]), signature), results(&[a])]);
    let said = |signature: &str| contents(&[ask(), signed_with(say(), signature), ask()]);
    let corrupted = "Corrupted thought signature.";
    let mut damaged = signature::issue(7);
    damaged.replace_range(20..24, "AAAA");
    check_cases(&[
        (GEMINI_3, signed(&signature::issue(7)), ""),
        (GEMINI_3, signed("c2NyaXB0ZWQ="), ""),
        (GEMINI_3, signed("skip_thought_signature_validator"), ""),
        (
            GEMINI_3,
            signed("c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I="),
            "",
        ),
        (GEMINI_3, signed("context_engineering_is_the_way_to_go"), ""),
        (GEMINI_3, signed(&damaged), corrupted),
        (GEMINI_3, signed("bm90IG91cnM="), corrupted),
        (GEMINI_3, said("bm90IG91cnM="), corrupted),
        (GEMINI_2, signed("bm90IG91cnM="), ""),
        (
            GEMINI_2,
            signed("not base64!"),
            "Invalid value at 'contents[1].parts[0].thought_signature' (TYPE_BYTES), Base64 decoding failed for \"not base64!\"",
        ),
    ]);
}

#[test]
fn late_models_do_not_continue_their_own_turn_m11() {
    let prefill = contents(&[ask(), say()]);
    let refused = "Requests ending with a model turn are not supported.";
    check_cases(&[
        (GEMINI_2, prefill.clone(), ""),
        (GEMINI_3, prefill.clone(), ""),
        ("gemini-3.5-flash-lite", prefill.clone(), refused),
        ("gemini-3.8-flash", prefill.clone(), refused),
        ("gemini-4-argon", prefill, refused),
        ("gemini-4-argon", contents(&[ask(), say(), ask()]), ""),
    ]);
}
