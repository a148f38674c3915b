//! OpenAI's Responses API.

use gempool_translate::{AnswerMeta, AnswerStream, Exchange, responses::ResponsesRequest};

use super::{Dialect, HISTORY_MESSAGES, image_data, prose};

pub(super) const DIALECT: Dialect = Dialect {
    name: "responses",
    read: |body| Ok(Box::new(ResponsesRequest::parse(body)?)),
    chat,
    history,
    image,
    streamed,
};

fn chat() -> Vec<u8> {
    let (system, question) = (prose(400), prose(1_400));
    format!(
        r#"{{"model":"gemini-3.8-flash","instructions":"{system}","input":"{question}","temperature":0.7,"max_output_tokens":1024,"stream":false}}"#
    )
    .into_bytes()
}

/// The rounds of the other dialects; calls that are one message there are items of their own here.
fn history() -> Vec<u8> {
    let mut items = String::new();
    for round in 0..HISTORY_MESSAGES / 4 {
        let (question, result) = (prose(200), prose(600));
        items.push_str(&format!(
            r#"{{"role":"user","content":"{question}"}},{{"type":"function_call","call_id":"call_{round}a","name":"read_file","arguments":"{{\"path\":\"src/{round}.rs\",\"lines\":[1,200]}}"}},{{"type":"function_call","call_id":"call_{round}b","name":"search","arguments":"{{\"query\":\"fox\"}}"}},{{"type":"function_call_output","call_id":"call_{round}a","output":"{result}"}},{{"type":"function_call_output","call_id":"call_{round}b","output":"{{\"hits\":[1,2.50,3]}}"}},"#
        ));
    }
    format!(
        r#"{{"model":"gemini-3.8-flash","input":[{items}{{"role":"user","content":"Go on."}}],"tools":[{{"type":"function","name":"read_file","description":"Reads.","parameters":{{"type":"object","properties":{{"path":{{"type":"string"}},"lines":{{"type":"array","items":{{"type":"integer"}}}}}},"required":["path"]}}}},{{"type":"function","name":"search","parameters":{{"type":"object","properties":{{"query":{{"type":"string"}}}}}}}}]}}"#
    )
    .into_bytes()
}

fn image() -> Vec<u8> {
    let data = image_data();
    format!(
        r#"{{"model":"gemini-3.8-flash","input":[{{"role":"user","content":[{{"type":"input_text","text":"What is it?"}},{{"type":"input_image","image_url":"data:image/png;base64,{data}"}}]}}]}}"#
    )
    .into_bytes()
}

fn streamed(meta: &AnswerMeta) -> Option<AnswerStream> {
    let body = br#"{"model":"m","input":"a","stream":true}"#;
    ResponsesRequest::parse(body).ok()?.stream_translator(meta)
}
