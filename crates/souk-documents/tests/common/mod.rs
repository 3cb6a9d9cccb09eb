//! A statement whose ids look like numbers, formulas and markup.

use souk_books::Statement;
use souk_books::bridge::{
    Bridge, BridgeBlock, BridgeRow, Check, Language, ReserveMove, Said, Status,
};
use souk_books::figure::Figure;
use souk_books::statement::{Facts, StatementLine, StatementSubtotal};
use souk_documents::Document;
use souk_journal::ids::MerchantId;
use souk_journal::line_kind::LineKind;
use souk_journal::money::Currency;

/// Orders as merchants' systems name them.
pub(crate) const ORDERS: [&str; 6] =
    ["1234567890123456789", "1234567890123456788", "=1+1", "-00042", "<b>&\"'</b>", "007 喆"];

fn cny() -> Currency {
    Currency::from_code("CNY").unwrap()
}

fn figure(minor: i128) -> Figure {
    Figure::new(minor, cny())
}

fn line(number: u64, kind: LineKind, order: Option<&str>, minor: i128) -> StatementLine {
    StatementLine {
        line_no: number,
        kind,
        component: kind.component().map(str::to_owned),
        order: order.map(str::to_owned),
        amount: figure(minor),
        base: (kind == LineKind::Commission).then(|| figure(-minor * 20)),
        rate: None,
        computed: None,
        reason: None,
        tariff: None,
        conversion: None,
        effective_on: "2026-03-03".parse().unwrap(),
        due_on: "2026-03-04".parse().unwrap(),
        late: false,
        corrects: None,
        entry: 100 + number,
        stream: format!("order-{}", order.unwrap_or("none")),
        revision: 3,
        address: format!("statement/1007/2026-W10/CNY/lines/{number}"),
        posting: 0,
    }
}

fn row(kind: Option<LineKind>, label: &'static str, zh: &'static str, minor: i128) -> BridgeRow {
    BridgeRow {
        kind,
        label: label.into(),
        label_zh: zh.into(),
        is_result: kind.is_none() || kind == Some(LineKind::Payout),
        amount: figure(minor),
        lines: None,
        note: None,
        sentence: None,
        address: None,
    }
}

/// Six sales of 10.10 with commission of 0.51 each, advertising of 3.30, a reserve of 2.70.
pub(crate) fn document(language: Language) -> Document {
    let mut lines: Vec<StatementLine> = Vec::new();
    for order in ORDERS {
        let number = lines.len() as u64 + 1;
        lines.push(line(number, LineKind::SalePrincipal, Some(order), 1_010));
        lines.push(line(number + 1, LineKind::Commission, Some(order), -51));
    }
    lines.push(line(13, LineKind::Advertising, None, -330));
    let (sold, commission, ads) = (6_060, -306, -330);
    let earned = sold + commission + ads;
    let closing = earned - 270;
    let subtotal = |kind, lines, minor| StatementSubtotal { kind, lines, amount: figure(minor) };
    let counted = |kind: LineKind, lines, minor| BridgeRow {
        lines: Some(lines),
        note: Some(Said::new("<i>5 %</i> & more", "<i>5 %</i>")),
        address: Some(format!("statement/1007/2026-W10/CNY/{kind}")),
        ..row(Some(kind), kind.label(), kind.label_zh(), minor)
    };
    let reserves = vec![ReserveMove {
        withheld_in: Some("S-1007-2026W10-CNY".to_owned()),
        amount: figure(-270),
        release_on: Some("2026-06-07".parse().unwrap()),
        note: None,
    }];
    let statement = Statement {
        number: "S-1007-2026W10-CNY".to_owned(),
        merchant: MerchantId::new("1007").unwrap(),
        cycle: "2026-W10".to_owned(),
        from: "2026-03-02".parse().unwrap(),
        to: "2026-03-08".parse().unwrap(),
        time_zone: "Asia/Shanghai".to_owned(),
        currency: cny(),
        frozen: true,
        opening: figure(0),
        lines,
        subtotals: vec![
            subtotal(LineKind::SalePrincipal, 6, sold),
            subtotal(LineKind::Commission, 6, commission),
            subtotal(LineKind::Advertising, 1, ads),
        ],
        earned: figure(earned),
        moved: figure(0),
        reserve_withheld: figure(270),
        reserve_released: figure(0),
        deposit_topped_up: figure(0),
        deposit_used: figure(0),
        closing: figure(closing),
        payout: figure(closing),
        carried: figure(0),
        debt: figure(0),
        is_final: false,
        digest: Some("9c4172be".to_owned()),
        entry_limit: Some(200),
        facts: Facts::default(),
        reserves: reserves.clone(),
        transfer: None,
    };
    let kept = |kind: LineKind, part: &str, minor| BridgeRow {
        address: Some(format!("statement/1007/2026-W10/CNY/{part}")),
        ..row(Some(kind), kind.label(), kind.label_zh(), minor)
    };
    let blocks = vec![
        BridgeBlock {
            title: "What you sold",
            title_zh: "销售",
            rows: vec![
                counted(LineKind::SalePrincipal, 6, sold),
                row(None, "Order value owed to you", "应归您的订单金额", sold),
            ],
        },
        BridgeBlock {
            title: "What was taken",
            title_zh: "扣除",
            rows: vec![
                counted(LineKind::Commission, 6, commission),
                counted(LineKind::Advertising, 1, ads),
                row(None, "You earned", "本期所得", earned),
            ],
        },
        BridgeBlock {
            title: "What was kept or carried",
            title_zh: "预留与结转",
            rows: vec![
                kept(LineKind::Carried, "opening", 0),
                kept(LineKind::ReserveWithheld, "reserve_withheld", -270),
                kept(LineKind::ReserveReleased, "reserve_released", 0),
                kept(LineKind::Payout, "payout", closing),
                kept(LineKind::Carried, "carried", 0),
            ],
        },
    ];
    let bridge = Bridge {
        number: statement.number.clone(),
        merchant: statement.merchant,
        cycle: statement.cycle.clone(),
        from: statement.from,
        to: statement.to,
        time_zone: statement.time_zone.clone(),
        offset: "UTC+08:00".to_owned(),
        cut_off_hour: 0,
        currency: statement.currency,
        is_final: false,
        status: Status::Frozen,
        blocks,
        reserves,
        taxes: Vec::new(),
        check: Check {
            opening: figure(0),
            earned: figure(earned),
            moved: figure(0),
            withheld: figure(270),
            topped_up: figure(0),
            released: figure(0),
            used: figure(0),
            closing: figure(closing),
            payout: figure(closing),
            carried: figure(0),
            debt: figure(0),
            holds: true,
            digest: Some("9c4172be".to_owned()),
        },
        message: None,
    };
    Document { statement, bridge, language }
}
