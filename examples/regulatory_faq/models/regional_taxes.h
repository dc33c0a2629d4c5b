// Taxes that regions and municipalities set.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "limbeck/model.h"

namespace base {

struct Regione {
  std::int32_t id = {};
  std::string codice_istat = {};
  std::string nome = {};
  bool is_autonomous = {};
};

struct Comune {
  std::int32_t id = {};
  std::int32_t regione_id = {};
  std::string codice_catastale = {};
  std::string nome = {};
  std::string provincia = {};
};

struct RegionalTaxRate {
  std::int32_t id = {};
  std::int32_t regione_id = {};
  std::string tax_type = {};
  limbeck::Decimal rate = {};
  limbeck::Date valid_from = {};
  std::optional<limbeck::Date> valid_to = {};
};

struct ComunalTaxRate {
  std::int32_t id = {};
  std::int32_t comune_id = {};
  std::string tax_type = {};
  limbeck::Decimal rate = {};
  limbeck::Date valid_from = {};
  std::optional<limbeck::Date> valid_to = {};
};

}  // namespace base

template <>
inline constexpr auto limbeck::mapping<base::Regione> = model::table<base::Regione>(
    "regione", model::column<&base::Regione::id>(model::primary_key, model::identity),
    model::column<&base::Regione::codice_istat>(model::character(2), model::unique),
    model::column<&base::Regione::nome>(model::varchar(100)),
    model::column<&base::Regione::is_autonomous>(model::default_sql("false")));

template <>
inline constexpr auto limbeck::mapping<base::Comune> =
    model::table<base::Comune>(
        "comune", model::column<&base::Comune::id>(model::primary_key, model::identity),
        model::column<&base::Comune::regione_id>(model::references<&base::Regione::id>),
        model::column<&base::Comune::codice_catastale>(model::character(4), model::unique),
        model::column<&base::Comune::nome>(model::varchar(100)),
        model::column<&base::Comune::provincia>(model::character(2)))
        .with(model::index<&base::Comune::regione_id>("ix_comune_regione_id"));

template <>
inline constexpr auto limbeck::mapping<base::RegionalTaxRate> =
    model::table<base::RegionalTaxRate>(
        "regional_tax_rates",
        model::column<&base::RegionalTaxRate::id>(model::primary_key, model::identity),
        model::column<&base::RegionalTaxRate::regione_id>(
            model::references<&base::Regione::id>.on_delete(model::cascade)),
        model::column<&base::RegionalTaxRate::tax_type>(model::varchar(50)),
        model::column<&base::RegionalTaxRate::rate>(
            model::numeric(5, 2),
            model::check("rate >= 0 AND rate <= 100").named("valid_regional_rate")),
        model::column<&base::RegionalTaxRate::valid_from>(),
        model::column<&base::RegionalTaxRate::valid_to>())
        .with(model::unique_on<&base::RegionalTaxRate::regione_id, &base::RegionalTaxRate::tax_type,
                               &base::RegionalTaxRate::valid_from>,
              model::check("valid_to IS NULL OR valid_to >= valid_from")
                  .named("valid_regional_period"));

template <>
inline constexpr auto limbeck::mapping<base::ComunalTaxRate> =
    model::table<base::ComunalTaxRate>(
        "comunal_tax_rates",
        model::column<&base::ComunalTaxRate::id>(model::primary_key, model::identity),
        model::column<&base::ComunalTaxRate::comune_id>(
            model::references<&base::Comune::id>.on_delete(model::cascade)),
        model::column<&base::ComunalTaxRate::tax_type>(model::varchar(50)),
        model::column<&base::ComunalTaxRate::rate>(
            model::numeric(5, 2),
            model::check("rate >= 0 AND rate <= 100").named("valid_comunal_rate")),
        model::column<&base::ComunalTaxRate::valid_from>(),
        model::column<&base::ComunalTaxRate::valid_to>())
        .with(model::unique_on<&base::ComunalTaxRate::comune_id, &base::ComunalTaxRate::tax_type,
                               &base::ComunalTaxRate::valid_from>,
              model::check("valid_to IS NULL OR valid_to >= valid_from")
                  .named("valid_comunal_period"));
