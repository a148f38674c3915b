//! Code that Google would have run: three parts, of which two come before the words.

use serde_json::{Value, json};

use super::words::numbers;
use crate::hash;
use crate::question::Question;
use crate::signature;

/// Code that adds the numbers of the question, its output, and what follows in words.
pub(super) fn answer(question: Question<'_>) -> (Vec<Value>, String) {
    let numbers = numbers(&question.asked_text());
    let sum = numbers
        .iter()
        .fold(0_i64, |sum, number| sum.wrapping_add(*number));
    let list: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    let code = format!("print(sum([{}]))\n", list.join(", "));
    let output = format!("{sum}\n");
    let mut executable = json!({"language": "PYTHON", "code": code});
    let mut result = json!({"outcome": "OUTCOME_OK", "output": output});
    let mut part = json!({});
    if question.model.is_gemini_3() {
        // Recorded: `call_` and six digits, the same for both.
        let id = format!("call_{}", hash::characters(question.seed, b"0123456789", 6));
        insert(&mut executable, "id", json!(id));
        insert(&mut result, "id", json!(id));
        let signature = signature::issue(question.seed ^ 3);
        insert(&mut part, "thoughtSignature", json!(signature));
    }
    insert(&mut part, "executableCode", executable);
    let parts = vec![part, json!({"codeExecutionResult": result})];
    (parts, format!("The code printed {sum}."))
}

fn insert(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(fields) = object {
        fields.insert(name.to_owned(), value);
    }
}
