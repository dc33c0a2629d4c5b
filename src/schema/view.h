// Views, materialized views, and what hangs on relations: triggers, rules, policies, statistics.
//
// What the server writes down as one statement is kept as that statement ("definition").
#pragma once

#include <string>
#include <vector>

#include "schema/field.h"
#include "schema/object_id.h"
#include "schema/table.h"

namespace limbeck {

// What a view shows, for the rule that CREATE OR REPLACE VIEW may only add columns at the end.
struct ViewColumn {
  std::string name = {};
  std::string type = {};
  std::string collation = {};  // qualified and quoted; empty: the type's own
  std::string comment = {};
  std::string default_expression = {};

  bool operator==(const ViewColumn&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("name", &ViewColumn::name), field("type", &ViewColumn::type),
                      field("collation", &ViewColumn::collation),
                      field("comment", &ViewColumn::comment),
                      field("default", &ViewColumn::default_expression));
  }
};

struct View {
  std::vector<ViewColumn> columns = {};
  std::string query = {};  // without the final semicolon
  Options options = {};    // security_barrier=true, check_option=local

  bool operator==(const View&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("columns", &View::columns), field("query", &View::query),
                      field("options", &View::options));
  }
};

struct MaterializedView {
  std::vector<ViewColumn> columns = {};
  std::string query = {};
  Options options = {};
  std::string access_method = {};  // empty: heap
  std::string tablespace = {};     // empty: the database's
  bool populated = true;

  bool operator==(const MaterializedView&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("columns", &MaterializedView::columns),
                      field("query", &MaterializedView::query),
                      field("options", &MaterializedView::options),
                      field("access_method", &MaterializedView::access_method),
                      field("tablespace", &MaterializedView::tablespace),
                      // What a refresh changes is no difference of the schema.
                      field("populated", &MaterializedView::populated, FieldRole::carried));
  }
};

enum class Enabled { origin, disabled, replica, always };

struct Trigger {
  RelationName table = {};      // or view
  std::string definition = {};  // CREATE TRIGGER ...
  bool constraint = false;
  Enabled enabled = Enabled::origin;
  bool inherited = false;  // a copy of the partitioned table's trigger

  bool operator==(const Trigger&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &Trigger::table), field("definition", &Trigger::definition),
                      field("constraint", &Trigger::constraint),
                      field("enabled", &Trigger::enabled), field("inherited", &Trigger::inherited));
  }
};

struct EventTrigger {
  std::string event = {};
  std::vector<std::string> tags = {};
  std::string function = {};  // qualified and quoted, without parentheses
  Enabled enabled = Enabled::origin;

  bool operator==(const EventTrigger&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("event", &EventTrigger::event), field("tags", &EventTrigger::tags),
                      field("function", &EventTrigger::function),
                      field("enabled", &EventTrigger::enabled));
  }
};

struct Rule {
  RelationName table = {};      // or view
  std::string definition = {};  // CREATE RULE ..., without the final semicolon
  Enabled enabled = Enabled::origin;

  bool operator==(const Rule&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &Rule::table), field("definition", &Rule::definition),
                      field("enabled", &Rule::enabled));
  }
};

struct Policy {
  RelationName table = {};
  std::string command = "ALL";
  bool permissive = true;
  std::vector<std::string> roles = {};  // sorted; empty: PUBLIC
  std::string using_expression = {};
  std::string check_expression = {};

  bool operator==(const Policy&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &Policy::table), field("command", &Policy::command),
                      field("permissive", &Policy::permissive), field("roles", &Policy::roles),
                      field("using", &Policy::using_expression),
                      field("check", &Policy::check_expression));
  }
};

struct Statistics {
  RelationName table = {};
  std::string definition = {};  // CREATE STATISTICS ...
  int target = -1;

  bool operator==(const Statistics&) const = default;
  template <class = void>
  static constexpr auto fields() {
    return std::tuple(field("table", &Statistics::table),
                      field("definition", &Statistics::definition),
                      field("target", &Statistics::target));
  }
};

}  // namespace limbeck
