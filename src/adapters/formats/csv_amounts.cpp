#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <vector>

#include "adapters/formats/csv_fields.h"
#include "adapters/formats/utf8.h"
#include "base/text.h"

namespace arrears::formats {

namespace {
constexpr std::size_t digits_max = 40;
constexpr char group_mark = ' ';  ///< stands for every kind of blank and apostrophe

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_blank(char32_t point) {
  return point < 0x80 ? point == ' ' || point == '\t'
                      : u_isUWhiteSpace(static_cast<UChar32>(point)) != 0;
}

/// An amount taken apart: what stands before and after the digits, and the digits with separators.
struct Parts {
  std::string before, after;  ///< without blanks and signs
  std::string body;           ///< digits, '.', ',' and group_mark
  bool negative = false;
  bool valid = true;
};

bool is_separator(char c) { return c == '.' || c == ','; }

bool ends_in_separator(std::string_view body) { return !body.empty() && is_separator(body.back()); }

bool is_dash(char32_t point) { return point == '-' || point == 0x2013 || point == 0x2014; }

/// Whether a separator before any digit belongs to the number: ".50", but not "Rs.50".
bool starts_decimals(const Parts& parts, std::string_view rest) {
  const char last = parts.before.empty() ? ' ' : parts.before.back();
  const bool abbreviation = (last >= 'a' && last <= 'z') || (last >= 'A' && last <= 'Z');
  return parts.body.empty() && !abbreviation && !rest.empty() && is_digit(rest.front());
}

/// Takes `text` apart without judging the separators.
Parts take_apart(std::string_view text) {
  Parts parts;
  int signs = 0;
  int parentheses = 0;
  bool closed = false;
  const auto digits_follow = [&] { return !text.empty() && is_digit(text.front()); };
  while (!text.empty()) {
    const std::string_view here = text;
    const char32_t point = take_code_point(text);
    const std::string_view bytes = here.substr(0, here.size() - text.size());
    const bool in_body = !parts.body.empty() && parts.after.empty() && !closed;
    if (point >= '0' && point <= '9') {
      if (!parts.after.empty() || closed) parts.valid = false;
      parts.body += static_cast<char>(point);
    } else if (is_dash(point) && (in_body || closed) && ends_in_separator(parts.body)) {
      closed = true;  // "100,-" and "100.--": no decimals
    } else if (point == '-' || point == '+' || point == 0x2212) {
      ++signs;
      if (point != '+') parts.negative = true;
      if (!parts.body.empty()) closed = true;
    } else if (point == '(' || point == ')') {
      const int expected = point == '(' ? 0 : 1;
      if (parentheses++ != expected || (point == '(') != parts.body.empty()) parts.valid = false;
      parts.negative = true;
      if (point == ')') closed = true;
    } else if (is_blank(point)) {
      if (in_body && digits_follow()) parts.body += group_mark;
    } else if ((point == '\'' || point == 0x2019) && in_body && digits_follow()) {
      parts.body += group_mark;
    } else if ((point == '.' || point == ',') && (in_body || starts_decimals(parts, text))) {
      if (!parts.after.empty()) parts.valid = false;
      parts.body += static_cast<char>(point);
    } else {
      (parts.body.empty() ? parts.before : parts.after) += bytes;
    }
  }
  if (signs + (parentheses > 0 ? 1 : 0) > 1 || parentheses == 1) parts.valid = false;
  return parts;
}

/// A currency sign, three letters, or an abbreviation in use.
bool is_currency(std::string_view text) {
  static constexpr auto words = std::to_array<std::string_view>(
      {"kr", "kr.", "Kr", "Kr.", "zł", "Kč", "Ft", "Fr", "Fr.", "Rs", "Rs.", "R", "lei", "Lt"});
  if (std::find(words.begin(), words.end(), text) != words.end()) return true;
  int points = 0;
  int signs = 0;
  bool letters = true;
  bool ascii = true;
  while (!text.empty()) {
    const char32_t point = take_code_point(text);
    ++points;
    if (u_charType(static_cast<UChar32>(point)) == U_CURRENCY_SYMBOL) {
      ++signs;
    } else if (u_isalpha(static_cast<UChar32>(point)) == 0) {
      letters = false;
    }
    if (point >= 0x80) ascii = false;
  }
  return letters && (signs == 1 ? points <= 4 : signs == 0 && points == 3 && ascii);
}

/// Positions of `separator` in `body`.
std::vector<std::size_t> positions(std::string_view body, char separator) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < body.size(); ++i) {
    if (body[i] == separator) found.push_back(i);
  }
  return found;
}

/// Whether `whole` (digits and `separator`) is grouped in threes, or in the Indian way (the last
/// three, twos before).
bool is_grouped(std::string_view whole, char separator) {
  const std::vector<std::string_view> groups = base::split(whole, separator);
  if (groups.size() == 1) return true;
  if (groups.front().empty() || groups.front().size() > 3 || groups.back().size() != 3)
    return false;
  const std::size_t middle = groups.size() > 2 ? groups[1].size() : 3;
  if (middle != 2 && middle != 3) return false;
  if (middle == 2 && groups.front().size() > 2) return false;
  return std::all_of(groups.begin() + 1, groups.end() - 1,
                     [&](std::string_view group) { return group.size() == middle; });
}

/// What the separators of a body say about the column.
enum class Evidence : std::uint8_t { none, dot, comma, ambiguous };

Evidence evidence_of(std::string_view body) {
  const auto dots = positions(body, '.');
  const auto commas = positions(body, ',');
  if (dots.empty() && commas.empty()) return Evidence::none;
  if (!dots.empty() && !commas.empty()) {
    return dots.back() > commas.back() ? Evidence::dot : Evidence::comma;
  }
  const bool has_dots = !dots.empty();
  const std::size_t count = has_dots ? dots.size() : commas.size();
  const Evidence as_decimal = has_dots ? Evidence::dot : Evidence::comma;
  const Evidence as_group = has_dots ? Evidence::comma : Evidence::dot;
  if (count > 1) return as_group;
  const std::size_t at = has_dots ? dots.front() : commas.front();
  const std::string_view before = body.substr(0, at);
  const bool could_group = body.size() - at - 1 == 3 && !before.empty() && before.size() <= 3 &&
                           before.front() != '0' && before.find(group_mark) == before.npos;
  return could_group ? Evidence::ambiguous : as_decimal;
}

/// The plain decimal text; nothing if the separators do not fit.
std::optional<std::string> plain_decimal(std::string_view body, char decimal_mark) {
  const std::size_t at = body.find(decimal_mark);
  const std::string_view whole = body.substr(0, at);
  const std::string_view decimals = at == body.npos ? std::string_view{} : body.substr(at + 1);
  if (!std::all_of(decimals.begin(), decimals.end(), is_digit)) return {};
  const char other = decimal_mark == '.' ? ',' : '.';
  const bool uses_other = whole.find(other) != whole.npos;
  const bool uses_mark = whole.find(group_mark) != whole.npos;
  if (uses_other && uses_mark) return {};
  if (!is_grouped(whole, uses_other ? other : group_mark)) return {};
  std::string out;
  for (const char c : whole) {
    if (is_digit(c) && !(out == "0" && c == '0')) {
      if (out == "0") out.clear();
      out += c;
    }
  }
  if (out.empty()) out = "0";
  if (!decimals.empty()) out.append(".").append(decimals);
  return out;
}

FieldError not_an_amount(std::string_view text, DecimalStyle style) {
  std::string message = "'" + excerpt(text) + "' is not an amount";
  if (style != DecimalStyle::automatic) {
    message += " with --decimal " + std::string(option_text(style));
  }
  return {Reason::not_an_amount, message + ". Write digits with one decimal sign: 1250.00."};
}

FieldError ambiguous_decimal(std::string_view text) {
  return {Reason::ambiguous_decimal,
          "'" + excerpt(text) +
              "' may have thousands or decimals after its separator. Give --decimal dot or "
              "--decimal comma."};
}
}  // namespace

base::Result<DecimalStyle, FieldError> parse_decimal_style(std::string_view text) {
  for (const auto style : {DecimalStyle::automatic, DecimalStyle::dot, DecimalStyle::comma}) {
    if (text == option_text(style)) return style;
  }
  return FieldError{Reason::unknown_option,
                    "--decimal '" + excerpt(text) + "' is not known. Give auto, dot or comma."};
}

std::string_view option_text(DecimalStyle style) {
  switch (style) {
    case DecimalStyle::automatic:
      return "auto";
    case DecimalStyle::dot:
      return "dot";
    case DecimalStyle::comma:
      return "comma";
  }
  return {};
}

base::Result<AmountField, FieldError> read_amount(std::string_view text, DecimalStyle style) {
  if (!is_utf8(text)) return not_an_amount(text, DecimalStyle::automatic);
  if (is_spreadsheet_damage(text)) {
    return FieldError{Reason::spreadsheet_damage,
                      "'" + excerpt(text) +
                          "' was written by a spreadsheet in place of the amount. Export the "
                          "column as text or with all digits."};
  }
  Parts parts = take_apart(text);
  if (parts.body.empty() && parts.before.empty() && !parts.negative) {
    return FieldError{Reason::empty_value, "The amount is missing."};
  }
  const bool currencies = (parts.before.empty() || is_currency(parts.before)) &&
                          (parts.after.empty() || is_currency(parts.after));
  const auto digits = std::count_if(parts.body.begin(), parts.body.end(), is_digit);
  if (!parts.valid || !currencies || digits == 0) {
    return not_an_amount(text, DecimalStyle::automatic);
  }
  if (static_cast<std::size_t>(digits) > digits_max) {
    return FieldError{Reason::number_too_long, "'" + excerpt(text) + "' has more than 40 digits."};
  }
  DecimalStyle used = style;
  if (style == DecimalStyle::automatic) {
    const Evidence evidence = evidence_of(parts.body);
    if (evidence == Evidence::ambiguous) return ambiguous_decimal(text);
    used = evidence == Evidence::comma ? DecimalStyle::comma : DecimalStyle::dot;
  }
  std::optional<std::string> amount =
      plain_decimal(parts.body, used == DecimalStyle::comma ? ',' : '.');
  if (!amount) return not_an_amount(text, style);
  const bool is_zero = amount->find_first_not_of("0.") == amount->npos;
  AmountField field;
  field.amount = (parts.negative && !is_zero ? "-" : "") + *amount;
  // "$120.00 USD": the code says more than the sign.
  const bool prefer_after = parts.before.empty() || parts.after.size() == 3;
  field.currency = prefer_after && !parts.after.empty() ? parts.after : parts.before;
  return field;
}

void DecimalStyleFinder::see(std::string_view text) {
  if (!is_utf8(text) || is_spreadsheet_damage(text)) return;
  const Parts parts = take_apart(text);
  if (!parts.valid || parts.body.empty()) return;
  const auto keep = [&](std::string& first) {
    if (first.empty()) first = excerpt(text);
  };
  switch (evidence_of(parts.body)) {
    case Evidence::none:
      break;
    case Evidence::dot:
      if (dot_.empty() && plain_decimal(parts.body, '.')) keep(dot_);
      break;
    case Evidence::comma:
      if (comma_.empty() && plain_decimal(parts.body, ',')) keep(comma_);
      break;
    case Evidence::ambiguous:
      keep(ambiguous_);
      break;
  }
}

base::Result<DecimalStyle, FieldError> DecimalStyleFinder::style() const {
  if (!dot_.empty() && !comma_.empty()) {
    return FieldError{Reason::mixed_decimals,
                      "'" + dot_ + "' has a decimal dot, '" + comma_ +
                          "' a decimal comma. Give --decimal dot or --decimal comma; values of "
                          "the other kind are then rejected."};
  }
  if (!dot_.empty()) return DecimalStyle::dot;
  if (!comma_.empty()) return DecimalStyle::comma;
  if (!ambiguous_.empty()) return ambiguous_decimal(ambiguous_);
  return DecimalStyle::automatic;
}

std::optional<std::string_view> without_float_tail(std::string_view text) {
  text = base::trim(text);
  const std::size_t at = text.find('.');
  if (at == 0 || at == text.npos || at + 1 == text.size()) return {};
  const std::string_view whole = text.substr(0, at);
  const std::string_view tail = text.substr(at + 1);
  if (!std::all_of(whole.begin(), whole.end(), is_digit)) return {};
  if (tail.find_first_not_of('0') != tail.npos) return {};
  return whole;
}

bool is_spreadsheet_damage(std::string_view text) {
  text = base::trim(text);
  static constexpr auto errors = std::to_array<std::string_view>(
      {"#REF!", "#VALUE!", "#N/A", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"});
  if (std::find(errors.begin(), errors.end(), text) != errors.end()) return true;
  if (text.size() >= 3 && text.find_first_not_of('#') == text.npos) return true;
  const std::size_t e = text.find_first_of("eE");
  if (e == 0 || e == text.npos) return false;
  std::string_view mantissa = text.substr(0, e);
  std::string_view exponent = text.substr(e + 1);
  if (mantissa.front() == '-' || mantissa.front() == '+') mantissa.remove_prefix(1);
  if (!exponent.empty() && (exponent.front() == '-' || exponent.front() == '+')) {
    exponent.remove_prefix(1);
  }
  const auto only_digits = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), is_digit);
  };
  const std::size_t mark = mantissa.find_first_of(".,");
  const bool number = only_digits(mantissa.substr(0, mark)) &&
                      (mark == mantissa.npos || mark + 1 == mantissa.size() ||
                       only_digits(mantissa.substr(mark + 1)));
  return number && only_digits(exponent);
}

}  // namespace arrears::formats
