//! What is known of a payee: who holds the account, which account, and who is told about changes.

use serde::{Deserialize, Serialize};
use souk_domain::event_id::sha256;
use souk_domain::payee::events::Means;
use souk_journal::statement_lines::hex;

use crate::iban::{IbanFault, checked};

/// Details of a payee, or of an account of the platform.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Details {
    /// Who holds the account.
    pub holder: String,
    /// The IBAN, without spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iban: Option<String>,
    /// A domestic account number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The bank: a BIC, or a national code such as the 12 digits of CNAPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// A WeChat Pay openid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wechat: Option<String>,
    /// An Alipay account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alipay: Option<String>,
    /// Where the merchant is told about changes: a mail address or a telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
}

/// Why details cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DetailsFault {
    /// Not one account.
    #[error("name one account: --iban, --account with --bank-code, --wechat or --alipay")]
    NotOneAccount,
    /// A domestic account without its bank.
    #[error("a domestic account needs its bank: --bank-code")]
    NoBankCode,
    /// Not an IBAN.
    #[error("the IBAN {0}")]
    Iban(#[from] IbanFault),
    /// Unusable text.
    #[error("{what} {why}")]
    Text {
        /// Which.
        what: &'static str,
        /// What is wrong with it; what stands there is not repeated.
        why: &'static str,
    },
}

fn text(what: &'static str, of: &str, longest: usize) -> Result<(), DetailsFault> {
    let fault = |why| Err(DetailsFault::Text { what, why });
    if of.trim() != of || of.is_empty() {
        return fault("is empty, or begins or ends with a space");
    }
    if of.chars().count() > longest {
        return fault("is too long");
    }
    if of.chars().any(char::is_control) {
        return fault("has control characters");
    }
    // A bank's program or a spreadsheet could take it for a formula, and escaping would change the name.
    if of.starts_with(['=', '+', '-', '@']) && what != "the contact" {
        return fault("begins with one of = + - @");
    }
    Ok(())
}

impl Details {
    /// Checked, and the account numbers without spaces.
    ///
    /// # Errors
    /// [`DetailsFault`].
    pub fn checked(mut self) -> Result<Self, DetailsFault> {
        text("the holder", &self.holder, 140)?;
        let accounts = [&self.iban, &self.account, &self.wechat, &self.alipay];
        if accounts.iter().filter(|of| of.is_some()).count() != 1 {
            return Err(DetailsFault::NotOneAccount);
        }
        if let Some(iban) = &self.iban {
            self.iban = Some(checked(iban)?);
        }
        if let Some(account) = &mut self.account {
            account.retain(|of| of != ' ');
            if self.bank_code.is_none() {
                return Err(DetailsFault::NoBankCode);
            }
        }
        if let Some(code) = &mut self.bank_code {
            code.retain(|of| of != ' ');
            code.make_ascii_uppercase();
            let usable =
                (4..=35).contains(&code.len()) && code.bytes().all(|of| of.is_ascii_alphanumeric());
            if !usable {
                let (what, why) = ("the bank code", "is not 4 to 35 letters and digits");
                return Err(DetailsFault::Text { what, why });
            }
        }
        for (what, of) in [("the account", self.number()), ("the contact", self.contact.as_deref())]
        {
            if let Some(of) = of {
                text(what, of, 128)?;
            }
        }
        let number = self.number().unwrap_or_default();
        let usable = number.chars().filter(char::is_ascii_alphanumeric).count() >= 8;
        if !usable || (self.wechat.is_none() && self.alipay.is_none() && number.len() > 34) {
            let (what, why) = ("the account", "has less than 8 or more than 34 letters and digits");
            return Err(DetailsFault::Text { what, why });
        }
        Ok(self)
    }

    /// The account's number or name, whichever it is.
    pub fn number(&self) -> Option<&str> {
        [&self.iban, &self.account, &self.wechat, &self.alipay]
            .into_iter()
            .find_map(|of| of.as_deref())
    }

    /// How it is paid.
    pub fn means(&self) -> Means {
        if self.wechat.is_some() {
            Means::Wechat
        } else if self.alipay.is_some() {
            Means::Alipay
        } else {
            Means::Bank
        }
    }

    /// The last four letters and digits of the account.
    pub fn tail(&self) -> String {
        let number = self.number().unwrap_or_default();
        let plain: Vec<char> = number.chars().filter(char::is_ascii_alphanumeric).collect();
        plain[plain.len().saturating_sub(4)..].iter().collect()
    }

    /// The text under a commitment, `payee-details/v1`: a line per field in this order, empty where there is none. No
    /// field holds a line break.
    pub fn canonical(&self) -> String {
        let of = |text: &Option<String>| text.clone().unwrap_or_default();
        format!(
            "payee-details/v1\nholder={}\niban={}\naccount={}\nbank-code={}\nwechat={}\nalipay={}\ncontact={}\n",
            self.holder,
            of(&self.iban),
            of(&self.account),
            of(&self.bank_code),
            of(&self.wechat),
            of(&self.alipay),
            of(&self.contact),
        )
    }

    /// SHA-256 over the salt's hexadecimal digits, a line break and the canonical text, in hexadecimal digits.
    pub fn commitment(&self, salt: &str) -> String {
        hex(&sha256(format!("{salt}\n{}", self.canonical()).as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bank() -> Details {
        let (holder, iban) =
            ("Tea House GmbH".to_owned(), Some("DE89 3704 0044 0532 0130 00".into()));
        Details { holder, iban, ..Details::default() }
    }

    #[test]
    fn an_iban_is_kept_without_spaces_and_shown_by_its_tail() {
        let of = bank().checked().unwrap();
        assert_eq!(of.iban.as_deref(), Some("DE89370400440532013000"));
        assert_eq!((of.means(), of.tail().as_str()), (Means::Bank, "3000"));
    }

    #[test]
    fn one_account_and_its_bank_are_named() {
        let both = Details { wechat: Some("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into()), ..bank() };
        assert_eq!(both.checked(), Err(DetailsFault::NotOneAccount));
        let domestic =
            Details { iban: None, account: Some("6225 7600 1234 6621".into()), ..bank() };
        assert_eq!(domestic.clone().checked(), Err(DetailsFault::NoBankCode));
        let domestic = Details { bank_code: Some("308100005027".into()), ..domestic };
        assert_eq!(domestic.checked().unwrap().tail(), "6621");
    }

    #[test]
    fn what_could_be_a_formula_or_show_a_whole_account_is_refused() {
        let formula = Details { holder: "=SUM(A1)".into(), ..bank() };
        assert!(formula.checked().is_err());
        let short = Details {
            iban: None,
            account: Some("6621".into()),
            bank_code: Some("308100005027".into()),
            ..bank()
        };
        assert!(short.checked().is_err());
        let broken = Details { holder: "Tea\nHouse".into(), ..bank() };
        assert!(broken.checked().is_err());
    }

    #[test]
    fn a_commitment_is_over_salt_and_every_field() {
        // `printf '00ff\npayee-details/v1\nholder=Tea House GmbH\n…' | sha256sum`
        let of = bank().checked().unwrap();
        let expected = hex(&sha256(
            b"00ff\npayee-details/v1\nholder=Tea House GmbH\niban=DE89370400440532013000\naccount=\nbank-code=\nwechat=\n\
              alipay=\ncontact=\n",
        ));
        assert_eq!(of.commitment("00ff"), expected);
        assert_ne!(of.commitment("00fe"), expected);
        let other = Details { contact: Some("tea@example.org".into()), ..of };
        assert_ne!(other.commitment("00ff"), expected);
    }
}
