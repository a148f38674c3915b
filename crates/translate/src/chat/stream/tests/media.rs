//! Code, images and sound in streams.

use super::{super::super::style::SoundFormat, *};

fn inline(mime_type: &str, data: &str, more: &str) -> String {
    format!(
        r#""candidates":[{{"content":{{"parts":[{{"inlineData":{{"mimeType":"{mime_type}","data":"{data}"}}{more}}}]}}}}]"#
    )
}

#[test]
fn code_and_two_ends_make_one_answer_a7_x5() {
    let out = shown(
        &[
            r#""candidates":[{"content":{"parts":[{"text":"See:"},{"executableCode":{"language":"PYTHON","code":"print(1)\n"}}]}}]"#,
            r#""candidates":[{"content":{"parts":[{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1\n"}}]},"finishReason":"STOP"}]"#,
            r#""candidates":[{"content":{"parts":[{"codeExecutionResult":{"outcome":"OUTCOME_OK"}}]}}]"#,
            r#""candidates":[{"content":{"parts":[{"text":"It is 1."}]},"finishReason":"STOP"}]"#,
        ],
        &Style::default(),
    );
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"See:"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"\n```python\nprint(1)\n```\n"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"\n```output\n1\n```\n"},"finish_reason":null}]}
    data: …{"index":0,"delta":{"content":"It is 1."},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn images_are_data_urls_with_an_index_n6() {
    let out = shown(
        &[
            &inline("image/png", "iVBORw==", r#","thoughtSignature":"Zg==""#),
            &inline("image/png", "AAAA", r#","thought":true"#),
            &inline("image/jpeg", "/9j/", ""),
            &inline("video/mp4", "AAAA", ""),
            STOP,
        ],
        &Style::default(),
    );
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"images":[{"index":0,"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="},"extra_content":{"google":{"thought_signature":"Zg=="}}}]},"finish_reason":null}]}
    data: …{"index":0,"delta":{"images":[{"index":1,"type":"image_url","image_url":{"url":"data:image/jpeg;base64,/9j/"}}]},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
}

#[test]
fn sound_comes_in_pieces_with_one_id_n7() {
    let pieces = [
        inline("audio/L16;codec=pcm;rate=24000", "AAEC", ""),
        inline("audio/L16;codec=pcm;rate=24000", "AwQ=", ""),
    ];
    let style = Style {
        sound: SoundFormat::Pcm16,
        ..Style::default()
    };
    let out = shown(&[&pieces[0], &pieces[1], STOP], &style);
    insta::assert_snapshot!(out, @r#"
    data: …{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}
    data: …{"index":0,"delta":{"audio":{"id":"audio_f00000000","data":"AAEC","transcript":""}},"finish_reason":null}]}
    data: …{"index":0,"delta":{"audio":{"data":"AwQ="}},"finish_reason":null}]}
    data: …{"index":0,"delta":{"audio":{"expires_at":7}},"finish_reason":null}]}
    data: …{"index":0,"delta":{},"finish_reason":"stop"}]}
    data: [DONE]
    "#);
    let wav = shown(&[&pieces[0], &pieces[1], STOP], &Style::default());
    assert!(wav.contains(r#""data":"UklGR"#), "RIFF comes first: {wav}");
}
