//! What a posting is for: the closed list of line kinds that statements, revenue and explanations
//! speak in. There is no kind called Other.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The block of a statement's bridge in which a kind stands.
///
/// Sold and taken together are what a merchant earned. What is kept only moves between the balance and another place of
/// the same merchant's money, or of what it owes: it is neither price nor cost, so it is no part of what was earned, and no
/// reserve is a share of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Block {
    /// What you sold: the price of goods and shipping, less discounts that the merchant funds.
    Sold,
    /// What was taken, or given back: refunds, fees, taxes, penalties, and what a partner earns.
    Taken,
    /// What was kept or carried: money that moves and is not earned, such as a payout that came back, a hold, a loan, a
    /// deposit, and what a close keeps, pays and carries.
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

            /// Whether a merchant earns its lines, or they lower what it earns: what was sold, and what was taken.
            pub fn is_earned(self) -> bool {
                match self.block() {
                    Block::Sold | Block::Taken => true,
                    Block::Kept | Block::Internal => false,
                }
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
    /// What a partner earns as an affiliate.
    AffiliateEarned "affiliate_earned" Taken "Affiliate commission earned" "推广佣金收入";
    /// What a partner earns as an influencer.
    InfluencerEarned "influencer_earned" Taken "Influencer commission earned" "达人佣金收入";
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
    /// What the seller pays an affiliate, the platform's part included.
    AffiliateCommission "affiliate_commission" Taken "Affiliate commission" "推广佣金";
    /// Affiliate commission given back with a refund.
    AffiliateCommissionReturned "affiliate_commission.returned" Taken "Affiliate commission returned" "推广佣金返还";
    /// Affiliate commission earned that went back with a refund.
    AffiliateEarnedReturned "affiliate_earned.returned" Taken "Affiliate commission taken back" "推广佣金收入退回";
    /// What the seller pays an influencer, the platform's part included.
    InfluencerCommission "influencer_commission" Taken "Influencer commission" "达人佣金";
    /// Influencer commission given back with a refund.
    InfluencerCommissionReturned "influencer_commission.returned" Taken "Influencer commission returned" "达人佣金返还";
    /// Influencer commission earned that went back with a refund.
    InfluencerEarnedReturned "influencer_earned.returned" Taken "Influencer commission taken back" "达人佣金收入退回";
    /// Advertising that was billed.
    Advertising "advertising" Taken "Advertising" "推广费";
    /// Tax on advertising.
    AdvertisingTax "advertising.tax" Taken "Tax on advertising" "推广费税";
    /// Money paid into the advertising wallet.
    AdWalletTopUp "ad_wallet.top_up" Kept "Advertising wallet topped up" "推广余额充值";
    /// Money paid as a deposit.
    DepositPaid "deposit.paid" Kept "Deposit paid" "缴纳保证金";
    /// Withheld by a close to fill the deposit.
    DepositToppedUp "deposit.topped_up" Kept "Deposit topped up" "补足保证金";
    /// Deposit that was used for the merchant's balance.
    DepositUsed "deposit.used" Kept "Deposit used" "保证金抵扣";
    /// Membership fees.
    Membership "membership" Taken "Membership fees" "会员费";
    /// Tax on membership fees.
    MembershipTax "membership.tax" Taken "Tax on membership fees" "会员费税";
    /// Membership fees given back.
    MembershipReturned "membership.returned" Taken "Membership fees returned" "会员费返还";
    /// Tax on membership fees given back.
    MembershipTaxReturned "membership.tax_returned" Taken "Tax on membership fees returned" "会员费税返还";
    /// Platform usage fees.
    PlatformUsage "platform_usage" Taken "Platform usage fees" "平台使用费";
    /// Tax on platform usage fees.
    PlatformUsageTax "platform_usage.tax" Taken "Tax on platform usage fees" "平台使用费税";
    /// Platform usage fees given back.
    PlatformUsageReturned "platform_usage.returned" Taken "Platform usage fees returned" "平台使用费返还";
    /// Tax on platform usage fees given back.
    PlatformUsageTaxReturned "platform_usage.tax_returned" Taken "Tax on platform usage fees returned" "平台使用费税返还";
    /// Technical support fees.
    TechnicalSupport "technical_support" Taken "Technical support fees" "技术支持费";
    /// Tax on technical support fees.
    TechnicalSupportTax "technical_support.tax" Taken "Tax on technical support fees" "技术支持费税";
    /// Technical support fees given back.
    TechnicalSupportReturned "technical_support.returned" Taken "Technical support fees returned" "技术支持费返还";
    /// Tax on technical support fees given back.
    TechnicalSupportTaxReturned "technical_support.tax_returned" Taken "Tax on technical support fees returned" "技术支持费税返还";
    /// Storage fees.
    Storage "storage" Taken "Storage fees" "仓储费";
    /// Tax on storage fees.
    StorageTax "storage.tax" Taken "Tax on storage fees" "仓储费税";
    /// Storage fees given back.
    StorageReturned "storage.returned" Taken "Storage fees returned" "仓储费返还";
    /// Tax on storage fees given back.
    StorageTaxReturned "storage.tax_returned" Taken "Tax on storage fees returned" "仓储费税返还";
    /// Logistics fees.
    Logistics "logistics" Taken "Logistics fees" "物流服务费";
    /// Tax on logistics fees.
    LogisticsTax "logistics.tax" Taken "Tax on logistics fees" "物流服务费税";
    /// Logistics fees given back.
    LogisticsReturned "logistics.returned" Taken "Logistics fees returned" "物流服务费返还";
    /// Tax on logistics fees given back.
    LogisticsTaxReturned "logistics.tax_returned" Taken "Tax on logistics fees returned" "物流服务费税返还";
    /// Value-added service fees.
    ValueAdded "value_added" Taken "Value-added service fees" "增值服务费";
    /// Tax on value-added service fees.
    ValueAddedTax "value_added.tax" Taken "Tax on value-added service fees" "增值服务费税";
    /// Value-added service fees given back.
    ValueAddedReturned "value_added.returned" Taken "Value-added service fees returned" "增值服务费返还";
    /// Tax on value-added service fees given back.
    ValueAddedTaxReturned "value_added.tax_returned" Taken "Tax on value-added service fees returned" "增值服务费税返还";
    /// Freight insurance premiums.
    FreightInsurance "freight_insurance" Taken "Freight insurance" "运费险";
    /// Tax on freight insurance premiums.
    FreightInsuranceTax "freight_insurance.tax" Taken "Tax on freight insurance" "运费险税";
    /// Freight insurance premiums given back.
    FreightInsuranceReturned "freight_insurance.returned" Taken "Freight insurance returned" "运费险返还";
    /// Tax on freight insurance premiums given back.
    FreightInsuranceTaxReturned "freight_insurance.tax_returned" Taken "Tax on freight insurance returned" "运费险税返还";
    /// Fees of the platform's own guarantee for the freight of returns.
    ReturnFreightGuarantee "return_freight_guarantee" Taken "Return-freight guarantee fees" "退货运费保障费";
    /// Tax on return-freight guarantee fees.
    ReturnFreightGuaranteeTax "return_freight_guarantee.tax" Taken "Tax on return-freight guarantee fees" "退货运费保障费税";
    /// Return-freight guarantee fees given back.
    ReturnFreightGuaranteeReturned "return_freight_guarantee.returned" Taken "Return-freight guarantee fees returned" "退货运费保障费返还";
    /// Tax on return-freight guarantee fees given back.
    ReturnFreightGuaranteeTaxReturned "return_freight_guarantee.tax_returned" Taken "Tax on return-freight guarantee fees returned" "退货运费保障费税返还";
    /// Instalment interest.
    InstalmentInterest "instalment_interest" Taken "Instalment interest" "分期利息";
    /// Tax on instalment interest.
    InstalmentInterestTax "instalment_interest.tax" Taken "Tax on instalment interest" "分期利息税";
    /// Instalment interest given back.
    InstalmentInterestReturned "instalment_interest.returned" Taken "Instalment interest returned" "分期利息返还";
    /// Tax on instalment interest given back.
    InstalmentInterestTaxReturned "instalment_interest.tax_returned" Taken "Tax on instalment interest returned" "分期利息税返还";
    /// Loan interest.
    LoanInterest "loan_interest" Taken "Loan interest" "贷款利息";
    /// Tax on loan interest.
    LoanInterestTax "loan_interest.tax" Taken "Tax on loan interest" "贷款利息税";
    /// Loan interest given back.
    LoanInterestReturned "loan_interest.returned" Taken "Loan interest returned" "贷款利息返还";
    /// Tax on loan interest given back.
    LoanInterestTaxReturned "loan_interest.tax_returned" Taken "Tax on loan interest returned" "贷款利息税返还";
    /// Principal of a loan that was lent.
    LoanGranted "loan.granted" Kept "Loan granted" "贷款发放";
    /// Principal of a loan that was repaid.
    LoanRepaid "loan.repaid" Kept "Loan repaid" "贷款还本";
    /// Paid out before it was due.
    PayoutAdvanced "payout.advanced" Kept "Paid out early" "提前打款";
    /// Early payout fees.
    EarlyPayout "early_payout" Taken "Early payout fees" "提前打款费";
    /// Tax on early payout fees.
    EarlyPayoutTax "early_payout.tax" Taken "Tax on early payout fees" "提前打款费税";
    /// Early payout fees given back.
    EarlyPayoutReturned "early_payout.returned" Taken "Early payout fees returned" "提前打款费返还";
    /// Tax on early payout fees given back.
    EarlyPayoutTaxReturned "early_payout.tax_returned" Taken "Tax on early payout fees returned" "提前打款费税返还";
    /// A penalty, kept by the platform or passed to the buyer.
    Penalty "penalty" Taken "Penalties" "违约金";
    /// A penalty waived.
    PenaltyWaived "penalty.waived" Taken "Penalties waived" "违约金减免";
    /// Tax withheld from the merchant for a jurisdiction.
    TaxWithheld "tax.withheld" Taken "Tax withheld" "代扣税款";
    /// Withheld tax given back with a refund.
    TaxWithheldReturned "tax.withheld_returned" Taken "Withheld tax returned" "代扣税款退回";
    /// Of a sale, put on hold.
    HoldPlaced "hold.placed" Kept "Put on hold" "暂扣";
    /// Let go of a hold.
    HoldReleased "hold.released" Kept "Released from hold" "解除暂扣";
    /// A payout that the bank sent back.
    PayoutReturned "payout.returned" Kept "Payout returned by the bank" "打款退回";
    /// A payout that never left.
    PayoutFailed "payout.failed" Kept "Payout that could not be sent" "打款失败";
    /// A negative balance that became a debt, so that the account stands at zero again.
    DebtRecognised "debt.recognised" Kept "Balance turned into a debt" "欠款转出";
    /// A debt that the merchant paid, or that was kept from what it is owed.
    DebtCollected "debt.collected" Kept "Debt collected" "欠款收回";
    /// A line that was corrected, such as after an objection.
    Correction "correction" Taken "Corrections" "更正";
    /// Brought forward from the books before going live.
    BroughtForward "brought_forward" Kept "Brought forward" "期初结转";
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
    /// Money that a bank booked to the platform's account.
    BankReceived "bank.received" Internal "Received at the bank" "银行收款";
    /// Money that a bank booked from the platform's account.
    BankSent "bank.sent" Internal "Sent from the bank" "银行付款";
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
    /// Tax collected from the buyer, leaving escrow for its jurisdiction.
    TaxCollected "tax.collected" Internal "Tax collected from the buyer" "代收税款";
    /// Collected tax given back to the buyer with a refund.
    TaxRefunded "tax.refunded" Internal "Collected tax refunded" "代收税款退回";
    /// Tax paid to its jurisdiction.
    TaxRemitted "tax.remitted" Internal "Tax remitted" "税款缴纳";
    /// Tax within the platform's own costs, to be set off.
    TaxInput "tax.input" Internal "Input tax" "进项税额";
    /// What a payment channel takes from the platform.
    ChannelFee "channel_fee" Internal "Channel fee" "渠道手续费";
    /// A channel fee that the merchant bears instead of the platform.
    ChannelFeePassedOn "channel_fee.passed_on" Internal "Channel fee passed on" "渠道手续费转嫁";
    /// A supplier's part of a fee taken in its name.
    SupplierPart "supplier_part" Internal "Supplier's part" "供应商分成";
    /// Tax within the platform's part of affiliate commission.
    AffiliateCommissionTax "affiliate_commission.tax" Internal "Tax on the platform's part of affiliate commission" "推广佣金平台分成税";
    /// The same, given back.
    AffiliateCommissionTaxReturned "affiliate_commission.tax_returned" Internal "Tax on the platform's part of affiliate commission returned" "推广佣金平台分成税返还";
    /// Tax within the platform's part of influencer commission.
    InfluencerCommissionTax "influencer_commission.tax" Internal "Tax on the platform's part of influencer commission" "达人佣金平台分成税";
    /// The same, given back.
    InfluencerCommissionTaxReturned "influencer_commission.tax_returned" Internal "Tax on the platform's part of influencer commission returned" "达人佣金平台分成税返还";
    /// A supplier's part that it was paid.
    SupplierPartRemitted "supplier_part.remitted" Internal "Supplier paid" "供应商分成已付";
    /// A claim for the freight of a return.
    Claim "claim" Internal "Return-freight claim paid" "退货运费理赔";
    /// What an insurer paid the platform for a claim.
    ClaimCollected "claim.collected" Internal "Claim paid by the insurer" "保险公司理赔到账";
    /// A channel fee given back.
    ChannelFeeReturned "channel_fee.returned" Internal "Channel fee returned" "渠道手续费退回";
    /// Money of a sale or a refund changed into another currency.
    FxConverted "fx.converted" Internal "Converted at completion" "完成时换汇";
    /// Money of a currency that the provider or the bank changed.
    FxSettled "fx.settled" Internal "Exchanged by provider or bank" "渠道或银行结汇";
    /// What the exchange gained or lost.
    FxRealised "fx.realised" Internal "Exchange gain or loss realised" "已实现汇兑损益";
    /// What a position gains or loses at the rate of a day.
    FxRevalued "fx.revalued" Internal "Position revalued" "汇兑重估";
    /// A revaluation taken back.
    FxRevaluationReversed "fx.revaluation_reversed" Internal "Revaluation reversed" "汇兑重估冲回";
    /// A refund owed to a buyer.
    Refund "refund" Internal "Refund issued" "退款已发起";
    /// A refund in vouchers.
    RefundVoucher "refund.voucher" Internal "Refund as voucher" "代金券退回";
    /// A refund paid out.
    RefundPaid "refund.paid" Internal "Refund paid" "退款成功";
    /// A refund that the platform pays ahead.
    RefundAdvanced "refund.advanced" Internal "Refund paid ahead" "退款垫付";
    /// What was paid ahead, borne by the merchant after all.
    AdvanceRecovered "advance.recovered" Internal "Advance recovered" "垫付收回";
    /// What was paid ahead, borne by the platform.
    AdvanceBorne "advance.borne" Internal "Advance borne by the platform" "垫付由平台承担";
    /// The unspent of an advertising wallet given back.
    AdWalletRefund "ad_wallet.refund" Internal "Advertising wallet refunded" "推广余额退款";
    /// Advertising credit granted; memorandum.
    AdCreditGranted "ad_credit.granted" Internal "Advertising credit granted" "推广赠送金发放";
    /// Advertising credit spent; memorandum.
    AdCreditSpent "ad_credit.spent" Internal "Advertising credit spent" "推广赠送金消耗";
    /// Bonus that lapsed with the money it came with; memorandum.
    AdCreditLapsed "ad_credit.lapsed" Internal "Advertising bonus lapsed" "推广赠送金失效";
    /// Free advertising credit that expired; memorandum.
    AdCreditExpired "ad_credit.expired" Internal "Advertising credit expired" "推广赠送金过期";
    /// A deposit given back to the merchant.
    DepositReturned "deposit.returned" Internal "Deposit returned" "保证金退还";
    /// What is not expected of a debt.
    DebtAllowance "debt.allowance" Internal "Allowance for a debt" "坏账准备";
    /// What is expected at a month's end of revenue to go back, or of debts not to be paid.
    Provision "provision" Internal "Provision" "预计";
    /// A provision that was reversed after its month had closed.
    ProvisionReversed "provision.reversed" Internal "Provision reversed" "预计冲回";
    /// A debt that is lost.
    DebtWrittenOff "debt.written_off" Internal "Debt written off" "坏账核销";
    /// Membership fees of an unused rest that is not given back.
    MembershipForfeited "membership.forfeited" Internal "Membership fees forfeited" "会员费不予退还";
    /// Platform usage fees of an unused rest that is not given back.
    PlatformUsageForfeited "platform_usage.forfeited" Internal "Platform usage fees forfeited" "平台使用费不予退还";
    /// Technical support fees of an unused rest that is not given back.
    TechnicalSupportForfeited "technical_support.forfeited" Internal "Technical support fees forfeited" "技术支持费不予退还";
    /// Storage fees of an unused rest that is not given back.
    StorageForfeited "storage.forfeited" Internal "Storage fees forfeited" "仓储费不予退还";
    /// Logistics fees of an unused rest that is not given back.
    LogisticsForfeited "logistics.forfeited" Internal "Logistics fees forfeited" "物流服务费不予退还";
    /// Value-added service fees of an unused rest that is not given back.
    ValueAddedForfeited "value_added.forfeited" Internal "Value-added service fees forfeited" "增值服务费不予退还";
    /// Freight insurance premiums of an unused rest that is not given back.
    FreightInsuranceForfeited "freight_insurance.forfeited" Internal "Freight insurance forfeited" "运费险不予退还";
    /// Return-freight guarantee fees of an unused rest that is not given back.
    ReturnFreightGuaranteeForfeited "return_freight_guarantee.forfeited" Internal "Return-freight guarantee fees forfeited" "退货运费保障费不予退还";
    /// Instalment interest of an unused rest that is not given back.
    InstalmentInterestForfeited "instalment_interest.forfeited" Internal "Instalment interest forfeited" "分期利息不予退还";
    /// Loan interest of an unused rest that is not given back.
    LoanInterestForfeited "loan_interest.forfeited" Internal "Loan interest forfeited" "贷款利息不予退还";
    /// Early payout fees of an unused rest that is not given back.
    EarlyPayoutForfeited "early_payout.forfeited" Internal "Early payout fees forfeited" "提前打款费不予退还";
}

impl LineKind {
    /// What stands after the dot: `principal` of `sale.principal`; nothing for a plain kind.
    pub fn component(self) -> Option<&'static str> {
        self.text().split_once('.').map(|(_, component)| component)
    }

    /// The plain kind that a component belongs to: `membership` of `membership.returned`.
    pub fn plain(self) -> Option<Self> {
        let name = self.text().split_once('.').map_or(self.text(), |(name, _)| name);
        Self::from_text(name)
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
