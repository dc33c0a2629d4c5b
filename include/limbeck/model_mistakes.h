// What the compiler says when it finds that a declaration is wrong. Included by limbeck/model.h.
#pragma once

namespace limbeck::model {

// A declaration that would call one of these is no constant expression, and the compiler says the
// name. No running program calls one.
namespace mistake {
void the_sql_type_does_not_fit_the_type_of_the_member();
void a_name_must_have_1_to_63_bytes();
void two_columns_have_the_same_name();
void a_member_has_two_columns();
void the_table_has_no_primary_key();
void the_table_has_two_primary_keys();
void the_member_has_no_column();
void a_primary_key_cannot_be_null();
void an_identity_column_must_be_an_integer();
void generated_uuid_is_for_a_uuid_column();
void this_option_is_for_a_date_or_timestamp_column();
void a_computed_column_has_no_default();
void a_length_or_precision_is_out_of_range();
void a_key_has_too_many_columns();
void an_index_has_too_many_parts();
void an_index_has_no_parts();
void two_indexes_or_constraints_have_the_same_name();
void the_foreign_key_and_what_it_refers_to_have_different_numbers_of_columns();
void the_foreign_key_refers_to_a_table_outside_of_the_set();
void the_foreign_key_refers_to_columns_that_are_no_key();
void two_tables_of_the_set_have_the_same_name();
void set_null_needs_a_column_that_can_be_null();
}  // namespace mistake

}  // namespace limbeck::model
