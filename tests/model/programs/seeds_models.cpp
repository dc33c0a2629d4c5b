// What projects of the field declare: enums in quantity, status columns with checks, vectors and
// text search, keys that lead to a table named like a keyword, cascades, and updated_at.
#include "limbeck/models_main.h"

namespace m = limbeck::model;
using limbeck::TimestampTz;
using limbeck::Uuid;
using std::optional;
using std::string;

// ---- exceptions of a review ----

enum class ExceptionType { kyc, dormant_funded, dormant_overdrawn, documentation, technical };
template <>
struct limbeck::model::EnumLabels<ExceptionType> {
  static constexpr std::string_view name = "exception_type";
  static constexpr std::array<std::string_view, 5> labels{
      "kyc_non_compliance", "dormant_funded_ufaa", "dormant_overdrawn_exit", "documentation",
      "technical"};
};

struct ReviewException {
  std::int32_t id;
  ExceptionType type;
  string title;
  string priority;
  string status;
  optional<TimestampTz> due_date;
};
template <>
inline constexpr auto limbeck::mapping<ReviewException> =
    m::table<ReviewException>(
        "review_exceptions", m::column<&ReviewException::id>(m::primary_key, m::identity),
        m::column<&ReviewException::type>(m::named("exception_type")),
        m::column<&ReviewException::title>(m::varchar(255)),
        m::column<&ReviewException::priority>(
            m::varchar(20), m::check("priority IN ('low', 'medium', 'high', 'critical')")
                                .named("ck_review_exceptions_priority")),
        m::column<&ReviewException::status>(m::varchar(20), m::default_sql("'open'")),
        m::column<&ReviewException::due_date>())
        .with(m::index<&ReviewException::priority>("idx_review_exceptions_priority"),
              m::index<&ReviewException::due_date>("idx_review_exceptions_due_date"),
              m::index<&ReviewException::priority, &ReviewException::status>(
                  "idx_review_exceptions_priority_status"),
              m::index<&ReviewException::type, &ReviewException::priority>(
                  "idx_review_exceptions_type_priority"));

// ---- payments in escrow ----

enum class WalletProvider { fincra, paystack, flutterwave };
template <>
struct limbeck::model::EnumLabels<WalletProvider> {
  static constexpr std::string_view name = "wallet_provider";
  static constexpr std::array<std::string_view, 3> labels{"fincra", "paystack", "flutterwave"};
};
enum class HoldStatus { active, released, captured };
template <>
struct limbeck::model::EnumLabels<HoldStatus> {
  static constexpr std::string_view name = "hold_status";
  static constexpr std::array<std::string_view, 3> labels{"active", "released", "captured"};
};

struct LinkToken {
  Uuid id;
  Uuid user_id;  // without a foreign key
  WalletProvider provider;
  optional<TimestampTz> consumed_at;
};
template <>
inline constexpr auto limbeck::mapping<LinkToken> =
    m::table<LinkToken>("link_tokens", m::column<&LinkToken::id>(m::primary_key, m::generated_uuid),
                        m::column<&LinkToken::user_id>(), m::column<&LinkToken::provider>(),
                        m::column<&LinkToken::consumed_at>());

struct Wallet {
  Uuid id;
  WalletProvider provider;
  limbeck::Decimal balance;
  optional<limbeck::Json> details;
};
template <>
inline constexpr auto limbeck::mapping<Wallet> =
    m::table<Wallet>("wallet_registry", m::column<&Wallet::id>(m::primary_key, m::generated_uuid),
                     m::column<&Wallet::provider>(),
                     m::column<&Wallet::balance>(m::numeric(15, 2), m::default_sql("0")),
                     m::column<&Wallet::details>())
        .with(m::unique_on<&Wallet::id, &Wallet::provider>.named("uq_wallet_provider"));

struct Hold {
  Uuid id;
  Uuid wallet;
  HoldStatus status;
  limbeck::Decimal amount;
};
template <>
inline constexpr auto limbeck::mapping<Hold> =
    m::table<Hold>("holds", m::column<&Hold::id>(m::primary_key, m::generated_uuid),
                   m::column<&Hold::wallet>(m::named("wallet_id"), m::references<&Wallet::id>),
                   m::column<&Hold::status>(m::default_sql("'active'")),
                   m::column<&Hold::amount>(m::numeric(15, 2), m::check("amount > 0")));

// ---- interviews ----

struct Interview {
  Uuid id;
  string status;
  std::vector<string> question_ids;
  optional<Uuid> current_parent_question_id;
  std::int32_t current_followup_count;
};
template <>
inline constexpr auto limbeck::mapping<Interview> = m::table<Interview>(
    "interviews", m::column<&Interview::id>(m::primary_key),
    m::column<&Interview::status>(m::varchar(50)), m::column<&Interview::question_ids>(),
    m::column<&Interview::current_parent_question_id>(),
    m::column<&Interview::current_followup_count>(m::default_sql("0")));

// ---- questions about rules, answered by experts ----

struct Person {
  std::int32_t id;
  string email;
};
template <>
inline constexpr auto limbeck::mapping<Person> =
    m::table<Person>("user", m::column<&Person::id>(m::primary_key, m::identity),
                     m::column<&Person::email>(m::unique));

struct ExpertProfile {
  Uuid id;
  std::int32_t user_id;
  std::vector<string> credentials;
  double trust_score;
  TimestampTz created_at;
  TimestampTz updated_at;
};
template <>
inline constexpr auto limbeck::mapping<ExpertProfile> = m::table<ExpertProfile>(
    "expert_profiles", m::column<&ExpertProfile::id>(m::primary_key, m::generated_uuid),
    m::column<&ExpertProfile::user_id>(m::unique, m::references<&Person::id>.on_delete(m::cascade)),
    m::column<&ExpertProfile::credentials>(m::default_sql(m::by_dialect("'{}'", "'[]'"))),
    m::column<&ExpertProfile::trust_score>(m::default_sql("0.5"),
                                           m::check("trust_score >= 0 AND trust_score <= 1")),
    m::column<&ExpertProfile::created_at>(m::default_now),
    m::column<&ExpertProfile::updated_at>(m::updated_at));

struct FaqCandidate {
  Uuid id;
  string question;
  optional<string> question_embedding;
  optional<string> query_signature;
  optional<string> search_vector;
  optional<limbeck::Date> publication_date;
};
template <>
inline constexpr auto limbeck::mapping<FaqCandidate> =
    m::table<FaqCandidate>(
        "expert_faq_candidates", m::column<&FaqCandidate::id>(m::primary_key, m::generated_uuid),
        m::column<&FaqCandidate::question>(),
        // A vector type of an extension would be named in the same way.
        m::column<&FaqCandidate::question_embedding>(
            m::native_type(m::on_postgresql("double precision[]"))),
        m::column<&FaqCandidate::query_signature>(m::varchar(64)),
        m::column<&FaqCandidate::search_vector>(
            m::native_type(m::on_postgresql("tsvector")),
            m::computed(m::on_postgresql("to_tsvector('simple'::regconfig, question)"))),
        m::column<&FaqCandidate::publication_date>())
        .with(m::index<&FaqCandidate::search_vector>("ix_faq_search").method("gin"),
              m::index<&FaqCandidate::query_signature>("ix_faq_signature")
                  .where("query_signature IS NOT NULL"));

// ---- a boardroom ----

struct Member {
  Uuid id;
  string email;
  string hashed_password;
  optional<string> full_name;
  bool is_active;
  bool is_verified;
  TimestampTz created_at;
  TimestampTz updated_at;
};
template <>
inline constexpr auto limbeck::mapping<Member> =
    m::table<Member>(
        "users", m::column<&Member::id>(m::primary_key, m::generated_uuid),
        m::column<&Member::email>(
            m::varchar(255), m::unique,
            m::check(m::by_dialect("email ~* '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}$'",
                                   "email LIKE '%_@_%._%'"))
                .named("valid_email")),
        m::column<&Member::hashed_password>(m::varchar(255)),
        m::column<&Member::full_name>(m::varchar(100)),
        m::column<&Member::is_active>(m::default_sql("true")),
        m::column<&Member::is_verified>(m::default_sql("false")),
        m::column<&Member::created_at>(m::default_now),
        m::column<&Member::updated_at>(m::updated_at))
        .with(m::index<&Member::created_at>("idx_users_created_at"));

struct Boardroom {
  Uuid id;
  string name;
  Uuid owner_id;
  std::int32_t max_participants;
  TimestampTz updated_at;
};
template <>
inline constexpr auto limbeck::mapping<Boardroom> = m::table<Boardroom>(
    "boardrooms", m::column<&Boardroom::id>(m::primary_key, m::generated_uuid),
    m::column<&Boardroom::name>(m::varchar(200), m::check("length(name) >= 1")),
    m::column<&Boardroom::owner_id>(m::references<&Member::id>.on_delete(m::cascade)),
    m::column<&Boardroom::max_participants>(m::default_sql("10"),
                                            m::check("max_participants BETWEEN 1 AND 100")),
    m::column<&Boardroom::updated_at>(m::updated_at));

struct Session {
  Uuid id;
  Uuid boardroom_id;
  Uuid user_id;
  string status;
  TimestampTz started_at;
  optional<TimestampTz> ended_at;
};
template <>
inline constexpr auto limbeck::mapping<Session> =
    m::table<Session>(
        "sessions", m::column<&Session::id>(m::primary_key, m::generated_uuid),
        m::column<&Session::boardroom_id>(m::references<&Boardroom::id>.on_delete(m::cascade)),
        m::column<&Session::user_id>(m::references<&Member::id>.on_delete(m::cascade)),
        m::column<&Session::status>(
            m::varchar(20), m::default_sql("'active'"),
            m::check("status IN ('active', 'completed', 'paused', 'cancelled')")),
        m::column<&Session::started_at>(m::default_now), m::column<&Session::ended_at>())
        .with(m::check("ended_at IS NULL OR ended_at >= started_at").named("valid_dates"),
              m::index<&Session::boardroom_id, &Session::user_id>("idx_sessions_room_user"));

struct Thread {
  Uuid id;
  Uuid session_id;
  std::int16_t priority;
  TimestampTz updated_at;
};
template <>
inline constexpr auto limbeck::mapping<Thread> = m::table<Thread>(
    "threads", m::column<&Thread::id>(m::primary_key, m::generated_uuid),
    m::column<&Thread::session_id>(m::references<&Session::id>.on_delete(m::cascade)),
    m::column<&Thread::priority>(m::default_sql("3"), m::check("priority BETWEEN 1 AND 5")),
    m::column<&Thread::updated_at>(m::updated_at));

int main(int argc, char** argv) {
  return limbeck::models_main(argc, argv, limbeck::metadata<ReviewException>("review"),
                              limbeck::metadata<LinkToken, Wallet, Hold>("escrow"),
                              limbeck::metadata<Interview>("interview"),
                              limbeck::metadata<Person, ExpertProfile, FaqCandidate>("faq"),
                              limbeck::metadata<Member, Boardroom, Session, Thread>("boardroom"));
}
