// Questions that come again and again become entries of the FAQ.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

namespace base {

struct QueryCluster {
  limbeck::Uuid id = {};
  std::string canonical_query = {};
  std::int32_t query_count = {};
  std::optional<limbeck::TimestampTz> last_seen = {};
};

struct FaqCandidate {
  limbeck::Uuid id = {};
  std::optional<limbeck::Uuid> cluster_id = {};
  std::string suggested_question = {};
  limbeck::Decimal roi_score = {};
  std::string status = {};
  std::optional<std::vector<float>> question_embedding = {};
};

struct GeneratedFaq {
  limbeck::Uuid id = {};
  std::optional<limbeck::Uuid> candidate_id = {};
  std::string question = {};
  std::string answer = {};
  bool is_published = {};
  limbeck::TimestampTz created_at = {};
};

struct RssFaqImpact {
  limbeck::Uuid id = {};
  limbeck::Uuid faq_id = {};
  std::string rss_item_url = {};
  std::string impact_level = {};
  limbeck::TimestampTz detected_at = {};
};

struct FaqGenerationJob {
  limbeck::Uuid id = {};
  std::string job_type = {};
  std::string status = {};
  std::optional<limbeck::Json> parameters = {};
  limbeck::TimestampTz created_at = {};
  std::optional<limbeck::TimestampTz> completed_at = {};
};

}  // namespace base

template <>
inline constexpr auto limbeck::mapping<base::QueryCluster> = model::table<base::QueryCluster>(
    "query_clusters",
    model::column<&base::QueryCluster::id>(model::primary_key, model::generated_uuid),
    model::column<&base::QueryCluster::canonical_query>(),
    model::column<&base::QueryCluster::query_count>(model::default_sql("0")),
    model::column<&base::QueryCluster::last_seen>());

template <>
inline constexpr auto limbeck::mapping<base::FaqCandidate> = model::table<base::FaqCandidate>(
    "faq_candidates",
    model::column<&base::FaqCandidate::id>(model::primary_key, model::generated_uuid),
    model::column<&base::FaqCandidate::cluster_id>(
        model::references<&base::QueryCluster::id>.on_delete(model::set_null)),
    model::column<&base::FaqCandidate::suggested_question>(),
    model::column<&base::FaqCandidate::roi_score>(model::numeric(10, 4), model::default_sql("0")),
    model::column<&base::FaqCandidate::status>(model::varchar(20), model::default_sql("'pending'")),
    model::column<&base::FaqCandidate::question_embedding>());

template <>
inline constexpr auto limbeck::mapping<base::GeneratedFaq> = model::table<base::GeneratedFaq>(
    "generated_faqs",
    model::column<&base::GeneratedFaq::id>(model::primary_key, model::generated_uuid),
    model::column<&base::GeneratedFaq::candidate_id>(
        model::references<&base::FaqCandidate::id>.on_delete(model::set_null)),
    model::column<&base::GeneratedFaq::question>(), model::column<&base::GeneratedFaq::answer>(),
    model::column<&base::GeneratedFaq::is_published>(model::default_sql("false")),
    model::column<&base::GeneratedFaq::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::RssFaqImpact> = model::table<base::RssFaqImpact>(
    "rss_faq_impact",
    model::column<&base::RssFaqImpact::id>(model::primary_key, model::generated_uuid),
    model::column<&base::RssFaqImpact::faq_id>(
        model::references<&base::GeneratedFaq::id>.on_delete(model::cascade)),
    model::column<&base::RssFaqImpact::rss_item_url>(),
    model::column<&base::RssFaqImpact::impact_level>(model::varchar(20)),
    model::column<&base::RssFaqImpact::detected_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::FaqGenerationJob> =
    model::table<base::FaqGenerationJob>(
        "faq_generation_jobs",
        model::column<&base::FaqGenerationJob::id>(model::primary_key, model::generated_uuid),
        model::column<&base::FaqGenerationJob::job_type>(model::varchar(50)),
        model::column<&base::FaqGenerationJob::status>(model::varchar(20),
                                                       model::default_sql("'queued'")),
        model::column<&base::FaqGenerationJob::parameters>(),
        model::column<&base::FaqGenerationJob::created_at>(model::default_now),
        model::column<&base::FaqGenerationJob::completed_at>());
