#include "source/elaborate.h"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

#include "base/source.h"
#include "base/terminal.h"
#include "base/text_place.h"
#include "source/headline.h"

namespace limbeck {
namespace {

// So many statements go to the server at once: enough that the way there does not count, few enough
// that the locks of one transaction do not fill the server's table of them.
constexpr std::size_t batch_size = 250;

void locate(DatabaseError& error, const sql::Statement& statement, const SqlText& source) {
  const std::size_t offset = byte_of_character(statement.text, error.failure().position);
  Place place = place_at(statement.text, offset, statement.place);
  place.source_line = source_line(source.text, place.line);
  error.report().place = std::move(place);
  error.report().code = ExitCode::invalid_project;
  error.report().state = "nothing was changed";
}

class Loader {
 public:
  Loader(Scratch& scratch, const ScratchDialect& dialect)
      : scratch_(scratch), connection_(scratch.connection()), dialect_(dialect) {}

  void load(const SqlText& source, std::span<const sql::Statement> statements, bool any_order) {
    any_order_ = any_order;
    settings_.emplace_back();
    begin_file();
    for (const sql::Statement& statement : statements) {
      switch (dialect_.use_of(statement, scratch_.owns_server())) {
        case ScratchUse::skip:
          continue;
        case ScratchUse::refuse:
          refused_.insert({fmt::format("{} ({}): it reaches beyond the database",
                                       headline(statement), to_string(statement.place))});
          continue;
        case ScratchUse::setting:
          add({&source, &statement, settings_.size() - 1, settings_.back().size()});
          settings_.back().push_back(&statement);
          continue;
        case ScratchUse::run:
          add({&source, &statement, settings_.size() - 1, settings_.back().size()});
      }
    }
    flush();
  }

  // What could not be run yet, until nothing is left or nothing helps.
  void settle() {
    while (!later_.empty()) {
      std::vector<Item> again = std::move(later_);
      const std::size_t before = again.size();
      later_.clear();
      first_failure_.reset();
      if (backwards_) std::reverse(again.begin(), again.end());
      for (const Item& item : again) {
        apply_settings(item);
        run(item);
      }
      if (backwards_) std::reverse(later_.begin(), later_.end());
      if (later_.size() == before) fail();
      backwards_ = !backwards_;
    }
  }

  std::set<Unmodelled> take_refused() { return std::move(refused_); }

 private:
  struct Item {
    const SqlText* source = nullptr;
    const sql::Statement* statement = nullptr;
    std::size_t file = 0;
    std::size_t settings = 0;  // of its file, that hold for it
  };

  // A SET holds up to the end of its file.
  void begin_file() {
    if (changed_) dialect_.reset_session(connection_);
    changed_ = false;
    file_ = settings_.size() - 1;
    applied_ = 0;
  }

  void add(const Item& item) {
    batch_.push_back(item);
    if (batch_.size() == batch_size) flush();
  }

  void flush() {
    if (batch_.empty()) return;
    const std::vector<Item> batch = std::move(batch_);
    batch_.clear();
    std::vector<const sql::Statement*> statements;
    statements.reserve(batch.size());
    for (const Item& item : batch) statements.push_back(item.statement);
    try {
      dialect_.run_together(connection_, statements);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (const DatabaseError&) {
      for (const Item& item : batch) run(item);
    }
    changed_ = changed_ || settings_.back().size() > applied_;
    applied_ = settings_.back().size();
  }

  void run(const Item& item) {
    try {
      run_with_roles(*item.statement);
    } catch (const ConnectionLost&) {
      throw;
    } catch (const Interrupted&) {
      throw;
    } catch (DatabaseError& error) {
      locate(error, *item.statement, *item.source);
      if (any_order_)  // not those of a revision, whose caller says so
        error.report().context.emplace_back(
            "while loading the declared schema into a scratch database");
      explain(error);
      if (!any_order_ || !dialect_.may_succeed_later(error.failure())) throw;
      if (!first_failure_ || backwards_) first_failure_ = error;
      later_.push_back(item);
    }
  }

  // On a server of our own nobody has made the roles that the statements name.
  void run_with_roles(const sql::Statement& statement) {
    for (;;) {
      try {
        return connection_.run_alone(statement.text);
      } catch (const ConnectionLost&) {
        throw;
      } catch (const DatabaseError& error) {
        const auto role = dialect_.missing_role(error.failure());
        if (!role || !scratch_.owns_server()) throw;
        dialect_.create_role(connection_, *role);
      }
    }
  }

  void explain(DatabaseError& error) const {
    if (const auto role = dialect_.missing_role(error.failure()))
      error.report().hint =
          fmt::format("the role \"{}\" does not exist on this server: create it there", *role);
  }

  void apply_settings(const Item& item) {
    if (file_ == item.file && applied_ == item.settings) return;
    dialect_.reset_session(connection_);
    file_ = item.file;
    applied_ = item.settings;
    for (std::size_t i = 0; i < item.settings; ++i)
      connection_.run_alone(settings_[item.file][i]->text);
  }

  [[noreturn]] void fail() const { throw DatabaseError(*first_failure_); }

  Scratch& scratch_;
  Connection& connection_;
  const ScratchDialect& dialect_;
  bool any_order_ = true;
  std::vector<std::vector<const sql::Statement*>> settings_;  // of each file
  bool changed_ = false;                                      // the session
  std::size_t file_ = 0;
  std::size_t applied_ = 0;
  std::vector<Item> batch_;
  std::vector<Item> later_;
  // In turns: what is declared the wrong way round costs one round.
  bool backwards_ = false;
  std::optional<DatabaseError> first_failure_;  // in the order of the files
  std::set<Unmodelled> refused_;
};

}  // namespace

std::set<Unmodelled> run_declared(Scratch& scratch, const ScratchDialect& dialect,
                                  std::span<const SqlFile> files) {
  Loader loader(scratch, dialect);
  for (const SqlFile& file : files) loader.load(file.source, file.statements, true);
  loader.settle();
  dialect.reset_session(scratch.connection());
  return loader.take_refused();
}

std::set<Unmodelled> run_in_order(Scratch& scratch, const ScratchDialect& dialect,
                                  std::span<const sql::Statement> statements,
                                  const SqlText& source) {
  Loader loader(scratch, dialect);
  loader.load(source, statements, false);
  dialect.reset_session(scratch.connection());
  return loader.take_refused();
}

}  // namespace limbeck
