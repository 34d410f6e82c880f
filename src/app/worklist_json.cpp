#include "app/worklist_json.h"

#include <array>
#include <charconv>

namespace arrears::app {

namespace {

using strategy::Factor;
using strategy::WorklistEntry;

/// Appends JSON arrays without spaces.
class ListWriter {
 public:
  explicit ListWriter(std::string& text) : text_(text) {}

  void open() { text_ += '['; }
  void close() {
    if (text_.back() == ',') text_.pop_back();
    text_ += "],";
  }
  void null() { text_ += "null,"; }
  void number(std::int64_t value) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    text_.append(digits.data(), end);
    text_ += ',';
  }
  template <class T>
  void number(std::optional<T> value) {
    value ? number(*value) : null();
  }
  template <class E>
    requires std::is_enum_v<E>
  void member(E value) {
    number(static_cast<std::int64_t>(value));
  }
  void text(std::string_view value) {
    text_ += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') {
        text_ += '\\';
        text_ += c;
      } else if (static_cast<unsigned char>(c) < 0x20) {
        constexpr std::string_view digits = "0123456789abcdef";
        text_ += "\\u00";
        text_ += digits[static_cast<unsigned char>(c) >> 4];
        text_ += digits[static_cast<unsigned char>(c) & 15];
      } else {
        text_ += c;
      }
    }
    text_ += "\",";
  }

 private:
  std::string& text_;
};

void write_why_not_higher(ListWriter& writer, const WorklistEntry& entry) {
  if (!entry.why_not_higher) return writer.null();
  writer.open();
  writer.number(entry.why_not_higher->points_to_next);
  for (const strategy::WayUp& way : entry.why_not_higher->ways) {
    writer.member(way.factor);
    writer.number(way.more);
  }
  writer.close();
}

/// The elements of an array, one after the other.
class ListReader {
 public:
  explicit ListReader(const boost::json::value& list) : list_(list.as_array()) {}

  bool at_end() const { return at_ == list_.size(); }
  const boost::json::value& next() { return list_.at(at_++); }
  std::int64_t number() { return next().as_int64(); }
  std::string_view text() { return next().as_string(); }
  template <class E>
  E member() {
    const std::int64_t value = number();
    ARREARS_REQUIRE(value >= 0 && value < static_cast<std::int64_t>(base::name_count<E>));
    return static_cast<E>(value);
  }
  Date date() { return {static_cast<std::int32_t>(number())}; }
  boost::json::string amount(money::Currency currency) {
    return boost::json::string(money::to_decimal(number(), currency));
  }
  money::Currency currency() {
    const auto currency = money::parse_currency(text());
    ARREARS_REQUIRE(currency.has_value());
    return *currency;
  }

 private:
  const boost::json::array& list_;
  std::size_t at_ = 0;
};

boost::json::value base_amount(ListReader& fields, money::Currency base) {
  const boost::json::value& minor = fields.next();
  if (minor.is_null()) return nullptr;
  return boost::json::string(money::to_decimal(minor.as_int64(), base));
}

boost::json::array read_reasons(ListReader reasons) {
  boost::json::array rows;
  while (!reasons.at_end()) {
    const auto kind = reasons.member<strategy::ReasonKind>();
    rows.push_back(Json{{"kind", base::name(kind)}, {"text", reasons.text()}});
  }
  return rows;
}

boost::json::array read_parts(ListReader parts) {
  boost::json::array rows;
  while (!parts.at_end()) {
    const auto factor = parts.member<Factor>();
    Json row{{"name", base::name(factor)}};
    row["points"] = parts.next();
    row["value"] = parts.next();
    row["fact"] = parts.next();
    if (factor == Factor::risk) row["sample"] = parts.next();
    rows.push_back(std::move(row));
  }
  return rows;
}

boost::json::array read_amounts(ListReader amounts) {
  boost::json::array rows;
  while (!amounts.at_end()) {
    const money::Currency currency = amounts.currency();
    Json row{{"currency", currency.code()}};
    for (const char* name : {"open", "overdue", "chased", "to_apply"})
      row[name] = amounts.amount(currency);
    rows.push_back(std::move(row));
  }
  return rows;
}

boost::json::array read_follow_ups(ListReader follow_ups) {
  boost::json::array rows;
  while (!follow_ups.at_end()) {
    const strategy::FollowUpId id{follow_ups.number()};
    Json row{{"follow_up_id", id ? to_string(id) : ""}};
    row["kind"] = base::name(follow_ups.member<strategy::FollowUpKind>());
    row["action"] = base::name(follow_ups.member<contact::NextActionKind>());
    row["due_on"] = to_string(follow_ups.date());
    row["owner"] = follow_ups.next();
    rows.push_back(std::move(row));
  }
  return rows;
}

boost::json::value read_why_not_higher(const boost::json::value& why, money::Currency base) {
  if (why.is_null()) return nullptr;
  ListReader fields(why);
  const std::int64_t points_to_next = fields.number();
  boost::json::array ways;
  while (!fields.at_end()) {
    const auto factor = fields.member<Factor>();
    Json row{{"factor", base::name(factor)}};
    if (factor == Factor::overdue_amount) {
      row["more"] = fields.amount(base);
      row["unit"] = base.code();
    } else {
      row["more"] = fields.next();
      row["unit"] = "days";
    }
    ways.push_back(std::move(row));
  }
  return Json{{"points_to_next", points_to_next}, {"ways", std::move(ways)}};
}

}  // namespace

std::string line_text(const WorklistEntry& entry, int overall_rank, money::Currency base) {
  std::string text;
  text.reserve(768);
  ListWriter writer(text);
  writer.open();
  writer.number(entry.points ? std::optional(overall_rank) : std::nullopt);
  writer.number(entry.points);
  writer.open();
  for (const std::string& number : entry.numbers) writer.text(number);
  writer.close();
  writer.member(entry.action);
  writer.open();
  for (const strategy::Reason& reason : entry.reasons) {
    writer.member(reason.kind);
    writer.text(reason.text);
  }
  writer.close();
  writer.open();
  for (const strategy::Part& part : entry.parts) {
    writer.member(part.factor);
    writer.number(part.points);
    writer.number(part.value);
    writer.text(part.fact);
    if (part.factor == Factor::risk) writer.number(part.sample);
  }
  writer.close();
  writer.text(base.code());
  writer.number(entry.open_base);
  writer.number(entry.overdue_base);
  writer.number(entry.chased_base);
  writer.open();
  for (const strategy::Amounts& row : entry.amounts) {
    writer.text(row.currency.code());
    for (const std::int64_t minor :
         {row.open_minor, row.overdue_minor, row.chased_minor, row.to_apply_minor})
      writer.number(minor);
  }
  writer.close();
  writer.open();
  for (const strategy::FollowUp& follow_up : entry.follow_ups_due) {
    writer.number(follow_up.id.value);
    writer.member(follow_up.kind);
    writer.member(follow_up.action);
    writer.number(follow_up.due_on.days);
    writer.text(follow_up.owner);
  }
  writer.close();
  write_why_not_higher(writer, entry);
  writer.close();
  text.pop_back();
  return text;
}

Json read_line(const FrozenEntry& line) {
  const boost::json::value list = boost::json::parse(line.entry);
  ListReader fields(list);
  const boost::json::value overall_rank = fields.next();
  const boost::json::value points = fields.next();
  Json row;
  row["rank"] = points.is_null() ? boost::json::value(nullptr) : boost::json::value(line.position);
  row["overall_rank"] = overall_rank;
  row["points"] = points;
  row["party"] = nullptr;
  row["party_id"] = to_string(line.party);
  row["customers"] = fields.next();
  row["collector"] = line.collector;
  row["recommended_action"] = base::name(fields.member<strategy::RecommendedAction>());
  row["reasons"] = read_reasons(ListReader(fields.next()));
  row["parts"] = read_parts(ListReader(fields.next()));
  const money::Currency base = fields.currency();
  row["currency"] = base.code();
  row["open"] = base_amount(fields, base);
  row["overdue"] = base_amount(fields, base);
  row["chased"] = base_amount(fields, base);
  row["amounts"] = read_amounts(ListReader(fields.next()));
  row["follow_ups"] = read_follow_ups(ListReader(fields.next()));
  row["why_not_higher"] = read_why_not_higher(fields.next(), base);
  return row;
}

boost::json::array to_json(const strategy::DueAction& action, const PartyFile& file) {
  boost::json::array items;
  for (const strategy::StepItem& item : action.items) {
    std::string number = to_string(item.item.document);
    for (const Account& account : file.accounts)
      if (const auto* document = receivables::find_document(account.ledger, item.item.document))
        number = document->number;
    items.push_back(Json{{"document", number},
                         {"instalment", item.item.instalment},
                         {"step", item.step},
                         {"step_date", to_string(item.step_date)},
                         {"days_overdue", item.days_overdue},
                         {"currency", item.currency.code()},
                         {"open", money::to_decimal(item.open_minor, item.currency)},
                         {"chased", money::to_decimal(item.chased_minor, item.currency)}});
  }
  return items;
}

}  // namespace arrears::app
