//! The file: its fenced blocks, and how expected ones are rewritten.

use std::ops::Range;

use platform_revenue::SplitBy;

/// What a block is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Commands that post nothing.
    Setup,
    /// Commands.
    Commands,
    /// Events and postings.
    Journal,
    /// Refusals.
    Refused,
    /// Balances.
    Balances,
    /// A statement: merchant, cycle, currency.
    Statement(String, String, Option<String>),
    /// The trial balance.
    TrialBalance,
    /// What is owed to tax authorities.
    Taxes,
    /// Where payouts stand.
    Payouts,
    /// Months as reported and as known now.
    Months,
    /// Revenue, split by category, region or tier.
    Revenue(SplitBy),
}

/// A fenced block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub kind: Kind,
    /// Its lines, as indices into the file's.
    pub lines: Range<usize>,
}

/// A scenario as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Name of the file.
    pub file: String,
    /// Every line.
    pub lines: Vec<String>,
    /// The blocks in order.
    pub blocks: Vec<Block>,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// A text with file and line.
    pub fn parse(file: &str, text: &str) -> Result<Self, String> {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let at = |index: usize, why: &str| format!("{file}:{}: {why}", index + 1);
        if !lines.first().is_some_and(|line| line.starts_with("# ")) {
            return Err(at(0, "a scenario begins with its title, `# …`"));
        }
        let mut blocks = Vec::new();
        let mut open: Option<(Kind, usize)> = None;
        for (index, line) in lines.iter().enumerate() {
            let Some(fence) = line.strip_prefix("```") else { continue };
            match open.take() {
                Some((kind, from)) => blocks.push(Block { kind, lines: from..index }),
                None => open = Some((kind(fence).map_err(|why| at(index, &why))?, index + 1)),
            }
        }
        if let Some((_, from)) = open {
            return Err(at(from - 1, "this block is not closed"));
        }
        Ok(Self { file: file.to_owned(), lines, blocks })
    }

    /// The file with the contents of its expected blocks replaced, in order; none leaves a block
    /// as it is.
    pub fn with(&self, contents: &[Option<Vec<String>>]) -> String {
        let mut text = String::new();
        let mut at = 0;
        let mut push = |lines: &[String]| {
            for line in lines {
                text.push_str(line);
                text.push('\n');
            }
        };
        for (block, content) in self.blocks.iter().zip(contents) {
            push(&self.lines[at..block.lines.start]);
            push(content.as_deref().unwrap_or(&self.lines[block.lines.clone()]));
            at = block.lines.end;
        }
        push(&self.lines[at..]);
        text
    }
}

fn kind(fence: &str) -> Result<Kind, String> {
    let words: Vec<&str> = fence.split_whitespace().collect();
    let owned = |word: &&str| (*word).to_owned();
    match words.as_slice() {
        ["setup"] => Ok(Kind::Setup),
        ["commands"] => Ok(Kind::Commands),
        ["journal"] => Ok(Kind::Journal),
        ["refused"] => Ok(Kind::Refused),
        ["balances"] => Ok(Kind::Balances),
        ["trial-balance"] => Ok(Kind::TrialBalance),
        ["taxes"] => Ok(Kind::Taxes),
        ["payouts"] => Ok(Kind::Payouts),
        ["months"] => Ok(Kind::Months),
        ["statement", merchant, cycle] => Ok(Kind::Statement(owned(merchant), owned(cycle), None)),
        ["statement", merchant, cycle, currency] => {
            Ok(Kind::Statement(owned(merchant), owned(cycle), Some(owned(currency))))
        }
        ["revenue", split @ ..] => {
            let by = |name: &str| split.contains(&name);
            let known = ["category", "region", "tier"];
            if let Some(word) = split.iter().find(|word| !known.contains(word)) {
                return Err(format!(
                    "revenue is split by category, region and tier, not by {word}"
                ));
            }
            let [category, region, tier] = known.map(by);
            Ok(Kind::Revenue(SplitBy { category, region, tier }))
        }
        _ => Err(format!(
            "there is no block {fence:?}; blocks are setup, commands, journal, refused, balances, statement MERCHANT CYCLE, trial-balance, taxes, months, revenue"
        )),
    }
}
