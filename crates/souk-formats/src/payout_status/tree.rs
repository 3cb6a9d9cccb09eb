//! An XML document as a tree of elements with places; namespaces are passed over, document types refused.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

/// Deepest nesting: banks' messages have some fifteen.
const DEEPEST: usize = 64;

/// A second document, or text outside of the first, would be passed over.
const BEHIND: &str = "something stands before or behind the document";

/// An element.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    /// Where it begins, in bytes.
    pub(super) at: usize,
    pub(super) text: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Node>,
}

impl Node {
    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|of| of.name == name)
    }

    /// Every child of this name.
    pub(super) fn all<'n>(&'n self, name: &'n str) -> impl Iterator<Item = &'n Node> {
        self.children.iter().filter(move |of| of.name == name)
    }

    /// The element at the end of a path, such as `Refs/EndToEndId`.
    pub(super) fn at_path(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.child(name))
    }

    /// The text there, trimmed; none when it is empty.
    pub(super) fn text_at(&self, path: &str) -> Option<&str> {
        self.at_path(path).map(|of| of.text.trim()).filter(|text| !text.is_empty())
    }

    /// An attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }
}

/// Line and column of a byte, from 1.
pub(super) fn place(bytes: &[u8], at: usize) -> (u64, u64) {
    let before = &bytes[..at.min(bytes.len())];
    let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    // Characters, as an editor counts: bytes that continue one are none.
    let column = before[start..].iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64 + 1;
    (line, column)
}

/// The document element. Before and behind it are blanks, comments and instructions for programs, and nothing else.
pub(super) fn parse(text: &str) -> Result<Node, (usize, String)> {
    let mut reader = Reader::from_str(text);
    let mut open: Vec<Node> = Vec::new();
    let mut root: Option<Node> = None;
    loop {
        let at = reader.buffer_position() as usize;
        let event = reader.read_event();
        let event = event.map_err(|error| {
            (reader.error_position() as usize, format!("the XML cannot be read: {error}"))
        })?;
        let bad = |what: &str| (at, format!("the XML cannot be read: {what}"));
        let closed = match event {
            Event::Start(start) => {
                if open.len() >= DEEPEST {
                    return Err(bad("it is nested too deeply"));
                }
                if root.is_some() {
                    return Err(bad(BEHIND));
                }
                open.push(node(&start, at)?);
                continue;
            }
            Event::Empty(start) => node(&start, at)?,
            Event::End(_) => open.pop().ok_or_else(|| bad("an end without a start"))?,
            Event::Text(text) => {
                let text = text.xml10_content();
                match open.last_mut() {
                    Some(node) => node.text.push_str(&text),
                    None if text.trim().is_empty() => {}
                    None => return Err(bad(BEHIND)),
                }
                continue;
            }
            Event::CData(text) => {
                let node = open.last_mut().ok_or_else(|| bad(BEHIND))?;
                node.text.push_str(&text.xml10_content());
                continue;
            }
            Event::GeneralRef(of) => {
                let known = match of.xml10_content().as_ref() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => of.resolve_char_ref().ok().flatten(),
                };
                let Some(known) = known else {
                    return Err(bad("an entity that XML does not have"));
                };
                let node = open.last_mut().ok_or_else(|| bad(BEHIND))?;
                node.text.push(known);
                continue;
            }
            Event::DocType(_) => return Err(bad("a document type is not read")),
            Event::Eof => {
                return match root {
                    Some(root) if open.is_empty() => Ok(root),
                    Some(_) | None => Err(bad("it ends before its last element does")),
                };
            }
            Event::Comment(_) | Event::PI(_) => continue,
            Event::Decl(_) if root.is_some() => return Err(bad(BEHIND)),
            Event::Decl(_) => continue,
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(closed),
            None if root.is_some() => return Err(bad(BEHIND)),
            None => root = Some(closed),
        }
    }
}

fn node(start: &quick_xml::events::BytesStart<'_>, at: usize) -> Result<Node, (usize, String)> {
    let name = start.local_name().as_ref().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let of = attribute.map_err(|error| (at, format!("the XML cannot be read: {error}")))?;
        attributes.push((of.key.local_name().as_ref().to_owned(), of.value.to_string()));
    }
    Ok(Node { name, at, attributes, ..Node::default() })
}
