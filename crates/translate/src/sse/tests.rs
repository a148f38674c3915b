//! Decoder tests: each input whole, in two pieces at every place, and byte by byte.

use super::*;

/// Events, and the tail if there is one.
type Decoded = (Vec<String>, Option<String>);

fn decode<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Decoded, UpstreamFault> {
    let mut decoder = SseDecoder::default();
    let mut events = Vec::new();
    let mut keep = |event: &[u8]| {
        events.push(String::from_utf8(event.to_vec()).unwrap());
        Ok(())
    };
    for piece in pieces {
        decoder.push(piece, &mut keep)?;
    }
    decoder.finish(&mut keep)?;
    let tail = decoder
        .tail()
        .map(|tail| String::from_utf8(tail.to_vec()).unwrap());
    Ok((events, tail))
}

fn check_tail(input: &str, events: &[&str], tail: Option<&str>) {
    let bytes = input.as_bytes();
    let expected = Ok((
        events.iter().map(ToString::to_string).collect(),
        tail.map(str::to_owned),
    ));
    assert_eq!(decode([bytes]), expected, "whole: {input:?}");
    assert_eq!(decode(bytes.chunks(1)), expected, "byte by byte: {input:?}");
    for at in 0..=bytes.len() {
        let (left, right) = bytes.split_at(at);
        assert_eq!(decode([left, right]), expected, "split at {at}: {input:?}");
    }
}

fn check(input: &str, events: &[&str]) {
    check_tail(input, events, None);
}

#[test]
fn ends_events_at_blank_lines_of_any_kind_x1() {
    check(
        "data: {\"a\":1}\r\n\r\ndata: {\"b\":\"é\"}\r\n\r\n",
        &["{\"a\":1}", "{\"b\":\"é\"}"],
    );
    check("data: a\n\ndata: b\n\n", &["a", "b"]);
    check("data: a\r\rdata: b\r\r", &["a", "b"]);
    check("data: a\r\n\ndata: b\n\r\n", &["a", "b"]);
    check("\r\n\r\n\n\ndata: a\n\n\n\n", &["a"]);
}

#[test]
fn gives_the_last_event_without_blank_line_x1() {
    check("data: a\n\ndata: b", &["a", "b"]);
    check("data: a\r\n", &["a"]);
    check("data: a\r", &["a"]);
    check("", &[]);
}

#[test]
fn joins_data_lines_and_ignores_the_rest() {
    check("data: a\ndata: b\ndata:c\n\n", &["a\nb\nc"]);
    check(
        ": ping\n\nevent: x\nid: 1\ndata: a\nretry: 5\nnonsense\n\n",
        &["a"],
    );
    check("data\ndata: \ndata:  b\n\n", &["\n\n b"]);
    check("dataset: no\n\n data: no\n\n", &[]);
    check("data:\n\n", &[""]);
}

#[test]
fn skips_a_byte_order_mark() {
    check(
        "\u{feff}data: a\n\ndata: \u{feff}b\n\n",
        &["a", "\u{feff}b"],
    );
    check("\u{feff}\ndata: a\n\n", &["a"]);
}

#[test]
fn keeps_json_outside_events_apart_u8() {
    let error = "{\n  \"error\": {\n    \"code\": 503\n  }\n}\n";
    check_tail(&format!("data: a\r\n\r\n{error}"), &["a"], Some(error));
    check_tail(
        "data: a\n\n[{\n\"error\":{}}\n]",
        &["a"],
        Some("[{\n\"error\":{}}\n]"),
    );
    check_tail("{\"error\":{}}", &[], Some("{\"error\":{}}\n"));
    check("data: a\n{ not at an event's border\n\n", &["a"]);
}

#[test]
fn hands_out_whole_events_without_a_copy() {
    let input = b"data: first\n\ndata: second\n\n";
    let mut decoder = SseDecoder::default();
    let mut inside = 0;
    decoder
        .push(input, |event| {
            inside += usize::from(input.as_ptr_range().contains(&event.as_ptr()));
            Ok(())
        })
        .unwrap();
    assert_eq!(
        (inside, decoder.data.capacity(), decoder.line.capacity()),
        (2, 0, 0)
    );
}

#[test]
fn refuses_events_over_the_limit_flt16() {
    let fits = [
        b"data: ",
        vec![b'x'; MAX_EVENT_BYTES - 6].as_slice(),
        b"\n\n",
    ]
    .concat();
    assert_eq!(decode([fits.as_slice()]).unwrap().0.len(), 1);
    assert_eq!(decode(fits.chunks(65_537)).unwrap().0.len(), 1);

    let one_line = vec![b'x'; MAX_EVENT_BYTES + 1];
    let many_lines = b"data: xxxxxxxxxx\n".repeat(MAX_EVENT_BYTES / 8);
    for input in [one_line, many_lines] {
        assert_eq!(
            decode([input.as_slice()]),
            Err(UpstreamFault::EventTooLarge)
        );
        assert_eq!(
            decode(input.chunks(4096)),
            Err(UpstreamFault::EventTooLarge)
        );
    }
}

#[test]
fn gives_the_memory_of_a_large_event_back() {
    let input = [b"data: ", vec![b'x'; 4 << 20].as_slice(), b"\n\n"].concat();
    let mut decoder = SseDecoder::default();
    for piece in input.repeat(2).chunks(4096) {
        decoder.push(piece, |_| Ok(())).unwrap();
    }
    let kept = decoder.data.capacity() + decoder.line.capacity();
    assert!(kept <= 2 * MAX_KEPT_BUFFER_BYTES, "{kept}");
}

#[test]
fn keeps_a_bounded_part_of_the_tail() {
    let input = format!("[{}", "x".repeat(1 << 20));
    let (events, tail) = decode(input.as_bytes().chunks(1000)).unwrap();
    assert_eq!((events.len(), tail.unwrap().len()), (0, MAX_TAIL_BYTES));
}

/// Looking again at what was seen would take hours here instead of a moment.
#[test]
fn takes_a_large_event_byte_by_byte_in_linear_time() {
    let input = [b"data: ", vec![b'x'; 4 << 20].as_slice(), b"\r\n\r\n"].concat();
    let mut decoder = SseDecoder::default();
    let mut lengths = Vec::new();
    for byte in input.chunks(1) {
        decoder
            .push(byte, |event| {
                lengths.push(event.len());
                Ok(())
            })
            .unwrap();
    }
    assert_eq!(lengths, [4 << 20]);
}
