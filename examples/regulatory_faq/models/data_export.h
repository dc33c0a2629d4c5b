// What a user gets who asks for his data.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

#include "state.h"

namespace base {

struct DataExportRequest {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string format = {};
  std::string status = {};
  limbeck::TimestampTz requested_at = {};
  std::optional<limbeck::TimestampTz> completed_at = {};
};

struct ExportAuditLog {
  limbeck::Uuid id = {};
  limbeck::Uuid request_id = {};
  std::string action = {};
  limbeck::TimestampTz created_at = {};
};

struct QueryHistory {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string query = {};
  std::string response = {};
  limbeck::TimestampTz created_at = {};
};

struct DocumentAnalysis {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string file_name = {};
  std::string analysis_result = {};
  limbeck::TimestampTz analyzed_at = {};
};

struct TaxCalculation {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string calculation_type = {};
  limbeck::Json input_data = {};
  limbeck::Json result = {};
  limbeck::TimestampTz created_at = {};
};

struct FaqInteraction {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  limbeck::Uuid faq_id = {};
  std::optional<bool> helpful = {};
  limbeck::TimestampTz created_at = {};
};

struct KnowledgeBaseSearch {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string search_query = {};
  std::int32_t results_count = {};
  limbeck::TimestampTz created_at = {};
};

struct ElectronicInvoice {
  limbeck::Uuid id = {};
  state::UserId user_id = {};
  std::string invoice_number = {};
  std::string xml_content = {};
  limbeck::TimestampTz created_at = {};
};

}  // namespace base

template <>
inline constexpr auto limbeck::mapping<base::DataExportRequest> =
    model::table<base::DataExportRequest>(
        "data_export_requests",
        model::column<&base::DataExportRequest::id>(model::primary_key, model::generated_uuid),
        state::user_column<&base::DataExportRequest::user_id>(),
        model::column<&base::DataExportRequest::format>(model::varchar(10),
                                                        model::default_sql("'json'")),
        model::column<&base::DataExportRequest::status>(model::varchar(20),
                                                        model::default_sql("'pending'")),
        model::column<&base::DataExportRequest::requested_at>(model::default_now),
        model::column<&base::DataExportRequest::completed_at>());

template <>
inline constexpr auto limbeck::mapping<base::ExportAuditLog> = model::table<base::ExportAuditLog>(
    "export_audit_logs",
    model::column<&base::ExportAuditLog::id>(model::primary_key, model::generated_uuid),
    model::column<&base::ExportAuditLog::request_id>(
        model::references<&base::DataExportRequest::id>.on_delete(model::cascade)),
    model::column<&base::ExportAuditLog::action>(model::varchar(50)),
    model::column<&base::ExportAuditLog::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::QueryHistory> =
    model::table<base::QueryHistory>(
        "query_history",
        model::column<&base::QueryHistory::id>(model::primary_key, model::generated_uuid),
        state::user_column<&base::QueryHistory::user_id>(),
        model::column<&base::QueryHistory::query>(), model::column<&base::QueryHistory::response>(),
        model::column<&base::QueryHistory::created_at>(model::default_now))
        .with(model::index("ix_query_history_user")
                  .column<&base::QueryHistory::user_id>()
                  .column<&base::QueryHistory::created_at>(model::descending));

template <>
inline constexpr auto limbeck::mapping<base::DocumentAnalysis> =
    model::table<base::DocumentAnalysis>(
        state::document_analyses,
        model::column<&base::DocumentAnalysis::id>(model::primary_key, model::generated_uuid),
        state::user_column<&base::DocumentAnalysis::user_id>(),
        model::column<&base::DocumentAnalysis::file_name>(model::varchar(255)),
        model::column<&base::DocumentAnalysis::analysis_result>(),
        model::column<&base::DocumentAnalysis::analyzed_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::TaxCalculation> = model::table<base::TaxCalculation>(
    state::tax_calculations,
    model::column<&base::TaxCalculation::id>(model::primary_key, model::generated_uuid),
    state::user_column<&base::TaxCalculation::user_id>(),
    model::column<&base::TaxCalculation::calculation_type>(model::varchar(50)),
    model::column<&base::TaxCalculation::input_data>(),
    model::column<&base::TaxCalculation::result>(),
    model::column<&base::TaxCalculation::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::FaqInteraction> = model::table<base::FaqInteraction>(
    "faq_interactions",
    model::column<&base::FaqInteraction::id>(model::primary_key, model::generated_uuid),
    state::user_column<&base::FaqInteraction::user_id>(),
    model::column<&base::FaqInteraction::faq_id>(
        model::references<&sqlmodel::FaqEntry::id>.of_another_set().on_delete(model::cascade)),
    model::column<&base::FaqInteraction::helpful>(),
    model::column<&base::FaqInteraction::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::KnowledgeBaseSearch> =
    model::table<base::KnowledgeBaseSearch>(
        "knowledge_base_searches",
        model::column<&base::KnowledgeBaseSearch::id>(model::primary_key, model::generated_uuid),
        state::user_column<&base::KnowledgeBaseSearch::user_id>(),
        model::column<&base::KnowledgeBaseSearch::search_query>(),
        model::column<&base::KnowledgeBaseSearch::results_count>(model::default_sql("0")),
        model::column<&base::KnowledgeBaseSearch::created_at>(model::default_now));

template <>
inline constexpr auto limbeck::mapping<base::ElectronicInvoice> =
    model::table<base::ElectronicInvoice>(
        "electronic_invoices",
        model::column<&base::ElectronicInvoice::id>(model::primary_key, model::generated_uuid),
        state::user_column<&base::ElectronicInvoice::user_id>(),
        model::column<&base::ElectronicInvoice::invoice_number>(model::varchar(50)),
        model::column<&base::ElectronicInvoice::xml_content>(),
        model::column<&base::ElectronicInvoice::created_at>(model::default_now));
