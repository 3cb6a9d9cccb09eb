//! Every command people and files may give, by name: the contract of `souk apply`.
//!
//! Close runs and ledger creation are not here: they need the read side, or a new store.

use souk_domain::advertising::commands::{
    AdvertisingCommand, AgreeAdTerms, ChargeAds, ConfirmWalletRefund, ExpireAdCredit,
    GrantAdCredit, RefundWallet, TopUpWallet,
};
use souk_domain::bankfile::commands::{BankFileCommand, RecordBankLine};
use souk_domain::book::commands::{
    BookCommand, BookProvision, CloseMonth, OpenBook, ReverseProvision,
};
use souk_domain::deposit::commands::{DepositCommand, PayDeposit, ReturnDeposit, UseDeposit};
use souk_domain::fxposition::commands::{FxPositionCommand, RevalueFx, SettleFx};
use souk_domain::fxrate::commands::{CorrectRate, FxRateCommand, RecordRate};
use souk_domain::membership::commands::{
    AgreeRenewal, CancelMembership, ChargeMembership, ConfirmMembershipRefund, EndRenewal,
    InvoiceMembership, IssueMembershipRedLetter, MembershipCommand, RecogniseRevenue,
    UpgradeMembership,
};
use souk_domain::merchant::commands::{
    AgreePayoutTerms, AgreeSettlementCurrency, AgreeTerms, AgreeWithholding, AnnounceClosing,
    EnrolMerchant, RecordVolume, WithdrawClosing,
};
use souk_domain::merchant::decide::MerchantCommand;
use souk_domain::opening::commands::OpeningCommand;
use souk_domain::order::commands::{
    AdvanceRefund, AttributeOrder, BearAdvance, BookDifference, CancelOrder, CollectClaim,
    CompleteOrder, ConfirmRefund, FailRefund, IncurChannelFee, InvoiceFee, IssueRedLetter,
    IssueRefund, OrderCommand, PayClaim, PayOrder, PlaceHold, PlaceOrder, RecoverAdvance,
    ReleaseHold, RemitSupplierPart, ShipOrder,
};
use souk_domain::payee::commands::{ApprovePayee, PayeeCommand, ProposePayee, WithdrawPayee};
use souk_domain::payout::commands::{
    AcceptPayout, ApprovePayout, ConfirmPayout, FailPayout, HoldPayout, InstructPayout,
    PayoutCommand, ReleasePayout, ReturnPayout,
};
use souk_domain::payoutfile::commands::PayoutFileCommand;
use souk_domain::service::commands::{
    ChargeServiceFee, ConfirmServiceRefund, GrantLoan, ImposePenalty, InvoiceServiceFee,
    IssueServiceRedLetter, RemitPremium, RepayLoan, ReturnServiceFee, ServiceCommand, WaivePenalty,
};
use souk_domain::settlement::debts::commands::{
    CollectDebt, DebtCommand, RecogniseDebt, SetDebtAllowance, WriteOffDebt,
};
use souk_domain::settlement::objections::commands::{
    AgreeObjectionTerms, AnswerObjection, BookCorrection, ConfirmStatement, ObjectionCommand,
    RaiseObjection,
};
use souk_domain::tariff::commands::PublishTariff;
use souk_domain::tax::commands::{ClaimInputTax, RemitTax, TaxCommand};

/// A command, by the context that decides it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command<'a> {
    /// To a merchant.
    Merchant(MerchantCommand<'a>),
    /// To a tariff.
    Tariff(PublishTariff<'a>),
    /// To an order.
    Order(OrderCommand<'a>),
    /// To a payout.
    Payout(PayoutCommand<'a>),
    /// To a merchant's payees.
    Payee(PayeeCommand<'a>),
    /// To an account's files of payouts; none of `souk apply`, because a file is rendered before it is issued.
    PayoutFile(PayoutFileCommand<'a>),
    /// To a merchant's advertising.
    Advertising(AdvertisingCommand<'a>),
    /// To a merchant's deposit.
    Deposit(DepositCommand<'a>),
    /// To a term that is sold.
    Membership(MembershipCommand<'a>),
    /// To a merchant's services.
    Service(ServiceCommand<'a>),
    /// To a jurisdiction's taxes.
    Tax(TaxCommand<'a>),
    /// To a merchant's debt.
    Debt(DebtCommand<'a>),
    /// About lines of a merchant's statements.
    Objection(ObjectionCommand<'a>),
    /// Of the file of opening balances; none of `souk apply`, because the whole must sum to zero.
    Opening(OpeningCommand<'a>),
    /// To the rates of a pair.
    FxRate(FxRateCommand<'a>),
    /// To a position.
    FxPosition(FxPositionCommand<'a>),
    /// About a statement of a bank.
    BankFile(BankFileCommand<'a>),
    /// To a book.
    Book(BookCommand<'a>),
}

/// A command that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// No command of this name.
    #[error("there is no command {name:?}{}", did_you_mean(.name))]
    UnknownCommand {
        /// The name.
        name: String,
    },
    /// Its data does not fit the schema.
    #[error("data of {name}: {source}")]
    MalformedData {
        /// The command.
        name: &'static str,
        /// What was found, with line and column.
        source: serde_json::Error,
    },
}

fn did_you_mean(name: &str) -> String {
    let close = NAMES.iter().find(|known| {
        let shared = known.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count();
        shared >= 4 || known.contains(name) && name.len() > 3
    });
    close.map_or_else(
        || format!("; the commands are {}", NAMES.join(", ")),
        |known| format!("; did you mean {known}?"),
    )
}

macro_rules! commands {
    ($($name:literal $type:ty => $wrap:expr;)*) => {
        /// The names of all commands.
        pub const NAMES: &[&str] = &[$($name),*];

        impl<'a> Command<'a> {
            /// Reads the data of a named command.
            ///
            /// # Errors
            /// [`CommandError`].
            pub fn parse(name: &str, data: &'a str) -> Result<Self, CommandError> {
                match name {
                    $($name => serde_json::from_str::<$type>(data)
                        .map($wrap)
                        .map_err(|source| CommandError::MalformedData { name: $name, source }),)*
                    _ => Err(CommandError::UnknownCommand { name: name.to_owned() }),
                }
            }
        }

        /// JSON Schema of the data of every command, by name.
        pub fn data_schemas() -> Vec<(&'static str, schemars::Schema)> {
            vec![$(($name, schemars::schema_for!($type))),*]
        }
    };
}

commands! {
    "enrol-merchant" EnrolMerchant => |of| Command::Merchant(MerchantCommand::Enrol(of));
    "agree-terms" AgreeTerms<'_> => |of| Command::Merchant(MerchantCommand::AgreeTerms(of));
    "record-volume" RecordVolume<'_> => |of| Command::Merchant(MerchantCommand::RecordVolume(of));
    "agree-settlement-currency" AgreeSettlementCurrency<'_> => |of| Command::Merchant(MerchantCommand::AgreeSettlementCurrency(of));
    "agree-withholding" AgreeWithholding => |of| Command::Merchant(MerchantCommand::AgreeWithholding(of));
    "announce-closing" AnnounceClosing<'_> => |of| Command::Merchant(MerchantCommand::AnnounceClosing(of));
    "withdraw-closing" WithdrawClosing<'_> => |of| Command::Merchant(MerchantCommand::WithdrawClosing(of));
    "agree-payout-terms" AgreePayoutTerms => |of| Command::Merchant(MerchantCommand::AgreePayoutTerms(of));
    "publish-tariff" PublishTariff<'_> => Command::Tariff;
    "place-order" PlaceOrder<'_> => |of| Command::Order(OrderCommand::Place(of));
    "attribute-order" AttributeOrder => |of| Command::Order(OrderCommand::Attribute(of));
    "pay-order" PayOrder<'_> => |of| Command::Order(OrderCommand::Pay(of));
    "book-difference" BookDifference => |of| Command::Order(OrderCommand::BookDifference(of));
    "incur-channel-fee" IncurChannelFee => |of| Command::Order(OrderCommand::IncurChannelFee(of));
    "ship-order" ShipOrder => |of| Command::Order(OrderCommand::Ship(of));
    "complete-order" CompleteOrder => |of| Command::Order(OrderCommand::Complete(of));
    "issue-refund" IssueRefund<'_> => |of| Command::Order(OrderCommand::Refund(of));
    "confirm-refund" ConfirmRefund => |of| Command::Order(OrderCommand::ConfirmRefund(of));
    "fail-refund" FailRefund<'_> => |of| Command::Order(OrderCommand::FailRefund(of));
    "advance-refund" AdvanceRefund<'_> => |of| Command::Order(OrderCommand::Advance(of));
    "recover-advance" RecoverAdvance<'_> => |of| Command::Order(OrderCommand::RecoverAdvance(of));
    "bear-advance" BearAdvance<'_> => |of| Command::Order(OrderCommand::BearAdvance(of));
    "pay-claim" PayClaim => |of| Command::Order(OrderCommand::PayClaim(of));
    "collect-claim" CollectClaim<'_> => |of| Command::Order(OrderCommand::CollectClaim(of));
    "remit-supplier-part" RemitSupplierPart<'_> => |of| Command::Order(OrderCommand::RemitSupplierPart(of));
    "place-hold" PlaceHold<'_> => |of| Command::Order(OrderCommand::PlaceHold(of));
    "release-hold" ReleaseHold<'_> => |of| Command::Order(OrderCommand::ReleaseHold(of));
    "cancel-order" CancelOrder<'_> => |of| Command::Order(OrderCommand::Cancel(of));
    "invoice-fee" InvoiceFee => |of| Command::Order(OrderCommand::InvoiceFee(of));
    "issue-red-letter" IssueRedLetter => |of| Command::Order(OrderCommand::IssueRedLetter(of));
    "instruct-payout" InstructPayout<'_> => |of| Command::Payout(PayoutCommand::Instruct(of));
    "confirm-payout" ConfirmPayout<'_> => |of| Command::Payout(PayoutCommand::Confirm(of));
    "fail-payout" FailPayout<'_> => |of| Command::Payout(PayoutCommand::Fail(of));
    "return-payout" ReturnPayout<'_> => |of| Command::Payout(PayoutCommand::Return(of));
    "approve-payout" ApprovePayout<'_> => |of| Command::Payout(PayoutCommand::Approve(of));
    "hold-payout" HoldPayout<'_> => |of| Command::Payout(PayoutCommand::Hold(of));
    "release-payout" ReleasePayout<'_> => |of| Command::Payout(PayoutCommand::Release(of));
    "accept-payout" AcceptPayout<'_> => |of| Command::Payout(PayoutCommand::Accept(of));
    "propose-payee" ProposePayee<'_> => |of| Command::Payee(PayeeCommand::Propose(of));
    "approve-payee" ApprovePayee<'_> => |of| Command::Payee(PayeeCommand::Approve(of));
    "withdraw-payee" WithdrawPayee<'_> => |of| Command::Payee(PayeeCommand::Withdraw(of));
    "agree-ad-terms" AgreeAdTerms<'_> => |of| Command::Advertising(AdvertisingCommand::AgreeTerms(of));
    "top-up-wallet" TopUpWallet<'_> => |of| Command::Advertising(AdvertisingCommand::TopUp(of));
    "grant-ad-credit" GrantAdCredit<'_> => |of| Command::Advertising(AdvertisingCommand::Grant(of));
    "expire-ad-credit" ExpireAdCredit<'_> => |of| Command::Advertising(AdvertisingCommand::Expire(of));
    "charge-ads" ChargeAds<'_> => |of| Command::Advertising(AdvertisingCommand::Charge(of));
    "refund-wallet" RefundWallet<'_> => |of| Command::Advertising(AdvertisingCommand::Refund(of));
    "confirm-wallet-refund" ConfirmWalletRefund<'_> => |of| Command::Advertising(AdvertisingCommand::ConfirmRefund(of));
    "pay-deposit" PayDeposit<'_> => |of| Command::Deposit(DepositCommand::Pay(of));
    "use-deposit" UseDeposit<'_> => |of| Command::Deposit(DepositCommand::Use(of));
    "return-deposit" ReturnDeposit<'_> => |of| Command::Deposit(DepositCommand::Return(of));
    "charge-membership" ChargeMembership<'_> => |of| Command::Membership(MembershipCommand::Charge(of));
    "recognise-revenue" RecogniseRevenue => |of| Command::Membership(MembershipCommand::Recognise(of));
    "upgrade-membership" UpgradeMembership<'_> => |of| Command::Membership(MembershipCommand::Upgrade(of));
    "cancel-membership" CancelMembership<'_> => |of| Command::Membership(MembershipCommand::Cancel(of));
    "agree-renewal" AgreeRenewal<'_> => |of| Command::Membership(MembershipCommand::AgreeRenewal(of));
    "end-renewal" EndRenewal<'_> => |of| Command::Membership(MembershipCommand::EndRenewal(of));
    "invoice-membership" InvoiceMembership => |of| Command::Membership(MembershipCommand::Invoice(of));
    "issue-membership-red-letter" IssueMembershipRedLetter => |of| Command::Membership(MembershipCommand::IssueRedLetter(of));
    "confirm-membership-refund" ConfirmMembershipRefund => |of| Command::Membership(MembershipCommand::ConfirmRefund(of));
    "charge-service-fee" ChargeServiceFee<'_> => |of| Command::Service(ServiceCommand::Charge(Box::new(of)));
    "return-service-fee" ReturnServiceFee<'_> => |of| Command::Service(ServiceCommand::Return(of));
    "invoice-service-fee" InvoiceServiceFee<'_> => |of| Command::Service(ServiceCommand::Invoice(of));
    "issue-service-red-letter" IssueServiceRedLetter<'_> => |of| Command::Service(ServiceCommand::IssueRedLetter(of));
    "remit-premium" RemitPremium<'_> => |of| Command::Service(ServiceCommand::Remit(of));
    "grant-loan" GrantLoan<'_> => |of| Command::Service(ServiceCommand::GrantLoan(of));
    "repay-loan" RepayLoan<'_> => |of| Command::Service(ServiceCommand::RepayLoan(of));
    "impose-penalty" ImposePenalty<'_> => |of| Command::Service(ServiceCommand::Impose(of));
    "waive-penalty" WaivePenalty<'_> => |of| Command::Service(ServiceCommand::Waive(of));
    "confirm-service-refund" ConfirmServiceRefund<'_> => |of| Command::Service(ServiceCommand::ConfirmRefund(of));
    "claim-input-tax" ClaimInputTax<'_> => |of| Command::Tax(TaxCommand::Claim(of));
    "remit-tax" RemitTax<'_> => |of| Command::Tax(TaxCommand::Remit(of));
    "recognise-debt" RecogniseDebt<'_> => |of| Command::Debt(DebtCommand::Recognise(of));
    "collect-debt" CollectDebt<'_> => |of| Command::Debt(DebtCommand::Collect(of));
    "set-debt-allowance" SetDebtAllowance<'_> => |of| Command::Debt(DebtCommand::SetAllowance(of));
    "write-off-debt" WriteOffDebt<'_> => |of| Command::Debt(DebtCommand::WriteOff(of));
    "agree-objection-terms" AgreeObjectionTerms<'_> => |of| Command::Objection(ObjectionCommand::AgreeTerms(of));
    "raise-objection" RaiseObjection<'_> => |of| Command::Objection(ObjectionCommand::Raise(of));
    "answer-objection" AnswerObjection<'_> => |of| Command::Objection(ObjectionCommand::Answer(of));
    "book-correction" BookCorrection<'_> => |of| Command::Objection(ObjectionCommand::Correct(of));
    "confirm-statement" ConfirmStatement<'_> => |of| Command::Objection(ObjectionCommand::Confirm(of));
    "record-rate" RecordRate<'_> => |of| Command::FxRate(FxRateCommand::Record(of));
    "correct-rate" CorrectRate<'_> => |of| Command::FxRate(FxRateCommand::Correct(of));
    "settle-fx" SettleFx<'_> => |of| Command::FxPosition(FxPositionCommand::Settle(of));
    "revalue-fx" RevalueFx<'_> => |of| Command::FxPosition(FxPositionCommand::Revalue(of));
    "record-bank-line" RecordBankLine<'_> => |of| Command::BankFile(BankFileCommand::Record(of));
    "open-book" OpenBook<'_> => |of| Command::Book(BookCommand::Open(of));
    "book-provision" BookProvision<'_> => |of| Command::Book(BookCommand::BookProvision(of));
    "reverse-provision" ReverseProvision => |of| Command::Book(BookCommand::ReverseProvision(of));
    "close-month" CloseMonth<'_> => |of| Command::Book(BookCommand::CloseMonth(of));
}
