#include <utility>

#include "app/import_publication.h"
#include "base/text.h"

namespace arrears::app {

namespace {

constexpr std::size_t number_bytes_max = 200;
constexpr std::size_t text_bytes_max = 1000;
constexpr std::size_t value_bytes_shown = 80;

std::string shown(std::string_view value) {
  if (value.size() <= value_bytes_shown) return std::string(value);
  std::size_t cut = value_bytes_shown;
  while (cut > 0 && (static_cast<unsigned char>(value[cut]) & 0xC0) == 0x80) --cut;
  return std::string(value.substr(0, cut)) + "...";
}

/// "-12.50 EUR" as amount and currency as written.
std::pair<std::string_view, std::string_view> split_currency(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return {text, {}};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

/// Whether a sign or abbreviation beside an amount can stand for the currency.
bool stands_for(std::string_view written, money::Currency currency) {
  if (const auto code = money::parse_currency(base::to_upper_ascii(written)))
    return *code == currency;
  const std::string_view code = currency.code();
  if (written == "€") return code == "EUR";
  if (written == "£") return code == "GBP";
  if (written == "¥") return code == "JPY" || code == "CNY";
  return true;  // "$", "kr", "Fr." stand for many
}

}  // namespace

RowReader::RowReader(Publication& publication, const RecordBatch& batch, const StagedRecord& record)
    : plan_(&publication.plan), batch_(&batch), record_(&record) {
  for (const RecordProblem& problem : record.problems)
    add({record.line, problem.column, problem.value, problem.code, problem.message});
}

const std::vector<ImportProblem>& RowReader::problems() const {
  static const std::vector<ImportProblem> none;
  return problems_ ? *problems_ : none;
}

void RowReader::add(ImportProblem problem) {
  if (!problems_) problems_ = std::make_unique<std::vector<ImportProblem>>();
  problems_->push_back(std::move(problem));
}

bool RowReader::has_problem(int field) const {
  const std::string& title = plan_->columns[static_cast<std::size_t>(field)].title;
  for (const ImportProblem& problem : problems())
    if (problem.column.empty() || problem.column == title) return true;
  return false;
}

void RowReader::fail(ImportRefusal refusal, int field, std::string_view what) {
  const Refusal refused = base::refuse(refusal, what);
  ImportProblem problem{record_->line, "", "", refused.code, refused.message};
  if (field >= 0) {
    problem.column = plan_->columns[static_cast<std::size_t>(field)].title;
    problem.value = shown(value(field));
  }
  add(std::move(problem));
}

void RowReader::fail(const Refusal& refusal) {
  add({record_->line, "", "", refusal.code, refusal.message});
}

void RowReader::note_repetition(SeenKeys& first_lines, std::string_view number, int field,
                                std::string_view thing) {
  if (number.empty()) return;
  std::uint32_t& first_line = first_lines[number];
  if (first_line != 0) {
    fail(ImportRefusal::duplicate_number, field,
         std::string(thing) + " " + std::string(number) + " stands on line " +
             std::to_string(first_line) + " already");
  } else {
    first_line = static_cast<std::uint32_t>(line());
  }
}

std::string_view RowReader::limited(int field, std::size_t bytes_max, ImportRefusal refusal) {
  const std::string_view text = value(field);
  if (text.size() <= bytes_max) return text;
  fail(refusal, field, "The value has " + std::to_string(text.size()) + " bytes");
  return {};
}

std::string_view RowReader::text(int field) {
  return limited(field, text_bytes_max, ImportRefusal::text_too_long);
}

std::string_view RowReader::number(int field) {
  return limited(field, number_bytes_max, ImportRefusal::number_too_long);
}

std::string_view RowReader::sound_number(int field) const {
  const std::string_view text = value(field);
  return text.size() <= number_bytes_max ? text : std::string_view();
}

bool RowReader::require(int field) {
  if (!value(field).empty()) return true;
  if (field < 0) {
    fail(ImportRefusal::value_missing, -1, "A value is missing");
  } else if (!has_problem(field)) {
    const FieldColumn& column = plan_->columns[static_cast<std::size_t>(field)];
    fail(ImportRefusal::value_missing, field, "The " + column.field + " is missing");
  }
  return false;
}

std::string_view RowReader::required_number(int field) {
  return require(field) ? number(field) : std::string_view();
}

std::optional<Date> RowReader::date(int field) {
  const std::string_view text = value(field);
  if (text.empty()) return {};
  const auto day = calendar::parse_date(text);
  if (!day) fail(ImportRefusal::date_out_of_range, field, "The day " + shown(text) + " is too far");
  return day;
}

std::optional<Date> RowReader::required_date(int field) {
  if (!require(field)) return {};
  return date(field);
}

std::optional<int> RowReader::integer(int field) {
  const std::string_view text = value(field);
  if (text.empty()) return {};
  const auto number = base::parse_int(text);
  if (number && *number >= 1 && *number <= 1000) return static_cast<int>(*number);
  fail(ImportRefusal::instalment_invalid, field, shown(text) + " numbers no instalment");
  return {};
}

std::optional<bool> RowReader::flag(int field) {
  const std::string_view text = value(field);
  if (text.empty()) return {};
  return text == "1";
}

money::Currency RowReader::currency(int currency_field, int amount_field) {
  const std::string_view code = value(currency_field);
  if (!code.empty()) {
    if (const auto known = money::parse_currency(base::to_upper_ascii(code))) return *known;
    fail(ImportRefusal::currency_unknown, currency_field, "There is no currency " + shown(code));
    return {};
  }
  if (plan_->currency) return plan_->currency;
  const std::string_view written = split_currency(value(amount_field)).second;
  if (const auto known = money::parse_currency(base::to_upper_ascii(written))) return *known;
  if (written == "€") return *money::parse_currency("EUR");
  if (written == "£") return *money::parse_currency("GBP");
  if (!has_problem(amount_field))
    fail(ImportRefusal::currency_missing, currency_field, "The row names no currency");
  return {};
}

std::optional<std::int64_t> RowReader::amount(int field, money::Currency currency) {
  const auto [text, written] = split_currency(value(field));
  if (text.empty() || !currency) return {};
  const std::string code(currency.code());
  if (!written.empty() && !stands_for(written, currency)) {
    fail(ImportRefusal::currency_differs, field,
         "The amount is in " + std::string(written) + " and the row in " + code);
    return {};
  }
  const money::ParsedAmount parsed = money::parse_amount(text, currency);
  if (!parsed.error) return parsed.minor;
  switch (*parsed.error) {
    case money::AmountError::not_a_number:
      fail(ImportRefusal::not_an_amount, field, shown(text) + " is not an amount");
      break;
    case money::AmountError::too_many_decimals:
      fail(ImportRefusal::too_many_decimals, field,
           shown(text) + " has more decimals than " + code + ", which has " +
               std::to_string(currency.decimals()));
      break;
    case money::AmountError::beyond_maximum:
      fail(ImportRefusal::amount_beyond_maximum, field, shown(text) + " " + code + " is too much");
      break;
  }
  return {};
}

std::optional<std::int64_t> RowReader::required_amount(int field, money::Currency currency) {
  if (!require(field)) return {};
  return amount(field, currency);
}

std::optional<receivables::DocumentKind> read_document_kind(std::string_view text) {
  using enum receivables::DocumentKind;
  static constexpr std::pair<std::string_view, receivables::DocumentKind> spellings[] = {
      {"invoice", invoice},
      {"inv", invoice},
      {"i", invoice},
      {"in", invoice},
      {"bill", invoice},
      {"rechnung", invoice},
      {"facture", invoice},
      {"380", invoice},
      {"rv", invoice},
      {"dr", invoice},
      {"creditnote", credit_note},
      {"creditmemo", credit_note},
      {"credit", credit_note},
      {"cn", credit_note},
      {"cm", credit_note},
      {"gutschrift", credit_note},
      {"avoir", credit_note},
      {"381", credit_note},
      {"dg", credit_note},
      {"fee", fee},
      {"charge", fee},
      {"interestnote", interest_note},
      {"interest", interest_note},
      {"financecharge", interest_note},
      {"openingbalance", opening_balance},
      {"opening", opening_balance},
      {"refund", refund},
      {"adjustment", adjustment},
      {"adj", adjustment},
      {"debitnote", adjustment},
      {"dn", adjustment},
      {"383", adjustment},
  };
  std::string plain;
  for (const char c : base::to_lower_ascii(text))
    if (c != ' ' && c != '_' && c != '-' && c != '.') plain += c;
  for (const auto& [spelling, kind] : spellings)
    if (plain == spelling) return kind;
  return {};
}

}  // namespace arrears::app
