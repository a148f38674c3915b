//! Roles and turns (M1–M17).

use super::check_messages;

#[test]
fn leading_system_messages_become_the_instruction_m1() {
    check_messages(
        r#"[{"role":"system","content":"Be brief."},
            {"role":"developer","content":[{"type":"text","text":"Speak "},{"type":"text","text":"French."}]},
            {"role":"user","content":"Hi \"you\"\n"}]"#,
        r#"[{"text":"Be brief."},{"text":"Speak "},{"text":"French."}]"#,
        r#"[{"role":"user","parts":[{"text":"Hi \"you\"\n"}]}]"#,
    );
}

#[test]
fn later_system_messages_keep_their_place_m2() {
    check_messages(
        r#"[{"role":"user","content":"a"},{"role":"system","content":"Now in verse."},{"role":"system","content":""},{"role":"user","content":"b"}]"#,
        "[]",
        r#"[{"role":"user","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"Now in verse."}]},{"role":"user","parts":[{"text":"b"}]}]"#,
    );
}

#[test]
fn turns_without_content_are_blank_or_left_out_m3_m5_m16() {
    const BLANK: &str = r#"[{"role":"user","parts":[{"text":" "}]}]"#;
    check_messages(
        r#"[{"role":"system","content":"s"}]"#,
        r#"[{"text":"s"}]"#,
        "[]",
    );
    for (messages, turns) in [
        (r#"[{"role":"user","content":""}]"#, BLANK),
        (r#"[{"role":"user","content":[]}]"#, BLANK),
        (
            r#"[{"role":"user","content":[{"type":"text","text":""}]}]"#,
            BLANK,
        ),
        (r#"[{"role":"assistant","content":null}]"#, "[]"),
        (r#"[{"role":"assistant"}]"#, "[]"),
    ] {
        check_messages(messages, "[]", turns);
    }
}

#[test]
fn assistants_become_the_model_m5_m14_m17() {
    check_messages(
        r#"[{"role":"user","content":"a"},
            {"role":"assistant","content":"b","reasoning_content":"secret","tool_calls":[],"function_call":null,"refusal":null},
            {"role":"assistant","content":null,"refusal":"I won't."},
            {"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},
            {"role":"user","content":"c"}]"#,
        "[]",
        r#"[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},{"role":"model","parts":[{"text":"I won't."}]},{"role":"model","parts":[{"text":"no"}]},{"role":"user","parts":[{"text":"c"}]}]"#,
    );
}

#[test]
fn names_go_before_what_is_said_m13() {
    check_messages(
        r#"[{"role":"system","name":"example_user","content":"Hi."},
            {"role":"user","name":"ann","content":"a"},
            {"role":"assistant","name":"bot","content":"b"},
            {"role":"user","name":" ","content":"c"},
            {"role":"user","name":"ann","content":""}]"#,
        r#"[{"text":"example_user: "},{"text":"Hi."}]"#,
        r#"[{"role":"user","parts":[{"text":"ann: "},{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]},{"role":"user","parts":[{"text":"c"}]},{"role":"user","parts":[{"text":" "}]}]"#,
    );
}

#[test]
fn spoken_answers_are_sent_as_their_transcript_m15() {
    check_messages(
        r#"[{"role":"assistant","content":null,"audio":{"id":"x"}},{"role":"assistant","audio":{"id":"x","transcript":"hello","data":"AAAA","expires_at":1}}]"#,
        "[]",
        r#"[{"role":"model","parts":[{"text":"hello"}]}]"#,
    );
}

#[test]
fn images_that_a_model_made_stay_in_its_turn_n6() {
    check_messages(
        r#"[{"role":"assistant","content":"Here.","images":[{"type":"image_url","index":0,"image_url":{"url":"data:image/png;base64,AAAA"}}]}]"#,
        "[]",
        r#"[{"role":"model","parts":[{"text":"Here."},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]"#,
    );
}
