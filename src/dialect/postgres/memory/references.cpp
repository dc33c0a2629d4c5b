#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

template <class Message>
bool note(std::vector<const Message*>& found, const ProtobufCMessageDescriptor& kind,
          const ProtobufCMessage* message) {
  if (message->descriptor != &kind) return false;
  found.push_back(reinterpret_cast<const Message*>(message));
  return true;
}

void note(References& found, const ProtobufCMessage* message) {
  (void)(note(found.columns, pg_query__column_ref__descriptor, message) ||
         note(found.relations, pg_query__range_var__descriptor, message) ||
         note(found.functions, pg_query__func_call__descriptor, message) ||
         note(found.types, pg_query__type_name__descriptor, message) ||
         note(found.casts, pg_query__type_cast__descriptor, message) ||
         note(found.operators, pg_query__a__expr__descriptor, message) ||
         note(found.choices, pg_query__case_expr__descriptor, message) ||
         note(found.definitions, pg_query__column_def__descriptor, message) ||
         note(found.constraints, pg_query__constraint__descriptor, message) ||
         note(found.keys, pg_query__index_elem__descriptor, message) ||
         note(found.subqueries, pg_query__sub_link__descriptor, message));
}

// Puts the messages that a field holds on the pile.
void push_field(std::vector<const ProtobufCMessage*>& pile, const ProtobufCMessage* message,
                const ProtobufCFieldDescriptor& field) {
  if (field.type != PROTOBUF_C_TYPE_MESSAGE) return;
  const auto* bytes = reinterpret_cast<const char*>(message);
  if (field.label == PROTOBUF_C_LABEL_REPEATED) {
    const auto count = *reinterpret_cast<const std::size_t*>(bytes + field.quantifier_offset);
    const auto* each =
        *reinterpret_cast<const ProtobufCMessage* const* const*>(bytes + field.offset);
    for (std::size_t i = count; i > 0; --i)
      if (each[i - 1] != nullptr) pile.push_back(each[i - 1]);
    return;
  }
  if ((field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0U &&
      *reinterpret_cast<const std::uint32_t*>(bytes + field.quantifier_offset) != field.id)
    return;
  if (const auto* one = *reinterpret_cast<const ProtobufCMessage* const*>(bytes + field.offset))
    pile.push_back(one);
}

}  // namespace

References references_in(const Node* node) {
  References found;
  std::vector<const ProtobufCMessage*> pile;
  if (node != nullptr) pile.push_back(&node->base);
  while (!pile.empty()) {
    const ProtobufCMessage* message = pile.back();
    pile.pop_back();
    note(found, message);
    for (unsigned i = message->descriptor->n_fields; i > 0; --i)
      push_field(pile, message, message->descriptor->fields[i - 1]);
  }
  return found;
}

}  // namespace limbeck::postgres::memory
