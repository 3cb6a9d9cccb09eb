//! Files of rows: a bank's upload, and the transfer batches of WeChat Pay and Alipay. UTF-8, LF, a dot, no grouping.

use super::{PayoutFile, Transfer};

/// Why writing rows cannot fail; a file that lacks some must never go to a bank.
const IN_MEMORY: &str = "rows of any length can be written to memory";

/// Columns that most banks' uploads can be mapped from, one row per payout.
pub(super) fn bank(of: &PayoutFile) -> Vec<u8> {
    let head = [
        "file",
        "payout",
        "execute_on",
        "from_account",
        "currency",
        "amount",
        "holder",
        "account",
        "bank_code",
        "remittance",
    ];
    let row = |transfer: &Transfer| {
        let bank_code = transfer.to.bank_code.clone().unwrap_or_default();
        vec![
            of.file.clone(),
            transfer.payout.clone(),
            of.execute_on.clone(),
            of.from.number().to_owned(),
            of.currency.clone(),
            transfer.amount.clone(),
            transfer.to.holder.clone(),
            transfer.to.number().to_owned(),
            bank_code,
            transfer.statement.clone(),
        ]
    };
    table(&[vec_of(&head)], of.transfers.iter().map(row))
}

/// A head and a row for the batch, then a head and a row per detail, under the names of the transfer interface.
pub(super) fn wechat(of: &PayoutFile) -> Vec<u8> {
    let count = of.transfers.len().to_string();
    let heads = [
        vec_of(&["out_batch_no", "batch_name", "total_amount", "total_num", "execute_on"]),
        vec_of(&[&of.file, &of.from.holder, &of.total, &count, &of.execute_on]),
        vec_of(&["out_detail_no", "openid", "user_name", "transfer_amount", "transfer_remark"]),
    ];
    table(&heads, of.transfers.iter().map(detail))
}

/// 批次号 and the like for the batch, then a row per payment.
pub(super) fn alipay(of: &PayoutFile) -> Vec<u8> {
    let count = of.transfers.len().to_string();
    let heads = [
        vec_of(&["批次号", "付款日期", "付款账户", "付款方名称", "总金额（元）", "总笔数"]),
        vec_of(&[&of.file, &of.execute_on, of.from.number(), &of.from.holder, &of.total, &count]),
        vec_of(&["商户流水号", "收款方账号", "收款方姓名", "付款金额（元）", "付款理由"]),
    ];
    table(&heads, of.transfers.iter().map(detail))
}

fn detail(of: &Transfer) -> Vec<String> {
    let account = of.to.number().to_owned();
    vec![of.payout.clone(), account, of.to.holder.clone(), of.amount.clone(), of.statement.clone()]
}

fn vec_of(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn table(heads: &[Vec<String>], rows: impl Iterator<Item = Vec<String>>) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in heads.iter().cloned().chain(rows) {
        writer.write_record(&row).expect(IN_MEMORY);
    }
    writer.into_inner().expect(IN_MEMORY)
}
