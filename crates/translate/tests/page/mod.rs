//! The compatibility page as Markdown.

use gempool_translate::compatibility::{Becomes, Difference, Endpoint, Parameter};

const INTRODUCTION: &str = "\
# Compatibility

gempool answers clients of OpenAI's, Anthropic's and Google's APIs by asking the Gemini API. This page
lists, endpoint by endpoint, every parameter that such a client may send, and what becomes of it:

| the table says | what happens |
|---|---|
| a field in backticks | that field of Gemini's request is set |
| other words | what it does to the request or the answer |
| **ignored** | it has no effect, for the reason given; the answer is right without it |
| **refused** | status 400, because without it the answer would not be the one asked for |

Rows with the same text are put together. Four rules hold everywhere:

- **Nonsense is refused**, also in fields without effect: a wrong type, an unknown role, a number out of
  range. It is status 400 with an error in the shape of the client's API; the message names the field, for
  instance `messages[2].content[0].image_url.url`.
- **Unknown fields are ignored.** Clients send extensions of their own to every server, and Gemini refuses
  every field that it does not know, so none is passed on. Gemini's own API is the exception: there Google
  judges.
- **What only some models can do** is left out for the others where that is harmless, and refused where the
  answer would mean something else. The tables then say \"where the model …\".
- **`model`** is a model of Gemini's, or an alias from `MODEL_ALIASES`, and may carry wishes as the README
  says: `gemini-3.5-flash-search-low`. Such a wish wins over what the body says.

What depends on the model:

| what | models |
|---|---|
| `temperature`, `topP`, `topK` | sent up to Gemini 3.5; not to 3.5 Flash-Lite, 3.6 and later, which ignore them |
| `thinkingConfig` | a budget for 2.5, a level for 3 and later; none for older ones and those that speak or make images |
| several answers in one call | up to Gemini 2.5; later models are called once for each |
| log probabilities | up to Gemini 2.0 |
| Google's tools beside functions, JSON beside tools | from Gemini 3 on; before, functions win |
| addresses on the web, which Google fetches | from Gemini 2.5 on; refused before |
| thought signatures | needed from Gemini 3 on, sent along since 2.5 |

A name that tells no version (`gemini-flash-latest`) counts as the newest model.

The page is made from the tables that stand beside the code which reads the requests
(`crates/translate/src/*/policy.rs`), and tests hold them against that code. Please change those, and write
the page anew with `UPDATE_DOCS=1 cargo test -p gempool-translate --test compatibility_page`.
";

const DIFFERENT: &str = "
## Deliberately different

The translation follows a reference of rules with ids, which tests and comments name (`M8`, `X5`). The
reference is no part of the project; the ids are for who reads the code. Here gempool does otherwise on
purpose, or takes one of several ways that the reference leaves open.

| rule | gempool instead | because |
|---|---|---|
";

const TESTED: &str = "
## Rules and tests

Names of tests end with the ids of the rules that they show: `results_are_always_an_object_m8`. A test
makes sure that every rule of which the reference is certain is named by a test or listed above
(`crates/translate/tests/compatibility_page.rs`). Requests that would go up are held against the
constraints that Gemini publishes, over conversations made at random
(`crates/translate/tests/requests_fit_gemini.rs`); answers are translated from recorded ones where
those are at hand.
";

/// The whole page.
pub(crate) fn render(endpoints: &[Endpoint], differences: &[Difference]) -> String {
    let mut page = INTRODUCTION.to_owned();
    for endpoint in endpoints {
        page.push_str(&format!("\n## {}: `{}`\n", endpoint.api, endpoint.path));
        if !endpoint.remarks.is_empty() {
            page.push_str(&format!("\n{}\n", endpoint.remarks));
        }
        page.push_str(&format!("\nUnsupported: {}\n", endpoint.unsupported));
        page.push_str("\n| parameter | becomes |\n|---|---|\n");
        let parameters: Vec<&Parameter> = endpoint.tables.iter().copied().flatten().collect();
        for alike in parameters.chunk_by(|one, next| one.becomes == next.becomes) {
            let names: Vec<String> = alike.iter().map(|parameter| name(parameter.name)).collect();
            let becomes = match alike[0].becomes {
                Becomes::Translated(what) => what.to_owned(),
                Becomes::Ignored(why) => format!("**ignored**: {why}"),
                Becomes::Refused(why) => format!("**refused**: {why}"),
            };
            page.push_str(&format!("| {} | {} |\n", names.join(", "), cell(&becomes)));
        }
    }
    page.push_str(DIFFERENT);
    for difference in differences {
        page.push_str(&format!(
            "| {} | {} | {} |\n",
            difference.rule,
            cell(difference.instead),
            cell(difference.because)
        ));
    }
    page.push_str(TESTED);
    page
}

/// A field is code; a name with a space in it is prose.
fn name(name: &str) -> String {
    if name.contains(' ') {
        name.to_owned()
    } else {
        format!("`{name}`")
    }
}

/// Text that does not end its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
