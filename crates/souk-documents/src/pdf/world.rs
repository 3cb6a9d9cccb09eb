//! What the typesetter may see: one template, one file of data, one font; no clock, no disk, no packages.

use serde_json::Value;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font as TypstFont, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _};

use crate::error::DocumentError;

const TEMPLATE: &str = include_str!("statement.typ");
/// Noto Sans CJK SC, of which GB 2312 and Latin were kept: `fonts/subset.py`.
const FONT: &[u8] = include_bytes!("../../fonts/NotoSansCJKsc-GB2312.otf");

/// The font of the binary.
#[derive(Debug, Clone)]
pub(super) struct Font(TypstFont);

/// Reads the font of the binary.
pub(super) fn font() -> Result<Font, DocumentError> {
    let font = TypstFont::new(Bytes::new(FONT), 0);
    font.map(Font).ok_or_else(|| DocumentError::Typesetting("the font cannot be read".to_owned()))
}

impl Font {
    /// Whether it has a picture of a character; line ends need none.
    pub(super) fn has(&self, of: char) -> bool {
        of == '\n' || self.0.info().coverage.contains(u32::from(of))
    }
}

/// What the typesetter may see.
#[derive(Debug)]
pub(super) struct World {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    font: TypstFont,
    main: Source,
    data: (FileId, Bytes),
}

impl World {
    /// A world with this data.
    pub(super) fn new(font: Font, data: &Value) -> Result<Self, DocumentError> {
        let id = |name: &str| {
            let path = VirtualPath::new(name);
            let path = path.map_err(|error| DocumentError::Typesetting(format!("{error:?}")))?;
            Ok::<_, DocumentError>(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
        };
        let Font(font) = font;
        Ok(Self {
            library: LazyHash::new(Library::default()),
            book: LazyHash::new(FontBook::from_fonts([&font])),
            main: Source::new(id("/statement.typ")?, TEMPLATE.to_owned()),
            data: (id("/statements.json")?, Bytes::from_string(data.to_string())),
            font,
        })
    }

    fn missing<T>(id: FileId) -> FileResult<T> {
        Err(FileError::Other(Some(format!("{id:?} is not there").into())))
    }
}

impl typst::World for World {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() { Ok(self.main.clone()) } else { Self::missing(id) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (known, bytes) = &self.data;
        if id == *known { Ok(bytes.clone()) } else { Self::missing(id) }
    }

    fn font(&self, index: usize) -> Option<TypstFont> {
        (index == 0).then(|| self.font.clone())
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
