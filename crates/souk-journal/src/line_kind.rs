//! What a posting is for: the closed list of line kinds that statements, revenue and explanations
//! speak in. There is no kind called Other.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The block of a statement's bridge in which a kind stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// What you sold.
    Sold,
    /// What was taken, or given back.
    Taken,
    /// What was kept or carried.
    Kept,
    /// Never on a merchant's statement.
    Internal,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $text:literal $block:ident $label:literal $zh:literal;)*) => {
        /// The kind of a posting.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        pub enum LineKind {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl LineKind {
            /// Every kind, in the order in which a statement lists them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stored name, such as `sale.principal`.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The label on a statement, in English.
            pub fn label(self) -> &'static str {
                match self { $(Self::$name => $label,)* }
            }

            /// The label on a statement, in Chinese.
            pub fn label_zh(self) -> &'static str {
                match self { $(Self::$name => $zh,)* }
            }

            /// The block of the bridge.
            pub fn block(self) -> Block {
                match self { $(Self::$name => Block::$block,)* }
            }

            /// The kind with this stored name.
            pub fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.text() == text)
            }
        }
    };
}

kinds! {
    /// Goods at list price.
    SalePrincipal "sale.principal" Sold "Sales at list price" "商品销售额";
    /// A discount the merchant funds; negative.
    DiscountMerchant "discount.merchant" Sold "Your discounts" "商家优惠";
    /// Shipping that buyers paid.
    SaleShipping "sale.shipping" Sold "Shipping paid by buyers" "买家支付运费";
    /// Goods refunded to the buyer, the part the buyer had paid.
    RefundPrincipal "refund.principal" Taken "Refunds to buyers" "退款";
    /// Shipping refunded to the buyer.
    RefundShipping "refund.shipping" Taken "Shipping refunded to buyers" "运费退款";
    /// The platform's discount taken back with a refund.
    RefundSubsidy "refund.subsidy" Taken "Platform coupons taken back" "平台补贴退回";
    /// Commission.
    Commission "commission" Taken "Commission" "佣金";
    /// Tax on commission.
    CommissionTax "commission.tax" Taken "Tax on commission" "佣金税";
    /// Commission given back with a refund.
    CommissionReturned "commission.returned" Taken "Commission returned" "佣金返还";
    /// Tax on commission given back.
    CommissionTaxReturned "commission.tax_returned" Taken "Tax on commission returned" "佣金税返还";
    /// A fixed fee per order.
    OrderFee "order_fee" Taken "Order fees" "订单服务费";
    /// Tax on order fees.
    OrderFeeTax "order_fee.tax" Taken "Tax on order fees" "订单服务费税";
    /// Order fees given back.
    OrderFeeReturned "order_fee.returned" Taken "Order fees returned" "订单服务费返还";
    /// Tax on order fees given back.
    OrderFeeTaxReturned "order_fee.tax_returned" Taken "Tax on order fees returned" "订单服务费税返还";
    /// What the merchant bears for the payment channel.
    PaymentFee "payment_fee" Taken "Payment channel fees" "支付手续费";
    /// Tax on payment channel fees.
    PaymentFeeTax "payment_fee.tax" Taken "Tax on payment channel fees" "支付手续费税";
    /// Payment channel fees given back.
    PaymentFeeReturned "payment_fee.returned" Taken "Payment channel fees returned" "支付手续费返还";
    /// Tax on payment channel fees given back.
    PaymentFeeTaxReturned "payment_fee.tax_returned" Taken "Tax on payment channel fees returned" "支付手续费税返还";
    /// For the platform's software.
    TechnicalService "technical_service" Taken "Technical service fees" "技术服务费";
    /// Tax on technical service fees.
    TechnicalServiceTax "technical_service.tax" Taken "Tax on technical service fees" "技术服务费税";
    /// Technical service fees given back.
    TechnicalServiceReturned "technical_service.returned" Taken "Technical service fees returned" "技术服务费返还";
    /// Tax on technical service fees given back.
    TechnicalServiceTaxReturned "technical_service.tax_returned" Taken "Tax on technical service fees returned" "技术服务费税返还";
    /// For showing what is sold.
    ListingFee "listing_fee" Taken "Listing fees" "商品刊登费";
    /// Tax on listing fees.
    ListingFeeTax "listing_fee.tax" Taken "Tax on listing fees" "商品刊登费税";
    /// Listing fees given back.
    ListingFeeReturned "listing_fee.returned" Taken "Listing fees returned" "商品刊登费返还";
    /// Tax on listing fees given back.
    ListingFeeTaxReturned "listing_fee.tax_returned" Taken "Tax on listing fees returned" "商品刊登费税返还";
    /// Advertising that was billed.
    Advertising "advertising" Taken "Advertising" "推广费";
    /// Tax on advertising.
    AdvertisingTax "advertising.tax" Taken "Tax on advertising" "推广费税";
    /// Money paid into the advertising wallet.
    AdWalletTopUp "ad_wallet.top_up" Taken "Advertising wallet topped up" "推广余额充值";
    /// Money paid as a deposit.
    DepositPaid "deposit.paid" Taken "Deposit paid" "缴纳保证金";
    /// Deposit that was used for the merchant's balance.
    DepositUsed "deposit.used" Taken "Deposit used" "保证金抵扣";
    /// A payout that the bank sent back.
    PayoutReturned "payout.returned" Taken "Payout returned by the bank" "打款退回";
    /// A payout that never left.
    PayoutFailed "payout.failed" Taken "Payout that could not be sent" "打款失败";
    /// The balance carried from the cycle before.
    Carried "carried" Kept "Opening balance" "期初余额";
    /// Reserve withheld at a close.
    ReserveWithheld "reserve.withheld" Kept "Reserve withheld" "预留金冻结";
    /// Reserve released at a close.
    ReserveReleased "reserve.released" Kept "Reserve released" "预留金释放";
    /// The payout of a closed cycle.
    Payout "payout" Kept "Payout" "打款";
    /// The items a close claims, in one sum.
    Claimed "claimed" Internal "Items claimed by a close" "结账归集";
    /// A payout handed to the bank.
    PayoutInstructed "payout.instructed" Internal "Payout instructed" "打款已提交";
    /// A payout confirmed as paid.
    PayoutPaid "payout.paid" Internal "Payout paid" "打款成功";
    /// Money a buyer paid.
    Payment "payment" Internal "Payment by the buyer" "买家付款";
    /// A voucher a buyer paid with.
    PaymentVoucher "payment.voucher" Internal "Voucher used by the buyer" "买家使用代金券";
    /// The buyer's money leaving escrow at completion.
    EscrowReleased "escrow.released" Internal "Escrow released" "担保款释放";
    /// The buyer's money leaving escrow by a refund before completion.
    EscrowRefunded "escrow.refunded" Internal "Escrow refunded" "担保款退回";
    /// Paid beyond or below items and freight.
    Difference "difference" Internal "Difference of payment and order" "付款与订单差异";
    /// A difference given back with a refund.
    DifferenceRefunded "difference.refunded" Internal "Difference refunded" "差异退回";
    /// A discount the platform funds.
    Subsidy "subsidy" Internal "Platform discount" "平台补贴";
    /// A platform discount taken back with a refund.
    SubsidyReturned "subsidy.returned" Internal "Platform discount taken back" "平台补贴收回";
    /// What a payment channel takes from the platform.
    ChannelFee "channel_fee" Internal "Channel fee" "渠道手续费";
    /// A channel fee that the merchant bears instead of the platform.
    ChannelFeePassedOn "channel_fee.passed_on" Internal "Channel fee passed on" "渠道手续费转嫁";
    /// A supplier's part of a fee taken in its name.
    SupplierPart "supplier_part" Internal "Supplier's part" "供应商分成";
    /// A channel fee given back.
    ChannelFeeReturned "channel_fee.returned" Internal "Channel fee returned" "渠道手续费退回";
    /// A refund owed to a buyer.
    Refund "refund" Internal "Refund issued" "退款已发起";
    /// A refund in vouchers.
    RefundVoucher "refund.voucher" Internal "Refund as voucher" "代金券退回";
    /// A refund paid out.
    RefundPaid "refund.paid" Internal "Refund paid" "退款成功";
    /// The unspent of an advertising wallet given back.
    AdWalletRefund "ad_wallet.refund" Internal "Advertising wallet refunded" "推广余额退款";
    /// Advertising credit granted; memorandum.
    AdCreditGranted "ad_credit.granted" Internal "Advertising credit granted" "推广赠送金发放";
    /// Advertising credit spent; memorandum.
    AdCreditSpent "ad_credit.spent" Internal "Advertising credit spent" "推广赠送金消耗";
    /// Bonus that lapsed with the money it came with; memorandum.
    AdCreditLapsed "ad_credit.lapsed" Internal "Advertising bonus lapsed" "推广赠送金失效";
    /// A deposit given back to the merchant.
    DepositReturned "deposit.returned" Internal "Deposit returned" "保证金退还";
}

impl LineKind {
    /// What stands after the dot: `principal` of `sale.principal`; nothing for a plain kind.
    pub fn component(self) -> Option<&'static str> {
        self.text().split_once('.').map(|(_, component)| component)
    }

    /// Whether the kind gives back what another kind took (for revenue: `returned`, not `gross`).
    pub fn is_return(self) -> bool {
        match self.component() {
            Some(part) => part == "returned" || part == "tax_returned",
            None => false,
        }
    }
}

/// The list grows; a published schema never changes. So the schema says the form of a kind, not the list.
impl JsonSchema for LineKind {
    fn schema_name() -> Cow<'static, str> {
        "LineKind".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": r"^[a-z_]+(\.[a-z_]+)?$",
            "description": "what a line is for, such as sale.principal or commission.tax_returned"})
    }
}

impl fmt::Display for LineKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}
