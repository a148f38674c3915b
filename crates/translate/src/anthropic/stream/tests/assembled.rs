//! A stream, put together by the rules of anthropic-python's `accumulate_event`, is the answer that
//! is not streamed.

use serde_json::{Value, json};

use super::{THINKING, events, meta, parts, run, stream};
use crate::{Exchange, anthropic::MessagesRequest};

/// Puts events together, and checks that they come in the order that clients rely on.
fn assemble(out: &str) -> Value {
    let mut message = Value::Null;
    let mut open = None;
    let mut input = String::new();
    let mut ended = false;
    for event in out.split_terminator("\n\n") {
        let (_, data) = event.split_once("\ndata: ").unwrap();
        let event: Value = serde_json::from_str(data).unwrap();
        assert!(!ended, "nothing follows the end: {event}");
        let index = event["index"]
            .as_u64()
            .map(|index| usize::try_from(index).unwrap());
        match event["type"].as_str().unwrap() {
            "message_start" => {
                assert!(message.is_null());
                message = event["message"].clone();
            }
            "content_block_start" => {
                let content = message["content"].as_array_mut().unwrap();
                assert_eq!((open, index), (None, Some(content.len())));
                content.push(event["content_block"].clone());
                open = index;
                input.clear();
            }
            "content_block_delta" => {
                assert_eq!(open, index);
                let block = &mut message["content"][index.unwrap()];
                add(block, &event["delta"], &mut input);
            }
            "content_block_stop" => {
                assert_eq!(open.take(), index);
                if !input.is_empty() {
                    let block = &mut message["content"][index.unwrap()];
                    block["input"] = serde_json::from_str(&input).unwrap();
                }
            }
            "message_delta" => {
                assert_eq!(open, None);
                for (name, value) in event["delta"].as_object().unwrap() {
                    message[name] = value.clone();
                }
                for (name, value) in event["usage"].as_object().unwrap() {
                    message["usage"][name] = value.clone();
                }
            }
            "message_stop" => ended = true,
            other => panic!("{other}"),
        }
    }
    assert!(ended);
    message
}

fn add(block: &mut Value, delta: &Value, input: &mut String) {
    let kind = block["type"].as_str().unwrap().to_owned();
    let (expected, field) = match delta["type"].as_str().unwrap() {
        "text_delta" => ("text", "text"),
        "thinking_delta" => ("thinking", "thinking"),
        "signature_delta" => {
            assert_eq!(
                (kind.as_str(), &block["signature"]),
                ("thinking", &json!(""))
            );
            block["signature"] = delta["signature"].clone();
            return;
        }
        "input_json_delta" => {
            assert!(kind == "tool_use" || kind == "server_tool_use");
            assert_eq!(block["input"], json!({}));
            input.push_str(delta["partial_json"].as_str().unwrap());
            return;
        }
        other => panic!("{other}"),
    };
    assert_eq!(kind, expected);
    let text = block[field].as_str().unwrap().to_owned() + delta[field].as_str().unwrap();
    block[field] = json!(text);
}

/// Streams learn of searches last.
fn move_searches_last(content: &mut Vec<Value>) {
    let is_search = |block: &Value| {
        let kind = block["type"].as_str().unwrap();
        matches!(kind, "server_tool_use" | "web_search_tool_result")
    };
    let (searches, others) = content.drain(..).partition::<Vec<_>, _>(is_search);
    content.extend(others);
    content.extend(searches);
}

#[test]
fn a_stream_put_together_is_the_whole_answer() {
    let tools = r#","tools":[{"type":"web_search_20250305","name":"web_search"}]"#;
    let one_call = r#","tools":[{"name":"f","input_schema":{}}],"tool_choice":{"type":"any","disable_parallel_tool_use":true}"#;
    let said = [
        r#"{"text":"hm","thought":true}"#,
        r#"{"text":"so","thought":true}"#,
        r#"{"text":"Yes","thoughtSignature":"Ci"}"#,
        r#"{"text":" \"and\"\n"}"#,
        r#"{"functionCall":{"id":"a","name":"f","args":{"x":[1,"é"]}},"thoughtSignature":"Cj"}"#,
        r#"{"functionCall":{"name":"f"}}"#,
        r#"{"executableCode":{"language":"PYTHON","code":"print(1)"}}"#,
        r#"{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}}"#,
        r#"{"inlineData":{"mimeType":"image/png","data":"AAAA"}}"#,
        r#"{"text":"","thoughtSignature":"Ck"}"#,
    ];
    let grounding = r#""groundingMetadata":{"webSearchQueries":["q"],"groundingChunks":[{"web":{"uri":"https://a","title":"a"}}]}"#;
    let usage = r#""usageMetadata":{"promptTokenCount":4,"candidatesTokenCount":5,"totalTokenCount":9,"serviceTier":"priority"}"#;
    // Every pair of things said, one after the other, and everything.
    let mut orders = vec![said.to_vec()];
    for first in said {
        orders.extend(said.iter().map(|second| vec![first, second]));
    }
    for fields in ["", THINKING, tools, one_call] {
        for order in &orders {
            let end = format!(r#""candidates":[{{"finishReason":"STOP",{grounding}}}],{usage}"#);
            let said = order.iter().map(|said| format!("{},{usage}", parts(said)));
            let mut input: Vec<String> = said.collect();
            input.push(end);
            let input: Vec<&str> = input.iter().map(String::as_str).collect();
            let (out, result) = run(stream(fields), [events(&input).as_bytes()]);
            let whole = format!(
                r#"{{"candidates":[{{"content":{{"parts":[{}]}},"finishReason":"STOP",{grounding}}}],{usage},"responseId":"r1"}}"#,
                order.join(",")
            );
            let body = format!(
                r#"{{"model":"m","max_tokens":9,"messages":[{{"role":"user","content":"Hi"}}]{fields}}}"#
            );
            let request = MessagesRequest::parse(body.as_bytes()).unwrap();
            let whole = request.render(&[whole.as_bytes()], &meta()).unwrap();
            if whole.empty {
                assert!(result.is_err(), "{order:?}");
                continue;
            }
            assert_eq!(result, Ok(()), "{order:?}");
            let mut whole: Value = serde_json::from_slice(&whole.body).unwrap();
            move_searches_last(whole["content"].as_array_mut().unwrap());
            assert_eq!(assemble(&out), whole, "{fields} {order:?}");
        }
    }
}
