//! Calls and their results come in the right order, number and pairs (M9), and the model does not
//! have the last word where it may not (M11).
//!
//! Contents of the model that follow each other are one turn: Google's own SDK keeps the events of
//! a stream so. Results must all be in the content after it (M6), which is the strict reading.

use serde_json::Value;

use super::contents::{is_of_model, parts, turns};
use super::{Asked, Checked};
use crate::refusal;

pub(super) fn check(asked: Asked<'_>) -> Checked {
    let contents = turns(asked.body);
    // Calls of the model's turn that is going on.
    let mut open: Vec<&Value> = Vec::new();
    let mut is_asked = false;
    for content in contents {
        if is_of_model(content) {
            let calls = data(content, "functionCall");
            if !is_asked && !calls.is_empty() {
                return Err(refusal::function_call_turn_order());
            }
            open.extend(calls);
            continue;
        }
        let results = data(content, "functionResponse");
        if open.is_empty() && !results.is_empty() {
            return Err(refusal::function_response_turn_order());
        }
        if open.len() != results.len() {
            return Err(refusal::function_response_count());
        }
        if !are_pairs(&open, &results) {
            return Err(refusal::function_response_mismatch());
        }
        open.clear();
        is_asked = true;
    }
    let is_prefill = contents.last().is_some_and(is_of_model);
    if is_prefill && asked.model.refuses_prefill() {
        return Err(refusal::model_turn_prefill());
    }
    if open.is_empty() {
        Ok(())
    } else {
        // A call without a result is refused whoever speaks next.
        Err(refusal::function_response_count())
    }
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
