#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/import_refusals.h"
#include "base/names.h"
#include "base/result.h"
#include "domain/money/money.h"

/// What can be imported: the fields of each kind, which are the targets of a mapping.
namespace arrears::app {

enum class ImportKind : unsigned char {
  customers,
  contacts,
  invoices,
  payments,
  allocations,
  open_items,
  rates,
};

enum class FieldType : unsigned char {
  text,
  id,  ///< a number that is a name: leading zeros are kept
  date,
  amount,
  integer,
  rate,
  flag,
};

struct ImportField {
  std::string_view name;
  FieldType type = FieldType::text;
  bool required = false;      ///< a column must be mapped to it
  std::string_view synonyms;  ///< column names that are taken for it, separated by "|"
  std::string_view help;
};

std::span<const ImportField> import_fields(ImportKind kind);

/// A field and the column that it is read from.
struct FieldColumn {
  std::string field;
  FieldType type = FieldType::text;
  int column = 0;     ///< 0-based
  std::string title;  ///< the column's name in the file
};

using FieldMapping = std::vector<std::pair<std::string, std::string>>;

/// Which columns of `header` give which fields: those of `mapping` (field, column), and for the
/// other fields the column of the same name or a synonym; case, blanks, "_", "-" and "." do not
/// matter. Refuses names that do not exist and required fields without a column. Rates in the wide
/// form of the ECB (Date, USD, JPY, ...) give one field per currency, named by its code.
base::Result<std::vector<FieldColumn>> match_columns(ImportKind kind,
                                                     const std::vector<std::string>& header,
                                                     const FieldMapping& mapping);

/// "customer=customerID,number=invoiceNumber" as a mapping.
base::Result<FieldMapping> parse_mapping(std::string_view text);

}  // namespace arrears::app

ARREARS_NAMES(app, ImportKind, "customers", "contacts", "invoices", "payments", "allocations",
              "open-items", "rates");
ARREARS_NAMES(app, FieldType, "text", "id", "date", "amount", "integer", "rate", "flag");
