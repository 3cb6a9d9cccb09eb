//! What a statement says in words, in both languages of its labels.

use schemars::JsonSchema;
use serde::Serialize;

/// A language of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese.
    Chinese,
}

/// One remark in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Said {
    /// In English.
    pub en: String,
    /// In Chinese.
    pub zh: String,
}

impl Said {
    /// A remark.
    pub fn new(en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { en: en.into(), zh: zh.into() }
    }

    /// The remark in a language.
    pub fn of(&self, language: Language) -> &str {
        match language {
            Language::English => &self.en,
            Language::Chinese => &self.zh,
        }
    }

    /// Remarks one after the other, with a comma of each language between them.
    pub(crate) fn listed(all: &[Self]) -> Option<Self> {
        let texts = |of: fn(&Self) -> &str| all.iter().map(of).collect::<Vec<_>>();
        let (en, zh) = (texts(|said| &said.en), texts(|said| &said.zh));
        (!all.is_empty()).then(|| Self::new(en.join(", "), zh.join("，")))
    }
}

/// `a`, `a and b`, `a, b and c`; `a`, `a和b`, `a、b和c`.
pub(crate) fn joined(texts: &[String]) -> Said {
    match texts.split_last() {
        None => Said::new("", ""),
        Some((only, [])) => Said::new(only, only),
        Some((last, rest)) => Said::new(
            format!("{} and {last}", rest.join(", ")),
            format!("{} 和 {last}", rest.join("、")),
        ),
    }
}
