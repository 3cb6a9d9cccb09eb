//! Whether a payout came back because of the account that it went to, so that the next one would come back, too.

/// Codes of ISO 20022: the account or the bank's code is wrong, closed, blocked, of the wrong kind, or another person's.
const OF_ACCOUNT: [&str; 12] = [
    "AC01", "AC03", "AC04", "AC06", "AC07", "AC13", "AC14", "AC15", "BE01", "MD07", "RC01", "RC04",
];

/// What banks write that have no codes.
const WRONG: [&str; 15] = [
    "closed",
    "wrong",
    "invalid",
    "incorrect",
    "unknown",
    "blocked",
    "frozen",
    "not exist",
    "no such",
    "not found",
    "销户",
    "不存在",
    "错误",
    "不符",
    "冻结",
];

/// Whether a reason, as it is recorded, speaks of the payee's account. A code says it; without one, the words do.
pub fn of_account(reason: &str) -> bool {
    let first = reason.split([':', ' ']).next().unwrap_or_default();
    if is_code(first) {
        return OF_ACCOUNT.contains(&first);
    }
    let words = reason.to_lowercase();
    let account = ["account", "iban", "账户", "账号", "户名"].iter().any(|of| words.contains(of));
    account && WRONG.iter().any(|of| words.contains(of))
}

/// Two letters and two digits, as ISO 20022 names reasons.
fn is_code(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 4
        && bytes[..2].iter().all(u8::is_ascii_uppercase)
        && bytes[2..].iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_says_whether_it_is_the_account() {
        for reason in
            ["AC01: the account number is wrong", "AC03", "AC04: account closed", "RC04: x"]
        {
            assert!(of_account(reason), "{reason}");
        }
        for reason in
            ["AC05: the debtor's account is closed", "AM04: the funds do not suffice", "MS03"]
        {
            assert!(!of_account(reason), "{reason}");
        }
    }

    #[test]
    fn without_a_code_the_words_say_it() {
        for reason in
            ["account closed", "Account does not exist", "wrong IBAN", "账户已销户", "户名不符"]
        {
            assert!(of_account(reason), "{reason}");
        }
        for reason in ["no reason was given", "closed on Sunday", "above the limit of the account"]
        {
            assert!(!of_account(reason), "{reason}");
        }
    }
}
