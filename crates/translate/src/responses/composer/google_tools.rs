//! What Google's own tools did: pictures, and code with its output.

use super::{
    super::{
        events::{Event, Observer},
        output_item::{CodeInterpreterCall, ImageGenerationCall, ItemStatus, Logs, OutputItem},
    },
    Composer, Open,
};
use crate::answer::Media;

impl Composer {
    pub(super) fn image(&mut self, media: Media<'_>, observer: &mut impl Observer) {
        self.close(ItemStatus::Completed, observer);
        let item = ImageGenerationCall {
            id: self.new_id("ig"),
            status: ItemStatus::InProgress,
            result: None,
            output_format: output_format(media.mime_type),
        };
        self.begin(OutputItem::ImageGenerationCall(item), observer);
        observer.step(Event::ImageInProgress(self.place()));
        observer.step(Event::ImageGenerating(self.place()));
        observer.step(Event::ImageCompleted(self.place()));
        if let Some(OutputItem::ImageGenerationCall(item)) = self.items.last_mut() {
            item.status = ItemStatus::Completed;
            item.result = Some(media.data.to_owned());
        }
        self.item_done(observer);
    }

    pub(super) fn code(&mut self, code: &str, observer: &mut impl Observer) {
        self.close(ItemStatus::Completed, observer);
        let item = CodeInterpreterCall {
            id: self.new_id("ci"),
            status: ItemStatus::InProgress,
            code: String::new(),
            container_id: format!("cntr_{}", self.seed),
            outputs: None,
        };
        self.begin(OutputItem::CodeInterpreterCall(item), observer);
        self.open = Open::Code;
        observer.step(Event::CodeInProgress(self.place()));
        observer.step(Event::CodeDelta(self.place(), code));
        observer.step(Event::CodeDone(self.place(), code));
        observer.step(Event::CodeInterpreting(self.place()));
        if let Some(OutputItem::CodeInterpreterCall(item)) = self.items.last_mut() {
            code.clone_into(&mut item.code);
        }
    }

    pub(super) fn code_result(
        &mut self,
        status: ItemStatus,
        output: &str,
        observer: &mut impl Observer,
    ) {
        if self.open != Open::Code {
            self.code("", observer);
        }
        let shown = self.included.code_outputs;
        if let Some(OutputItem::CodeInterpreterCall(item)) = self.items.last_mut() {
            item.outputs = shown.then(|| {
                let logs = output.to_owned();
                vec![Logs { logs }]
            });
        }
        self.close(status, observer);
    }
}

/// OpenAI's name of a picture's format, if it has one.
fn output_format(mime_type: &str) -> Option<&'static str> {
    match mime_type {
        "image/png" => Some("png"),
        "image/jpeg" => Some("jpeg"),
        "image/webp" => Some("webp"),
        "image/gif" => Some("gif"),
        _ => None,
    }
}
