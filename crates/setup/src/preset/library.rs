//! All presets, compiled in.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use crate::preset::model::{Category, Preset};
use crate::preset::search::search;
use crate::preset::summary::Summary;

/// `FILES`: file name without `.toml` and content, written by `build.rs`.
mod files {
    include!(concat!(env!("OUT_DIR"), "/presets.rs"));
}

/// A preset file that cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
pub enum PresetError {
    /// The file is no TOML, or not that of a preset.
    #[error("presets/{file}.toml cannot be read")]
    Parse {
        /// The file's name without `.toml`.
        file: &'static str,
        /// Where and why.
        #[source]
        source: toml::de::Error,
    },
}

/// The presets, by name.
#[derive(Debug)]
pub struct Library {
    presets: Vec<Preset>,
    summaries: Vec<Summary>,
    by_id: BTreeMap<String, usize>,
}

static LIBRARY: OnceLock<Result<Library, PresetError>> = OnceLock::new();

impl Library {
    /// Parses the presets at the first call; afterwards it gives the same again.
    ///
    /// # Errors
    /// [`PresetError`] for the first file that cannot be read. The tests read all of them.
    pub fn load() -> Result<&'static Self, PresetError> {
        LIBRARY
            .get_or_init(|| Self::parse(files::FILES))
            .as_ref()
            .map_err(Clone::clone)
    }

    fn parse(files: &[(&'static str, &'static str)]) -> Result<Self, PresetError> {
        let mut presets = files
            .iter()
            .map(|&(file, content)| {
                toml::from_str(content).map_err(|source| PresetError::Parse { file, source })
            })
            .collect::<Result<Vec<Preset>, _>>()?;
        presets.sort_by_cached_key(|preset| preset.name.to_lowercase());
        Ok(Self {
            summaries: presets.iter().map(Summary::from).collect(),
            by_id: presets
                .iter()
                .enumerate()
                .map(|(index, preset)| (preset.id.clone(), index))
                .collect(),
            presets,
        })
    }

    /// The preset with this id.
    pub fn get(&self, id: &str) -> Option<&Preset> {
        self.by_id
            .get(id)
            .and_then(|index| self.presets.get(*index))
    }

    /// All presets, by name.
    pub fn all(&self) -> &[Preset] {
        &self.presets
    }

    /// All presets as cards, by name.
    pub fn summaries(&self) -> &[Summary] {
        &self.summaries
    }

    /// The presets that fit `text`, best first; see [`search`].
    pub fn search(&self, text: &str) -> Vec<&Summary> {
        search(&self.summaries, text)
    }

    /// The categories that occur and how many presets each has, in their fixed order.
    pub fn categories(&self) -> Vec<(Category, usize)> {
        Category::ALL
            .iter()
            .map(|category| {
                let count = self
                    .presets
                    .iter()
                    .filter(|preset| preset.category == *category)
                    .count();
                (*category, count)
            })
            .filter(|(_, count)| *count > 0)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn parse_broken_file_is_named() {
        let error = Library::parse(&[("broken", "id = 1")]).unwrap_err();
        assert_eq!(error.to_string(), "presets/broken.toml cannot be read");
        assert!(error.source().is_some());
    }
}
