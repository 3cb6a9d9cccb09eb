//! Reason codes of ISO 20022 for payments that were refused or came back, in words.

/// Codes and what they say; one that is not here is kept as it is.
const REASONS: [(&str, &str); 42] = [
    ("AC01", "the account number is wrong"),
    ("AC02", "the debtor's account number is wrong"),
    ("AC03", "the creditor's account number is wrong"),
    ("AC04", "the account is closed"),
    ("AC05", "the debtor's account is closed"),
    ("AC06", "the account is blocked"),
    ("AC07", "the creditor's account is closed"),
    ("AC13", "the kind of the account is wrong"),
    ("AC14", "the kind of the creditor's account is wrong"),
    ("AC15", "the account was changed"),
    ("AG01", "this payment is forbidden on this account"),
    ("AG02", "the transaction code is wrong"),
    ("AG03", "the kind of payment is not supported"),
    ("AM01", "the amount is zero"),
    ("AM02", "the amount is above the limit"),
    ("AM03", "the currency is not supported"),
    ("AM04", "the funds do not suffice"),
    ("AM05", "it is a duplicate"),
    ("AM06", "the amount is too small"),
    ("AM07", "the amount is blocked"),
    ("AM09", "the amount is wrong"),
    ("AM10", "the control sum is wrong"),
    ("BE01", "the name does not fit the account"),
    ("BE04", "the creditor's address is missing"),
    ("BE05", "the initiating party is not known"),
    ("BE06", "the end customer is not known"),
    ("CNOR", "the creditor's bank is not registered"),
    ("CUST", "the customer asked for it"),
    ("DT01", "the date is wrong"),
    ("DUPL", "it was paid twice"),
    ("ED05", "settlement failed"),
    ("FF01", "the form of the file is wrong"),
    ("FOCR", "it came back after a request to cancel it"),
    ("FR01", "fraud"),
    ("MD07", "the account's holder has died"),
    ("MS02", "the customer gave no reason"),
    ("MS03", "the bank gave no reason"),
    ("NARR", "the reason is in the bank's text"),
    ("RC01", "the bank's code is wrong"),
    ("RC04", "the creditor's bank code is wrong"),
    ("RR04", "a regulation forbids it"),
    ("TM01", "it came after the cut-off"),
];

/// A reason in words, its code first; without a code the bank gave none. What a label cannot hold is left out.
pub fn in_words(reason: Option<&str>) -> String {
    let usable = |of: &char| !of.is_control() && !"\"\\".contains(*of);
    let said: String = reason.unwrap_or_default().chars().filter(usable).take(90).collect();
    let said = said.trim();
    let (code, rest) = said.split_once([' ', ':']).unwrap_or((said, ""));
    let rest = rest.trim_start_matches([' ', ':', '-']);
    match REASONS.iter().find(|(known, _)| *known == code) {
        Some((_, words)) if rest.is_empty() => format!("{code}: {words}"),
        // The bank has words of its own beside the code.
        Some(_) => format!("{code}: {rest}"),
        None if said.is_empty() => "no reason was given".to_owned(),
        None if rest.is_empty() && said.is_ascii() => format!("{said}: the bank's own code"),
        None => said.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_said_in_words_once_each() {
        assert_eq!(in_words(Some("AC04")), "AC04: the account is closed");
        assert_eq!(in_words(Some("X9")), "X9: the bank's own code");
        assert_eq!(in_words(None), "no reason was given");
        assert_eq!(in_words(Some(" \" ")), "no reason was given");
        assert!(REASONS.windows(2).all(|pair| pair[0].0 < pair[1].0), "in order, each once");
    }

    #[test]
    fn what_a_bank_says_in_words_is_not_said_twice() {
        assert_eq!(in_words(Some("AC04 account closed")), "AC04: account closed");
        assert_eq!(in_words(Some("AC04: account closed")), "AC04: account closed");
        assert_eq!(in_words(Some("account closed")), "account closed");
        assert_eq!(in_words(Some("账户已销户")), "账户已销户");
        assert!(in_words(Some(&"AC04 long ".repeat(50))).chars().count() <= 100);
    }
}
