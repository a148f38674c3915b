//! OpenAI's chat completions.

use gempool_translate::{AnswerMeta, AnswerStream, ChatRequest, Exchange};

use super::{Dialect, HISTORY_MESSAGES, image_data, prose};

pub(super) const DIALECT: Dialect = Dialect {
    name: "chat",
    read: |body| Ok(Box::new(ChatRequest::parse(body)?)),
    chat,
    history,
    image,
    streamed,
};

fn chat() -> Vec<u8> {
    let (system, question) = (prose(400), prose(1_400));
    format!(
        r#"{{"model":"gemini-3.8-flash","messages":[{{"role":"system","content":"{system}"}},{{"role":"user","content":"{question}"}}],"temperature":0.7,"max_tokens":1024,"stream":false}}"#
    )
    .into_bytes()
}

/// Rounds of four messages: a question, two calls, and the result of each.
fn history() -> Vec<u8> {
    let mut messages = String::new();
    for round in 0..HISTORY_MESSAGES / 4 {
        let (question, result) = (prose(200), prose(600));
        messages.push_str(&format!(
            r#"{{"role":"user","content":"{question}"}},{{"role":"assistant","content":null,"tool_calls":[{{"id":"call_{round}a","type":"function","function":{{"name":"read_file","arguments":"{{\"path\":\"src/{round}.rs\",\"lines\":[1,200]}}"}},"extra_content":{{"google":{{"thought_signature":"c2lnbmF0dXJl"}}}}}},{{"id":"call_{round}b","type":"function","function":{{"name":"search","arguments":"{{\"query\":\"fox\"}}"}}}}]}},{{"role":"tool","tool_call_id":"call_{round}a","content":"{result}"}},{{"role":"tool","tool_call_id":"call_{round}b","content":"{{\"hits\":[1,2.50,3]}}"}},"#
        ));
    }
    format!(
        r#"{{"model":"gemini-3.8-flash","messages":[{messages}{{"role":"user","content":"Go on."}}],"tools":[{{"type":"function","function":{{"name":"read_file","description":"Reads.","parameters":{{"type":"object","properties":{{"path":{{"type":"string"}},"lines":{{"type":"array","items":{{"type":"integer"}}}}}},"required":["path"]}}}}}},{{"type":"function","function":{{"name":"search","parameters":{{"type":"object","properties":{{"query":{{"type":"string"}}}}}}}}}}]}}"#
    )
    .into_bytes()
}

fn image() -> Vec<u8> {
    let data = image_data();
    format!(
        r#"{{"model":"gemini-3.8-flash","messages":[{{"role":"user","content":[{{"type":"text","text":"What is it?"}},{{"type":"image_url","image_url":{{"url":"data:image/png;base64,{data}"}}}}]}}]}}"#
    )
    .into_bytes()
}

fn streamed(meta: &AnswerMeta) -> Option<AnswerStream> {
    let body = br#"{"model":"m","messages":[{"role":"user","content":"a"}],"stream":true,"stream_options":{"include_usage":true}}"#;
    ChatRequest::parse(body).ok()?.stream_translator(meta)
}
