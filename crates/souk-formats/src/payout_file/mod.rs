//! Files of payouts: the same payouts, account and instant give the same bytes, any number of times.
//!
//! Nothing is decided here and no clock is read: the file's id, its time and its day stand in the event that issued it.

mod batch;
mod pain001;

use souk_domain::payoutfile::events::Format;

/// Where money comes from or goes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// Who holds the account.
    pub holder: String,
    /// The IBAN.
    pub iban: Option<String>,
    /// A domestic account, a WeChat Pay openid or an Alipay account.
    pub account: Option<String>,
    /// The bank: a BIC or a national code.
    pub bank_code: Option<String>,
}

impl Party {
    /// The account, whichever it is.
    fn number(&self) -> &str {
        self.iban.as_deref().or(self.account.as_deref()).unwrap_or_default()
    }
}

/// One payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The payout's id: 32 hexadecimal digits.
    pub payout: String,
    /// The amount, a decimal with the currency's decimals.
    pub amount: String,
    /// Who is paid.
    pub to: Party,
    /// The statement's number, which the merchant finds on its bank statement.
    pub statement: String,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayoutFile {
    /// Its id.
    pub file: String,
    /// When it was issued: local time with offset, RFC 3339 to the second.
    pub issued_at: String,
    /// The day on which the bank shall pay.
    pub execute_on: String,
    /// ISO 4217 code.
    pub currency: String,
    /// Sum of the amounts.
    pub total: String,
    /// The account that pays.
    pub from: Party,
    /// The payouts, in the order of the file.
    pub transfers: Vec<Transfer>,
}

/// The bytes of a file.
pub fn render(format: Format, file: &PayoutFile) -> Vec<u8> {
    match format {
        Format::Pain001 => pain001::render(file),
        Format::BankCsv => batch::bank(file),
        Format::WechatBatch => batch::wechat(file),
        Format::AlipayBatch => batch::alipay(file),
    }
}

/// How the name of a file of this form ends.
pub fn extension(format: Format) -> &'static str {
    match format {
        Format::Pain001 => "xml",
        Format::BankCsv | Format::WechatBatch | Format::AlipayBatch => "csv",
    }
}

#[cfg(test)]
mod tests;
