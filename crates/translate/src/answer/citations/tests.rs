//! Spans by rule.

use super::*;
use serde_json::value::RawValue;

fn raw(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).unwrap()
}

/// The spans found, with what they cut out of `pieces`; a piece that begins with `+` was inserted.
fn cited(pieces: &[&str], grounding: &str) -> Vec<(Range<usize>, String, String)> {
    let grounding = raw(grounding);
    let mut text = CitedText::default();
    text.note(&Notes {
        grounding: Some(&grounding),
        ..Notes::default()
    });
    let mut shown = String::new();
    for piece in pieces {
        match piece.strip_prefix('+') {
            Some(inserted) => {
                text.insert(inserted);
                shown.push_str(inserted);
            }
            None => {
                text.push(piece);
                shown.push_str(piece);
            }
        }
    }
    let shown: Vec<char> = shown.chars().collect();
    let citations = text.citations();
    let cut = citations.iter().map(|citation| {
        let span: String = shown[citation.chars.clone()].iter().collect();
        (citation.chars.clone(), span, citation.url.clone())
    });
    cut.collect()
}

fn one_support(segment: &str) -> String {
    format!(
        r#"{{"groundingChunks":[{{"web":{{"uri":"u","title":"t"}}}}],
            "groundingSupports":[{{"segment":{segment},"groundingChunkIndices":[0]}}]}}"#
    )
}

#[test]
fn bytes_become_characters_n1() {
    for (pieces, segment, expected) in [
        (
            &["Grüße, Welt!"][..],
            r#"{"startIndex":9,"endIndex":13}"#,
            "Welt",
        ),
        (&["Grüße, ", "Welt!"], r#"{"endIndex":7}"#, "Grüße"),
        (&["😀😀 ok"], r#"{"startIndex":9,"endIndex":11}"#, "ok"),
        (
            &["日本", "語です"],
            r#"{"startIndex":3,"endIndex":9}"#,
            "本語",
        ),
    ] {
        let found = cited(pieces, &one_support(segment));
        assert_eq!(found.len(), 1, "{pieces:?}");
        assert_eq!(found[0].1, expected, "{pieces:?}");
    }
}

#[test]
fn long_texts_count_the_same_as_short_ones() {
    let start = "é".repeat(5000);
    for start_chars in [0, 511, 512, 513, 4999, 5000] {
        let byte = start_chars * 2;
        let segment = format!(r#"{{"startIndex":{byte},"endIndex":{}}}"#, 10_000 + 240);
        let found = cited(&[&start, &"x".repeat(240)], &one_support(&segment));
        assert_eq!(found[0].0, start_chars..5240);
    }
}

#[test]
fn inserted_text_moves_what_follows_it_a7() {
    let pieces = ["+[code]", "one", "+[more]", "two"];
    for (segment, expected) in [
        (r#"{"endIndex":3}"#, "one"),
        (r#"{"startIndex":3,"endIndex":6}"#, "two"),
        (r#"{"startIndex":1,"endIndex":4}"#, "ne[more]t"),
    ] {
        assert_eq!(cited(&pieces, &one_support(segment))[0].1, expected);
    }
}

#[test]
fn each_page_of_a_support_is_a_citation_n1() {
    let found = cited(
        &["abcdef"],
        r#"{"groundingChunks":[{"web":{"uri":"a","title":"A"}},{"maps":{"uri":"b"}},{"web":{}}],
            "groundingSupports":[
              {"segment":{"endIndex":3,"text":"abc"},"groundingChunkIndices":[0,1,2,9]},
              {"segment":{"endIndex":3,"text":"abc"},"groundingChunkIndices":[1]},
              {"segment":{"startIndex":3,"endIndex":6},"groundingChunkIndices":[1]}]}"#,
    );
    let urls: Vec<(&str, &str)> = found
        .iter()
        .map(|(_, span, url)| (span.as_str(), url.as_str()))
        .collect();
    assert_eq!(urls, [("abc", "a"), ("abc", "b"), ("def", "b")]);
}

#[test]
fn offsets_of_a_later_part_are_found_by_their_text_n2() {
    let segment = r#"{"partIndex":1,"startIndex":2,"endIndex":5,"text":"two"}"#;
    let found = cited(&["one, ", "+x", "a two"], &one_support(segment));
    assert_eq!(found[0].1, "two");
}

#[test]
fn what_cannot_be_cited_is_left_out_n2() {
    for grounding in [
        "{}".to_owned(),
        r#"{"groundingSupports":{}}"#.to_owned(),
        r#"{"groundingChunks":[{"retrievedContext":{"title":"a file"}}],
            "groundingSupports":[{"segment":{"endIndex":3},"groundingChunkIndices":[0]}]}"#
            .to_owned(),
        one_support("{}"),
        one_support("null"),
        one_support(r#"{"startIndex":3,"endIndex":3}"#),
        one_support(r#"{"startIndex":5,"endIndex":3}"#),
        one_support(r#"{"endIndex":99}"#),
        one_support(r#"{"startIndex":99,"endIndex":100,"text":"abc"}"#),
        one_support(r#"{"endIndex":3,"text":"xyz"}"#),
        // The middle of a character.
        one_support(r#"{"startIndex":7,"endIndex":9}"#),
    ] {
        assert_eq!(cited(&["abcdefé"], &grounding), [], "{grounding}");
    }
}

#[test]
fn recitations_are_citations_named_after_their_address_n4() {
    let citations = raw(
        r#"{"citationSources":[{"startIndex":2,"endIndex":4,"uri":"https://a","license":"mit"},
            {"endIndex":2,"license":"mit"}]}"#,
    );
    let mut text = CitedText::default();
    text.push("ébcd");
    text.note(&Notes {
        citations: Some(&citations),
        ..Notes::default()
    });
    let expected = Citation {
        chars: 1..3,
        url: "https://a".to_owned(),
        title: "https://a".to_owned(),
    };
    assert_eq!(text.citations(), [expected]);
}

#[test]
fn repeated_notes_count_once() {
    let grounding = raw(&one_support(r#"{"endIndex":3}"#));
    let notes = Notes {
        grounding: Some(&grounding),
        ..Notes::default()
    };
    let mut text = CitedText::default();
    text.push("abc");
    text.note(&notes);
    text.note(&notes);
    assert_eq!(text.citations().len(), 1);
}

#[test]
fn keeps_no_more_text_and_citations_than_its_limits() {
    let mut text = CitedText::default();
    text.push(&"a".repeat(MAX_TEXT_BYTES - 1));
    text.push("bc");
    text.push("d");
    assert_eq!(text.text.len(), MAX_TEXT_BYTES - 1);

    let supports: Vec<String> = (1..2000)
        .map(|end| format!(r#"{{"segment":{{"endIndex":{end}}},"groundingChunkIndices":[0]}}"#))
        .collect();
    let grounding = raw(&format!(
        r#"{{"groundingChunks":[{{"web":{{"uri":"u"}}}}],"groundingSupports":[{}]}}"#,
        supports.join(",")
    ));
    text.note(&Notes {
        grounding: Some(&grounding),
        ..Notes::default()
    });
    assert_eq!(text.citations().len(), MAX_CITATIONS);
}
