//! The files that the check has sent along, so that a story can quote them: a box shows no file of
//! the student's.

use interleave::model::Model;

/// Texts by file.
#[derive(Debug, Default)]
pub(crate) struct Sources(Vec<(String, String)>);

impl Sources {
    pub(crate) fn add(&mut self, file: &str, text: &str) {
        self.0.retain(|(other, _)| other != file);
        self.0.push((file.to_owned(), text.to_owned()));
    }

    /// A model that knows them.
    pub(crate) fn model(&self) -> Model {
        let files = self.0.iter();
        files.fold(Model::new(), |model, (file, text)| model.source(file, text))
    }
}
