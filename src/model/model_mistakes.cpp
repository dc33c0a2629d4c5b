#include "limbeck/model_mistakes.h"

#include "limbeck/error.h"

namespace limbeck::model::mistake {
namespace {

[[noreturn]] void fail(const char* what) {
  throw Error({.code = ExitCode::internal_error, .message = what});
}

}  // namespace

// What the compiler has let through is right: these are here because the linker asks for them.
void the_sql_type_does_not_fit_the_type_of_the_member() {
  fail(__func__);
}
void a_name_must_have_1_to_63_bytes() {
  fail(__func__);
}
void two_columns_have_the_same_name() {
  fail(__func__);
}
void a_member_has_two_columns() {
  fail(__func__);
}
void the_table_has_no_primary_key() {
  fail(__func__);
}
void the_table_has_two_primary_keys() {
  fail(__func__);
}
void the_member_has_no_column() {
  fail(__func__);
}
void a_primary_key_cannot_be_null() {
  fail(__func__);
}
void an_identity_column_must_be_an_integer() {
  fail(__func__);
}
void generated_uuid_is_for_a_uuid_column() {
  fail(__func__);
}
void this_option_is_for_a_date_or_timestamp_column() {
  fail(__func__);
}
void a_computed_column_has_no_default() {
  fail(__func__);
}
void a_length_or_precision_is_out_of_range() {
  fail(__func__);
}
void a_key_has_too_many_columns() {
  fail(__func__);
}
void an_index_has_too_many_parts() {
  fail(__func__);
}
void an_index_has_no_parts() {
  fail(__func__);
}
void two_indexes_or_constraints_have_the_same_name() {
  fail(__func__);
}
void the_foreign_key_and_what_it_refers_to_have_different_numbers_of_columns() {
  fail(__func__);
}
void the_foreign_key_refers_to_a_table_outside_of_the_set() {
  fail(__func__);
}
void the_foreign_key_refers_to_columns_that_are_no_key() {
  fail(__func__);
}
void two_tables_of_the_set_have_the_same_name() {
  fail(__func__);
}
void set_null_needs_a_column_that_can_be_null() {
  fail(__func__);
}

}  // namespace limbeck::model::mistake
