//! Finds the rule of a script that a request meets, and counts.
//!
//! It does not act on the rule.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use crate::call::Call;
use crate::script::{Match, Script, Then};

/// Scripts of which the thought signatures are remembered: more than a conversation has turns.
const MAX_PAST_SCRIPTS: usize = 32;

/// A script and how often each of its rules was met.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    script: Script,
    /// Requests that met the rule's key, model and method, by index of the rule.
    met: Vec<u64>,
    /// The JSON of this script and of those before it.
    texts: VecDeque<String>,
}

impl Rules {
    pub(crate) fn new(script: Script) -> Self {
        let rules = Self::default();
        rules.replace(script);
        rules
    }

    /// Sets another script; counts begin again.
    pub(crate) fn replace(&self, script: Script) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.met = vec![0; script.rules().len()];
        if !script.rules().is_empty() {
            // A script is JSON already, so that writing it cannot fail.
            let text = serde_json::to_string(&script).unwrap_or_default();
            state.texts.truncate(MAX_PAST_SCRIPTS - 1);
            state.texts.push_front(text);
        }
        state.script = script;
    }

    /// Forgets this script and those before it.
    pub(crate) fn clear(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    /// Whether a script gives out this thought signature, wherever in it that is: signatures are
    /// base64, which JSON never escapes.
    pub(crate) fn mention(&self, signature: &str) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.texts.iter().any(|text| text.contains(signature))
    }

    /// What the first rule that acts on this request says.
    ///
    /// A request counts for each rule that it meets, up to and with the one that acts.
    pub(crate) fn act_on(&self, key: &str, call: &Call) -> Option<Then> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { script, met, .. } = &mut *state;
        for (rule, met) in script.rules().iter().zip(met) {
            if rule.when.is_met_by(key, call) {
                *met += 1;
                if rule.when.acts_on_nth(*met) {
                    return Some(rule.then.clone());
                }
            }
        }
        None
    }
}

impl Match {
    fn is_met_by(&self, key: &str, call: &Call) -> bool {
        let is_key = self.key.as_deref().is_none_or(|wanted| wanted == key);
        let is_model = self
            .model
            .as_deref()
            .is_none_or(|wanted| Some(wanted) == call.model.as_deref());
        let is_method = self.method.is_none_or(|wanted| wanted == call.method);
        is_key && is_model && is_method
    }

    fn acts_on_nth(&self, nth: u64) -> bool {
        let first = self.nth.unwrap_or(1);
        let times = match (self.nth, self.times) {
            (_, Some(times)) => times,
            (Some(_), None) => 1,
            (None, None) => u64::MAX,
        };
        nth >= first && nth - first < times
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::call::Method;

    fn acted_on(when: Value, requests: &[(&str, &str)]) -> Vec<bool> {
        let rule = json!([{"match": when, "then": {"respond": {"error": "internal"}}}]);
        let rules = Rules::new(Script::try_from(rule).unwrap());
        requests
            .iter()
            .map(|(key, model)| {
                let call = Call {
                    method: Method::GenerateContent,
                    model: Some((*model).to_owned()),
                    resource: None,
                };
                rules.act_on(key, &call).is_some()
            })
            .collect()
    }

    #[test]
    fn acts_on_the_requests_that_the_match_names() {
        let requests = [("a", "m"), ("b", "m"), ("a", "n"), ("a", "m")];
        let cases = [
            (json!({}), [true, true, true, true]),
            (json!({"key": "a"}), [true, false, true, true]),
            (json!({"model": "m"}), [true, true, false, true]),
            (json!({"nth": 2}), [false, true, false, false]),
            (json!({"times": 2}), [true, true, false, false]),
            (json!({"nth": 2, "times": 2}), [false, true, true, false]),
            (json!({"key": "a", "nth": 2}), [false, false, true, false]),
            (json!({"method": "models"}), [false, false, false, false]),
        ];
        for (when, expected) in cases {
            assert_eq!(acted_on(when.clone(), &requests), expected, "{when}");
        }
    }

    #[test]
    fn signatures_of_scripts_are_known_until_all_is_forgotten() {
        let event = r#"data: {"thoughtSignature": "c2ln+/8="}"#;
        let rules = Rules::new(
            Script::try_from(json!([{"then": {"stream": {"events": [event]}}}])).unwrap(),
        );
        rules.replace(Script::default());
        assert!(rules.mention("c2ln+/8="));
        assert!(!rules.mention("b3RoZXI="));
        rules.clear();
        assert!(!rules.mention("c2ln+/8="));
    }

    #[test]
    fn a_spent_rule_lets_the_next_one_act() {
        let rules = Rules::new(
            Script::try_from(json!([
                {"match": {"times": 1}, "then": {"respond": {"error": "internal"}}},
                {"then": {"respond": {"error": "overloaded"}}}
            ]))
            .unwrap(),
        );
        let call = Call {
            method: Method::ListModels,
            model: None,
            resource: None,
        };
        let first = rules.act_on("k", &call);
        let second = rules.act_on("k", &call);
        assert!(first.is_some() && second.is_some() && first != second);
    }
}
