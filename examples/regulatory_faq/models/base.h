// The set "base": the models of seven files, which no revision followed.
#pragma once

#include "ccnl_database.h"
#include "ccnl_update_models.h"
#include "data_export.h"
#include "faq_automation.h"
#include "quality_analysis.h"
#include "regional_taxes.h"
#include "subscription.h"

namespace base {

inline limbeck::Metadata tables() {
  return limbeck::metadata<
      // quality_analysis.h
      ExpertProfile, ExpertFeedback, ExpertGeneratedTask, ExpertFaqCandidate, PromptTemplate,
      FailurePattern, SystemImprovement, QualityMetric, ExpertValidation,
      // regional_taxes.h
      Regione, Comune, RegionalTaxRate, ComunalTaxRate,
      // ccnl_database.h
      CcnlSector, CcnlAgreement, JobLevel, SalaryTable, WorkingHours, OvertimeRule,
      LeaveEntitlement, NoticePeriod, SpecialAllowance,
      // ccnl_update_models.h
      CcnlDatabase, CcnlVersion, CcnlUpdateEvent, CcnlChangeLog, CcnlMonitoringMetric,
      // faq_automation.h
      QueryCluster, FaqCandidate, GeneratedFaq, RssFaqImpact, FaqGenerationJob,
      // subscription.h
      SubscriptionPlan, Subscription, Invoice, SubscriptionPlanChange,
      // data_export.h
      DataExportRequest, ExportAuditLog, QueryHistory, DocumentAnalysis, TaxCalculation,
      FaqInteraction, KnowledgeBaseSearch, ElectronicInvoice>("base");
}

}  // namespace base
