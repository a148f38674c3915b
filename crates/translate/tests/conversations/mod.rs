//! Conversations as clients have them, good and odd, in no dialect; and each dialect's way of writing
//! them down.
//!
//! They are odd in ways that happen: results missing, late, doubled or of nobody's call, empty texts,
//! instructions in the middle, an assistant that speaks last, names that Gemini does not take.

pub(crate) mod anthropic;
pub(crate) mod chat;
pub(crate) mod responses;

use proptest::prelude::*;

/// What a client sends.
#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) turns: Vec<Turn>,
    /// Names of declared functions.
    pub(crate) functions: Vec<&'static str>,
    pub(crate) choice: Choice,
    pub(crate) wishes: Wishes,
}

#[derive(Debug, Clone)]
pub(crate) enum Turn {
    System(String),
    User(String),
    Image(String),
    Assistant { text: String, calls: Vec<Call> },
    Result { id: String, content: &'static str },
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) id: String,
    pub(crate) name: &'static str,
    /// JSON text, if it is any.
    pub(crate) arguments: &'static str,
    pub(crate) signature: Option<&'static str>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Choice {
    Unsaid,
    None,
    Any,
    /// The first of the functions.
    One,
}

/// What steers the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wishes {
    pub(crate) temperature: Option<f64>,
    pub(crate) top_p: Option<f64>,
    pub(crate) max_tokens: Option<u32>,
    pub(crate) stop: &'static [&'static str],
    pub(crate) seed: Option<i64>,
    pub(crate) effort: Option<&'static str>,
    pub(crate) json: Json,
    pub(crate) search: bool,
    pub(crate) candidates: Option<u32>,
}

/// Wished form of the answer's text.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Json {
    No,
    Any,
    Schema,
}

/// Any conversation.
pub(crate) fn conversation() -> impl Strategy<Value = Conversation> {
    let rounds = prop::collection::vec(round(), 0..4);
    let functions = prop::sample::subsequence(&NAMES[..], 0..NAMES.len());
    let choice = prop_oneof![
        Just(Choice::Unsaid),
        Just(Choice::None),
        Just(Choice::Any),
        Just(Choice::One),
    ];
    (rounds, any::<bool>(), functions, choice, wishes()).prop_map(
        |(rounds, instructed, functions, choice, wishes)| {
            let mut turns = Vec::new();
            if instructed {
                turns.push(Turn::System("Be brief.".to_owned()));
            }
            for (number, round) in rounds.into_iter().enumerate() {
                round.write(number, &mut turns);
            }
            if turns.is_empty() {
                turns.push(Turn::User("Hi".to_owned()));
            }
            Conversation {
                turns,
                functions,
                choice,
                wishes,
            }
        },
    )
}

const NAMES: [&str; 6] = [
    "read_file",
    "search.web",
    "has space",
    "1st",
    "größe",
    "a_name_that_is_far_longer_than_the_sixty_four_characters_that_are_allowed",
];

/// One question, what is said and called upon it, and what comes of that.
#[derive(Debug, Clone)]
struct Round {
    question: String,
    image: bool,
    text: String,
    calls: Vec<(usize, &'static str, Option<&'static str>)>,
    flaw: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Flaw {
    None,
    Reversed,
    MissingLast,
    MissingAll,
    Doubled,
    SystemBetween,
    UserBetween,
    TextOnly,
}

fn round() -> impl Strategy<Value = Round> {
    let arguments = prop_oneof![
        Just(r#"{"x":1.0}"#),
        Just("{}"),
        Just(""),
        Just(r#"{"n":100000000000000000001}"#),
        Just("not json"),
        Just("[1]"),
    ];
    let signature = prop_oneof![Just(None), Just(Some("c2lnbmF0dXJl"))];
    let call = (0..NAMES.len(), arguments, signature);
    let flaw = prop_oneof![
        4 => Just(Flaw::None),
        1 => Just(Flaw::Reversed),
        1 => Just(Flaw::MissingLast),
        1 => Just(Flaw::MissingAll),
        1 => Just(Flaw::Doubled),
        1 => Just(Flaw::SystemBetween),
        1 => Just(Flaw::UserBetween),
        2 => Just(Flaw::TextOnly),
    ];
    let text = prop_oneof![Just(String::new()), Just("né\n".to_owned()), ".{0,8}"];
    (
        text.clone(),
        any::<bool>(),
        text,
        prop::collection::vec(call, 0..4),
        flaw,
    )
        .prop_map(|(question, image, text, calls, flaw)| Round {
            question,
            image,
            text,
            calls,
            flaw,
        })
}

impl Round {
    fn write(self, number: usize, turns: &mut Vec<Turn>) {
        turns.push(if self.image {
            Turn::Image(self.question)
        } else {
            Turn::User(self.question)
        });
        let calls: Vec<Call> = self
            .calls
            .into_iter()
            .filter(|_| self.flaw != Flaw::TextOnly)
            .enumerate()
            .map(|(index, (name, arguments, signature))| Call {
                id: format!("call_{number}_{index}"),
                name: NAMES[name],
                arguments,
                signature,
            })
            .collect();
        let mut results: Vec<Turn> = calls
            .iter()
            .enumerate()
            .map(|(index, call)| Turn::Result {
                id: call.id.clone(),
                content: ["plain", r#"{"a":1.50}"#, "[1,2]", ""][index % 4],
            })
            .collect();
        turns.push(Turn::Assistant {
            text: self.text,
            calls,
        });
        match self.flaw {
            Flaw::None | Flaw::TextOnly => {}
            Flaw::Reversed => results.reverse(),
            Flaw::MissingLast => drop(results.pop()),
            Flaw::MissingAll => results.clear(),
            Flaw::Doubled => results.extend(results.first().cloned()),
            Flaw::SystemBetween => results.insert(0, Turn::System("Mind the gap.".to_owned())),
            Flaw::UserBetween => results.insert(results.len() / 2, Turn::User("And?".to_owned())),
        }
        turns.append(&mut results);
    }
}

fn wishes() -> impl Strategy<Value = Wishes> {
    let effort = prop::sample::select(&["none", "minimal", "low", "medium", "high"][..]);
    let json = prop_oneof![3 => Just(Json::No), 1 => Just(Json::Any), 1 => Just(Json::Schema)];
    let stop = prop_oneof![
        Just(&[][..]),
        Just(&["a", ""][..]),
        Just(&["a", "b", "c", "d"][..])
    ];
    (
        prop::option::of(0.0..=2.0),
        prop::option::of(0.1..=1.0),
        prop::option::of(1_u32..=500_000),
        stop,
        prop::option::of(any::<i64>()),
        prop::option::of(effort),
        json,
        prop::bool::weighted(0.2),
        prop::option::weighted(0.1, 1_u32..=4),
    )
        .prop_map(
            |(temperature, top_p, max_tokens, stop, seed, effort, json, search, candidates)| {
                Wishes {
                    temperature,
                    top_p,
                    max_tokens,
                    stop,
                    seed,
                    effort,
                    json,
                    search,
                    candidates,
                }
            },
        )
}
