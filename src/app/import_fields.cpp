#include "app/import_fields.h"

#include <array>

#include "base/text.h"

namespace arrears::app {

namespace {

using base::Result;
using enum FieldType;

constexpr std::string_view customer_names =
    "customerid|customernumber|customerno|cust|custno|custid|custnumber|account|accountnumber|"
    "accountno|debtor|debtornumber|debitor|kundennummer|kunde|client|clientid|codeclient";
constexpr std::string_view name_names =
    "customername|namecustomer|company|companyname|accountname|kundenname|firma|nom|raisonsociale";
constexpr std::string_view document_names =
    "invoice|invoicenumber|invoiceno|invoiceid|document|documentnumber|documentno|documentid|docno|"
    "docnumber|belegnummer|rechnungsnummer|rechnung|facture|numerofacture";
constexpr std::string_view issued_names =
    "issuedate|issuedon|invoicedate|documentdate|docdate|date|billdate|documentcreatedate|"
    "belegdatum|rechnungsdatum|datefacture";
constexpr std::string_view due_names =
    "duedate|dueon|dueindate|netduedate|maturity|maturitydate|faelligkeit|faelligam|echeance";
constexpr std::string_view amount_names =
    "total|totalamount|invoiceamount|documentamount|grossamount|betrag|montant|value";
constexpr std::string_view currency_names = "currencycode|ccy|invoicecurrency|waehrung|devise";
constexpr std::string_view kind_names = "documentkind|documenttype|doctype|type|invoicetype";

constexpr ImportField customer_field{"customer", id, true, customer_names,
                                     "account number of the customer"};
constexpr ImportField currency_field{"currency", text, false, currency_names,
                                     "ISO 4217 code; without it --currency counts"};

constexpr auto customer_fields = std::to_array<ImportField>({
    {"number", id, true, customer_names, "account number of the customer"},
    {"name", text, false, name_names, "name of the company or person"},
    {"party", id, false, "partyid|partyreference|masterid|globalid",
     "the same in several entities: one party"},
    {"parent", id, false, "parentcustomer|parentid|headoffice|parentnumber",
     "account number of the head office"},
    {"kind", text, false, "partykind|customertype", "company or person"},
    {"country", text, false, "countrycode|land|pays", "ISO 3166 code of two letters"},
    {"language", text, false, "lang|languagecode|sprache", "BCP 47: en, de-AT"},
    {"segment", text, false, "customersegment|customergroup|class", "the site's own word"},
    {"since", date, false, "customersince|createdon|created", "first day of the relation"},
});

constexpr auto contact_fields = std::to_array<ImportField>({
    customer_field,
    {"reference", id, false, "contactid|contactnumber|id", "the ERP's id of the contact"},
    {"name", text, false, "contactname|fullname|contact", "name of the person"},
    {"role", text, false, "title|jobtitle|position|function", "what the person does"},
    {"phone", text, false, "telephone|tel|phonenumber|mobile", "telephone number"},
    {"email", text, false, "mail|emailaddress", "one e-mail address"},
    {"language", text, false, "lang|languagecode", "BCP 47: en, de-AT"},
    {"time_zone", text, false, "tz", "IANA: Europe/Vienna"},
    {"active", flag, false, "enabled", "yes or no"},
});

constexpr auto invoice_fields = std::to_array<ImportField>({
    {"number", id, true, document_names, "number of the document, unique in the entity"},
    customer_field,
    {"name", text, false, name_names, "the customer's name, for customers not yet known"},
    {"kind", text, false, kind_names,
     "invoice, credit_note, fee, interest_note, opening_balance, refund, adjustment; without it by "
     "the sign"},
    {"issued", date, true, issued_names, "issue date"},
    {"due", date, true, due_names, "due date of the instalment; of a credit it may be empty"},
    {"amount", amount, true, amount_names, "amount of the instalment; a credit is negative"},
    currency_field,
    {"instalment", integer, false, "instalmentnumber|installment|installmentnumber|instalmentno",
     "1, 2, 3: rows of one number are one document"},
    {"discount_until", date, false, "discountdate|skontodatum",
     "last day of the early-payment discount"},
    {"discounted", amount, false, "discountedamount", "what settles the instalment until then"},
    {"payment_method", text, false, "paymentmethod", "as the ERP names it"},
    {"holder", text, false, "factor", "owner of the receivable if not the entity"},
    {"reference", text, false, "purchaseorder|po|ponumber|orderreference|customerreference",
     "the customer's order number"},
    {"settled_on", date, false, "settleddate|cleardate|clearingdate|paidon|paiddate|paymentdate",
     "paid in full on that day (inferred payment)"},
});

constexpr auto payment_fields = std::to_array<ImportField>({
    {"number", id, false, "payment|paymentnumber|paymentno|paymentid|transactionid",
     "number of the payment; without it the content tells payments apart"},
    {"customer", id, false, customer_names,
     "account number; without it the payment is unidentified"},
    {"value_on", date, true, "valuedate|paymentdate|date|bookingdate|paidon|wertstellung",
     "value date"},
    {"amount", amount, true, amount_names, "money received, positive"},
    currency_field,
    {"payer", text, false, "payername|remitter|auftraggeber", "who paid, as the bank says"},
    {"reference", text, false,
     "remittance|remittanceinformation|paymentreference|"
     "verwendungszweck|description",
     "what the payer wrote"},
    {"invoice", id, false, "invoicenumber|invoiceno|document|documentnumber|invoiceid",
     "document that it settles, oldest instalment first"},
});

constexpr auto allocation_fields = std::to_array<ImportField>({
    {"payment", id, false, "paymentnumber|paymentno|paymentid", "number of the payment, or"},
    {"credit", id, false, "creditnote|creditnumber|creditnotenumber",
     "number of the credit that is used"},
    {"invoice", id, true, "invoicenumber|invoiceno|document|documentnumber|invoiceid|number",
     "document that is settled"},
    {"instalment", integer, false, "instalmentnumber|installment|instalmentno",
     "its instalment; without it the first"},
    {"on", date, false, "date|allocatedon|allocationdate|appliedon",
     "day of the allocation; without it the earliest possible"},
    {"amount", amount, true, "appliedamount|allocatedamount|total", "in the document's currency"},
    {"source_amount", amount, false, "sourceamount|paymentamount",
     "in the source's currency, where that is another"},
});

constexpr auto open_item_fields = std::to_array<ImportField>({
    {"number", id, true, document_names, "number of the document, unique in the entity"},
    customer_field,
    {"name", text, false, name_names, "the customer's name, for customers not yet known"},
    {"kind", text, false, kind_names, "as of invoices; without it by the sign"},
    {"issued", date, true, issued_names, "issue date"},
    {"due", date, true, due_names, "due date; of a credit it may be empty"},
    {"open", amount, true,
     "openamount|amount|balance|outstanding|openbalance|amountdue|total|totalopenamount|offen",
     "open amount on the day of the snapshot"},
    currency_field,
});

constexpr auto rate_fields = std::to_array<ImportField>({
    {"date", date, true, "day|on|ratedate", "first day of the rate"},
    {"base", text, true, "basecurrency|from|fromcurrency", "one unit of this currency"},
    {"quote", text, true, "quotecurrency|to|tocurrency|currency", "is worth so much of this"},
    {"rate", rate, true, "exchangerate|value", "positive decimal"},
});

/// Letters and digits in lower case: "Invoice_Number" -> "invoicenumber".
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : base::to_lower_ascii(name)) {
    if (c == ' ' || c == '_' || c == '-' || c == '.' || c == '/' || c == '#') continue;
    out += c;
  }
  return out;
}

const ImportField* find_field(std::span<const ImportField> fields, std::string_view name) {
  for (const ImportField& field : fields)
    if (field.name == name) return &field;
  return nullptr;
}

/// The column of exactly this name, else of this name in another spelling; -1 for none.
int find_column(const std::vector<std::string>& header, std::string_view name) {
  for (std::size_t i = 0; i < header.size(); ++i)
    if (header[i] == name) return static_cast<int>(i);
  for (std::size_t i = 0; i < header.size(); ++i)
    if (plain(header[i]) == plain(name)) return static_cast<int>(i);
  return -1;
}

/// The column that a field finds by itself among those not taken; -1 for none.
int guess_column(const ImportField& field, const std::vector<std::string>& header,
                 const std::vector<bool>& taken) {
  const auto look_for = [&](std::string_view name) {
    for (std::size_t i = 0; i < header.size(); ++i)
      if (!taken[i] && plain(header[i]) == plain(name)) return static_cast<int>(i);
    return -1;
  };
  int found = look_for(field.name);
  if (field.synonyms.empty()) return found;
  for (const std::string_view synonym : base::split(field.synonyms, '|')) {
    if (found >= 0) break;
    found = look_for(synonym);
  }
  return found;
}

/// Date, USD, JPY, ...: at least one column named by a currency, and a day, but no rate.
std::vector<FieldColumn> wide_rates(const std::vector<std::string>& header) {
  const int day = find_column(header, "date");
  if (day < 0 || find_column(header, "rate") >= 0) return {};
  std::vector<FieldColumn> columns{{"date", date, day, header[static_cast<std::size_t>(day)]}};
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string_view code = base::trim(header[i]);
    if (money::parse_currency(code))
      columns.push_back({std::string(code), rate, static_cast<int>(i), header[i]});
  }
  return columns.size() > 1 ? columns : std::vector<FieldColumn>{};
}

std::string list_of(const std::vector<std::string>& header) {
  std::string out;
  for (const std::string& name : header) {
    if (!out.empty()) out += ", ";
    out += name;
    if (out.size() > 400) return out + ", ...";
  }
  return out;
}

}  // namespace

std::span<const ImportField> import_fields(ImportKind kind) {
  switch (kind) {
    case ImportKind::customers:
      return customer_fields;
    case ImportKind::contacts:
      return contact_fields;
    case ImportKind::invoices:
      return invoice_fields;
    case ImportKind::payments:
      return payment_fields;
    case ImportKind::allocations:
      return allocation_fields;
    case ImportKind::open_items:
      return open_item_fields;
    case ImportKind::rates:
      return rate_fields;
  }
  return {};
}

Result<std::vector<FieldColumn>> match_columns(ImportKind kind,
                                               const std::vector<std::string>& header,
                                               const FieldMapping& mapping) {
  const std::span<const ImportField> fields = import_fields(kind);
  std::vector<FieldColumn> found;
  std::vector<bool> taken(header.size(), false);
  for (const auto& [name, column] : mapping) {
    const ImportField* field = find_field(fields, name);
    if (!field) {
      return base::refuse(ImportRefusal::field_unknown,
                          "The mapping names the field " + name + ", which " +
                              std::string(base::name(kind)) + " do not have");
    }
    for (const FieldColumn& earlier : found) {
      if (earlier.field == name)
        return base::refuse(ImportRefusal::field_repeated, "The mapping names " + name + " twice");
    }
    const int at = find_column(header, column);
    if (at < 0) {
      return base::refuse(ImportRefusal::column_unknown,
                          "The file has no column " + column + "; it has " + list_of(header));
    }
    found.push_back({name, field->type, at, header[static_cast<std::size_t>(at)]});
    taken[static_cast<std::size_t>(at)] = true;
  }
  if (kind == ImportKind::rates && mapping.empty()) {
    if (auto wide = wide_rates(header); !wide.empty()) return wide;
  }
  for (const ImportField& field : fields) {
    bool mapped = false;
    for (const FieldColumn& earlier : found) mapped = mapped || earlier.field == field.name;
    if (mapped) continue;
    const int at = guess_column(field, header, taken);
    if (at >= 0) {
      found.push_back(
          {std::string(field.name), field.type, at, header[static_cast<std::size_t>(at)]});
      taken[static_cast<std::size_t>(at)] = true;
    } else if (field.required) {
      return base::refuse(ImportRefusal::required_column_missing,
                          "No column gives " + std::string(field.name) + " (" +
                              std::string(field.help) + "); the file has " + list_of(header));
    }
  }
  return found;
}

Result<FieldMapping> parse_mapping(std::string_view text) {
  FieldMapping mapping;
  if (base::trim(text).empty()) return mapping;
  for (const std::string_view part : base::split(text, ',')) {
    const auto equals = part.find('=');
    const std::string_view field = base::trim(part.substr(0, equals));
    const std::string_view column =
        equals == std::string_view::npos ? "" : base::trim(part.substr(equals + 1));
    if (field.empty() || column.empty()) {
      return base::refuse(ImportRefusal::mapping_invalid,
                          "The mapping " + std::string(part) + " cannot be read");
    }
    mapping.push_back({std::string(field), std::string(column)});
  }
  return mapping;
}

}  // namespace arrears::app
