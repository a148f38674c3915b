//! Anthropic's messages.

use gempool_translate::{AnswerMeta, AnswerStream, Exchange, anthropic::MessagesRequest};

use super::{Dialect, HISTORY_MESSAGES, image_data, prose};

pub(super) const DIALECT: Dialect = Dialect {
    name: "messages",
    read: |body| Ok(Box::new(MessagesRequest::parse(body)?)),
    chat,
    history,
    image,
    streamed,
};

fn chat() -> Vec<u8> {
    let (system, question) = (prose(400), prose(1_400));
    format!(
        r#"{{"model":"gemini-3.8-flash","system":"{system}","messages":[{{"role":"user","content":"{question}"}}],"max_tokens":1024,"stream":false}}"#
    )
    .into_bytes()
}

/// The rounds of the other dialects; results that are two messages there are blocks of one here.
fn history() -> Vec<u8> {
    let mut messages = String::new();
    for round in 0..HISTORY_MESSAGES / 4 {
        let (question, result) = (prose(200), prose(600));
        messages.push_str(&format!(
            r#"{{"role":"user","content":"{question}"}},{{"role":"assistant","content":[{{"type":"thinking","thinking":"","signature":"c2lnbmF0dXJl"}},{{"type":"tool_use","id":"toolu_{round}a","name":"read_file","input":{{"path":"src/{round}.rs","lines":[1,200]}}}},{{"type":"tool_use","id":"toolu_{round}b","name":"search","input":{{"query":"fox"}}}}]}},{{"role":"user","content":[{{"type":"tool_result","tool_use_id":"toolu_{round}a","content":"{result}"}},{{"type":"tool_result","tool_use_id":"toolu_{round}b","content":"{{\"hits\":[1,2.50,3]}}"}}]}},"#
        ));
    }
    format!(
        r#"{{"model":"gemini-3.8-flash","max_tokens":1024,"messages":[{messages}{{"role":"user","content":"Go on."}}],"tools":[{{"name":"read_file","description":"Reads.","input_schema":{{"type":"object","properties":{{"path":{{"type":"string"}},"lines":{{"type":"array","items":{{"type":"integer"}}}}}},"required":["path"]}}}},{{"name":"search","input_schema":{{"type":"object","properties":{{"query":{{"type":"string"}}}}}}}}]}}"#
    )
    .into_bytes()
}

fn image() -> Vec<u8> {
    let data = image_data();
    format!(
        r#"{{"model":"gemini-3.8-flash","max_tokens":1024,"messages":[{{"role":"user","content":[{{"type":"text","text":"What is it?"}},{{"type":"image","source":{{"type":"base64","media_type":"image/png","data":"{data}"}}}}]}}]}}"#
    )
    .into_bytes()
}

fn streamed(meta: &AnswerMeta) -> Option<AnswerStream> {
    let body =
        br#"{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"}],"stream":true}"#;
    MessagesRequest::parse(body).ok()?.stream_translator(meta)
}
