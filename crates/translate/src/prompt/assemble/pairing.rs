//! Calls and their results, brought together as Gemini wants them (M6, M9, M10, M12, T17).
//!
//! Gemini refuses a conversation in which the results do not come right after the calls, one for each
//! and in one turn. Clients send one message a result, forget some, send others twice, put text
//! between them. What is done about it:
//!
//! - Turns of the model that touch and of which one calls become one turn: a call must follow the
//!   user (M10). Other turns stay as they are.
//! - The results up to the model's next turn go into one turn right after the calls, in their order.
//!   What else the client put beside a result stays beside it, after the results.
//! - A call without result, also at the end of the conversation, is answered with an error (M9, M12):
//!   dropping it would hide from the model that it called.
//! - A result without call, late or twice, becomes a text of the user: it is information, and the
//!   client chose to send it.
//!
//! Calls and results carry the same id, made up where the client gave none or one twice (T17), and
//! the name that Gemini knows (T2). Nothing is reordered beyond that, and the work is linear.

use std::{
    borrow::Cow,
    collections::{BTreeMap, VecDeque},
};

use crate::{
    gemini::request::{Content, Data, FunctionResponse, Part, Role},
    prompt::{function_names::FunctionNames, values},
};

/// The result of a call that was never answered.
const NO_RESULT: &str = "no result provided";

/// Brings the turns of a draft into Gemini's order.
pub(super) fn pair<'a>(turns: Vec<Content<'a>>, names: &FunctionNames) -> Vec<Content<'a>> {
    let mut pairing = Pairing {
        names,
        contents: Vec::with_capacity(turns.len()),
        open: None,
        made_ids: 0,
    };
    for turn in turns {
        match turn.role {
            Role::Model => pairing.add_model(turn),
            Role::User => pairing.add_user(turn),
        }
    }
    pairing.close();
    pairing.contents
}

struct Pairing<'a, 'n> {
    names: &'n FunctionNames,
    contents: Vec<Content<'a>>,
    /// The calls of the model's last turn, while answers may come.
    open: Option<Calls<'a>>,
    made_ids: u32,
}

/// The calls of one turn.
#[derive(Default)]
struct Calls<'a> {
    calls: Vec<Call<'a>>,
    /// Calls by the client's id, in order: ids may repeat.
    by_id: BTreeMap<Cow<'a, str>, VecDeque<usize>>,
    /// Calls by the client's name of the function.
    by_name: BTreeMap<Cow<'a, str>, VecDeque<usize>>,
    /// Where the turn with the results is, once the user spoke.
    answered_at: Option<usize>,
}

/// A call as Gemini is told of it, and what is known of its result.
struct Call<'a> {
    id: Cow<'a, str>,
    name: Cow<'a, str>,
    result: Option<FunctionResponse<'a>>,
}

impl<'a> Pairing<'a, '_> {
    fn add_model(&mut self, mut turn: Content<'a>) {
        let is_calling = calls(&turn);
        if self
            .open
            .as_ref()
            .is_some_and(|open| open.answered_at.is_some())
        {
            self.close();
        }
        if is_calling {
            let mut open = self.open.take().unwrap_or_default();
            for part in &mut turn.parts {
                if let Data::FunctionCall(call) = &mut part.data {
                    let index = open.calls.len();
                    let given = call.id.take().filter(|id| !id.is_empty());
                    let id = match given {
                        Some(id) => {
                            let same = open.by_id.entry(id.clone()).or_default();
                            same.push_back(index);
                            if same.len() == 1 { id } else { self.make_id() }
                        }
                        None => self.make_id(),
                    };
                    let same = open.by_name.entry(call.name.clone()).or_default();
                    same.push_back(index);
                    let name = self.names.send(std::mem::take(&mut call.name));
                    call.name = name.clone();
                    call.id = Some(id.clone());
                    open.calls.push(Call {
                        id,
                        name,
                        result: None,
                    });
                }
            }
            self.open = Some(open);
        }
        if is_calling {
            self.join_models();
        }
        match self.contents.last_mut() {
            Some(last) if last.role == Role::Model && self.open.is_some() => {
                last.parts.append(&mut turn.parts);
            }
            _ => self.contents.push(turn),
        }
    }

    /// Makes one turn of those of the model at the end.
    fn join_models(&mut self) {
        let before = self
            .contents
            .iter()
            .rposition(|content| content.role == Role::User);
        let mut models = self.contents.drain(before.map_or(0, |user| user + 1)..);
        if let Some(mut first) = models.next() {
            first.parts.extend(models.flat_map(|content| content.parts));
            self.contents.push(first);
        }
    }

    fn add_user(&mut self, turn: Content<'a>) {
        let Some(open) = &mut self.open else {
            let parts = turn.parts.into_iter().flat_map(keep_as_text).collect();
            self.contents.push(Content::user(parts));
            return;
        };
        let answered_at = *open.answered_at.get_or_insert_with(|| {
            self.contents.push(Content::user(Vec::new()));
            self.contents.len() - 1
        });
        let mut answers = false;
        let mut rest = Vec::new();
        for mut part in turn.parts {
            if let Data::FunctionResponse(result) = part.data {
                match open.answer(result) {
                    Ok(()) => {
                        answers = true;
                        continue;
                    }
                    Err(result) => part.data = Data::FunctionResponse(result),
                }
            }
            rest.extend(keep_as_text(part));
        }
        // Beside its results, unless another turn came between.
        let is_last = answered_at + 1 == self.contents.len();
        match self.contents.last_mut() {
            Some(results) if answers && is_last => results.parts.append(&mut rest),
            _ if rest.is_empty() && answers => {}
            _ => self.contents.push(Content::user(rest)),
        }
    }

    /// No more results can come: writes those that did, and errors for the others.
    fn close(&mut self) {
        let Some(open) = self.open.take() else {
            return;
        };
        let results = open.calls.into_iter().map(|call| {
            let (response, parts) = match call.result {
                Some(result) => (result.response, result.parts),
                None => (values::failure(NO_RESULT), Vec::new()),
            };
            Part::from(Data::FunctionResponse(FunctionResponse {
                id: Some(call.id),
                name: call.name,
                response,
                parts,
            }))
        });
        let at = open.answered_at.and_then(|at| self.contents.get_mut(at));
        match at {
            Some(content) => {
                content.parts.splice(0..0, results);
            }
            None => self.contents.push(Content::user(results.collect())),
        }
    }

    fn make_id(&mut self) -> Cow<'a, str> {
        let id = format!("gempool-call-{}", self.made_ids);
        self.made_ids += 1;
        Cow::Owned(id)
    }
}

impl<'a> Calls<'a> {
    /// Takes a result for the call that it names by id, or, where ids are missing, by function.
    /// Gives back one that answers none.
    fn answer(&mut self, result: FunctionResponse<'a>) -> Result<(), FunctionResponse<'a>> {
        let by_id = result.id.as_ref().filter(|id| !id.is_empty());
        let list = match by_id {
            Some(id) => self.by_id.get_mut(id),
            None => self.by_name.get_mut(&result.name),
        };
        let Some(list) = list else {
            return Err(result);
        };
        while let Some(index) = list.pop_front() {
            let call = self.calls.get_mut(index);
            // By name, it may have been answered by id.
            if let Some(call) = call.filter(|call| call.result.is_none()) {
                call.result = Some(result);
                return Ok(());
            }
        }
        Err(result)
    }
}

fn calls(content: &Content<'_>) -> bool {
    let mut parts = content.parts.iter();
    parts.any(|part| matches!(part.data, Data::FunctionCall(_)))
}

/// A part as it is; a result that answers nothing as text, with its images beside it.
fn keep_as_text(part: Part<'_>) -> Vec<Part<'_>> {
    let Data::FunctionResponse(result) = part.data else {
        return vec![part];
    };
    let of = if result.name.is_empty() {
        "a call"
    } else {
        &*result.name
    };
    let text = format!("Result of {of}: {}", result.response.get());
    let images = result.parts.into_iter();
    let images = images.map(|image| Part::from(Data::InlineData(image.inline_data)));
    std::iter::once(Part::text(text)).chain(images).collect()
}

#[cfg(test)]
mod tests;
