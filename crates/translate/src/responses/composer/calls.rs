//! Calls of functions and of custom tools.

use std::borrow::Cow;

use super::{
    super::{
        call_names::Called,
        custom_tool, encrypted_content,
        events::{Event, Observer},
        output_item::{CustomToolCall, FunctionCall, ItemStatus, OutputItem},
    },
    Composer, Open,
};
use crate::answer::Call;

impl Composer {
    /// The signature belongs to the reasoning right before the call, thoughts that are open included.
    pub(super) fn call(
        &mut self,
        call: &Call<'_>,
        signature: Option<&str>,
        observer: &mut impl Observer,
    ) {
        let signature = signature.filter(|_| self.included.encrypted_reasoning);
        let sealed = signature.map(|signature| encrypted_content::seal(&call.id, signature));
        match (self.items.last_mut(), sealed) {
            (Some(OutputItem::Reasoning(reasoning)), sealed @ Some(_))
                if self.open == Open::Reasoning =>
            {
                reasoning.encrypted_content = sealed;
                self.close(ItemStatus::Completed, observer);
            }
            (_, sealed) => {
                self.close(ItemStatus::Completed, observer);
                if sealed.is_some() {
                    self.begin_reasoning(sealed, observer);
                    self.item_done(observer);
                }
            }
        }
        let call_id = call.id.clone().into_owned();
        let arguments = call.arguments();
        match self.names.called(&call.name) {
            Called::Function { namespace, name } => {
                self.function_call(call_id, namespace, name, arguments, observer);
            }
            Called::Custom { namespace, name } => {
                let input = custom_tool::unwrap(arguments);
                self.custom_call(call_id, namespace, name, input, observer);
            }
        }
    }

    fn function_call(
        &mut self,
        call_id: String,
        namespace: Option<String>,
        name: String,
        arguments: &str,
        observer: &mut impl Observer,
    ) {
        let item = FunctionCall {
            id: self.new_id("fc"),
            status: ItemStatus::InProgress,
            call_id,
            name,
            namespace,
            arguments: String::new(),
        };
        self.begin(OutputItem::FunctionCall(item), observer);
        observer.step(Event::ArgumentsDelta(self.place(), arguments));
        if let Some(OutputItem::FunctionCall(item)) = self.items.last_mut() {
            item.status = ItemStatus::Completed;
            arguments.clone_into(&mut item.arguments);
        }
        if let Some(OutputItem::FunctionCall(item)) = self.items.last() {
            observer.step(Event::ArgumentsDone(self.place(), &item.name, arguments));
        }
        self.item_done(observer);
    }

    fn custom_call(
        &mut self,
        call_id: String,
        namespace: Option<String>,
        name: String,
        input: Cow<'_, str>,
        observer: &mut impl Observer,
    ) {
        let item = CustomToolCall {
            id: self.new_id("ctc"),
            status: ItemStatus::InProgress,
            call_id,
            name,
            namespace,
            input: String::new(),
        };
        self.begin(OutputItem::CustomToolCall(item), observer);
        observer.step(Event::InputDelta(self.place(), &input));
        observer.step(Event::InputDone(self.place(), &input));
        if let Some(OutputItem::CustomToolCall(item)) = self.items.last_mut() {
            item.status = ItemStatus::Completed;
            item.input = input.into_owned();
        }
        self.item_done(observer);
    }
}
