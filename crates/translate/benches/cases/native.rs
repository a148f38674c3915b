//! The native API, passed through: what a request costs at least.

use gempool_translate::{
    AnswerMeta, AnswerStream, Exchange,
    native::{NativeCall, NativeMethod, NativeRequest},
};

use super::{Dialect, HISTORY_MESSAGES, image_data, prose};

pub(super) const DIALECT: Dialect = Dialect {
    name: "native",
    read: |body| {
        let call = call(NativeMethod::Generate);
        Ok(Box::new(NativeRequest::new(call, None, body)?))
    },
    chat,
    history,
    image,
    streamed,
};

fn call(method: NativeMethod) -> NativeCall<'static> {
    NativeCall {
        model: "gemini-3.8-flash",
        method,
    }
}

fn chat() -> Vec<u8> {
    let (system, question) = (prose(400), prose(1_400));
    format!(
        r#"{{"systemInstruction":{{"parts":[{{"text":"{system}"}}]}},"contents":[{{"role":"user","parts":[{{"text":"{question}"}}]}}],"generationConfig":{{"maxOutputTokens":1024}}}}"#
    )
    .into_bytes()
}

/// The rounds of the other dialects; results that are two messages there are one content here.
fn history() -> Vec<u8> {
    let mut contents = String::new();
    for round in 0..HISTORY_MESSAGES / 4 {
        let (question, result) = (prose(200), prose(600));
        contents.push_str(&format!(
            r#"{{"role":"user","parts":[{{"text":"{question}"}}]}},{{"role":"model","parts":[{{"functionCall":{{"id":"{round}a","name":"read_file","args":{{"path":"src/{round}.rs","lines":[1,200]}}}},"thoughtSignature":"c2lnbmF0dXJl"}},{{"functionCall":{{"id":"{round}b","name":"search","args":{{"query":"fox"}}}}}}]}},{{"role":"user","parts":[{{"functionResponse":{{"id":"{round}a","name":"read_file","response":{{"result":"{result}"}}}}}},{{"functionResponse":{{"id":"{round}b","name":"search","response":{{"hits":[1,2.50,3]}}}}}}]}},"#
        ));
    }
    format!(
        r#"{{"contents":[{contents}{{"role":"user","parts":[{{"text":"Go on."}}]}}],"tools":[{{"functionDeclarations":[{{"name":"read_file"}},{{"name":"search"}}]}}]}}"#
    )
    .into_bytes()
}

fn image() -> Vec<u8> {
    let data = image_data();
    format!(
        r#"{{"contents":[{{"role":"user","parts":[{{"text":"What is it?"}},{{"inlineData":{{"mimeType":"image/png","data":"{data}"}}}}]}}]}}"#
    )
    .into_bytes()
}

fn streamed(meta: &AnswerMeta) -> Option<AnswerStream> {
    let call = call(NativeMethod::StreamGenerate);
    let request = NativeRequest::new(call, Some("alt=sse"), b"{}").ok()?;
    request.stream_translator(meta)
}
