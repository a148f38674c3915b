//! Where gempool deliberately does otherwise than the translation reference says, or which of its
//! alternatives it takes.
//!
//! Also rules that cannot be tested here because the part of the API that they speak of is not
//! served. A rule that is only not implemented yet does not belong here.

/// A rule, what is done instead, and why.
#[derive(Debug, Clone, Copy)]
pub struct Difference {
    /// Its id in the translation reference, `M2` for instance; `§9` for a section without ids.
    pub rule: &'static str,
    /// What gempool does.
    pub instead: &'static str,
    /// Why that is better.
    pub because: &'static str,
}

const fn differs(rule: &'static str, instead: &'static str, because: &'static str) -> Difference {
    Difference {
        rule,
        instead,
        because,
    }
}

/// By rule id: sections first.
pub const DIFFERENCES: &[Difference] = &[
    differs(
        "§1.5",
        "models that make images are never told how much to think",
        "which levels they take differs from one to the next, and a wrong one is refused",
    ),
    differs(
        "§2.2",
        "an answer that ends with `CONTINUATION` ends as one that reached its limit; its token \
         is not used. Where `CONTINUATIONS` or `anti-trunc/` allows it, a streamed answer is \
         gone on with by asking again with what was said so far",
        "that works for every model, and also where the connection broke; it pays for the prompt \
         again, so it is off by default",
    ),
    differs(
        "§2.2",
        "an answer with a function call that ends with a fault of the model's is an error, also \
         where text came before",
        "such a call must not be made, and a client that has seen a call makes it",
    ),
    differs(
        "§3",
        "image models of 3.x get a signature on every text and image of theirs, the stand-in \
         where it was lost",
        "they refuse a conversation without",
    ),
    differs(
        "§3.5",
        "signatures are never written into the ids of calls; one that a client sends there is \
         understood",
        "clients check how long ids are",
    ),
    differs(
        "§3.8",
        "in the second attempt, after Gemini refused a signature, calls and what image models made \
         carry the stand-in; other texts lose theirs, and on 2.5 so do calls",
        "nothing else needs one, and a stand-in may cost quality",
    ),
    differs(
        "§3.10",
        "the signature of a text is passed on in chat, in messages only where a thought precedes \
         the text, and in responses never",
        "Gemini does not check it, and those APIs have no other place for it",
    ),
    differs(
        "§3.10",
        "signatures of messages and responses are marked as Gemini's, and those without the mark \
         are dropped",
        "a conversation begun with another model would be refused for its foreign signatures",
    ),
    differs(
        "§6.4",
        "speech is WAV where no format is named; `mp3`, `opus`, `aac` and `flac` are refused",
        "nothing here encodes sound, and a file that is not what was asked for fails later",
    ),
    differs(
        "§6.5",
        "transcripts are `json` or `text`; every other format is refused",
        "the others tell times or speakers, which a model would make up",
    ),
    differs(
        "§6.6",
        "completions refuse `suffix`, and have `echo` and, where the model tells them, `logprobs`",
        "text that ignores what follows is wrong; the other two can be had",
    ),
    differs(
        "§7.1",
        "`disable_parallel_tool_use` leaves calls after the first out of the answer",
        "an agent that asks for one call at a time may not be able to make two",
    ),
    differs(
        "§7.1",
        "`strict` tools are checked (mode `VALIDATED`), as in chat",
        "it means the same there",
    ),
    differs(
        "§7.1",
        "`mcp_servers` is refused, unless it is empty",
        "an answer without their tools is not the one asked for",
    ),
    differs(
        "§7.2",
        "a client that declared web search is told what Google searched, as one search at the \
         end of the message; citations are left out",
        "Gemini tells it last, and citations must quote the page, which Gemini does not send",
    ),
    differs(
        "§8.1",
        "in responses, choosing a tool of Google's means mode `NONE`, and that the other tools \
         of Google's are not sent",
        "Gemini can be made to call functions only; this way that tool is all that is left",
    ),
    differs(
        "§8.1",
        "the tool `image_generation` asks for an image only where `tool_choice` chooses it",
        "models that make images do so unasked; others would refuse every request that lists it",
    ),
    differs(
        "§8.1",
        "an `item_reference` to reasoning (`rs_…`) is ignored rather than refused",
        "Gemini is not given reasoning as text, so nothing is missing",
    ),
    differs(
        "§8.2",
        "a failed stream says so twice, in `error` and in `response.failed`",
        "OpenAI's SDKs raise at the one, Codex reads only the other",
    ),
    differs(
        "§9",
        "a native stream without `alt=sse` is asked of Google with it, and the array is written \
         here, element by element with Google's bytes",
        "only events can be checked as they pass: a cut array would look whole, and an error in \
         it like an answer",
    ),
    differs(
        "§9",
        "native calls go to `v1beta`, whatever version the client named",
        "one version is known and tested",
    ),
    differs(
        "§9",
        "client keys in the URL are taken only where `CLIENT_KEY_IN_URL` allows it",
        "they end up in the logs of everything in between",
    ),
    differs(
        "§9",
        "`tunedModels/…` is answered 404",
        "a tuned model belongs to the project of one key, and others would get 403",
    ),
    differs(
        "A7",
        "code that Google ran, and its output, is fenced text in chat and messages, and \
         `code_interpreter_call` items in responses",
        "an answer that speaks of code nobody sees is worse; only responses have a place for it",
    ),
    differs(
        "C4",
        "a called name that differs from one declared function in punctuation alone is taken for \
         it",
        "models write `get_weather` for `get-weather`, and nobody can answer a function that \
         does not exist",
    ),
    differs(
        "E3",
        "the length of every vector is measured, and made 1 where it is not",
        "a list of models that need it would age",
    ),
    differs(
        "E5",
        "tokens that a model does not count are estimated, four characters each",
        "asking for the count is a call more",
    ),
    differs(
        "E6",
        "models newer than the known ones are told the task in words before the text",
        "they are taken for the newest family, which ignores the field",
    ),
    differs(
        "G5",
        "`n` on a model with one answer a call is as many calls, at most 8, whose seeds count \
         up; usage is the sum. In a stream `n` must be 1",
        "with one seed all answers would be alike; streams of several calls are not woven into one",
    ),
    differs(
        "G8",
        "penalties are checked for their range and never sent, not even to old models",
        "no current model takes one",
    ),
    differs(
        "G13",
        "`store` is always said, `false` unless the client wants `true`, also in native requests",
        "Google keeps prompts and answers of newer projects unless told not to",
    ),
    differs(
        "G18",
        "before Gemini 3, JSON is not demanded beside tools",
        "Gemini refuses both together, and without tools an agent cannot go on",
    ),
    differs(
        "G24",
        "cached content together with instructions or tools is refused",
        "so does Gemini, and dropping them would change the request unseen",
    ),
    differs(
        "I2",
        "a `quality` of `high` or more is `2K`, where `size` leaves it open and the model has it",
        "a resolution is all that Gemini has for it",
    ),
    differs(
        "I4",
        "what Gemini says beside an image is left out rather than told as `revised_prompt`",
        "it is none",
    ),
    differs(
        "I5",
        "of several images those that were made are given; if there is none, it is an error with \
         Gemini's reason: 400 where Google refused the content, else 502",
        "what was made was paid for",
    ),
    differs(
        "M2",
        "system messages after the first turn keep their place, as turns of the user",
        "in front they would mean something else, and spoil Gemini's cache",
    ),
    differs(
        "M3",
        "a conversation of instructions alone gets a blank turn of the user",
        "Gemini wants a turn, and instructions stay instructions",
    ),
    differs(
        "M9",
        "a result without call, late or twice, becomes a text of the user",
        "it is information that the client chose to send",
    ),
    differs(
        "M10",
        "turns of one role are merged only where Gemini demands it: results, and what the model \
         said around its calls",
        "others are accepted, and they are the client's own structure",
    ),
    differs(
        "M11",
        "a model that refuses to end with its own turn is asked to go on: `Continue.`; \
         `gemini-3.5-flash` counts as such",
        "the beginning is kept; that name is answered by 3.6 Flash since 2026-10-08",
    ),
    differs(
        "M12",
        "calls without results, also at the end, are answered with an error",
        "were they dropped, the model would not know that it called",
    ),
    differs(
        "M13",
        "`name` goes before what a user or the system says, as a text of its own (`ann: `); an \
         assistant's is dropped",
        "it tells people apart; a model would begin its own answers with it",
    ),
    differs(
        "N1",
        "spans of citations count Unicode code points",
        "OpenAI does not say what it counts; this is what Python's slices mean",
    ),
    differs(
        "N4",
        "sources that Gemini recites are annotations, too",
        "to the reader they are citations",
    ),
    differs(
        "N6",
        "images in chat are in `images` of the message; Markdown in the text is not offered",
        "megabytes in the text come back with every turn",
    ),
    differs(
        "P3",
        "nothing is downloaded here: `https:` addresses go to Google, who fetches them; `http:` \
         is refused, and so are addresses on the web for models before 2.5",
        "a gateway that fetches can be sent into its own network",
    ),
    differs(
        "P3",
        "an address that does not tell its type counts as the likely one, JPEG for an image",
        "Google refuses most addresses without a type, and looks at what it gets",
    ),
    differs(
        "P5",
        "`detail` `original` is the level `HIGH`",
        "it is the highest that every kind of image may have",
    ),
    differs(
        "T8",
        "`none` also leaves out Google's own tools",
        "who wants no tool used means these, too",
    ),
    differs(
        "T9",
        "`required` with nothing but Google's tools leaves the model free",
        "Gemini can be made to call functions only",
    ),
    differs(
        "T10",
        "in chat, choosing one function leaves out Google's own tools",
        "that function was asked for and nothing else",
    ),
    differs(
        "T11",
        "Google's tools that `allowed_tools` does not name are not sent",
        "Gemini's own choice knows functions only",
    ),
    differs(
        "T12",
        "custom tools are functions with one text; a grammar is told to the model in words",
        "Gemini cannot enforce it, and a model mostly keeps to what it is told",
    ),
    differs(
        "T13",
        "`parallel_tool_calls` has no effect in chat and responses",
        "Gemini has no such field, and a call kept from the client is lost",
    ),
    differs(
        "U1",
        "`predictLongRunning` and `interactions` are not passed on, and files are not downloaded",
        "what they start is asked for again under names that nobody remembers, and downloads are redirected",
    ),
    differs(
        "U12",
        "files, caches and batches exist for the client key that made them, and for no other; a file that \
         was not uploaded here is unknown unless there is one key and one client",
        "they belong to the project of one key, which must be remembered, and clients share keys",
    ),
    differs(
        "U12",
        "a list of files, caches or batches has short pages, and misses what was made long ago with a key \
         that the client has not used since",
        "Google lists by key, not by client; each page is one key's with the others' taken out",
    ),
    differs(
        "X1",
        "one event has at most 24 MiB rather than 64",
        "ten times the largest recorded one, and a thousand streams share one memory",
    ),
    differs(
        "X2",
        "the first chunk waits for something that a client would notice, not only for the first \
         event",
        "first events are often empty, and until then another key can still be tried",
    ),
    differs(
        "X10",
        "a stream for which Gemini has nothing yet is begun after 20 s (`FIRST_HEARTBEAT_MS`); \
         what fails then is an error event with status 200",
        "proxies and SDKs take a longer silence for death; keys are still tried in turn meanwhile",
    ),
    differs(
        "X10",
        "silence is filled with comments; once begun, messages have `ping` events instead, and \
         native streams blank lines throughout",
        "`ping` is Anthropic's own, and Google's Python SDK takes a comment for JSON and fails",
    ),
];
