#include "app/entry_kinds.h"

#include <array>

namespace arrears::app {

namespace {
struct Row {
  std::string_view name;
  int version;
};
constexpr std::array rows{
#define ARREARS_ENTRY_KIND_ROW_(kind, version) Row{#kind, version},
    ARREARS_ENTRY_KINDS(ARREARS_ENTRY_KIND_ROW_)
#undef ARREARS_ENTRY_KIND_ROW_
};
}  // namespace

std::string_view name(EntryKind kind) { return rows[static_cast<std::size_t>(kind)].name; }
int schema_version(EntryKind kind) { return rows[static_cast<std::size_t>(kind)].version; }

}  // namespace arrears::app
