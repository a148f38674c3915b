//! Calls and their results come in the right order, number and pairs (M9), and the model does not
//! have the last word where it may not (M11).

use serde_json::Value;

use super::contents::{is_of_model, parts, turns};
use super::{Asked, Checked};
use crate::refusal;

pub(super) fn check(asked: Asked<'_>) -> Checked {
    let turns = turns(asked.body);
    let mut before: Option<&Value> = None;
    for content in turns {
        let open = before.map(calls).unwrap_or_default();
        let results = results(content);
        if open.is_empty() && !results.is_empty() {
            return Err(refusal::function_response_turn_order());
        }
        if open.len() != results.len() {
            return Err(refusal::function_response_count());
        }
        if !are_pairs(&open, &results) {
            return Err(refusal::function_response_mismatch());
        }
        if !calls(content).is_empty() && before.is_none_or(is_of_model) {
            return Err(refusal::function_call_turn_order());
        }
        before = Some(content);
    }
    let Some(last) = before.filter(|last| is_of_model(last)) else {
        return Ok(());
    };
    if asked.model.refuses_prefill() {
        return Err(refusal::model_turn_prefill());
    }
    match calls(last).is_empty() {
        true => Ok(()),
        // A call without a result is refused whoever speaks next.
        false => Err(refusal::function_response_count()),
    }
}

fn calls(content: &Value) -> Vec<&Value> {
    data(content, "functionCall")
}

fn results(content: &Value) -> Vec<&Value> {
    data(content, "functionResponse")
}

fn data<'a>(content: &'a Value, name: &str) -> Vec<&'a Value> {
    let parts = parts(content).iter();
    parts.filter_map(|part| part.get(name)).collect()
}

/// Every result has a call of its id, or of its name where it or the call has no id (M6, T17).
fn are_pairs(calls: &[&Value], results: &[&Value]) -> bool {
    let mut open = calls.to_vec();
    results.iter().all(|result| {
        let is_its_call = |call: &&Value| {
            let ids = (text(call, "id"), text(result, "id"));
            let is_same_id = match ids {
                (Some(call), Some(result)) => call == result,
                (None, Some(_)) => false,
                (_, None) => true,
            };
            is_same_id && text(call, "name") == text(result, "name")
        };
        match open.iter().position(is_its_call) {
            Some(index) => {
                open.remove(index);
                true
            }
            None => false,
        }
    })
}

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value
        .get(name)
        .and_then(Value::as_str)
        .filter(|text| !text.is_empty())
}
