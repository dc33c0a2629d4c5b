// The tables of the escrow service and their ten enum types.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "limbeck/model.h"

namespace escrow {

// The label of an enumerator stands at its number in EnumLabels, below.
enum class WalletProvider { fincra, paystack, flutterwave };
enum class ProjectStatus {
  draft,
  pending,
  active,
  on_hold,
  in_progress,
  completed,
  disputed,
  cancelled,
  refunded
};
enum class MilestoneStatus { pending, in_progress, completed, approved, rejected, disputed };
enum class TransactionType { deposit, withdrawal, escrow_hold, escrow_release, refund, fee };
enum class TransactionStatus { pending, processing, completed, failed, cancelled, refunded };
enum class KycType { kyc, kyb };
enum class KycStatus { pending, approved, rejected };
enum class UserRole { admin, client, freelancer };
enum class HoldStatus { active, released, settled };
enum class LedgerTransactionType { debit, credit };

struct User {
  std::int32_t id = 0;
  std::string email = {};
  std::string hashed_password = {};
  std::string full_name = {};
  UserRole role = UserRole::client;
  bool is_active = true;
  limbeck::TimestampTz created_at = {};
};

struct Project {
  std::int32_t id = 0;
  std::string title = {};
  std::optional<std::string> description = {};
  limbeck::Decimal total_amount = {};
  std::string currency = "NGN";
  ProjectStatus status = ProjectStatus::draft;
  std::int32_t creator_id = 0;
  std::optional<std::int32_t> buyer_id = {};
  std::optional<std::int32_t> seller_id = {};
  limbeck::TimestampTz created_at = {};
};

struct Milestone {
  std::int32_t id = 0;
  std::int32_t project_id = 0;
  std::string title = {};
  limbeck::Decimal amount = {};
  MilestoneStatus status = MilestoneStatus::pending;
  limbeck::TimestampTz created_at = {};
};

struct Payment {
  std::int64_t id = 0;
  std::int32_t user_id = 0;
  std::optional<std::int32_t> project_id = {};
  TransactionType type = TransactionType::deposit;
  TransactionStatus status = TransactionStatus::pending;
  limbeck::Decimal amount = {};
  limbeck::TimestampTz created_at = {};
};

struct Kyc {
  std::int32_t id = 0;
  std::int32_t user_id = 0;
  KycType type = KycType::kyc;
  KycStatus status = KycStatus::pending;
  std::optional<std::string> rejection_reason = {};
};

// The user_id of the four tables that follow is the wallet service's text, without a foreign key,
// on purpose: it becomes an integer with one later.

struct LinkToken {
  std::string token = {};
  std::string user_id = {};
  WalletProvider provider = WalletProvider::fincra;
  bool is_consumed = false;
};

struct Wallet {
  limbeck::Uuid id = {};
  std::string user_id = {};
  WalletProvider provider = WalletProvider::fincra;
  std::string provider_account_id = {};
};

struct Hold {
  limbeck::Uuid id = {};
  std::string user_id = {};
  limbeck::Decimal amount = {};
  HoldStatus status = HoldStatus::active;
};

struct LedgerEntry {
  std::int64_t id = 0;
  limbeck::Uuid hold_id = {};
  std::string user_id = {};
  LedgerTransactionType transaction_type = LedgerTransactionType::debit;
  limbeck::Decimal amount = {};
  limbeck::TimestampTz created_at = {};
};

struct WalletBalance {
  limbeck::Uuid wallet_id = {};
  limbeck::Date as_of = {};
  WalletProvider provider = WalletProvider::fincra;
  limbeck::Decimal balance = {};
};

}  // namespace escrow

template <>
struct limbeck::model::EnumLabels<escrow::WalletProvider> {
  static constexpr std::string_view name = "wallet_provider";
  static constexpr std::array<std::string_view, 3> labels{"fincra", "paystack", "flutterwave"};
};

template <>
struct limbeck::model::EnumLabels<escrow::ProjectStatus> {
  static constexpr std::string_view name = "project_status";
  static constexpr std::array<std::string_view, 9> labels{"draft",    "pending",     "active",
                                                          "on_hold",  "in_progress", "completed",
                                                          "disputed", "cancelled",   "refunded"};
};

template <>
struct limbeck::model::EnumLabels<escrow::MilestoneStatus> {
  static constexpr std::string_view name = "milestone_status";
  static constexpr std::array<std::string_view, 6> labels{"pending",  "in_progress", "completed",
                                                          "approved", "rejected",    "disputed"};
};

template <>
struct limbeck::model::EnumLabels<escrow::TransactionType> {
  static constexpr std::string_view name = "transaction_type";
  static constexpr std::array<std::string_view, 6> labels{
      "deposit", "withdrawal", "escrow_hold", "escrow_release", "refund", "fee"};
};

template <>
struct limbeck::model::EnumLabels<escrow::TransactionStatus> {
  static constexpr std::string_view name = "transaction_status";
  static constexpr std::array<std::string_view, 6> labels{"pending", "processing", "completed",
                                                          "failed",  "cancelled",  "refunded"};
};

template <>
struct limbeck::model::EnumLabels<escrow::KycType> {
  static constexpr std::string_view name = "kyc_type";
  static constexpr std::array<std::string_view, 2> labels{"kyc", "kyb"};
};

template <>
struct limbeck::model::EnumLabels<escrow::KycStatus> {
  static constexpr std::string_view name = "kyc_status";
  static constexpr std::array<std::string_view, 3> labels{"pending", "approved", "rejected"};
};

template <>
struct limbeck::model::EnumLabels<escrow::UserRole> {
  static constexpr std::string_view name = "user_role";
  static constexpr std::array<std::string_view, 3> labels{"admin", "client", "freelancer"};
};

template <>
struct limbeck::model::EnumLabels<escrow::HoldStatus> {
  static constexpr std::string_view name = "hold_status";
  static constexpr std::array<std::string_view, 3> labels{"active", "released", "settled"};
};

template <>
struct limbeck::model::EnumLabels<escrow::LedgerTransactionType> {
  static constexpr std::string_view name = "ledger_transaction_type";
  static constexpr std::array<std::string_view, 2> labels{"debit", "credit"};
};

template <>
inline constexpr auto limbeck::mapping<escrow::User> = model::table<escrow::User>(
    "users", model::column<&escrow::User::id>(model::primary_key, model::identity),
    model::column<&escrow::User::email>(model::varchar(255), model::unique.named("uq_users_email")),
    model::column<&escrow::User::hashed_password>(model::varchar(255)),
    model::column<&escrow::User::full_name>(model::varchar(255)),
    model::column<&escrow::User::role>(model::default_sql("'client'")),
    model::column<&escrow::User::is_active>(model::default_sql("true")),
    model::column<&escrow::User::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<escrow::Project> =
    model::table<escrow::Project>(
        "projects", model::column<&escrow::Project::id>(model::primary_key, model::identity),
        model::column<&escrow::Project::title>(model::varchar(255)),
        model::column<&escrow::Project::description>(),
        model::column<&escrow::Project::total_amount>(model::numeric(15, 2)),
        model::column<&escrow::Project::currency>(model::character(3), model::default_sql("'NGN'")),
        model::column<&escrow::Project::status>(model::default_sql("'draft'")),
        model::column<&escrow::Project::creator_id>(
            model::references<&escrow::User::id>.on_delete(model::cascade)),
        model::column<&escrow::Project::buyer_id>(
            model::references<&escrow::User::id>.on_delete(model::set_null)),
        model::column<&escrow::Project::seller_id>(
            model::references<&escrow::User::id>.on_delete(model::set_null)),
        model::column<&escrow::Project::created_at>(model::default_now))
        .with(model::check(model::by_dialect("total_amount > 0", "CAST(total_amount AS REAL) > 0"))
                  .named("ck_projects_total_amount"),
              model::check("buyer_id <> seller_id").named("ck_projects_two_parties"),
              model::index<&escrow::Project::status>("ix_projects_status"));

template <>
inline constexpr auto limbeck::mapping<escrow::Milestone> =
    model::table<escrow::Milestone>(
        "milestones", model::column<&escrow::Milestone::id>(model::primary_key, model::identity),
        model::column<&escrow::Milestone::project_id>(
            model::references<&escrow::Project::id>.on_delete(model::cascade)),
        model::column<&escrow::Milestone::title>(model::varchar(255)),
        model::column<&escrow::Milestone::amount>(model::numeric(15, 2)),
        model::column<&escrow::Milestone::status>(model::default_sql("'pending'")),
        model::column<&escrow::Milestone::created_at>(model::default_now))
        .with(model::index<&escrow::Milestone::project_id>("ix_milestones_project_id"));

template <>
inline constexpr auto limbeck::mapping<escrow::Payment> =
    model::table<escrow::Payment>(
        "transactions", model::column<&escrow::Payment::id>(model::primary_key, model::identity),
        model::column<&escrow::Payment::user_id>(
            model::references<&escrow::User::id>.on_delete(model::cascade)),
        model::column<&escrow::Payment::project_id>(
            model::references<&escrow::Project::id>.on_delete(model::set_null)),
        model::column<&escrow::Payment::type>(),
        model::column<&escrow::Payment::status>(model::default_sql("'pending'")),
        model::column<&escrow::Payment::amount>(model::numeric(15, 2)),
        model::column<&escrow::Payment::created_at>(model::default_now))
        .with(model::index<&escrow::Payment::user_id, &escrow::Payment::status>(
            "ix_transactions_user_status"));

template <>
inline constexpr auto limbeck::mapping<escrow::Kyc> = model::table<escrow::Kyc>(
    "kyc", model::column<&escrow::Kyc::id>(model::primary_key, model::identity),
    model::column<&escrow::Kyc::user_id>(
        model::references<&escrow::User::id>.on_delete(model::cascade),
        model::unique.named("uq_kyc_user_id")),
    model::column<&escrow::Kyc::type>(model::default_sql("'kyc'")),
    model::column<&escrow::Kyc::status>(model::default_sql("'pending'")),
    model::column<&escrow::Kyc::rejection_reason>());

template <>
inline constexpr auto limbeck::mapping<escrow::LinkToken> = model::table<escrow::LinkToken>(
    "link_tokens", model::column<&escrow::LinkToken::token>(model::varchar(64), model::primary_key),
    model::column<&escrow::LinkToken::user_id>(model::varchar(64)),
    model::column<&escrow::LinkToken::provider>(),
    model::column<&escrow::LinkToken::is_consumed>(model::default_sql("false")));

template <>
inline constexpr auto limbeck::mapping<escrow::Wallet> =
    model::table<escrow::Wallet>(
        "wallet_registry",
        model::column<&escrow::Wallet::id>(model::primary_key, model::generated_uuid),
        model::column<&escrow::Wallet::user_id>(model::varchar(64)),
        model::column<&escrow::Wallet::provider>(),
        model::column<&escrow::Wallet::provider_account_id>(model::varchar(128)))
        .with(
            model::unique_on<&escrow::Wallet::provider, &escrow::Wallet::provider_account_id>.named(
                "uq_wallet_registry_account"),
            model::index<&escrow::Wallet::user_id>("ix_wallet_registry_user_id"));

template <>
inline constexpr auto limbeck::mapping<escrow::Hold> =
    model::table<escrow::Hold>("holds",
                               model::column<&escrow::Hold::id>(model::primary_key,
                                                                model::generated_uuid),
                               model::column<&escrow::Hold::user_id>(model::varchar(64)),
                               model::column<&escrow::Hold::amount>(model::numeric(18, 2)),
                               model::column<&escrow::Hold::status>(model::default_sql("'active'")))
        .with(model::index<&escrow::Hold::user_id>("ix_holds_active").where("status = 'active'"));

template <>
inline constexpr auto limbeck::mapping<escrow::LedgerEntry> = model::table<escrow::LedgerEntry>(
    "ledger_entries", model::column<&escrow::LedgerEntry::id>(model::primary_key, model::identity),
    model::column<&escrow::LedgerEntry::hold_id>(model::references<&escrow::Hold::id>),
    model::column<&escrow::LedgerEntry::user_id>(model::varchar(64)),
    model::column<&escrow::LedgerEntry::transaction_type>(),
    model::column<&escrow::LedgerEntry::amount>(model::numeric(18, 2)),
    model::column<&escrow::LedgerEntry::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<escrow::WalletBalance> =
    model::table<escrow::WalletBalance>(
        "wallet_balance_snapshot",
        model::column<&escrow::WalletBalance::wallet_id>(model::references<&escrow::Wallet::id>),
        model::column<&escrow::WalletBalance::as_of>(),
        model::column<&escrow::WalletBalance::provider>(),
        model::column<&escrow::WalletBalance::balance>(model::numeric(18, 2),
                                                       model::default_sql("0")))
        .with(model::primary_key_on<&escrow::WalletBalance::wallet_id,
                                    &escrow::WalletBalance::as_of>);

namespace escrow {

inline limbeck::Metadata models() {
  return limbeck::metadata<User, Project, Milestone, Payment, Kyc, LinkToken, Wallet, Hold,
                           LedgerEntry, WalletBalance>("escrow");
}

}  // namespace escrow
