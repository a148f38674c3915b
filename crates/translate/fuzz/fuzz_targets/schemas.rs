//! JSON Schemas of functions and of answers, for models that read JSON Schema and for those that
//! read Google's own: refused with a reason, or planned as JSON.

#![no_main]

use gempool_translate::ChatRequest;
use gempool_translate_fuzz::check_plans;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(schema) = std::str::from_utf8(data) else {
        return;
    };
    // What is no JSON would be refused before anybody looks at the schema.
    if serde_json::from_str::<serde::de::IgnoredAny>(schema).is_err() {
        return;
    }
    for body in [
        format!(
            r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],"tools":[{{"type":"function","function":{{"name":"f","parameters":{schema}}}}}]}}"#
        ),
        format!(
            r#"{{"model":"m","messages":[{{"role":"user","content":"a"}}],"response_format":{{"type":"json_schema","json_schema":{{"name":"s","schema":{schema}}}}}}}"#
        ),
    ] {
        if let Ok(request) = ChatRequest::parse(body.as_bytes()) {
            check_plans(&request);
        }
    }
});
