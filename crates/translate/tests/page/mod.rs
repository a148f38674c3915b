//! The compatibility page as Markdown.

use gempool_translate::compatibility::{Becomes, Difference, Endpoint};

const INTRODUCTION: &str = "\
# Compatibility

What gempool does with every parameter of every endpoint: what it becomes in Gemini's API, or that it is
ignored or refused. Made from the tables that stand beside the code which reads the requests
(`crates/translate/src/*/policy.rs`), and checked against them by a test; so please change those, and
write this page anew with `UPDATE_DOCS=1 cargo test -p gempool-translate --test compatibility_page`.

Three rules hold everywhere:

- A value that makes no sense (a wrong type, an unknown role, a number out of range) is refused with
  status 400, in the dialect of the endpoint, and the message names the field.
- A field that no table knows is ignored: clients send their own extensions, and Gemini refuses every
  field that it does not know, so none is passed on. The native API is the exception: there Google
  judges.
- What a model cannot do is left out where that is harmless and refused where it would change what the
  answer means.
";

const DIFFERENT: &str = "
## Deliberately different

The translation follows a reference of rules with ids, which tests and comments name (`M8`, `X5`). Here
gempool does otherwise on purpose.

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
        page.push_str("\n| parameter | becomes |\n|---|---|\n");
        for parameter in endpoint.tables.iter().copied().flatten() {
            let becomes = match parameter.becomes {
                Becomes::Translated(what) => what.to_owned(),
                Becomes::Ignored(why) => format!("**ignored**: {why}"),
                Becomes::Refused(why) => format!("**refused**: {why}"),
            };
            page.push_str(&format!(
                "| {} | {} |\n",
                name(parameter.name),
                cell(&becomes)
            ));
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
