// The set "sqlmodel": what the revisions have always followed. The accounts' table is "user", and
// its ids are integers.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

namespace sqlmodel {

enum class UpdateSensitivity { low, medium, high };

enum class DeletionStatus { pending, scheduled, done, failed };

struct User {
  std::int32_t id = {};
  std::string email = {};
  std::optional<std::string> hashed_password = {};
  limbeck::TimestampTz created_at = {};
  std::optional<std::string> name = {};
  std::string provider = {};
  std::optional<std::string> provider_id = {};
  std::string role = {};
};

struct KnowledgeItem {
  std::int32_t id = {};
  std::string title = {};
  std::string content = {};
  std::string category = {};
  std::string language = {};
  std::optional<std::string> search_vector = {};  // kept by a trigger
  limbeck::TimestampTz created_at = {};
  std::optional<std::string> extraction_method = {};
  std::optional<limbeck::Decimal> text_quality = {};
  std::optional<limbeck::Date> publication_date = {};
};

struct KnowledgeChunk {
  std::int32_t id = {};
  std::int32_t knowledge_item_id = {};
  std::int32_t chunk_index = {};
  std::string chunk_text = {};
  std::optional<std::vector<float>> embedding = {};
  bool junk = {};
};

struct RegulatoryDocument {
  std::string id = {};
  std::string source = {};
  std::string title = {};
  std::string url = {};
  std::string content_hash = {};
  std::int32_t version = {};
  std::optional<std::string> previous_version_id = {};
  std::optional<std::vector<std::string>> topics = {};
  limbeck::Decimal importance_score = {};
  std::optional<limbeck::TimestampTz> archived_at = {};
};

struct FeedStatus {
  std::int32_t id = {};
  std::string feed_url = {};
  std::optional<std::string> source = {};
  std::string status = {};
  std::int32_t errors = {};
  std::optional<limbeck::TimestampTz> last_checked = {};
  std::string parser = {};
};

struct FaqEntry {
  limbeck::Uuid id = {};
  std::string question = {};
  std::string answer = {};
  std::string topic = {};
  UpdateSensitivity update_sensitivity = {};
  std::int32_t hit_count = {};
};

struct FaqVariation {
  limbeck::Uuid id = {};
  limbeck::Uuid faq_id = {};
  std::string variation = {};
  limbeck::TimestampTz expires_at = {};
};

struct EncryptionKey {
  std::int32_t key_version = {};
  limbeck::Bytes encrypted_key = {};
  std::string algorithm = {};
  bool is_active = {};
  limbeck::TimestampTz created_at = {};
};

struct EncryptedField {
  std::string table_name = {};
  std::string column_name = {};
  std::int32_t key_version = {};
};

struct GdprDeletionRequest {
  std::int32_t id = {};
  std::string request_id = {};
  std::int32_t user_id = {};
  DeletionStatus status = {};
  limbeck::TimestampTz requested_at = {};
  limbeck::TimestampTz deadline = {};
};

struct DocumentAnalysis {
  std::int32_t id = {};
  std::int32_t user_id = {};
  std::string filename = {};
  std::string document_type = {};
  std::optional<limbeck::Json> extracted_data = {};
  limbeck::TimestampTz created_at = {};
};

struct TaxCalculation {
  std::int32_t id = {};
  std::int32_t user_id = {};
  std::string tax_type = {};
  limbeck::Decimal taxable_amount = {};
  limbeck::Decimal tax_amount = {};
  limbeck::TimestampTz created_at = {};
};

}  // namespace sqlmodel

template <>
struct limbeck::model::EnumLabels<sqlmodel::UpdateSensitivity> {
  static constexpr std::string_view name = "update_sensitivity";
  static constexpr std::array<std::string_view, 3> labels{"low", "medium", "high"};
};

template <>
struct limbeck::model::EnumLabels<sqlmodel::DeletionStatus> {
  static constexpr std::string_view name = "deletion_status";
  static constexpr std::array<std::string_view, 4> labels{"pending", "scheduled", "done", "failed"};
};

template <>
inline constexpr auto limbeck::mapping<sqlmodel::User> =
    model::table<sqlmodel::User>(
        "user", model::column<&sqlmodel::User::id>(model::primary_key, model::identity),
        model::column<&sqlmodel::User::email>(model::varchar(255)),
        model::column<&sqlmodel::User::hashed_password>(model::varchar(255)),
        model::column<&sqlmodel::User::created_at>(model::default_now),
        model::column<&sqlmodel::User::name>(model::varchar(255)),
        model::column<&sqlmodel::User::provider>(model::varchar(50), model::default_sql("'email'")),
        model::column<&sqlmodel::User::provider_id>(model::varchar(255)),
        model::column<&sqlmodel::User::role>(
            model::varchar(20), model::default_sql("'regular_user'"),
            model::check("role IN ('regular_user', 'expert', 'admin', 'super_user')")
                .named("valid_user_role")))
        .with(model::index<&sqlmodel::User::email>("ix_user_email").unique(),
              model::unique_on<&sqlmodel::User::provider, &sqlmodel::User::provider_id>.named(
                  "uq_user_provider"),
              model::check("provider <> 'email' OR hashed_password IS NOT NULL")
                  .named("ck_user_password"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::KnowledgeItem> =
    model::table<sqlmodel::KnowledgeItem>(
        "knowledge_items",
        model::column<&sqlmodel::KnowledgeItem::id>(model::primary_key, model::identity),
        model::column<&sqlmodel::KnowledgeItem::title>(model::varchar(500)),
        model::column<&sqlmodel::KnowledgeItem::content>(),
        model::column<&sqlmodel::KnowledgeItem::category>(model::varchar(100)),
        model::column<&sqlmodel::KnowledgeItem::language>(model::varchar(10),
                                                          model::default_sql("'it'")),
        model::column<&sqlmodel::KnowledgeItem::search_vector>(model::native_type("tsvector")),
        model::column<&sqlmodel::KnowledgeItem::created_at>(model::default_now),
        model::column<&sqlmodel::KnowledgeItem::extraction_method>(model::varchar(50)),
        model::column<&sqlmodel::KnowledgeItem::text_quality>(model::numeric(3, 2)),
        model::column<&sqlmodel::KnowledgeItem::publication_date>())
        .with(model::index<&sqlmodel::KnowledgeItem::category>("ix_knowledge_items_category"),
              model::index<&sqlmodel::KnowledgeItem::search_vector>(
                  "idx_knowledge_items_search_vector")
                  .method("gin"),
              model::index("ix_knowledge_items_publication_date")
                  .column<&sqlmodel::KnowledgeItem::publication_date>(model::descending,
                                                                      model::nulls_last),
              model::index("idx_knowledge_items_title_trgm")
                  .column<&sqlmodel::KnowledgeItem::title>(model::operator_class("gin_trgm_ops"))
                  .method("gin"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::KnowledgeChunk> =
    model::table<sqlmodel::KnowledgeChunk>(
        "knowledge_chunks",
        model::column<&sqlmodel::KnowledgeChunk::id>(model::primary_key, model::identity),
        model::column<&sqlmodel::KnowledgeChunk::knowledge_item_id>(
            model::references<&sqlmodel::KnowledgeItem::id>.on_delete(model::cascade)),
        model::column<&sqlmodel::KnowledgeChunk::chunk_index>(),
        model::column<&sqlmodel::KnowledgeChunk::chunk_text>(),
        model::column<&sqlmodel::KnowledgeChunk::embedding>(),
        model::column<&sqlmodel::KnowledgeChunk::junk>(model::default_sql("false")))
        .with(model::unique_on<&sqlmodel::KnowledgeChunk::knowledge_item_id,
                               &sqlmodel::KnowledgeChunk::chunk_index>,
              model::index<&sqlmodel::KnowledgeChunk::knowledge_item_id>("idx_kc_not_junk")
                  .where("NOT junk"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::RegulatoryDocument> =
    model::table<sqlmodel::RegulatoryDocument>(
        "regulatory_documents",
        model::column<&sqlmodel::RegulatoryDocument::id>(model::varchar(100), model::primary_key),
        model::column<&sqlmodel::RegulatoryDocument::source>(model::varchar(50)),
        model::column<&sqlmodel::RegulatoryDocument::title>(),
        model::column<&sqlmodel::RegulatoryDocument::url>(model::unique),
        model::column<&sqlmodel::RegulatoryDocument::content_hash>(model::character(64)),
        model::column<&sqlmodel::RegulatoryDocument::version>(model::default_sql("1")),
        model::column<&sqlmodel::RegulatoryDocument::previous_version_id>(
            model::varchar(100), model::references<&sqlmodel::RegulatoryDocument::id>),
        model::column<&sqlmodel::RegulatoryDocument::topics>(),
        model::column<&sqlmodel::RegulatoryDocument::importance_score>(
            model::numeric(3, 2), model::default_sql("0.50"),
            model::check("importance_score >= 0 AND importance_score <= 1")
                .named("valid_importance_score")),
        model::column<&sqlmodel::RegulatoryDocument::archived_at>())
        .with(model::index<&sqlmodel::RegulatoryDocument::topics>("idx_regulatory_documents_topics")
                  .method("gin"),
              model::index("idx_regulatory_documents_current")
                  .column<&sqlmodel::RegulatoryDocument::source>()
                  .column<&sqlmodel::RegulatoryDocument::importance_score>(model::descending)
                  .where("archived_at IS NULL"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::FeedStatus> = model::table<sqlmodel::FeedStatus>(
    "feed_status", model::column<&sqlmodel::FeedStatus::id>(model::primary_key, model::identity),
    model::column<&sqlmodel::FeedStatus::feed_url>(model::varchar(500), model::unique),
    model::column<&sqlmodel::FeedStatus::source>(model::varchar(50)),
    model::column<&sqlmodel::FeedStatus::status>(model::varchar(20),
                                                 model::default_sql("'pending'")),
    model::column<&sqlmodel::FeedStatus::errors>(model::default_sql("0")),
    model::column<&sqlmodel::FeedStatus::last_checked>(),
    model::column<&sqlmodel::FeedStatus::parser>(model::varchar(50),
                                                 model::default_sql("'generic'")));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::FaqEntry> =
    model::table<sqlmodel::FaqEntry>(
        "faq_entries",
        model::column<&sqlmodel::FaqEntry::id>(model::primary_key, model::generated_uuid),
        model::column<&sqlmodel::FaqEntry::question>(),
        model::column<&sqlmodel::FaqEntry::answer>(),
        model::column<&sqlmodel::FaqEntry::topic>(model::varchar(100),
                                                  model::default_sql("'general'")),
        model::column<&sqlmodel::FaqEntry::update_sensitivity>(model::default_sql("'medium'")),
        model::column<&sqlmodel::FaqEntry::hit_count>(
            model::default_sql("0"), model::check("hit_count >= 0").named("positive_hit_count")))
        .with(model::index<&sqlmodel::FaqEntry::topic, &sqlmodel::FaqEntry::update_sensitivity>(
            "idx_faq_topic_sensitivity"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::FaqVariation> =
    model::table<sqlmodel::FaqVariation>(
        "faq_variation_cache",
        model::column<&sqlmodel::FaqVariation::id>(model::primary_key, model::generated_uuid),
        model::column<&sqlmodel::FaqVariation::faq_id>(
            model::references<&sqlmodel::FaqEntry::id>.on_delete(model::cascade)),
        model::column<&sqlmodel::FaqVariation::variation>(),
        model::column<&sqlmodel::FaqVariation::expires_at>())
        .with(model::index<&sqlmodel::FaqVariation::faq_id>("ix_faq_variation_cache_faq_id"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::EncryptionKey> =
    model::table<sqlmodel::EncryptionKey>(
        "encryption_keys", model::column<&sqlmodel::EncryptionKey::key_version>(model::primary_key),
        model::column<&sqlmodel::EncryptionKey::encrypted_key>(),
        model::column<&sqlmodel::EncryptionKey::algorithm>(model::varchar(50),
                                                           model::default_sql("'AES-256-CBC'")),
        model::column<&sqlmodel::EncryptionKey::is_active>(model::default_sql("true")),
        model::column<&sqlmodel::EncryptionKey::created_at>())
        .with(model::index<&sqlmodel::EncryptionKey::is_active>("idx_encryption_keys_active")
                  .unique()
                  .where("is_active"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::EncryptedField> =
    model::table<sqlmodel::EncryptedField>(
        "encrypted_field_registry",
        model::column<&sqlmodel::EncryptedField::table_name>(model::varchar(63)),
        model::column<&sqlmodel::EncryptedField::column_name>(model::varchar(63)),
        model::column<&sqlmodel::EncryptedField::key_version>(
            model::references<&sqlmodel::EncryptionKey::key_version>))
        .with(model::primary_key_on<&sqlmodel::EncryptedField::table_name,
                                    &sqlmodel::EncryptedField::column_name>);

template <>
inline constexpr auto limbeck::mapping<sqlmodel::GdprDeletionRequest> =
    model::table<sqlmodel::GdprDeletionRequest>(
        "gdpr_deletion_requests",
        model::column<&sqlmodel::GdprDeletionRequest::id>(model::primary_key, model::identity),
        model::column<&sqlmodel::GdprDeletionRequest::request_id>(model::varchar(50),
                                                                  model::unique),
        model::column<&sqlmodel::GdprDeletionRequest::user_id>(
            model::references<&sqlmodel::User::id>),
        model::column<&sqlmodel::GdprDeletionRequest::status>(model::default_sql("'pending'")),
        model::column<&sqlmodel::GdprDeletionRequest::requested_at>(model::default_now),
        model::column<&sqlmodel::GdprDeletionRequest::deadline>(
            model::default_sql("now() + INTERVAL '30 days'")))
        .with(model::index<&sqlmodel::GdprDeletionRequest::status,
                           &sqlmodel::GdprDeletionRequest::deadline>("idx_gdpr_due"));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::DocumentAnalysis> =
    model::table<sqlmodel::DocumentAnalysis>(
        "document_analyses",
        model::column<&sqlmodel::DocumentAnalysis::id>(model::primary_key, model::identity),
        model::column<&sqlmodel::DocumentAnalysis::user_id>(
            model::references<&sqlmodel::User::id>.on_delete(model::cascade)),
        model::column<&sqlmodel::DocumentAnalysis::filename>(model::varchar(255)),
        model::column<&sqlmodel::DocumentAnalysis::document_type>(model::varchar(50)),
        model::column<&sqlmodel::DocumentAnalysis::extracted_data>(),
        model::column<&sqlmodel::DocumentAnalysis::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<sqlmodel::TaxCalculation> =
    model::table<sqlmodel::TaxCalculation>(
        "tax_calculations",
        model::column<&sqlmodel::TaxCalculation::id>(model::primary_key, model::identity),
        model::column<&sqlmodel::TaxCalculation::user_id>(
            model::references<&sqlmodel::User::id>.on_delete(model::cascade)),
        model::column<&sqlmodel::TaxCalculation::tax_type>(model::varchar(50)),
        model::column<&sqlmodel::TaxCalculation::taxable_amount>(model::numeric(12, 2)),
        model::column<&sqlmodel::TaxCalculation::tax_amount>(model::numeric(12, 2)),
        model::column<&sqlmodel::TaxCalculation::created_at>(model::default_now));

namespace sqlmodel {

// The set: what both states of the project have, and more tables of this header. Functions and
// triggers are declared as they are.
template <class... More>
limbeck::Metadata tables_and() {
  namespace model = limbeck::model;
  return limbeck::metadata<User, KnowledgeItem, KnowledgeChunk, RegulatoryDocument, FeedStatus,
                           FaqEntry, FaqVariation, EncryptionKey, EncryptedField,
                           GdprDeletionRequest, More...>(
      "sqlmodel", {model::extension("pg_trgm"), model::extension("unaccent"),
                   model::sql(model::on_postgresql(R"(
CREATE FUNCTION immutable_unaccent(value text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    AS $$ SELECT public.unaccent('public.unaccent', value) $$;
CREATE FUNCTION update_search_vector() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search_vector := setweight(to_tsvector('italian', immutable_unaccent(NEW.title)), 'A') ||
                         setweight(to_tsvector('italian', immutable_unaccent(NEW.content)), 'B');
    RETURN NEW;
END
$$;
CREATE TRIGGER update_knowledge_items_search_vector
    BEFORE INSERT OR UPDATE OF title, content ON knowledge_items
    FOR EACH ROW EXECUTE FUNCTION update_search_vector();
)"))});
}

inline limbeck::Metadata tables() {
  return tables_and<DocumentAnalysis, TaxCalculation>();
}

}  // namespace sqlmodel
