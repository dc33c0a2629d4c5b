#include "dialect/postgres/memory/references.h"

namespace limbeck::postgres::memory {
namespace {

void note(References& found, const ProtobufCMessage* message) {
  const ProtobufCMessageDescriptor* kind = message->descriptor;
  if (kind == &pg_query__column_ref__descriptor)
    found.columns.push_back(reinterpret_cast<const PgQuery__ColumnRef*>(message));
  else if (kind == &pg_query__range_var__descriptor)
    found.relations.push_back(reinterpret_cast<const PgQuery__RangeVar*>(message));
  else if (kind == &pg_query__func_call__descriptor)
    found.functions.push_back(reinterpret_cast<const PgQuery__FuncCall*>(message));
  else if (kind == &pg_query__type_name__descriptor)
    found.types.push_back(reinterpret_cast<const PgQuery__TypeName*>(message));
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
