//! URLs of images and files, data URLs among them: refused with the field's name, or planned as JSON.

#![no_main]

use gempool_translate::ChatRequest;
use gempool_translate_fuzz::check_plans;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(url) = std::str::from_utf8(data) else {
        return;
    };
    let url = serde_json::Value::from(url);
    for part in [
        format!(r#"{{"type":"image_url","image_url":{{"url":{url}}}}}"#),
        format!(r#"{{"type":"file","file":{{"file_data":{url},"filename":"a.pdf"}}}}"#),
        format!(r#"{{"type":"input_audio","input_audio":{{"data":{url},"format":"wav"}}}}"#),
    ] {
        let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":[{part}]}}]}}"#);
        if let Ok(request) = ChatRequest::parse(body.as_bytes()) {
            check_plans(&request);
        }
    }
});
